"""The bot as a whole: a database, adapters and a clock, wired together once."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import assert_never

import structlog
from sqlmodel import Session

from bot import hear, learn
from bot.chat.adapter import Adapter, Found, Gate, Keep
from bot.chat.cards import Card
from bot.chat.events import (
    Event,
    Left,
    PlaceChanged,
    ProfileChanged,
    Report,
    Reported,
    Requested,
    WorkspaceChanged,
)
from bot.chat.replies import Answer, Handed, Refused, Reply, Taken, Unsaved
from bot.clock import Clock
from bot.courier import LOOK_UP_AT_LEAST_EVERY
from bot.deliver import Delivery
from bot.duties import Duties
from bot.hear import Unknown
from bot.operations.witness import Answered, Witness
from bot.outside import exporting, reports
from bot.rehearsal.passage import Passage
from bot.scheduler import metronome, watch
from bot.term import turns_at
from bot.texts import Voice
from storage import keeping, leases, letters, outbox, restoring
from storage.database import PATIENCE, Database, Unavailable

TICK, PLAN, TURN, HOURLY, BEAT = 15.0, 600.0, 300.0, 3600.0, 60.0
GRACE = 10.0
SETTLED = 3.0
"""Seconds after which what the start loads is loaded."""
STRIDE = timedelta(days=3)
"""No more is skipped when time is moved on: a cycle may turn and be planned in between."""

log = structlog.get_logger()


class Bot:
    """Hears, plans and delivers until it is stopped."""

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        worker: str,
        *,
        patience: float = PATIENCE,
        witness: Witness | None = None,
        gates: Mapping[str, Gate] | None = None,
    ) -> None:
        self.database = database
        self.adapters = adapters
        self.gates = gates or {}
        self.clock = clock
        self.worker = worker
        self.patience = patience
        self.witness = witness or Witness()
        self.delivery = Delivery(database, adapters, clock, worker, witness=self.witness)
        self.duties = Duties(database, adapters, clock, worker, self.witness)
        self._settled_at = datetime.min.replace(tzinfo=UTC)
        self._tasks: set[asyncio.Task[object]] = set()

    async def hear(self, adapter: Adapter, event: Event) -> Reply:
        """Answer one event, after the commit. Raises Unsaved where nothing could be stored."""
        since = time.monotonic()
        try:
            try:
                reply = await self._heard(event)
            except Unknown as stranger:
                reply = await self._introduced(adapter, stranger, event)
        except Unavailable as problem:
            log.warning("unsaved", why=str(problem))
            self.witness.away("answer", problem)
            self.witness.unsaved(event, time.monotonic() - since)
            raise _unsaved() from problem
        self.witness.replied(event, reply, time.monotonic() - since)
        return reply

    async def take(self, report: Report) -> Answer:
        """Answer a company's own system, after the commit. Raises Unsaved as `hear` does."""
        since, now = time.monotonic(), self.clock.now()
        try:
            answer = await self._answer(report, now)
        except Unavailable as problem:
            log.warning("unsaved", why=str(problem))
            self.witness.away("report", problem)
            self.witness.unsaved(report, time.monotonic() - since)
            raise _unsaved() from problem
        self.witness.replied(report, answer, time.monotonic() - since)
        return answer

    async def _answer(self, report: Report, now: datetime) -> Answer:
        match report:
            case Reported():
                return await self._taken(report, now)
            case Requested():
                return await self._handed(report, now)
            case _:
                assert_never(report)

    async def _taken(self, report: Reported, now: datetime) -> Taken | Refused:
        def unit(session: Session) -> tuple[Taken | Refused, bool]:
            return reports.take(session, report, now), bool(session.info.get("replan"))

        answer, replan = await self.database.write(unit, patience=self.patience)
        if replan:
            self._soon(partial(self.duties.plan, at_once=True))
        return answer

    async def _handed(self, report: Requested, now: datetime) -> Handed | Refused:
        """A file takes its time, and others go first; that it was fetched is kept."""

        refused = await self.database.write(
            lambda session: exporting.allow(session, report, now), patience=self.patience
        )
        if refused is not None:
            return refused
        return await self.database.read(
            lambda session: exporting.hand(session, report, now), patience=None
        )

    async def _heard(self, event: Event) -> Reply:
        now = self.clock.now()
        if hear.reads(event):
            return await self._looked(event, now)

        def unit(session: Session) -> tuple[Reply, bool, tuple[int, int, int] | None]:
            reply = hear.hear(session, event, now)
            return reply, bool(session.info.get("replan")), session.info.get("answered")

        reply, replan, answered = await self.database.write(unit, patience=self.patience)
        if answered is not None:
            self.witness.answered(Answered(*answered, now))
        if replan:
            self._soon(partial(self.duties.plan, at_once=True))
        return reply

    async def _looked(self, event: Event, now: datetime) -> Reply:
        """Answer what changes nothing, from a snapshot."""

        def unit(session: Session) -> tuple[Reply, bool]:
            return hear.look(session, event, now), bool(session.info.get("news"))

        reply, news = await self.database.read(unit, patience=self.patience)
        if news:
            self._soon(partial(self._touched, event, now))
        return reply

    async def _touched(self, event: Event, now: datetime) -> None:
        def unit(session: Session) -> bool:
            hear.keep_in_touch(session, event, now)
            return bool(session.info.get("replan"))

        if await self.database.write(unit, patience=None):
            await self.duties.plan(at_once=True)

    async def _introduced(self, adapter: Adapter, stranger: Unknown, event: Event) -> Reply:
        """Ask the platform who it is, and answer if it is one of us."""
        try:
            profile = await adapter.profile(stranger.actor)
        except Exception as problem:  # whatever a platform's kit raises: nobody is turned away
            log.exception("profile_failed", platform=adapter.name)
            raise Unavailable("the platform does not say who this is") from problem
        nobody = Left | ProfileChanged | PlaceChanged | WorkspaceChanged
        if profile is not None and not isinstance(event, nobody):
            now = self.clock.now()
            found = Found(stranger.actor, event.at, profile)
            if await self.database.write(lambda session: learn.link(session, found, now)):
                self._soon(partial(self.duties.plan, at_once=True))
                return await self._heard(event)
        return hear.stranger(profile)

    async def settle(self) -> int:
        """Turn, plan and deliver all that this moment asks for; says how many were sent."""
        self._settled_at = self.clock.now()
        await asyncio.gather(*self._tasks)  # what was said just now may move what is due
        await self.duties.turn()
        await self.duties.plan()
        return await self._deliver_all()

    async def next_step(self) -> datetime:
        """The next moment worth a visit: a letter is due, a cycle turns, or the plan runs out."""
        now = self.clock.now()

        def moments(session: Session) -> list[datetime]:
            ahead = letters.ahead(session, now, limit=1)
            return [*turns_at(session, now), *(letter.due_at for letter in ahead)]

        return min([now + STRIDE, *await self.database.read(moments, patience=None)])

    async def go_to(self, moment: datetime) -> int:
        """Move business time on, visiting every due instant in order; says how many were sent."""
        return await Passage(self).go_to(moment)

    async def visit(self) -> int:
        """One moment on the way: as `settle`, with no more planning than the metronome would do."""
        passed = (self.clock.now() - self._settled_at).total_seconds()
        return await (self.settle() if passed >= PLAN else self._deliver_all())

    async def _deliver_all(self) -> int:
        sent = 0
        while now_sent := await self.delivery.deliver():
            sent += now_sent
        return sent

    async def run(self) -> None:
        """Run until cancelled; then finish what is in flight and give the rest back."""
        now = self.clock.now()
        await self.database.write(lambda session: inherit(session, now), patience=None)
        scheduler = metronome(
            {
                "turn": (TURN, self.duties.turn),
                "rollup": (HOURLY, self.duties.rollup),
                "plan": (PLAN, self.duties.plan),
                "tick": (TICK, self._tick),
                "heartbeat": (BEAT, self.duties.heartbeat),
            },
            self.witness.beat,
        )
        unhook = self.database.after_commit(self.delivery.wake)
        scheduler.start()
        delivering = asyncio.create_task(self.delivery.run())
        async with asyncio.TaskGroup() as group:
            group.create_task(_settled_in())
            group.create_task(watch(scheduler, moved=partial(self._soon, self._shorten_pauses)))
            for adapter in self.adapters.values():
                group.create_task(self._listen(adapter))
            for gate in self.gates.values():
                group.create_task(gate.serve(self.take))
            try:
                await asyncio.Event().wait()
            finally:  # adapters listen until nothing is in flight
                unhook()
                scheduler.shutdown(wait=False)
                await self._let_go(delivering)

    async def _shorten_pauses(self) -> None:
        await self.database.write(_shorten_pauses, patience=None)
        self.delivery.wake()

    async def _tick(self) -> None:
        self.delivery.wake()

    async def _listen(self, adapter: Adapter) -> None:
        await adapter.run(
            lambda event: self.hear(adapter, event), Kept(self.database, adapter.name, self.clock)
        )

    async def _let_go(self, delivering: asyncio.Task[None]) -> None:
        """SIGTERM: claim nothing more, let what is being sent arrive, give back the rest."""
        self.delivery.halt()
        with suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(GRACE):
                await self.delivery.quiet()
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        await self.delivery.give_back()

    def _soon(self, work: Callable[[], Awaitable[object]]) -> None:
        """After the reply. The metronome does it again where it fails."""

        async def done() -> None:
            try:
                await work()
            except Unavailable as problem:
                log.warning("put_off", why=str(problem))
                self.witness.away("duty", problem)
            except Exception:
                log.exception("failed_after_the_reply")

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unsaved() -> Unsaved:
    voice = Voice()
    return Unsaved(Card(voice.line("hear.unsaved_title"), voice.blocks("hear.unsaved")))


async def _settled_in() -> None:
    """What is loaded by now stays: a search for garbage in it stops everybody for 100 ms."""
    await asyncio.sleep(SETTLED)
    gc.freeze()


def inherit(session: Session, now: datetime) -> None:
    """What an earlier life of the bot has left, which on SQLite is surely dead."""
    restoring.notice(session, now)
    if session.get_bind().dialect.name == "sqlite":
        outbox.take_back_all(session)
        leases.clear(session)
        _shorten_pauses(session)


def _shorten_pauses(session: Session) -> None:
    """Pauses are by the wall clock where it is SQLite's: one set back must not make them longer."""
    outbox.shorten_pauses(session, LOOK_UP_AT_LEAST_EVERY)


class Kept(Keep):
    """What a platform must remember, in the database."""

    def __init__(self, database: Database, platform: str, clock: Clock) -> None:
        self._database = database
        self._platform = platform
        self._clock = clock

    async def get(self, key: str) -> str | None:
        return await self._database.read(lambda session: keeping.get(session, self._platform, key))

    async def put(self, key: str, value: str, *, days: int = 0) -> None:
        until = self._clock.now().date() + timedelta(days=days + 1) if days else None
        await self._database.write(
            lambda session: keeping.put(session, self._platform, key, value, until)
        )

    async def drop(self, key: str) -> None:
        await self._database.write(lambda session: keeping.drop(session, self._platform, key))
