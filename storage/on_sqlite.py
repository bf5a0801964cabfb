"""SQLite: one process, one writer thread, readers apart and read-only."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from storage.committing import Together, commit_unit, read_unit
from storage.compiled import shared
from storage.courtesy import Aside
from storage.database import (
    CannotBackUp,
    Database,
    DatabaseInUse,
    DiskFull,
    Job,
    StorageError,
    Unavailable,
    Unit,
)
from storage.prepared import directly

T = TypeVar("T")

_READERS = 4
_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}


class OnSqlite(Database):
    """A database file. `durable` also survives the loss of power, at the price of an fsync each."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, durable: bool = False, read_only: bool = False) -> None:
        super().__init__()
        self.path = path
        self._aside = None if durable else Aside()
        self._lock = None if read_only else Lock(path)
        self._write_engine = None if read_only else sqlite_engine(path, durable=durable)
        self._together = None if self._write_engine is None else Together(self._write_engine)
        if self._write_engine is not None:
            with in_our_words():
                self._write_engine.connect().close()  # readers take over what it has compiled
        self._read_engine = _reading_engine(path)
        self._file = _identity(path)
        self._write_thread = ThreadPoolExecutor(1, "okr-write")
        self._read_threads = ThreadPoolExecutor(_READERS, "okr-read")

    @property
    def engines(self) -> tuple[Engine, ...]:
        return tuple(e for e in (self._write_engine, self._read_engine) if e is not None)

    def backup(self, path: Path) -> None:
        """Copy into a new file and check the copy; an existing file is never overwritten."""
        back_up(self.path, path)

    def close(self) -> None:
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        for engine in reversed(self.engines):  # the writer last: it folds the log into the file
            engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _writers(self) -> Executor:
        return self._write_thread

    def _readers(self) -> Executor:
        return self._read_threads

    def _writing(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        engine = self._write_engine
        if engine is None:
            raise StorageError("this database was opened for reading only")

        def work(job: Job[T]) -> T:
            self._still_there()
            with in_our_words():
                joined = self._together.commit(job) if job.shared and self._together else None
                result, wake = joined or commit_unit(engine, unit, job)
            if wake:
                self._wake()
            return result

        return work

    def _reading(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        def work(_: Job[T]) -> T:
            self._still_there()
            with in_our_words():
                return read_unit(self._read_engine, unit)

        return work

    def _submit(self, job: Job[T], threads: Executor) -> Future[T]:
        if job.shared is not None and self._together is not None:
            self._together.wait(job)
        return super()._submit(job, threads)

    def _still_there(self) -> None:
        """What is written to a file that was removed or replaced would be lost."""
        if _identity(self.path) != self._file:
            raise Unavailable(
                f"{self.path} was moved or replaced while it was open: stop whatever uses it, put "
                "the right file in its place (okr restore) and start again"
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


class Lock:
    """Keeps a second process from writing: an flock beside the file, gone with its holder."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = os.pread(self._file, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._file)
            raise DatabaseInUse(
                f"{path} is in use by process {holder}. One process at a time may write to a "
                "SQLite file: stop that one first, or use PostgreSQL (DATABASE_URL) for several."
            ) from problem
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one in. The file stays: removing it would let two hold it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class Writer(sqlite3.Connection):
    """A connection that begins each transaction as a writer.

    A deferred BEGIN that reads first cannot become a writer when another wrote meanwhile.
    """

    def begin(self) -> None:
        """A transaction begins."""
        self.execute("BEGIN IMMEDIATE")


def sqlite_engine(
    path: Path,
    *,
    durable: bool = False,
    foreign_keys: bool = True,
    at_hand: int = 2_000,
    kind: type[Writer] = Writer,
) -> Engine:
    """One writing connection. It keeps `at_hand` KB of the file in memory.

    `kind` is a Writer whose transactions are something else than SQLite's.
    """
    _make_private(path)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, factory=kind
        )
        for pragma in (
            "busy_timeout=5000",
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            f"cache_size=-{at_hand}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_writing)
    return shared(engine)


def _reading_engine(path: Path) -> Engine:
    uri = f"file:{quote(str(path))}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        for pragma in ("busy_timeout=5000", "query_only=ON", "cache_size=-500"):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_reading)
    return shared(engine)


def _begin_writing(connection: Connection) -> None:
    directly(connection, "BEGIN", lambda own: cast("Writer", own).begin())


def _begin_reading(connection: Connection) -> None:
    directly(connection, "BEGIN", lambda own: own.execute("BEGIN"))


def _make_private(path: Path) -> None:
    """Make the file, readable by its owner alone; SQLite gives its log the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def back_up(source: Path, path: Path) -> None:
    """Copy a database file, also while another process writes to it, and check the copy.

    The copy bears a mark of its own, by which the bot knows it when it is put back.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as problem:
        raise CannotBackUp(f"{path} exists already: give a new name") from problem
    except OSError as problem:
        raise CannotBackUp(f"{path} cannot be written: {problem.strerror}") from problem
    try:
        _copy(source, path)
    except BaseException:
        path.unlink()
        raise


def _copy(source: Path, path: Path) -> None:
    uri = f"file:{quote(str(source))}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as original:
            original.execute("VACUUM INTO ?", (str(path),))
        with closing(sqlite3.connect(path)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchall()
            copy.execute(f"PRAGMA user_version = {secrets.randbelow(2**31 - 1) + 1}")
    except sqlite3.Error as problem:
        raise CannotBackUp(f"{source} could not be copied: {problem}") from problem
    if found != [("ok",)]:
        raise CannotBackUp(f"the copy is damaged, and so is {source} perhaps: {found[0][0]}")


def put_back(backup: Path, path: Path) -> Path | None:
    """Put a checked copy of a backup in the place of a database; where the old one is kept.

    Raises DatabaseInUse while a bot runs on it, and CannotBackUp where the backup is none of ours.
    """
    if path.exists() and path.samefile(backup):
        raise CannotBackUp(f"{backup} is the database itself: name a backup of it")
    with closing(sqlite3.connect(f"file:{quote(str(backup))}?mode=ro", uri=True)) as given:
        try:
            given.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.Error as problem:
            raise CannotBackUp(f"{backup} is no backup of okr: {problem}") from problem
    lock = Lock(path)
    new = path.with_name(f"{path.name}.new")
    try:
        new.unlink(missing_ok=True)
        back_up(backup, new)
        kept = _set_aside(path)
        new.replace(path)
    finally:
        lock.release()
    return kept


def _set_aside(path: Path) -> Path | None:
    """With all that its log still holds: an old log would be taken for the new file's."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = DELETE").fetchall()
    kept = next(k for n in count(1) if not (k := path.with_name(f"{path.name}.old-{n}")).exists())
    path.rename(kept)
    return kept


@contextmanager
def in_our_words() -> Iterator[None]:
    """SQLite rolls back by itself when the disk is full; the driver knows, and masks nothing."""
    try:
        yield
    except DBAPIError as problem:
        code = getattr(problem.orig, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise DiskFull("the disk is full; nothing was saved") from problem
        if code in _AWAY:
            raise Unavailable(f"the database cannot be used now: {problem.orig}") from problem
        raise
