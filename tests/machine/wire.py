"""A worker's lines to the database and to the platform, which can be cut at a named step.

A step is named by what is done there and not by its number: however many touches a round takes,
"before the fence" stays before the fence.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from bot.chat.adapter import Outcome
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.courier import LOOK_UP_FOR
from storage import letters, outbox
from storage.database import Database, Unavailable, Unit
from tests.bot.post import Killed
from tests.machine.platform import Platform

T = TypeVar("T")
Step: TypeAlias = Literal["claim", "write", "fence", "find", "send", "mark", "plan"]
How: TypeAlias = Literal["dies", "is away", "freezes"]

NOTED: dict[tuple[Any, str], Step] = {
    (outbox, "claim"): "claim",
    (outbox, "write_cards"): "write",
    (outbox, "fence"): "fence",
    **{(outbox, f"mark_{end}"): "mark" for end in ("sent", "later", "dead", "unknown", "expired")},
    (letters, "plan"): "plan",
    (letters, "replan"): "plan",
}
_here = threading.local()


@contextmanager
def steps_are_noted() -> Iterator[None]:
    """Know of each unit of work which steps it takes."""
    before = {place: getattr(*place) for place in NOTED}
    for (module, name), step in NOTED.items():
        setattr(module, name, _noted(step, before[module, name]))
    try:
        yield
    finally:
        for (module, name), work in before.items():
            setattr(module, name, work)


def _noted(step: Step, work: Callable[..., T]) -> Callable[..., T]:
    @wraps(work)
    def noted(*args: Any, **more: Any) -> T:
        done = work(*args, **more)
        steps: set[Step] = getattr(_here, "steps", set())
        steps.add(step)
        return done

    return noted


class Trouble(NamedTuple):
    """What happens to a worker, and where: when the step has been taken, or just before."""

    how: How
    step: Step
    after: bool


class Struck(Exception):
    """Rolls back the unit before which its worker was struck."""


@dataclass
class Wire:
    """One life of one worker."""

    name: str
    database: Database
    platform: Platform
    trouble: Trouble | None = None
    dead: bool = False
    woken: bool = False

    def __post_init__(self) -> None:
        self._going = asyncio.Event()
        self._going.set()
        self.still = asyncio.Event()
        self.struck = False
        self.sending = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    async def write(self, unit: Unit[T], *, patience: float | None = None) -> T:
        """A unit of work, which the trouble may undo, or keep and not tell."""
        await self.going()

        def watched(session: Any) -> tuple[T, set[Step]]:
            _here.steps = set()
            try:
                done = unit(session)
            finally:
                steps, _here.steps = _here.steps, set()
            if any(self._is_it(step, after=False) for step in steps):
                raise Struck
            return done, steps

        try:
            done, steps = await self.database.write(watched, patience=patience)
        except Struck:
            await self._suffer(Unavailable("away"))
            return await self.write(unit, patience=patience)
        if any(self._is_it(step, after=True) for step in steps):
            await self._suffer(Unavailable("away", perhaps_saved=True))
        await self.going()
        return done

    async def read(self, unit: Unit[T], *, patience: float | None = None) -> T:
        await self.going()
        done = await self.database.read(unit, patience=patience)
        await self.going()
        return done

    async def going(self) -> None:
        """Until this worker goes on; the dead do not."""
        await self._going.wait()
        if self.dead:
            raise Killed

    async def passes(self, step: Step, *, after: bool) -> None:
        """A step of the platform's."""
        if self._is_it(step, after=after):
            self.sending = step == "send" and not after
            await self._suffer(ConnectionError("the line broke"))
            self.sending = False

    def wakes(self) -> None:
        """It goes on as if nothing had happened."""
        self.woken = True
        self.still.clear()
        self._going.set()

    def dies(self) -> None:
        """It does nothing more."""
        self.dead = True
        self._going.set()

    def _is_it(self, step: Step, *, after: bool) -> bool:
        trouble = self.trouble
        return trouble is not None and (trouble.step, trouble.after) == (step, after)

    async def _suffer(self, problem: Exception) -> None:
        trouble, self.trouble, self.struck = self.trouble, None, True
        if trouble is None:
            return
        match trouble.how:
            case "dies":
                self.dies()
            case "is away":
                raise problem
            case "freezes":
                self._going.clear()
                self.still.set()
        await self.going()


class Door:
    """The platform as one worker reaches it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._platform = wire.platform

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        await self._enters(key)
        self._platform.begins(key, self._wire.name, woken=self._wire.woken)
        await self._wire.passes("send", after=False)
        await asyncio.sleep(0)  # two who send at once do so at once
        outcome = await self._platform.send(to, card, key=key, replaces=replaces, under=under)
        await self._wire.passes("send", after=True)
        await self._wire.going()
        return outcome

    async def find(self, to: Destination, key: str) -> str | None:
        await self._enters(key)
        row = self._platform.witness.rows.get(key)
        if row is not None and row.expires_at + LOOK_UP_FOR <= self._platform.witness.now:
            return await self._platform.find(to, key)  # nobody looks for ever where looking fails
        await self._wire.passes("find", after=False)
        found = await self._platform.find(to, key)
        await self._wire.passes("find", after=True)
        await self._wire.going()
        return found

    async def _enters(self, key: str) -> None:
        if self._wire.still.is_set():  # no fence can help who stops right behind it
            self._platform.witness.excused.add(key)
        await self._wire.going()
