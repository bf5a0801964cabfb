"""All that is kept, table by table, in words that others can read: for spreadsheets and programs.

Left out are tokens, letters, accounts and absences, and what was said in retrospectives.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlmodel import Session, SQLModel

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
