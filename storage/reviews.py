"""The mid-quarter review: of each key result, whether it is kept, adjusted or dropped."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class Review(SQLModel, table=True):
    """What was decided of one key result, by whom and why.

    A new target waits for its approver; until then the old one counts.
    """

    __table_args__ = (
        CheckConstraint("decision in ('keep','adjust','drop')", "decision"),
        CheckConstraint("state in ('decided','waiting','approved','refused')", "state"),
    )

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    decision: str
    state: str = "decided"
    obstacle: str = ""
    reason: str = ""
    target: float | None = None
    low: float | None = None
    high: float | None = None
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    decided_at: datetime | None = None
    version: int = 1
