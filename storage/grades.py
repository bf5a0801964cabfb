"""Grades at the close of a quarter, and what becomes of what is unfinished."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage import pending
from storage.kept import among, given, seen
from storage.prepared import Prepared

CAUSES = (
    "ambition", "measure", "dependency", "capacity", "priority", "outside", "focus", "ownership",
)  # fmt: skip
"""Why a key result was missed (METHOD.md 5): one main cause each."""


class Grade(SQLModel, table=True):
    """How one key result is judged, 0.0-1.0; `original` against the target it began with.

    `suggested` is what the figures said. `cause` is why it was missed, where it was.
    """

    __table_args__ = (
        CheckConstraint("grade between 0 and 1", "grade"),
        CheckConstraint("original is null or original between 0 and 1", "original"),
    )

    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    grade: float
    original: float | None = None
    suggested: float | None = None
    reason: str = ""
    cause: str = ""
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    version: int = 1


class CarryOver(SQLModel, table=True):
    """What becomes of an unfinished key result; `became_id` once it stands in the next quarter."""

    __tablename__ = "carry_over"
    __table_args__ = (CheckConstraint("decision in ('keep','change','drop')", "decision"),)

    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    decision: str
    why: str = ""
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    became_id: int | None = Field(default=None, foreign_key="key_result.id")


def grades(session: Session, key_result_ids: Iterable[int]) -> dict[int, Grade]:
    """How these key results were judged, in one statement; to be looked at alone."""
    pending.write(session)
    wanted = {"key_results": list(set(key_result_ids))}
    return {row.key_result_id: row for row in seen(session, Grade, _GRADES, wanted)}


_GRADES = Prepared(select(Grade).where(among(col(Grade.key_result_id), "key_results")))


def carry_overs(session: Session, key_result_ids: Iterable[int]) -> dict[int, CarryOver]:
    """What shall become of these key results, in one statement; to be looked at alone."""
    pending.write(session)
    wanted = {"key_results": list(set(key_result_ids))}
    return {row.key_result_id: row for row in seen(session, CarryOver, _CARRY_OVERS, wanted)}


_CARRY_OVERS = Prepared(select(CarryOver).where(among(col(CarryOver.key_result_id), "key_results")))


def keep(session: Session, table: type[Grade | CarryOver], row: Mapping[str, Any]) -> None:
    """What was said, in all its columns: it replaces what was said before of the same."""
    pending.keep(session, table, row)


def take_back(session: Session, key_result_id: int) -> None:
    """Nothing has to become of this key result."""
    pending.write(session)
    _TAKING_BACK.run(session, {"key_result": key_result_id})


_TAKING_BACK = Prepared(
    delete(CarryOver).where(col(CarryOver.key_result_id) == given("key_result"))
)


def carried(session: Session, cycle_id: int) -> dict[int, CarryOver]:
    """What was decided of the unfinished key results of a cycle, in one statement."""
    pending.write(session)
    rows = session.exec(select(CarryOver).where(CarryOver.cycle_id == cycle_id))
    return {row.key_result_id: row for row in rows}


def of_cycle(session: Session, cycle_id: int) -> dict[int, float]:
    """The grade of each key result that was graded in a cycle, in one statement."""
    pending.write(session)
    rows = session.exec(select(Grade.key_result_id, Grade.grade).where(Grade.cycle_id == cycle_id))
    return dict(rows.all())
