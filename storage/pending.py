"""Rows that nothing in their transaction asks for: written last, in one statement a table."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, Update, bindparam, inspect
from sqlmodel import Session, SQLModel


def last(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Add a row when the unit is done; it names every column but the number it will get."""
    waiting: dict[type[SQLModel], list[Mapping[str, Any]]] = session.info.setdefault("last", {})
    waiting.setdefault(table, []).append(row)


def change(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Change the row with this primary key when the unit is done; it names every column."""
    waiting: dict[type[SQLModel], list[Mapping[str, Any]]] = session.info.setdefault("change", {})
    waiting.setdefault(table, []).append(row)


def write(session: Session) -> None:
    """Add and change what waits."""
    for table, rows in session.info.pop("last", {}).items():
        session.connection().execute(_adding(table), rows)
    for table, rows in session.info.pop("change", {}).items():
        session.connection().execute(_changing(table), [_named(row) for row in rows])


def undo(session: Session) -> None:
    """Take back all that a unit has done so far, what waits included."""
    session.rollback()
    for what in ("last", "change", "wake", "replan"):
        session.info.pop(what, None)


@cache
def _adding(table: type[SQLModel]) -> Insert:
    """The statement is built once: that takes longer than running it."""
    added: Insert = inspect(table).local_table.insert()
    return added


@cache
def _changing(table: type[SQLModel]) -> Update:
    whole: Table = inspect(table).local_table
    which = [column == bindparam(f"new_{column.name}") for column in whole.primary_key]
    rest = [column.name for column in whole.columns if not column.primary_key]
    return whole.update().where(*which).values({name: bindparam(f"new_{name}") for name in rest})


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """As the statement calls them: SQLAlchemy keeps a column's own name for itself."""
    return {f"new_{name}": value for name, value in row.items()}
