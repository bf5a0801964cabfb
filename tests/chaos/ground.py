"""The ground on which the bot is tried: a database, a platform, and workers that may fail."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import msgspec
import psutil
from sqlmodel import Session, col, func, select

from storage import letters
from storage.database import Unavailable, Unit
from storage.engine import open_database
from storage.letters import Draft, Kind, Letter
from storage.organisation import Organisation
from tests.bench import company
from tests.chaos.nursery import Nursery
from tests.chaos.platform import Message, Weather
from tests.chaos.worker import Orders

LONG = os.environ.get("OKR_CHAOS") == "1"
"""`make chaos`: more of everything."""
COLUMNS = ("scenario", "engine", "letters", "kills", "lost", "doubled", "well again after")
SOON = 120.0 if LONG else 40.0
THURSDAY = datetime(2026, 11, 5, 8, 59, 50, tzinfo=UTC)
"""Ten seconds before a quarter of the people are asked: Thursday 10:00 in Berlin, week 5."""

HURRY = 20.0 if LONG else 40.0

T = TypeVar("T")


def many(short: int, long: int) -> int:
    """A number that `make chaos` makes larger."""
    return long if LONG else short


@dataclass
class Worker:
    """One life of the bot."""

    name: str
    pid: int
    nursery: Nursery
    log: Path

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def ended(self, seconds: float = SOON) -> int:
        """How it ended; it must do so in time."""
        code = await asyncio.to_thread(self.nursery.wait, self.pid, seconds)
        assert code is not None, f"{self.name} did not end:\n{self.said}"
        return code

    async def kill(self) -> None:
        """No last words."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> None:
        """In good order."""
        self.signal(signal.SIGTERM)
        code = await self.ended(20)
        assert code == 0, self.said

    @property
    def frozen(self) -> bool:
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_STOPPED)

    @property
    def said(self) -> str:
        """What stands in its log."""
        return self.log.read_text() if self.log.exists() else ""


@dataclass
class Ground:
    """What a scenario happens on, and what it has done so far."""

    engine: str
    url: str
    room: Path
    nursery: Nursery
    platform: str
    session: aiohttp.ClientSession
    note: Callable[[dict[str, object]], None]
    kills: int = 0
    well_after: float | None = None
    workers: list[Worker] = field(default_factory=list)
    _hurt_at: float = field(default_factory=time.monotonic)

    # What is to be done

    def furnish(
        self, people: int = 20, running: str = "waiting", drafts: Sequence[Draft] = ()
    ) -> None:
        """A company with letters, before there is a worker."""

        def unit(session: Session) -> None:
            company.furnish(session, people)
            session.flush()
            ours = session.get_one(Organisation, 1)
            ours.running = running
            session.add(ours)
            letters.plan(session, drafts)

        database = open_database(self.url)
        try:
            database.write_now(unit, patience=None)
        finally:
            database.close()

    async def start(self, name: str, **orders: Any) -> Worker:
        """One more worker."""
        given: dict[str, Any] = {"url": self.url, "start": THURSDAY, "hurry": HURRY} | orders
        told = Orders(platform=self.platform, name=name, **given)
        log = self.room / f"{name}.log"
        pid = await asyncio.to_thread(self.nursery.worker, log, told)
        self.workers.append(Worker(name, pid, self.nursery, log))
        return self.workers[-1]

    @property
    def replicas(self) -> int:
        """How many processes may work at once."""
        return 1 if self.engine == "sqlite" else 2

    async def start_two(self, name: str = "w", **orders: Any) -> list[Worker]:
        """Two at a time: two processes, or on SQLite two deliveries inside the one there may be."""
        if self.engine == "sqlite":
            return [await self.start(name, deliveries=2, **orders)]
        return [await self.start(f"{name}{n}", **orders) for n in (1, 2)]

    def hurt(self) -> None:
        """The last trouble was now."""
        self._hurt_at = time.monotonic()

    async def kill(self, worker: Worker) -> None:
        await worker.kill()
        self.killed()

    def killed(self) -> None:
        """One more is dead."""
        self.kills += 1
        self.hurt()

    # What a test tells the platform and the workers

    async def weather(self, *kinds: str, **more: Any) -> None:
        """What befalls the next messages."""
        told = Weather(kinds=kinds, **more)
        await self._post("/test/weather", msgspec.json.encode(told))
        self.hurt()

    async def control(self, worker: Worker, what: str, value: object) -> str:
        """Tell a worker's process something."""
        await self.until_listens(worker)
        url = (await self._state())["listeners"][f"{worker.name}-loopback"]
        async with self.session.post(f"{url}control/{what}", data=str(value)) as answer:
            assert answer.status == 200, worker.said
            return await answer.text()

    async def until_listens(self, worker: Worker) -> None:
        """Until the platform knows it."""

        async def listens() -> bool:
            return f"{worker.name}-loopback" in (await self._state())["listeners"]

        await self.until(listens)

    async def _post(self, path: str, body: bytes) -> None:
        async with self.session.post(f"{self.platform}{path}", data=body) as answer:
            assert answer.status == 200

    # What came of it

    async def count(self) -> int:
        """How many messages stand on the platform."""
        async with self.session.get(f"{self.platform}/test/count") as answer:
            return int(await answer.text())

    async def _state(self) -> dict[str, Any]:
        async with self.session.get(f"{self.platform}/test/state") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def messages(self) -> list[Message]:
        """What readers see."""
        return msgspec.convert((await self._state())["messages"], list[Message])

    async def attempts(self) -> list[str]:
        """The key of each attempt to send."""
        return list((await self._state())["attempts"])

    async def failed(self) -> list[str]:
        """Answers to events that were neither a reply nor "not saved yet"."""
        return list((await self._state())["failed"])

    async def counts(self) -> Counter[str]:
        """How often each letter stands on the platform, by key."""
        return Counter(message.key for message in await self.messages())

    async def read(self, unit: Unit[T]) -> T:
        """Look into the database, beside the bot."""
        database = open_database(self.url, read_only=True)
        try:
            return await database.read(unit, patience=20)
        finally:
            await asyncio.to_thread(database.close)

    async def the_letters(self) -> list[Letter]:
        """What the bot believes."""
        return await self.read(lambda session: list(session.exec(select(Letter)).all()))

    async def seen(self, keys: Sequence[str]) -> tuple[int, int]:
        """How many letters are lost and how many stand there more than once; kept for the table."""
        counts = await self.counts()
        lost = sum(not counts[key] for key in keys)
        doubled = sum(counts[key] > 1 for key in keys)
        well = "" if self.well_after is None else f"{self.well_after:.1f} s"
        row = (self.engine, len(keys), self.kills, lost, doubled, well)
        self.note(dict(zip(COLUMNS[1:], row, strict=True)))
        return lost, doubled

    async def states(self, keys: Iterable[str]) -> dict[str, str]:
        """What became of these letters, as the bot believes."""
        known = {letter.key: letter.state for letter in await self.the_letters()}
        return {key: known[key] for key in keys}

    async def until(
        self, true: Callable[[], Awaitable[object]], seconds: float = SOON, every: float = 0.05
    ) -> None:
        """Wait for something that somebody does."""
        until = time.monotonic() + seconds
        while not await true():
            if time.monotonic() > until:
                raise AssertionError(await self._found())
            await asyncio.sleep(every)

    async def _found(self) -> str:
        """What there is to see when something did not come about."""
        said = [worker.said[-3000:] for worker in self.workers]
        try:
            rows = [repr(letter) for letter in await self.the_letters() if letter.state != "sent"]
        except Unavailable as problem:
            rows = [str(problem)]
        return "\n".join([*said, "Not sent:", *rows[:50]])

    async def until_taken(self, count: int, seconds: float = SOON) -> None:
        """Until so many messages stand on the platform."""

        async def enough() -> bool:
            return await self.count() >= count

        await self.until(enough, seconds, 0.02)

    async def until_still(self, seconds: float = 1.0) -> None:
        """Until nothing has arrived for a while."""
        before = -1
        while (now := await self.count()) != before:
            before = now
            await asyncio.sleep(seconds)

    async def until_over(self, seconds: float = SOON) -> None:
        """Until every letter that is due has come to its end; keeps how long that took."""

        def open_ones(session: Session) -> int:
            waiting = col(Letter.state).in_(("planned", "claimed"))
            found = select(func.count()).select_from(Letter).where(waiting)
            return session.exec(found).one()

        async def over() -> bool:
            return not await self.read(open_ones)

        await self.until(over, seconds, 0.2)
        self.again()

    def again(self) -> None:
        """All is well again, since now."""
        self.well_after = time.monotonic() - self._hurt_at

    async def close(self) -> None:
        """Nothing that a test has started outlives it."""
        for worker in self.workers:
            worker.signal(signal.SIGKILL)
        await self._post("/test/reset", b"")


def wave(
    number: int,
    *,
    kinds: Sequence[Kind] = ("reply",),
    workspaces: int = 1,
    platforms: Sequence[str] = ("loopback",),
    prefix: str = "wave",
    due: datetime = THURSDAY - timedelta(minutes=1),
) -> list[Draft]:
    """Letters to one person each, all of them due; planning leaves them alone."""
    return [
        Draft(
            key=f"{prefix}:{n}",
            flow="checkin",
            subject=f"ask:1:5:{n + 1}",
            kind=kinds[n % len(kinds)],
            due_at=due,
            expires_at=due + timedelta(days=7),
            person_id=n + 1,
            cycle_id=OTHER_CYCLE,
            week=5,
            platform=platforms[n % len(platforms)],
            workspace=f"w{n // len(platforms) % workspaces}",
            address=f"dm:{company.email(n + 1)}",
        )
        for n in range(number)
    ]


OTHER_CYCLE = 99
"""Planning looks after its own cycle's letters."""
