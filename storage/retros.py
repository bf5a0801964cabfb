"""Retrospectives. Of an anonymous answer nobody can say whose it is, whoever reads the database.

All of a team's anonymous answers are one value, shuffled and written whole at each answer; who has
answered stands elsewhere, without a time.
"""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Retro(SQLModel, table=True):
    """One team's retrospective of one quarter.

    `named` is settled when the first answer arrives. `answers` is a JSON list; with names it stays
    empty, and each answer is a row of `RetroAnswer`.
    """

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    named: bool = False
    answers: str = "[]"


class RetroTaken(SQLModel, table=True):
    """Somebody has answered: no more is kept of it."""

    __tablename__ = "retro_taken"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class RetroAnswer(SQLModel, table=True):
    """An answer with a name, as JSON: it can be changed until the results are out."""

    __tablename__ = "retro_answer"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    answer: str
    at: datetime


class Decision(SQLModel, table=True):
    """What a team changes from now on, and who sees to it."""

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    text: str
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    done_at: datetime | None = None
