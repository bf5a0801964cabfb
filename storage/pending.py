"""Rows that little in their transaction asks for: written last, in one statement a table."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, inspect
from sqlmodel import Session, SQLModel

from storage.clock import dialect_of
from storage.prepared import Prepared
from storage.upsert import insert_in

SHARED = "shared"
"""In the `info` of a session whose transaction is not its own."""


def last(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Add a row when the unit is done; it names every column but the number it will get."""
    _wait(session, _adding(table), row)


def keep(session: Session, table: type[SQLModel], row: Mapping[str, Any]) -> None:
    """Add a row when the unit is done, or replace the one with its key; it names every column."""
    _wait(session, _keeping(table, dialect_of(session)), row)


def _wait(session: Session, how: Prepared, row: Mapping[str, Any]) -> None:
    waiting: dict[Prepared, list[Mapping[str, Any]]] = session.info.setdefault("last", {})
    waiting.setdefault(how, []).append(row)


def write(session: Session) -> None:
    """Write what waits, for those who ask for it."""
    for how, rows in session.info.pop("last", {}).items():
        how.each(session, rows)


class Alone(Exception):
    """A unit wants to take back what it did, and shares its transaction with others."""


def undo(session: Session) -> None:
    """Take back all that a unit has done so far, what waits included.

    Raises Alone in a shared transaction; the unit will run again in its own.
    """
    if SHARED in session.info:
        raise Alone
    session.rollback()
    for what in ("last", "wake", "replan"):
        session.info.pop(what, None)


@cache
def _adding(table: type[SQLModel]) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    added: Table = inspect(table).local_table
    return Prepared(added.insert(), [c.key for c in added.c if c.key != "id"])


@cache
def _keeping(table: type[SQLModel], engine: str) -> Prepared:
    columns: Table = inspect(table).local_table
    new = insert_in(engine, table)
    others = {c.name: new.excluded[c.name] for c in columns.c if not c.primary_key}
    kept = new.on_conflict_do_update(index_elements=list(columns.primary_key), set_=others)
    return Prepared(kept, [c.key for c in columns.c])
