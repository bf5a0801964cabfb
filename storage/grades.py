"""Grades at the close of a quarter, and what becomes of what is unfinished."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, select

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


def of_cycle(session: Session, cycle_id: int) -> dict[int, float]:
    """The grade of each key result that was graded in a cycle, in one statement."""
    rows = session.exec(select(Grade.key_result_id, Grade.grade).where(Grade.cycle_id == cycle_id))
    return dict(rows.all())
