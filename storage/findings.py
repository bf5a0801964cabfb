"""What the lint found in drafts, and what became of it: dismissed with a reason, or mended."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


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
