"""The mid-quarter review: of each key result, whether it is kept, adjusted or dropped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage import pending
from storage.kept import among, columns, given, row_of, seen, seen_at_once
from storage.objectives import KeyResult, Objective
from storage.prepared import Prepared, Told


class Review(SQLModel, table=True):
    """What was decided of one key result in one week, by whom and why.

    A new target waits for its approver; until then the old one counts. `answer` is the approver's
    word why not. What is changed outside of the review's week is kept here too.
    """

    __table_args__ = (
        CheckConstraint("decision in ('keep','adjust','drop')", "decision"),
        CheckConstraint("state in ('decided','waiting','approved','refused','withdrawn')", "state"),
    )

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    decision: str
    state: str = "decided"
    obstacle: str = ""
    reason: str = ""
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    approver_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    answer: str = ""
    at: datetime
    decided_at: datetime | None = None
    version: int = 1


def review(session: Session, cycle_id: int, week: int, key_result_id: int) -> Review | None:
    """What was decided of one key result in a week."""
    return reviews(session, cycle_id, week, [key_result_id]).get(key_result_id)


def reviews(
    session: Session, cycle_id: int, week: int, key_result_ids: Iterable[int]
) -> dict[int, Review]:
    """What was decided of these key results in a week, in one statement; to be looked at alone."""
    pending.write(session)
    told = {"cycle": cycle_id, "week": week, "key_results": list(set(key_result_ids))}
    return {row.key_result_id: row for row in seen(session, Review, _IN_WEEK, told)}


_IN_WEEK = Prepared(
    select(Review).where(
        col(Review.cycle_id) == given("cycle"),
        col(Review.week) == given("week"),
        among(col(Review.key_result_id), "key_results"),
    )
)


def of_key_results(session: Session, key_result_ids: Iterable[int]) -> dict[int, list[Review]]:
    """All that was decided of these key results, the oldest first, in one statement.

    To be looked at alone.
    """
    pending.write(session)
    found: dict[int, list[Review]] = {}
    for row in seen(session, Review, _ALL, {"key_results": list(set(key_result_ids))}):
        found.setdefault(row.key_result_id, []).append(row)
    return found


_ALL = Prepared(
    select(Review).where(among(col(Review.key_result_id), "key_results")).order_by(col(Review.week))
)


def keep(session: Session, row: Mapping[str, Any]) -> Review:
    """What was decided, in all its columns: it replaces what was decided of the same before.

    To be looked at alone.
    """
    pending.keep(session, Review, row)
    return row_of(Review, row)


Decided = tuple[Review, KeyResult, Objective]


def of_owners(
    session: Session, cycle_id: int, week: int, person_ids: Iterable[int]
) -> Sequence[Decided]:
    """What was decided in a week of what these people own, in one statement."""
    told = {"cycle": cycle_id, "week": week, "people": list(set(person_ids))}
    return list(_decided(session, _OF_OWNERS, told))


def of_teams(
    session: Session, cycle_id: int, week: int, team_ids: Iterable[int]
) -> dict[int, list[Decided]]:
    """What was decided in a week in these teams, in one statement."""
    told = {"cycle": cycle_id, "week": week, "teams": list(set(team_ids))}
    found: dict[int, list[Decided]] = {}
    for row in _decided(session, _OF_TEAMS, told):
        found.setdefault(row[2].team_id, []).append(row)
    return found


def for_approver(session: Session, cycle_id: int, approver_ids: Iterable[int]) -> Sequence[Decided]:
    """The new targets that were put before these people, waiting or not, in one statement."""
    told = {"cycle": cycle_id, "people": list(set(approver_ids))}
    return list(_decided(session, _FOR_APPROVER, told))


def _decided(session: Session, found: Prepared, told: Told) -> Iterator[Decided]:
    pending.write(session)
    return seen_at_once(session, Review, KeyResult, Objective, found, told)


def _deciding(*where: ColumnElement[bool]) -> Prepared:
    return Prepared(
        sql_select(*columns(Review), *columns(KeyResult), *columns(Objective))
        .join(KeyResult, col(KeyResult.id) == col(Review.key_result_id))
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(col(Review.cycle_id) == given("cycle"), *where)
        .order_by(col(KeyResult.id))
    )


_THIS_WEEK = col(Review.week) == given("week")
_OF_OWNERS = _deciding(_THIS_WEEK, among(col(KeyResult.owner_id), "people"))
_OF_TEAMS = _deciding(_THIS_WEEK, among(col(Objective.team_id), "teams"))
_FOR_APPROVER = _deciding(
    col(Review.decision) == "adjust", among(col(Review.approver_id), "people")
)
