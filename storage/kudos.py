"""Thanks, and a lead's word that a check-in was read."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Kudos(SQLModel, table=True):
    """Somebody thanks somebody, for a key result that moved or for whatever it was."""

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    week: int
    from_id: int = Field(foreign_key="person.id")
    to_id: int = Field(foreign_key="person.id", index=True)
    key_result_id: int | None = Field(default=None, foreign_key="key_result.id")
    text: str = ""
    at: datetime


class Read(SQLModel, table=True):
    """A lead has read a team's week: one tap under its summary."""

    __tablename__ = "read_week"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime


def of_cycle(session: Session, cycle_id: int) -> Sequence[Kudos]:
    """All thanks of a quarter, oldest first, in one statement."""
    return session.exec(
        select(Kudos).where(Kudos.cycle_id == cycle_id).order_by(col(Kudos.id))
    ).all()
