"""All that is kept, table by table, in words that others can read: for spreadsheets and programs.

Left out are tokens, letters, accounts and absences, and what was said in retrospectives.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, func, inspect, literal, select, union_all
from sqlmodel import Session, SQLModel, col

from storage import pending
from storage.checkins import Blocker, Checkin, Commitment, Update
from storage.courtesy import few, gently
from storage.cycles import Cycle
from storage.findings import Finding
from storage.grades import CarryOver, Grade
from storage.kpis import Episode, Kpi, Reading
from storage.kudos import Kudos
from storage.objectives import KeyResult, Milestone, Moved, Objective
from storage.people import Person
from storage.retros import Decision
from storage.reviews import Review
from storage.teams import Membership, Team

TABLES: Mapping[str, type[SQLModel]] = {
    "people": Person,
    "teams": Team,
    "members": Membership,
    "cycles": Cycle,
    "objectives": Objective,
    "key_results": KeyResult,
    "milestones": Milestone,
    "moved_targets": Moved,
    "updates": Update,
    "checkins": Checkin,
    "blockers": Blocker,
    "commitments": Commitment,
    "kudos": Kudos,
    "kpis": Kpi,
    "readings": Reading,
    "episodes": Episode,
    "reviews": Review,
    "grades": Grade,
    "carry_over": CarryOver,
    "decisions": Decision,
    "findings": Finding,
}

_SAYS = {"person": "email", "team": "slug", "cycle": "name", "kpi": "slug"}
"""What stands beside the number of a row of these tables."""


class Names:
    """What the numbers of people, teams, cycles and KPIs mean, read once."""

    def __init__(self, session: Session) -> None:
        tables = {t.name: t for t in map(_table, TABLES.values())}
        self._known = {
            name: dict(session.execute(select(tables[name].c.id, tables[name].c[says])).all())
            for name, says in _SAYS.items()
        }

    def of(self, table: str, number: int | None) -> str:
        """The e-mail address of a person, the short name of a team, and so on."""
        return str(self._known[table].get(number, "")) if number is not None else ""


def columns(table: str) -> list[str]:
    """The headings of a table: its columns, and beside a number what it means."""
    found: list[str] = []
    for column in _table(TABLES[table]).columns:
        found.append(column.name)
        found += [_beside(column.name)] if _points_at(column) in _SAYS else []
    return found


def rows(session: Session, table: str, names: Names) -> Iterator[Mapping[str, Any]]:
    """The rows of a table in the order of their keys."""
    pending.write(session)
    of = _table(TABLES[table])
    meanings = {c.name: at for c in of.columns if (at := _points_at(c)) in _SAYS}
    query = select(*of.columns).order_by(*of.primary_key.columns)
    for row in gently(session, session.execute(query, execution_options=few(session)).mappings()):
        shown = dict(row)
        shown |= {_beside(name): names.of(at, row[name]) for name, at in meanings.items()}
        yield shown


def _table(model: type[SQLModel]) -> Table:
    mapped: Table = inspect(model).local_table
    return mapped


def _points_at(column: Any) -> str:
    """The table that a column's numbers are of."""
    return next((key.column.table.name for key in column.foreign_keys), "")


def _beside(name: str) -> str:
    plain = name.removesuffix("_id")
    return plain if plain != name else f"{name}_name"


class Line(NamedTuple):
    """What was said of one of somebody's key results in one week."""

    cycle: str
    week: int
    key_result: int
    title: str
    value: float | None
    confidence: int | None
    note: str


def own_lines(session: Session, person_id: int, skip: int, most: int | None) -> Sequence[Line]:
    """What was said of somebody's key results in all quarters, the newest first; None is all."""
    pending.write(session)
    query = (
        select(
            col(Cycle.name), col(Update.week), col(KeyResult.id), col(KeyResult.title),
            col(Update.value), col(Update.confidence), col(Update.note),
        )
        .select_from(Update)
        .join(KeyResult, col(KeyResult.id) == col(Update.key_result_id))
        .join(Cycle, col(Cycle.id) == col(Update.cycle_id))
        .where(col(KeyResult.owner_id) == person_id)
        .order_by(col(Cycle.starts).desc(), col(Update.week).desc(), col(KeyResult.id))
        .offset(skip)
        .limit(most)
    )  # fmt: skip
    return [Line(*row) for row in session.execute(query)]


def own_counts(session: Session, person_id: int) -> Mapping[str, int]:
    """How much is kept of somebody, by kind; in one statement."""
    pending.write(session)

    def counted(kind: str, table: type[SQLModel], *where: Any) -> Select[str, int]:
        return select(literal(kind), func.count()).select_from(table).where(*where)

    mine = select(col(KeyResult.id)).where(col(KeyResult.owner_id) == person_id)
    every = union_all(
        counted("key_results", KeyResult, col(KeyResult.owner_id) == person_id),
        counted("updates", Update, col(Update.key_result_id).in_(mine)),
        counted("checkins", Checkin, col(Checkin.person_id) == person_id),
        counted("commitments", Commitment, col(Commitment.person_id) == person_id),
        counted("blockers", Blocker, col(Blocker.person_id) == person_id),
        counted("readings", Reading, col(Reading.by_id) == person_id),
        counted(
            "kudos", Kudos, (col(Kudos.from_id) == person_id) | (col(Kudos.to_id) == person_id)
        ),
    )
    return {row[0]: row[1] for row in session.execute(every)}
