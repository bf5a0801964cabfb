"""A copy of a whole database in one SQLite file, to be played with and thrown away.

The original is only read, in one snapshot, also while the bot runs on it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection
from sqlmodel import Session

from storage import leases
from storage.alone import Alone
from storage.database import Database, StorageError
from storage.engine import file_of, open_database, parse
from storage.letters import LETTER
from storage.migrating import migrate, tables
from storage.on_sqlite import back_up, sqlite_engine
from storage.revisions import is_current

_ROWS = 1_000


class CannotCopy(StorageError):
    """There is nothing to copy, it is away or of another version; the message says what to do."""


def copy_of(url: str, path: Path) -> Database:
    """Copy the database at `url` into the new file `path`, and open it for us alone."""
    where = parse(url)
    if where.get_backend_name() == "sqlite":
        if not file_of(where).exists():
            raise CannotCopy(f"There is no database {file_of(where)} yet: start with okr init.")
        back_up(file_of(where), path)
        migrate(f"sqlite:///{path}")
    else:
        if not is_current(url):
            raise CannotCopy(
                "The database is of another version, or away: okr doctor says more, and "
                "okr migrate brings it to this version."
            )
        migrate(f"sqlite:///{path}")
        _copy_rows(url, path)
    return Alone(path)


def let_go(session: Session) -> None:
    """On a copy: what was claimed or put off in the original is planned and free here."""
    claimed = update(LETTER).where(LETTER.c.state == "claimed")
    session.connection().execute(claimed.values(state="planned", claimed_by="", lease_until=None))
    session.connection().execute(
        update(LETTER).where(LETTER.c.not_before > 0).values(not_before=0.0)
    )
    leases.clear(session)


def _copy_rows(url: str, path: Path) -> None:
    original = open_database(url, read_only=True)
    copy = sqlite_engine(path, foreign_keys=False)
    try:
        with copy.begin() as new:
            original.read_now(lambda session: _every_table(session, new), patience=None)
    finally:
        copy.dispose()
        original.close()


def _every_table(session: Session, new: Connection) -> None:
    old = session.connection()
    for table in tables().sorted_tables:
        new.execute(table.delete())  # a revision may have put rows there
        for rows in _pieces(old, table):
            new.execute(insert(table), rows)


def _pieces(old: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """A table's rows, a piece at a time: a company's letters need not fit the memory."""
    with old.execute(select(table), execution_options={"yield_per": _ROWS}) as found:
        for piece in found.mappings().partitions():
            yield [dict(row) for row in piece]
