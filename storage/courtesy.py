"""People first: work for nobody in particular pauses while somebody waits for an answer.

Python runs one thread at a time, and a thread that computes keeps the others waiting for up to 5 ms
each time they come back from the database: an answer, of twenty statements, would take seconds.
"""

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeAlias, TypeVar

from sqlmodel import Session

SLICE = 0.002
LONGEST = 0.020
HAND_OVER = 0.0005
"""Seconds after which a thread that computes lets another go on that has waited for it."""
A_FEW = 100
STANDS = 0.010
A_TURN = 0.010
"""Seconds for which a loop stands still for one unit, and for all in one of its turns."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Begin: TypeAlias = Callable[[], Future[Any]]


class Courtesy:
    """Knows whether somebody waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0
        self._free = threading.Event()
        self._free.set()

    def __enter__(self) -> None:
        """Somebody waits, until it ends."""
        with self._lock:
            self._waiting += 1
            self._free.clear()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._free.set()

    def wait(self) -> None:
        """Until nobody waits; not for ever, for then nothing would ever be planned."""
        self._free.wait(LONGEST)


class Aside:
    """The loop stands still while a short unit runs, and goes on beside one that takes longer.

    SQLite lets go of the interpreter at each call, and a loop with something to do takes it:
    handing it to and fro took a third of an answer's processor time. The loop stands still for a
    few units in each of its turns and hears in between; the others wait for the next.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = asyncio.Lock()
        self._since: float | None = None
        self._waiting: list[Begin] = []

    async def stand(self, begin: Begin, *, together: bool = False) -> None:
        """Begin something when it is its turn, and wait for its end where that is near.

        What may be done `together` begins with the first of those that wait.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._turn, self._since = loop, asyncio.Lock(), None
            self._waiting.clear()
        if together:
            self._waiting.append(begin)
        try:
            async with self._turn:
                if not together:
                    await self._stood([begin])
                elif begin in self._waiting:
                    begun = list(self._waiting)
                    self._waiting.clear()
                    await self._stood(begun)
        finally:
            with suppress(ValueError):
                self._waiting.remove(begin)

    async def _stood(self, begin: Sequence[Begin]) -> None:
        loop = asyncio.get_running_loop()
        if self._since is None:
            self._since = loop.time()
            loop.call_soon(self._turned)
        until = loop.time() + STANDS
        begun = [one() for one in begin]
        with suppress(TimeoutError):
            for future in begun:
                future.exception(max(0, until - loop.time()))
        if loop.time() - self._since > A_TURN:
            await asyncio.sleep(0)

    def _turned(self) -> None:
        self._since = None


class Pause:
    """The patience of one piece of work: a little done, then others first."""

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy = courtesy
        self._since = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._since > SLICE:
            self._courtesy.wait()
            self._since = time.monotonic()


_meanwhile = threading.Lock()
_at_work = 0
_usual = sys.getswitchinterval()


@contextmanager
def unnoticed() -> Iterator[None]:
    """Long work for nobody in particular, of which whoever waits shall notice little.

    Threads hand over to each other ten times as often. There is no search for garbage meanwhile:
    among a company's rows it stops everybody for 200 ms, and what the work leaves is freed
    without one.
    """
    global _at_work
    with _meanwhile:
        _at_work += 1
        gc.disable()
        sys.setswitchinterval(HAND_OVER)
    try:
        yield
    finally:
        with _meanwhile:
            _at_work -= 1
            if not _at_work:
                gc.enable()
                sys.setswitchinterval(_usual)


def give_way(session: Session) -> None:
    """To be called often in long work: pauses it while somebody waits."""
    pause = session.info.get("pause")
    if pause is not None:
        pause()


def few(session: Session) -> dict[str, int]:
    """Execution options: in polite work, rows are made a few at a time."""
    return {"yield_per": A_FEW} if "pause" in session.info else {}


def politely(session: Session, rows: Iterable[T]) -> Iterator[T]:
    """Rows that are there already, with others going first in between."""
    for place, row in enumerate(rows):
        if place % A_FEW == 0:
            give_way(session)
        yield row


class Rows(Protocol[T_co]):
    """A result of SQLAlchemy's."""

    def partitions(self, size: int | None = None) -> Iterator[Sequence[T_co]]: ...


def gently(session: Session, rows: Rows[T]) -> Iterator[T]:
    """Rows a few at a time, with others going first in between."""
    for some in rows.partitions(A_FEW):
        give_way(session)
        yield from some
