"""The one organisation this database serves, and whether it is switched on."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, select

Running = Literal["waiting", "pilot", "on", "paused"]


class Organisation(SQLModel, table=True):
    """Row 1 and no other. Nothing unasked is sent while `running` is waiting or paused."""

    __table_args__ = (
        CheckConstraint("id = 1", "only_one"),
        CheckConstraint("running in ('waiting','pilot','on','paused')", "running"),
        CheckConstraint("carry_over in ('asked','always','never')", "carry_over"),
    )

    id: int = Field(default=1, primary_key=True)
    name: str
    language: str = "en"
    country: str = ""
    zone: str = "UTC"
    running: str = "waiting"
    pilot_team_id: int | None = None
    unasked_per_week: int = 2
    calendar: str = "{}"
    individual_okrs: bool = False
    """People plan key results of their own in week 1."""
    mid_quarter_changes: bool = True
    """Targets may be changed while the quarter runs, with a reason and an approver."""
    anonymous_retro: bool = True
    carry_over: str = "asked"
    """What becomes of unfinished key results: asked each time, always kept, never."""
    keep_texts_days: int | None = None
    """After how many days what people wrote is forgotten; numbers stay. None: never."""
    changed_at: datetime


def organisation(session: Session) -> Organisation | None:
    """The organisation, or None before it is set up."""
    return session.exec(_ORGANISATION).first()


_ORGANISATION = select(Organisation).where(Organisation.id == 1)
