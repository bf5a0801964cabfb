"""INSERT … ON CONFLICT, which both engines speak and SQLAlchemy spells twice."""

from typing import TypeAlias

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from storage.clock import dialect_of

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def insert(session: Session, table: type[SQLModel]) -> Insert:
    """An INSERT into this table in the session's dialect, with `on_conflict_do_…`."""
    return insert_in(dialect_of(session), table)


def insert_in(engine: str, table: type[SQLModel]) -> Insert:
    """The same for an engine, where the statement is kept."""
    return postgresql.insert(table) if engine == "postgresql" else sqlite.insert(table)
