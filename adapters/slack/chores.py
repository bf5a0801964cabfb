"""What goes on after Slack has been answered."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

from adapters.slack.outcomes import Trouble

T = TypeVar("T")

AT_LAST = 5.0
"""Seconds that are left for it when okr stops."""

log = logging.getLogger(__name__)


class Chores:
    """Work in hand for one workspace; nothing of it is forgotten while okr runs."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._tasks: set[asyncio.Future[Any]] = set()

    def begin(self, work: Awaitable[T]) -> asyncio.Future[T]:
        """Work that goes on though Slack has given up waiting."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def later(self, work: Awaitable[None]) -> None:
        """Work that nobody waits for; what cannot be shown any more is in the log."""

        async def done() -> None:
            try:
                await work
            except Trouble as problem:
                log.warning("slack_not_shown workspace=%s %s", self._workspace, problem)
            except Exception:
                log.exception("slack_not_shown workspace=%s", self._workspace)

        self.begin(done())

    async def done(self) -> None:
        """Until everything that was begun so far has come to its end."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def end(self) -> None:
        """The same, or no longer than is left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=AT_LAST)
        for task in tuple(self._tasks):
            task.cancel()
