"""PostgreSQL: psycopg in a pool of threads, and as many replicas of the bot as you like."""

import random
import shlex
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from storage.committing import commit_unit, read_unit
from storage.compiled import shared
from storage.database import (
    CannotBackUp,
    Database,
    DiskFull,
    Job,
    StorageError,
    Unavailable,
    Unit,
)

T = TypeVar("T")

_WRITERS, _READERS = 5, 3
_TRIES = 12
_CONFLICT = (errors.SerializationFailure, errors.DeadlockDetected)
_AGAIN = (*_CONFLICT, errors.UniqueViolation)
"""Another may have added the same row meanwhile: then the unit finds it when it looks again."""
_TRIES_TO_ADD = 3
_AWAY = (
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.OperatorIntervention,
    errors.InsufficientResources,
    errors.IdleInTransactionSessionTimeout,
)


class OnPostgres(Database):
    """A server's database.

    Writing units run at REPEATABLE READ and again after a conflict, so that what was read is still
    true when it is written back, as on SQLite; reading ones see one snapshot.
    """

    dialect = "postgresql"

    def __init__(self, url: URL, *, durable: bool = True, read_only: bool = False) -> None:
        super().__init__()
        self.url = url
        self._read_only = read_only
        settings = {} if durable else {"synchronous_commit": "off"}
        self._write_engine = postgres_engine(url, _WRITERS, settings)
        self._read_engine = postgres_engine(
            url, _READERS, settings | {"default_transaction_read_only": "on"}
        )
        self._write_threads = ThreadPoolExecutor(_WRITERS, "okr-write")
        self._read_threads = ThreadPoolExecutor(_READERS, "okr-read")

    @property
    def engines(self) -> tuple[Engine, ...]:
        return self._write_engine, self._read_engine

    def backup(self, path: Path) -> None:
        """PostgreSQL's own tool does that better; says how."""
        raise CannotBackUp(f"PostgreSQL is backed up by its own tool: {_pg_dump(self.url, path)}")

    def close(self) -> None:
        self._write_threads.shutdown()
        self._read_threads.shutdown()
        for engine in self.engines:
            engine.dispose()

    def _writers(self) -> Executor:
        return self._write_threads

    def _readers(self) -> Executor:
        return self._read_threads

    def _writing(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        if self._read_only:
            raise StorageError("this database was opened for reading only")

        def work(job: Job[T]) -> T:
            with _in_our_words():
                result, wake = self._until_no_conflict(unit, job)
            if wake:
                self._wake()
            return result

        return work

    def _until_no_conflict(self, unit: Unit[T], job: Job[T]) -> tuple[T, bool]:
        for again in range(_TRIES):
            try:
                return commit_unit(self._write_engine, unit, job)
            except DBAPIError as problem:
                tries = _TRIES if isinstance(problem.orig, _CONFLICT) else _TRIES_TO_ADD
                if not isinstance(problem.orig, _AGAIN) or again >= tries - 1:
                    raise
                job.reopen()
            time.sleep(random.uniform(0, 0.002 * 2 ** min(again, 6)))  # noqa: S311
        raise AssertionError

    def _reading(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        def work(_: Job[T]) -> T:
            with _in_our_words():
                return read_unit(self._read_engine, unit)

        return work


def postgres_engine(
    url: URL, connections: int, settings: dict[str, str], *, isolation: str = "repeatable read"
) -> Engine:
    """Connections that find out soon when the server is gone."""
    settings = {
        "timezone": "UTC",
        "default_transaction_isolation": isolation.replace(" ", r"\ "),
        "lock_timeout": "2s",
        "statement_timeout": "60s",
        "idle_in_transaction_session_timeout": "60s",
        **settings,
    }
    words = [*_given(url), *(f"-c {name}={value}" for name, value in settings.items())]
    engine = create_engine(
        url.difference_update_query(["options"]),
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        pool_timeout=2,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "tcp_user_timeout": 5000,
            "keepalives_idle": 30,
            "application_name": "okr",
            "options": " ".join(words),
        },
    )
    return shared(engine)


def _given(url: URL) -> tuple[str, ...]:
    options = url.query.get("options", ())
    return (options,) if isinstance(options, str) else tuple(options)


def _pg_dump(url: URL, path: Path) -> str:
    plain = url.set(drivername="postgresql")._replace(password=None).render_as_string()
    return f"pg_dump --format=custom --file={shlex.quote(str(path))} {shlex.quote(plain)}"


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except NoneFree as problem:
        raise Unavailable("all connections to the database are busy") from problem
    except DBAPIError as problem:
        cause = problem.orig
        if isinstance(cause, errors.DiskFull):
            raise DiskFull("the database's disk is full; nothing was saved") from problem
        gone = isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
        if gone or problem.connection_invalidated or isinstance(cause, (*_AWAY, *_CONFLICT)):
            raise Unavailable(f"the database cannot be used now: {cause}") from problem
        raise
