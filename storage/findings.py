"""What the lint found in drafts, and what became of it: dismissed with a reason, or mended."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ColumnElement, UniqueConstraint, and_, func, or_
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.checkins import Update
from storage.cycles import Cycle
from storage.kept import among, given
from storage.objectives import KeyResult, Objective
from storage.upsert import insert


class Finding(SQLModel, table=True):
    """One rule that spoke up about one thing.

    Kept after the draft was approved, so that one can see whether what was flagged missed more.
    """

    __table_args__ = (
        CheckConstraint("thing in ('objective','key_result','set')", "thing"),
        UniqueConstraint("thing", "thing_id", "rule", "cycle_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    thing: str
    thing_id: int
    """The objective, the key result, or the team whose set it is."""
    rule: str
    found_at: datetime
    mended_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissed_by_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = ""


class Measured(NamedTuple):
    """A key result of some team and quarter, as far as another is compared with it."""

    id: int
    title: str
    unit: str
    kind: str
    kpi_id: int | None
    team_id: int
    cycle_id: int
    starts: date


MOST_HINTS = 60
"""With more words to look for, reading all is faster."""
_PLAIN = re.compile("[a-z0-9]+")


def earlier(
    session: Session,
    cycle_id: int,
    until: date,
    wanted: tuple[Collection[int], Collection[int]],
    hints: Collection[str],
    kpi_ids: Collection[int],
) -> Sequence[Measured]:
    """Key results of other quarters that began by then, the oldest first, in one statement.

    Those of the wanted teams and those with the wanted numbers. Only those whose title has one of
    these words, or that are one of these KPIs.
    """
    team_ids, numbers = wanted
    query = (
        sql_select(
            col(KeyResult.id),
            col(KeyResult.title),
            col(KeyResult.unit),
            col(KeyResult.kind),
            col(KeyResult.kpi_id),
            col(Objective.team_id),
            col(Objective.cycle_id),
            col(Cycle.starts),
        )
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .join(Cycle, col(Cycle.id) == col(Objective.cycle_id))
        .where(
            col(Cycle.id) != cycle_id,
            col(Cycle.starts) <= until,
            or_(among(col(Objective.team_id), "teams"), among(col(KeyResult.id), "numbers")),
            *_counts(hints, kpi_ids),
        )
        .order_by(col(Cycle.starts), col(KeyResult.id))
    )
    told = {"teams": sorted(team_ids), "numbers": sorted(numbers)}
    return [Measured._make(row) for row in session.connection().execute(query, told)]


class Beside(NamedTuple):
    """What some team measures in a quarter: a hundred key results that are alike count once."""

    title: str
    unit: str
    kpi_id: int | None
    team_id: int


def beside(
    session: Session, cycle_id: int, hints: Collection[str], kpi_ids: Collection[int]
) -> Sequence[Beside]:
    """What every team measures in a quarter, of the same words and KPIs, in one statement."""
    query = (
        sql_select(
            col(KeyResult.title),
            col(KeyResult.unit),
            col(KeyResult.kpi_id),
            col(Objective.team_id),
        )
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(col(Objective.cycle_id) == cycle_id, *_counts(hints, kpi_ids))
        .distinct()
    )
    return [Beside._make(row) for row in session.connection().execute(query)]


def _counts(hints: Collection[str], kpi_ids: Collection[int]) -> Iterator[ColumnElement[bool]]:
    yield col(KeyResult.state) != "dropped"
    yield col(Objective.state) != "dropped"
    if len(hints) <= MOST_HINTS:
        title = func.lower(col(KeyResult.title))
        alike = [title.contains(part) for part in sorted({_plain(hint) for hint in hints} - {""})]
        yield or_(col(KeyResult.kpi_id).in_(sorted(kpi_ids)), *alike)


def _plain(hint: str) -> str:
    """The longest part of a word that lower case means the same for on every engine."""
    return max(_PLAIN.findall(hint), key=len, default="")


def last_values(session: Session, key_result_ids: Collection[int]) -> dict[int, float]:
    """The last value that was given for each of these key results, in one statement."""
    wanted = {"key_results": list(set(key_result_ids))}
    rows = session.connection().execute(_VALUES, wanted)
    return {number: value for number, _, value in rows if value is not None}


_VALUES = (
    sql_select(col(Update.key_result_id), col(Update.week), col(Update.value))
    .where(among(col(Update.key_result_id), "key_results"), col(Update.value).is_not(None))
    .order_by(col(Update.key_result_id), col(Update.week))
)


def of_teams(session: Session, cycle_id: int, team_ids: Iterable[int]) -> Sequence[Finding]:
    """All that was found in what these teams drafted in a cycle, in one statement."""
    wanted = {"cycle": cycle_id, "teams": list(set(team_ids))}
    return session.exec(_OF_TEAMS, params=wanted).all()


_OBJECTIVES = sql_select(col(Objective.id)).where(
    col(Objective.cycle_id) == given("cycle"), among(col(Objective.team_id), "teams")
)
_OF_TEAMS = (
    select(Finding)
    .where(
        col(Finding.cycle_id) == given("cycle"),
        or_(
            and_(col(Finding.thing) == "set", among(col(Finding.thing_id), "teams")),
            and_(col(Finding.thing) == "objective", col(Finding.thing_id).in_(_OBJECTIVES)),
            and_(
                col(Finding.thing) == "key_result",
                col(Finding.thing_id).in_(
                    sql_select(col(KeyResult.id)).where(
                        col(KeyResult.objective_id).in_(_OBJECTIVES)
                    )
                ),
            ),
        ),
    )
    .order_by(col(Finding.id))
)


def add(
    session: Session, cycle_id: int, keys: Iterable[tuple[str, int, str]], now: datetime
) -> None:
    """Keep what was found for the first time, also where another finds it at this moment."""
    rows = [
        {"cycle_id": cycle_id, "thing": thing, "thing_id": number, "rule": rule,
         "found_at": now, "reason": ""}
        for thing, number, rule in keys
    ]  # fmt: skip
    if rows:
        session.connection().execute(insert(session, Finding).on_conflict_do_nothing(), rows)


def finding(
    session: Session, cycle_id: int, thing: str, thing_id: int, rule: str
) -> Finding | None:
    """What one rule found in one thing."""
    return session.exec(
        select(Finding).where(
            Finding.cycle_id == cycle_id,
            Finding.thing == thing,
            Finding.thing_id == thing_id,
            Finding.rule == rule,
        )
    ).first()


def flagged(session: Session, cycle_id: int, rules: Collection[str]) -> set[int]:
    """The key results of a cycle in which, or in whose objective, these rules found what stayed."""
    stayed = and_(
        col(Finding.cycle_id) == cycle_id,
        col(Finding.mended_at).is_(None),
        col(Finding.rule).in_(sorted(rules)),
    )
    own = session.exec(
        select(Finding.thing_id).where(stayed, col(Finding.thing) == "key_result")
    ).all()
    above = session.exec(
        select(KeyResult.id)
        .join(Finding, col(Finding.thing_id) == col(KeyResult.objective_id))
        .where(stayed, col(Finding.thing) == "objective")
    ).all()
    return {*own, *(number for number in above if number is not None)}
