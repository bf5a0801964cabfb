"""Brings a database's schema to this version's.

A new revision is written by `python -m storage.migrating 0002 "what it is for"`: the difference
between the revisions that exist and the tables in `storage/`. As long as nothing is released,
delete `migrations/versions/0001_*.py` and write it anew:
`python -m storage.migrating 0001 "the first tables"`.
"""

import importlib
import pkgutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import storage
from storage.database import StorageError, Unavailable
from storage.engine import file_of, parse
from storage.on_sqlite import Lock, back_up, sqlite_engine

_ONE_AT_A_TIME = 4_215_000_452  # the advisory lock's number, ours alone


class CannotMigrate(StorageError):
    """The schema was left as it was, and the message says why."""


def tables() -> MetaData:
    """All tables there are: those of every file in `storage/`."""
    for module in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"storage.{module.name}")
    return SQLModel.metadata


def head() -> str:
    """The revision this version of the code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(url: str) -> str:
    """The revision a database is at; "" where there is nothing yet."""
    where = parse(url)
    if where.get_backend_name() == "sqlite" and not _in_use(where):
        return ""
    with _engine(where) as engine, engine.connect() as connection:
        return _revision(connection)


def migrate(url: str) -> Path | None:
    """Bring the schema to `head`, all or nothing. Returns the backup it took first, if any.

    SQLite's file is copied beside itself before its schema changes; on PostgreSQL replicas that
    start together wait for each other.
    """
    where = parse(url)
    if where.get_backend_name() == "sqlite":
        return _migrate_file(where)
    with _engine(where) as engine, engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ONE_AT_A_TIME})
        _upgrade(connection)
    return None


def _migrate_file(where: URL) -> Path | None:
    path = file_of(where)
    lock = Lock(path)
    try:
        with _engine(where) as engine, engine.begin() as connection:
            at = _revision(connection)
            if at == head():
                return None
            copy = _copy_first(path, at)
            _upgrade(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise CannotMigrate(_say(broken, copy))
            return copy
    finally:
        lock.release()


def _copy_first(path: Path, at: str) -> Path | None:
    if not at:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    copy = path.with_name(f"{path.name}.before-{head()}.{stamp}")
    back_up(path, copy)
    return copy


def _say(broken: "list[object] | object", copy: Path | None) -> str:
    return f"rows would point to nothing after the migration: {broken}. Nothing was changed" + (
        f"; a copy from before is {copy}" if copy else ""
    )


def _upgrade(connection: Connection) -> None:
    if (at := _revision(connection)) and at not in _known():
        raise CannotMigrate(
            f"the database is at revision {at}, which this version does not know: "
            "it was made by a newer one; install that"
        )
    command.upgrade(_config(connection), "head")


def _known() -> set[str]:
    return {s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions()}


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _in_use(where: URL) -> bool:
    path = file_of(where)
    return path.exists() and path.stat().st_size > 0


@contextmanager
def _engine(where: URL) -> Iterator[Engine]:
    """A connection that sees what others committed while it waited, and has time."""
    if where.get_backend_name() == "sqlite":
        engine = sqlite_engine(file_of(where), durable=True, foreign_keys=False)
    else:
        from storage.on_postgres import postgres_engine  # only those who use it load the driver

        patient = {"lock_timeout": "60s", "statement_timeout": "0"}
        engine = postgres_engine(where, 1, patient, isolation="read committed")
    try:
        yield engine
    except DBAPIError as problem:
        if problem.connection_invalidated or "OperationalError" in type(problem).__name__:
            raise Unavailable(f"the database cannot be used now: {problem.orig}") from problem
        raise
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    here = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", here)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = SQLModel.metadata
    return config


def revise(revision: str, message: str) -> None:
    """Write the revision that makes the tables of `storage/` out of those that are migrated."""
    tables()
    with tempfile.TemporaryDirectory() as room:
        where = parse(f"sqlite:///{room}/new.db")
        with _engine(where) as engine, engine.begin() as connection:
            command.upgrade(_config(connection), "head")
            command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    revise(*sys.argv[1:3])
