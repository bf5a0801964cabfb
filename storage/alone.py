"""SQLite for somebody who is alone with a file: one connection, and no thread but the caller's.

What was read stays at hand when something is written, and nothing is handed to and fro.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from storage.committing import commit_unit, read_unit
from storage.database import Database, Job, Unavailable, Unit
from storage.on_sqlite import Writer, back_up, in_our_words, sqlite_engine

MANY = 200
"""Units that one transaction lasts for."""
T = TypeVar("T")


class Alone(Database):
    """A file that nobody else uses meanwhile: a copy to be played with.

    A unit holds up the loop that awaits it. What one changes that only reads is not kept.
    """

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._engine = sqlite_engine(path, at_hand=64 << 10, kind=_Lasting)
        self._connection: Connection | None = None
        self._here = _Here()

    @property
    def engines(self) -> tuple[Engine, ...]:
        return (self._engine,)

    def backup(self, path: Path) -> None:
        """Copy into a new file and check the copy; an existing file is never overwritten."""
        self.close()  # what is not written yet is written
        back_up(self.path, path)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _writing(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        def work(job: Job[T]) -> T:
            with in_our_words():
                result, wake = commit_unit(self._connected(), unit, job)
            if wake:
                self._wake()
            return result

        return work

    def _reading(self, unit: Unit[T]) -> Callable[[Job[T]], T]:
        def work(_: Job[T]) -> T:
            with in_our_words():
                return read_unit(self._connected(), unit)

        return work

    def _asking(self, unit: Unit[T], patience: float | None) -> Callable[[Job[T]], T]:
        """There is nobody to pause for."""
        return self._reading(unit)

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _writers(self) -> Executor:
        return self._here

    def _readers(self) -> Executor:
        return self._here


class _Lasting(Writer):
    """Each unit is a savepoint in a transaction that lasts for many of them.

    What one has written the next ones write over: it goes to the disk a few times, not each time.
    """

    _units = 0
    _within = False

    def begin(self) -> None:
        """A unit begins. Raises Unavailable where SQLite took back those before: all is void."""
        if not self.in_transaction:
            if self._units:
                raise Unavailable("the copy is lost, perhaps for its disk is full: begin again")
            super().begin()
        self.execute("SAVEPOINT unit")
        self._within = True

    def commit(self) -> None:
        self.execute("RELEASE unit")
        self._within = False
        self._units += 1
        if self._units == MANY:
            self._write()

    def rollback(self) -> None:
        """Take back what the unit did, if there is one: a pool asks for it in any case."""
        if self._within and self.in_transaction:
            self.execute("ROLLBACK TO unit")
            self.execute("RELEASE unit")
        self._within = False

    def close(self) -> None:
        self._write()
        super().close()

    def _write(self) -> None:
        super().commit()
        self._units = 0


class _Here(Executor):
    """Work is done where it is handed over."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done
