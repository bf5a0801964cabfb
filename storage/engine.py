"""Opens a database by its URL; the port behind it hides which engine it is."""

import hashlib
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.database import Database, StorageError
from storage.on_sqlite import OnSqlite


def open_database(url: str, *, durable: bool | None = None, read_only: bool = False) -> Database:
    """Open `sqlite:///path` or `postgresql://…`.

    `durable` keeps acknowledged commits through a loss of power: by default SQLite does not
    (synchronous=NORMAL; a killed process loses nothing either way) and PostgreSQL does.
    With `read_only` another process may be writing to the file.
    """
    where = parse(url)
    if where.get_backend_name() == "sqlite":
        return OnSqlite(file_of(where), durable=bool(durable), read_only=read_only)
    from storage.on_postgres import OnPostgres  # only those who use it load the driver

    return OnPostgres(where, durable=durable is not False, read_only=read_only)


def parse(url: str) -> URL:
    """Read a database URL, with the driver that is installed."""
    try:
        where = make_url(url)
    except (ArgumentError, ValueError):  # it may hold a password, so it is not repeated
        raise StorageError("this is no database URL: try sqlite:///okr.db") from None
    if where.drivername.split("+")[0] in ("postgres", "postgresql"):
        return where.set(drivername="postgresql+psycopg")
    if where.drivername == "sqlite":
        return _with_a_file(where)
    raise StorageError(
        f"{where.drivername} is not supported: use sqlite:///path or postgresql://user@host/name"
    )


def _with_a_file(where: URL) -> URL:
    if where.host:
        raise StorageError(
            "this URL has a slash too few: write one such as sqlite:///data/okr.db, "
            "or sqlite:////srv/okr.db where the path begins at the root"
        )
    if where.database in (None, "", ":memory:"):
        raise StorageError("this URL names no file: write one such as sqlite:///data/okr.db")
    if file_of(where).is_dir():
        example = Path(where.database or "") / "okr.db"
        raise StorageError(
            f"{where.database} is a folder: name a file in it, such as sqlite:///{example}"
        )
    return where


def mark_of(url: str) -> str:
    """The same for two processes that mean the same database; it tells nobody where that is."""
    where = parse(url)
    if where.get_backend_name() == "sqlite":
        named = f"sqlite {file_of(where).resolve()}"
    else:
        named = f"{where.host or ''} {where.port or 5432} {where.database or ''}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def file_of(where: URL) -> Path:
    """The file of an SQLite URL."""
    return Path(where.database or "").absolute()
