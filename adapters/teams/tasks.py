"""Work that goes on though Teams has given up waiting, or was told already."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

from adapters.teams.outcomes import Trouble

AT_LAST = 5.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class Tasks:
    """Everything that has been begun and not ended."""

    def __init__(self) -> None:
        self._some: set[asyncio.Future[Any]] = set()

    def begin(self, work: Awaitable[T]) -> asyncio.Future[T]:
        """Begin; whoever wants the result waits for it."""
        task = asyncio.ensure_future(work)
        self._some.add(task)
        task.add_done_callback(self._some.discard)
        return task

    def later(self, work: Awaitable[None]) -> None:
        """After Teams is told. What can no longer be shown is in the log; nothing is lost by it."""

        async def done() -> None:
            try:
                await work
            except Trouble as problem:
                log.warning("teams_not_shown %s", problem)
            except Exception:
                log.exception("teams_not_shown")

        self.begin(done())

    async def all_done(self) -> None:
        """Until everything that was begun so far has ended, and all that it began."""
        while self._some:
            await asyncio.wait(self._some)

    async def rest(self) -> None:
        """The same, or no longer than people wait for a program to stop."""
        if self._some:
            await asyncio.wait(self._some, timeout=AT_LAST)
        for task in tuple(self._some):
            task.cancel()
