"""Rows that nothing in their transaction asks for: written last, in one statement a table."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert, inspect
from sqlmodel import Session, SQLModel


def last(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Add a row when the unit is done; it names every column but the number it will get."""
    waiting: dict[type[SQLModel], list[Mapping[str, Any]]] = session.info.setdefault("last", {})
    waiting.setdefault(table, []).append(row)


def write(session: Session) -> None:
    """Add what waits."""
    waiting = session.info.pop("last", {})
    for table, rows in waiting.items():
        session.connection().execute(_adding(table), rows)


def undo(session: Session) -> None:
    """Take back all that a unit has done so far, what waits included."""
    session.rollback()
    for what in ("last", "wake", "replan"):
        session.info.pop(what, None)


@cache
def _adding(table: type[SQLModel]) -> Insert:
    """The statement is built once: that takes longer than running it."""
    added: Insert = inspect(table).local_table.insert()
    return added
