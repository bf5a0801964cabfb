"""When things last happened, and how long the loop was ever held up: by the machine's clock."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.chat.adapter import Outcome
from bot.operations.witness import Witness
from storage.database import DiskFull, Unavailable
from storage.letters import Letter

EVERY = 0.1
MINUTE = 60.0


class Pulse(Witness):
    """Remembers no more than moments, in seconds of a clock that nobody can set."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self.steady = steady
        self._moments: dict[str, float] = {}
        self._stalls: deque[tuple[float, float]] = deque(maxlen=1000)

    def age(self, what: str) -> float | None:
        """Seconds since a job's end, or since "sent", "full" or "away"; None if it never was."""
        at = self._moments.get(what)
        return None if at is None else self.steady() - at

    def beat(self, job: str) -> None:
        self._moments[job] = self.steady()

    def brought(self, letter: Letter, outcome: Outcome, now: datetime, again: float | None) -> None:
        self._moments["sent"] = self.steady()

    def expired(self, letters: Sequence[Letter]) -> None:
        if letters:
            self._moments["sent"] = self.steady()

    def away(self, who: str, problem: Unavailable) -> None:
        self._moments["full" if isinstance(problem, DiskFull) else "away"] = self.steady()

    def stalled(self, seconds: float) -> None:
        """The loop came back so much later than it was asked to."""
        if seconds > 0:
            self._stalls.append((self.steady(), seconds))

    @property
    def longest_stall(self) -> float:
        """Seconds, within the last minute."""
        since = self.steady() - MINUTE
        return max((seconds for at, seconds in self._stalls if at >= since), default=0.0)

    async def watch(self) -> None:
        """Measure how late the loop is, until cancelled."""
        while True:
            before = self.steady()
            await asyncio.sleep(EVERY)
            self.stalled(self.steady() - before - EVERY)
