"""The database of the settings, opened for a verb and closed after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.founding import found
from bot.settings import Settings, read_settings
from bot.term import NotSetUp
from storage.database import Database, StorageError
from storage.engine import file_of, open_database, parse
from storage.revisions import is_current


def prepare(settings: Settings) -> Path | None:
    """Make the folder and bring the schema up to date; the backup that was taken, if one was."""
    where = parse(settings.database_url)
    if where.get_backend_name() == "sqlite":
        file_of(where).parent.mkdir(parents=True, exist_ok=True)
    if is_current(settings.database_url):
        return None
    from storage.migrating import migrate  # takes longer to load than all the rest of a start

    return migrate(settings.database_url)


@contextmanager
def opened(now: Callable[[], datetime]) -> Iterator[Database]:
    """The organisation's database, up to date and founded, for as long as the block lasts.

    Raises DatabaseInUse while the bot runs on it, and NotSetUp before `okr init`.
    """
    settings = read_settings()
    prepare(settings)
    database = open_database(settings.database_url, durable=settings.durable)
    try:
        database.write_now(lambda session: found(session, settings, now()), patience=None)
        yield database
    finally:
        database.close()


@contextmanager
def looked_at() -> Iterator[Database]:
    """The organisation's database to read from, also while the bot runs on it."""
    settings = read_settings()
    file = database_file(settings)
    if file is not None and not file.exists():
        raise NotSetUp
    if not is_current(settings.database_url):
        raise StorageError("The database is of another version, or away: okr doctor says more.")
    database = open_database(settings.database_url, read_only=True)
    try:
        yield database
    finally:
        database.close()


def database_file(settings: Settings) -> Path | None:
    """The SQLite file, or None on PostgreSQL."""
    where = parse(settings.database_url)
    return file_of(where) if where.get_backend_name() == "sqlite" else None
