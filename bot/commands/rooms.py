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
def opened(now: Callable[[], datetime], *, first: bool = False) -> Iterator[Database]:
    """The organisation's database, up to date and founded, for as long as the block lasts.

    Only a verb that may be the first after `okr init` makes an SQLite file, and only where the
    settings name the organisation: in another folder a file would be there for nothing.
    Raises DatabaseInUse while the bot runs on it, and NotSetUp before `okr init`.
    """
    settings = read_settings()
    if not (first and settings.organisation and settings.admin_email):
        _there(settings)
    prepare(settings)
    database = open_database(settings.database_url, durable=settings.durable)
    try:
        with _of(settings):
            database.write_now(lambda session: found(session, settings, now()), patience=None)
        yield database
    finally:
        database.close()


@contextmanager
def looked_at() -> Iterator[Database]:
    """The organisation's database to read from, also while the bot runs on it."""
    settings = read_settings()
    _there(settings)
    if not is_current(settings.database_url):
        raise StorageError(
            f"The database {_named(settings)} is of another version, or away: okr doctor says more."
        )
    database = open_database(settings.database_url, read_only=True)
    try:
        with _of(settings):
            yield database
    finally:
        database.close()


def existing(settings: Settings) -> Database:
    """The database to read from whatever its version, which is not made for that."""
    _there(settings)
    return open_database(settings.database_url, read_only=True)


def _there(settings: Settings) -> None:
    """Raises NotSetUp, with where it was looked for, where there is no SQLite file."""
    file = database_file(settings)
    if file is not None and not file.exists():
        raise NotSetUp(f"There is no database {file} yet. {what_to_do(settings)}")


def what_to_do(settings: Settings) -> str:
    """What leads to a database where there is none."""
    if settings.organisation and settings.admin_email:
        return "okr run makes it."
    return "Call okr in the folder of your .env; for a new one: okr init, then okr run."


@contextmanager
def _of(settings: Settings) -> Iterator[None]:
    """Says which database it is that has no organisation."""
    try:
        yield
    except NotSetUp:
        raise NotSetUp(
            f"There is no organisation in the database {_named(settings)} yet. "
            f"{what_to_do(settings)}"
        ) from None


def _named(settings: Settings) -> str:
    """The database in words for its admin, without its password."""
    file = database_file(settings)
    if file is not None:
        return str(file)
    where = parse(settings.database_url)
    return f"{where.database or ''} on {where.host or 'this machine'}"


def database_file(settings: Settings) -> Path | None:
    """The SQLite file, or None on PostgreSQL."""
    where = parse(settings.database_url)
    return file_of(where) if where.get_backend_name() == "sqlite" else None


def make_folder(path: Path) -> None:
    """Raises NotADirectoryError, in words, where a file has that name."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        known = (each for each in (path, *path.parents) if each.exists() and not each.is_dir())
        file = next(known, path)
        raise NotADirectoryError(f"{file} is a file: name a folder.") from None
