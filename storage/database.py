"""The port to the database: units of work in, results out, and never a half-kept promise."""

import asyncio
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Generic, Literal, TypeAlias, TypeVar

from sqlalchemy.engine import Engine
from sqlmodel import Session

from storage.courtesy import Aside, Courtesy, Pause, unnoticed

_log = logging.getLogger(__name__)

T = TypeVar("T")
Unit: TypeAlias = Callable[[Session], T]
"""Work of one transaction. It may run more than once, so it touches the database alone."""

PATIENCE = 2.0
"""Seconds a person can be kept waiting before being told "not saved yet"."""

_LAST_WORD = 2.0
"""Seconds a commit that has begun may take beyond the caller's patience."""


class StorageError(Exception):
    """The database did not do what was asked."""


class Unavailable(StorageError):
    """The database cannot answer now; nothing was saved: try again.

    With `perhaps_saved` the connection fell silent during the commit itself, and nobody can know:
    what is tried again must be an upsert or carry a one-time key, as every answer does.
    """

    def __init__(self, message: str, *, perhaps_saved: bool = False) -> None:
        super().__init__(message)
        self.perhaps_saved = perhaps_saved


class DiskFull(Unavailable):
    """The disk is full and nothing was saved: make room, the bot goes on by itself."""


class DatabaseInUse(StorageError):
    """Another process writes to this database file: stop it first, or let it do the work."""


class CannotBackUp(StorageError):
    """The backup was not made, and the message says what to do instead."""


class Job(Generic[T]):
    """A unit on its way through a thread, which its caller may give up until the commit begins.

    `shared` is the unit where it may be committed together with others.
    """

    def __init__(self, work: "Callable[[Job[T]], T]", shared: "Unit[T] | None" = None) -> None:
        self.shared = shared
        self._work = work
        self._turn = threading.Lock()
        self._state: Literal["open", "committing", "given up"] = "open"
        self.future: Future[T] = Future()

    @property
    def given_up(self) -> bool:
        return self._state == "given up"

    def run(self) -> None:
        """In the thread. Dropped before it starts where nobody waits for it any more.

        Nothing is left to do where it was done together with one before it.
        """
        if self.future.done():
            return
        if self.given_up:
            self.future.set_exception(Unavailable("given up before it began"))
            return
        try:
            result = self._work(self)
        except BaseException as problem:
            self.future.set_exception(problem)
        else:
            self.future.set_result(result)

    def may_commit(self) -> bool:
        """The last moment to turn back; from here on the caller waits for the outcome."""
        with self._turn:
            if self._state == "given up":
                return False
            self._state = "committing"
            return True

    def reopen(self) -> None:
        """The commit was refused, and the unit will run again."""
        with self._turn:
            if self._state == "committing":
                self._state = "open"

    def give_up(self) -> bool:
        """Whether it will certainly not be committed."""
        with self._turn:
            if self._state == "committing" or self.future.done():
                return False
            self._state = "given up"
            return True

    def wait(self, patience: float | None) -> T:
        """For its result, in a thread."""
        if not wait([self.future], patience).done:
            self._last_word(patience)
            if not wait([self.future], _LAST_WORD).done:
                raise _fell_silent()
        return self.future.result()

    async def outcome(self, patience: float | None) -> T:
        """For its result, in a loop. If the waiting task is cancelled the unit runs to its end."""
        if self.future.done():
            return self.future.result()
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def tell(_: Future[T]) -> None:
            with suppress(RuntimeError):  # the loop has gone; nobody waits
                loop.call_soon_threadsafe(done.set)

        self.future.add_done_callback(tell)
        if not await _in_time(done, patience):
            self._last_word(patience)
            if not await _in_time(done, _LAST_WORD) and not self.future.done():
                raise _fell_silent()
        return self.future.result()

    def _last_word(self, patience: float | None) -> None:
        if self.give_up():
            raise Unavailable(f"the database did not answer within {patience} s; nothing was saved")


async def _in_time(done: asyncio.Event, seconds: float | None) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await done.wait()
    return done.is_set()


def _fell_silent() -> Unavailable:
    return Unavailable("the database fell silent while saving", perhaps_saved=True)


class Database(ABC):
    """One database, whichever engine it is. `open_database` makes one."""

    dialect: Literal["sqlite", "postgresql"]

    _aside: Aside | None = None
    """Where a unit waits for nobody, the loop stands aside for it."""

    def __init__(self) -> None:
        self._wakes: list[Callable[[], None]] = []
        self._courtesy = Courtesy()

    async def write(self, unit: Unit[T], *, patience: float | None = PATIENCE) -> T:
        """Run a unit in one transaction: committed when it returns, rolled back when it raises.

        It may run again after a conflict with another writer. Raises `Unavailable` when the
        database does not answer in time; the unit will then not commit behind the caller's back,
        unless `perhaps_saved` says that the commit itself was cut off. Work for nobody in
        particular (planning) passes `patience=None`.
        """
        shared = unit if patience is not None else None
        return await self._in_loop(Job(self._writing(unit), shared), self._writers(), patience)

    async def read(self, unit: Unit[T], *, patience: float | None = PATIENCE) -> T:
        """Run a unit on a snapshot that it cannot change; with `patience=None` others go first."""
        return await self._in_loop(Job(self._asking(unit, patience)), self._readers(), patience)

    def write_now(self, unit: Unit[T], *, patience: float | None = PATIENCE) -> T:
        """`write`, for the command line and tests."""
        return self._in_thread(Job(self._writing(unit)), self._writers(), patience)

    def read_now(self, unit: Unit[T], *, patience: float | None = PATIENCE) -> T:
        """`read`, for the command line and tests."""
        return self._in_thread(Job(self._asking(unit, patience)), self._readers(), patience)

    def after_commit(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` after each commit that left a letter; returns how to stop that.

        Registered inside a running loop it is called in that loop, else in the writer's thread.
        """
        call = wake
        with suppress(RuntimeError):
            loop = asyncio.get_running_loop()

            def call() -> None:
                with suppress(RuntimeError):  # the loop has gone
                    loop.call_soon_threadsafe(wake)

        self._wakes.append(call)

        def stop() -> None:
            with suppress(ValueError):
                self._wakes.remove(call)

        return stop

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Copy the whole database into a new file, while it is used."""

    @abstractmethod
    def close(self) -> None:
        """Finish what was submitted, then let go of everything."""

    @property
    @abstractmethod
    def engines(self) -> tuple[Engine, ...]:
        """SQLAlchemy's, for those who watch: metrics, and tests that count statements."""

    @abstractmethod
    def _writing(self, unit: Unit[T]) -> Callable[[Job[T]], T]: ...

    @abstractmethod
    def _reading(self, unit: Unit[T]) -> Callable[[Job[T]], T]: ...

    @abstractmethod
    def _writers(self) -> Executor: ...

    @abstractmethod
    def _readers(self) -> Executor: ...

    def _asking(self, unit: Unit[T], patience: float | None) -> Callable[[Job[T]], T]:
        return self._reading(unit if patience is not None else self._politely(unit))

    def _politely(self, unit: Unit[T]) -> Unit[T]:
        def polite(session: Session) -> T:
            session.info["pause"] = Pause(self._courtesy)
            with unnoticed():
                return unit(session)

        return polite

    async def _in_loop(self, job: Job[T], threads: Executor, patience: float | None) -> T:
        with self._waiting(patience):
            since = time.monotonic()
            if self._aside is None:
                self._submit(job, threads)
            else:
                together = job.shared is not None
                await self._aside.stand(lambda: self._submit(job, threads), together=together)
            if patience is not None:
                patience = max(0, patience - (time.monotonic() - since))
            return await job.outcome(patience)

    def _in_thread(self, job: Job[T], threads: Executor, patience: float | None) -> T:
        with self._waiting(patience):
            self._submit(job, threads)
            return job.wait(patience)

    def _waiting(self, patience: float | None) -> AbstractContextManager[None]:
        return nullcontext() if patience is None else self._courtesy

    def _submit(self, job: Job[T], threads: Executor) -> Future[T]:
        try:
            threads.submit(job.run)
        except RuntimeError:  # the threads are gone
            job.future.set_exception(Unavailable("the database is closed"))
        return job.future

    def _wake(self) -> None:
        for call in list(self._wakes):
            try:
                call()
            except Exception:  # what is committed is committed: the caller must hear so
                _log.exception("a hook failed after a commit")
