"""Letters that are under way at the same time: a few, and never two to the same address."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

from bot.chat.adapter import Outcome, Sent
from storage.letters import Letter


class Flight:
    """Up to `most` letters under way; left when all have come to their end."""

    def __init__(self, most: int) -> None:
        self.sent = 0
        self.failed: BaseException | None = None
        self._most = most
        self._under_way: dict[str, asyncio.Task[Outcome | None]] = {}

    async def room_for(self, letter: Letter) -> None:
        """Until it may start: what goes to one address keeps its order."""
        while len(self._under_way) >= self._most or letter.address in self._under_way:
            await self._one_ends()

    def start(self, letter: Letter, brought: Coroutine[None, None, Outcome | None]) -> None:
        """Let it go; `room_for` said that it may."""
        self._under_way[letter.address] = asyncio.create_task(brought)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for all. Raises the first failure, when the others have come to their end."""
        if problem is not None:
            for task in self._under_way.values():
                task.cancel()
        while self._under_way:
            await self._one_ends()
        if problem is None and self.failed is not None:
            raise self.failed

    async def _one_ends(self) -> None:
        await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
        for address, task in list(self._under_way.items()):
            if task.done():
                del self._under_way[address]
                self._count(task)

    def _count(self, task: asyncio.Task[Outcome | None]) -> None:
        if task.cancelled():
            return
        problem = task.exception()
        if problem is not None:
            self.failed = self.failed or problem
        else:
            self.sent += isinstance(task.result(), Sent)
