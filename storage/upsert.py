"""INSERT … ON CONFLICT, which both engines speak and SQLAlchemy spells twice."""

from typing import TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from storage.clock import dialect_of

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert(session: Session, table: type[SQLModel]) -> Insert:
    """An INSERT into this table in the session's dialect, with `on_conflict_do_…`."""
    if dialect_of(session) == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
