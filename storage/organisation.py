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
    changed_at: datetime


def organisation(session: Session) -> Organisation | None:
    """The organisation, or None before it is set up."""
    return session.exec(_ORGANISATION).first()


_ORGANISATION = select(Organisation).where(Organisation.id == 1)
