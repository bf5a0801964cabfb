"""Time that passes: every moment at which something happens is visited, in order."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from bot.clock import Clock


class Rounds(Protocol):
    """What the bot does at a moment; each says how many messages were sent or changed."""

    @property
    def clock(self) -> Clock: ...

    async def settle(self) -> int:
        """All that this moment asks for."""
        ...

    async def visit(self) -> int:
        """The same on the way, with no more planning than is needed."""
        ...

    async def next_step(self) -> datetime:
        """The next moment worth a visit."""
        ...


class Troupe(Protocol):
    """People who answer by themselves."""

    async def next_at(self) -> datetime | None:
        """When the next of them answers."""
        ...

    async def act(self) -> int:
        """Let everybody answer whose moment has come; how many did."""
        ...


class Nobody:
    """Nobody answers."""

    async def next_at(self) -> datetime | None:
        return None

    async def act(self) -> int:
        return 0


async def _nothing(_: datetime) -> None:
    """Nothing follows."""


class Passage:
    """Moves business time on. `passed` hears of every moment that was visited."""

    def __init__(
        self,
        rounds: Rounds,
        players: Troupe | None = None,
        passed: Callable[[datetime], Awaitable[None]] = _nothing,
    ) -> None:
        self.rounds = rounds
        self.players = players or Nobody()
        self._passed = passed
        self._clock = rounds.clock
        self._stopped = False

    def stop(self) -> None:
        """Go no further than the moment that is being visited."""
        self._stopped = True

    async def go_to(self, moment: datetime) -> int:
        """Visit every letter and every answer on the way; how many messages were sent."""
        sent = await self.rounds.settle()
        while not self._stopped and (step := await self._step()) <= moment:
            sent += await self._at(step)
        if self._stopped:
            return sent
        self._clock.move_to(max(moment, self._clock.now()))
        sent += await self.rounds.settle()
        return sent + await self._live(0)

    async def to_next_message(self, latest: datetime) -> int:
        """On to the next moment at which anything is sent, or to the latest one."""
        while (step := await self._step()) <= latest:
            if sent := await self._at(step):
                return sent
        return await self.go_to(latest)

    async def _at(self, step: datetime) -> int:
        self._clock.move_to(max(step, self._clock.now()))
        return await self._live(await self.rounds.visit())

    async def _live(self, sent: int) -> int:
        """Whoever answers now answers, and what follows is sent."""
        while await self.players.act():
            sent += await self.rounds.visit()
        await self._passed(self._clock.now())
        return sent

    async def _step(self) -> datetime:
        step, answer = await self.rounds.next_step(), await self.players.next_at()
        return min(step, answer) if answer is not None else step
