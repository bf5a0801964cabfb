"""The company, two workers and one platform: all that the machine can let happen."""

import asyncio
import copy
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol, cast

import msgspec
from sqlalchemy import select as just
from sqlmodel import Session, col, delete, select, update

from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.events import Clicked, Event, Submitted, Typed
from bot.chat.replies import Open, Quiet, Reply, Say
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.running import Bot, inherit
from bot.term import calendar_of, term
from storage import letters
from storage.clock import machine_time
from storage.cycles import Cycle
from storage.database import Database, Unavailable
from storage.daysoff import Absence, Holiday
from storage.leases import Lease
from storage.letters import LETTER, Letter
from storage.people import Person
from tests.house import set_ours, set_person
from tests.machine.platform import Platform
from tests.machine.wire import Door, Trouble, Wire
from tests.machine.witness import Said, Week, Witness

PEOPLE = (ALICE, BOB, CHARLIE, DANA)
SINCE = datetime.fromisoformat("2026-09-01T00:00Z")
LONG = 1000.0
"""Seconds in which every lease and every pause is over."""


class Place(Protocol):
    """Where the company's database lies, and how it begins anew."""

    database: Database

    def fresh(self) -> None:
        """The furnished company, as on the first day."""

    def keep(self) -> None:
        """Make a backup."""

    def restore(self) -> None:
        """Put the backup in its place."""


class Kept(NamedTuple):
    """What was so when a backup was made."""

    posted: set[int]
    said: dict[Week, Said]
    paused: bool
    left: set[int]


@dataclass
class Worker:
    """One life of the bot, and the round it is in."""

    wire: Wire
    bot: Bot
    round: asyncio.Task[Any] | None = None


class Company:
    """Every method is something that may happen; none of them judges."""

    def __init__(self, place: Place, start: datetime, *, budget: int, looks_up: bool) -> None:
        self.place = place
        self.witness = Witness(start, budget, looks_up)
        self.platform = Platform(self.witness)
        self.clock = Clock(lambda: self.witness.now)
        self.runner = asyncio.Runner()
        self.lives = 0
        self.asleep: list[Worker] = []
        self.kept: Kept | None = None
        place.fresh()
        self._start()
        self.runner.run(self._inherits())
        self.changes(set_ours(unasked_per_week=budget))

    def _start(self) -> None:
        self.desk = self._born().bot
        """Hears, plans what was changed, and is never in trouble."""
        self.workers = [self._born(), self._born()]

    def do(self, work: Awaitable[Any]) -> Any:
        """Let something happen, and look."""

        async def doing() -> Any:
            done = await work
            await asyncio.gather(*self.desk._tasks)
            await self._look()
            return done

        return self.runner.run(doing())

    def close(self) -> None:
        """The end of this world."""
        self.runner.run(self._all_die())
        self.runner.close()

    def _born(self) -> Worker:
        self.lives += 1
        wire = Wire(f"life {self.lives}", self.place.database, self.platform)
        return Worker(
            wire,
            Bot(cast(Database, wire), {"loopback": Door(wire)}, self.clock, wire.name, patience=60),
        )

    # Delivery

    def delivers(self, number: int, trouble: Trouble | None = None) -> None:
        """A worker delivers what is due, perhaps in trouble."""
        self.do(self._round(number, trouble))

    def both_deliver(self, trouble: Trouble | None = None) -> None:
        """Both at once; and each believes that it alone may."""

        async def both() -> None:
            await self._leases_are_lost()
            await asyncio.gather(self._round(0, trouble), self._round(1, None))

        self.do(both())

    async def _round(self, number: int, trouble: Trouble | None) -> None:
        worker = self.workers[number]
        worker.wire.trouble = trouble
        self.witness.at_rest.discard(worker.wire.name)
        worker.round = asyncio.create_task(_in_peace(worker.bot.delivery.deliver()))
        await self._until_still(worker)
        worker.wire.trouble = None
        if not worker.round.done():
            self.workers[number] = self._born()
            self.asleep.append(worker)
            await self._doubt(worker)
        elif await self._ended(worker):
            self.workers[number] = self._born()

    async def _until_still(self, worker: Worker) -> None:
        assert worker.round is not None
        still = asyncio.create_task(worker.wire.still.wait())
        await asyncio.wait({worker.round, still}, return_when=asyncio.FIRST_COMPLETED)
        still.cancel()

    async def _ended(self, worker: Worker) -> bool:
        """Whether it died of its round."""
        assert worker.round is not None
        problem = worker.round.exception()
        if worker.wire.struck:
            await self._doubt(worker)
        if worker.wire.dead:
            return True
        if problem is not None:
            raise problem
        if worker.round.result():
            self.witness.at_rest.add(worker.wire.name)
        return False

    async def _doubt(self, worker: Worker) -> None:
        """What it had in hand may have arrived, for all that the others can know."""
        held = select(Letter.key).where(
            col(Letter.claimed_by) == worker.wire.name, col(Letter.tries) > 0
        )
        self.witness.doubted |= set(await self._read(lambda s: s.exec(held).all()))

    def wakes(self) -> None:
        """Whoever froze first goes on, knowing nothing of what happened meanwhile."""
        if self.asleep:
            self.do(self._wakes(self.asleep.pop(0)))

    async def _wakes(self, worker: Worker) -> None:
        worker.wire.wakes()
        await self._until_still(worker)
        await self._ended(worker)

    async def _lands(self) -> None:
        """Nothing is on its way to a platform for longer than a worker waits for it."""
        sending = [worker for worker in self.asleep if worker.wire.sending]
        self.asleep = [worker for worker in self.asleep if not worker.wire.sending]
        for worker in sending:
            await self._wakes(worker)

    def stops(self, number: int) -> None:
        """A worker is stopped as one should, and another started."""

        async def stopping() -> None:
            delivery = self.workers[number].bot.delivery
            delivery.halt()
            await delivery.quiet()
            await delivery.give_back()
            self.workers[number] = self._born()

        self.do(stopping())

    def restarts(self) -> None:
        """The machine is switched off and on: SQLite's one process, or one of the replicas."""

        async def restarting() -> None:
            await self._all_die()
            if self.place.database.dialect == "sqlite":
                await self._inherits()
            self._start()

        self.do(restarting())

    async def _all_die(self) -> None:
        for worker in [*self.asleep, *self.workers]:
            worker.wire.dies()
            if worker.round is not None:
                with suppress(BaseException):
                    await worker.round
                await self._doubt(worker)
        self.asleep = []

    # Time

    def time_goes_on(self, by: timedelta) -> None:
        """All clocks go on, and the metronome with them."""

        async def going() -> None:
            await self._lands()
            await self._machine_time_passes(by.total_seconds())
            self.witness.is_it(self.witness.now + by)
            await self.desk.duties.turn()
            await self.desk.duties.plan(at_once=True)

        self.do(going())

    def until_something_is_due(self, late: timedelta) -> None:
        """Until the next letter is due, or a little later."""
        now = self.witness.now
        ahead = self.do(self._read(lambda s: letters.ahead(s, now, limit=1)))
        due = ahead[0].due_at if ahead else now
        self.time_goes_on(due - now + late)

    def the_clock_is_set(self, by: timedelta) -> None:
        """Business time jumps, forward or back; machine time does not."""
        self.witness.is_it(self.witness.now + by)
        self.do(self.desk.duties.plan(at_once=True))

    def leases_run_out(self, seconds: float = LONG) -> None:
        """Machine time passes: whoever is frozen loses what it held."""

        async def passing() -> None:
            await self._lands()
            await self._machine_time_passes(seconds)

        self.do(passing())

    async def _machine_time_passes(self, seconds: float) -> None:
        def unit(session: Session) -> None:
            its = LETTER.c
            session.exec(
                update(Letter)
                .where(its.not_before > 0, its.state == "planned")
                .values(not_before=its.not_before - seconds)
            )
            session.exec(
                update(Letter)
                .where(its.lease_until.is_not(None))
                .values(lease_until=its.lease_until - seconds)
            )
            session.exec(update(Lease).values(until=col(Lease.until) - seconds))

        await self.place.database.write(unit, patience=None)

    def leases_are_lost(self) -> None:
        """Nobody knows any more who was sending."""
        self.do(self._leases_are_lost())

    async def _leases_are_lost(self) -> None:
        """A lease on a duty only saves work: without it all must be as right."""
        await self.place.database.write(lambda s: s.exec(delete(Lease)), patience=None)

    # Planning

    def plans(self, number: int, trouble: Trouble | None = None) -> None:
        """A worker plans, perhaps in trouble."""
        self.do(self._plans(number, trouble))

    def both_plan(self) -> None:
        """Both at once."""

        async def both() -> None:
            await asyncio.gather(self._plans(0, None), self._plans(1, None))

        self.do(both())

    def plans_while_the_other_delivers(self) -> None:
        """What a worker has read is no longer so when it writes."""

        async def planning() -> None:
            worker = self.workers[0]
            worker.wire.trouble = Trouble("freezes", "plan", after=False)
            plan = asyncio.create_task(_in_peace(worker.bot.duties.plan(at_once=True)))
            worker.round = plan
            await self._until_still(worker)
            await self._round(1, None)
            worker.wire.wakes()
            await plan
            worker.wire.trouble = None

        self.do(planning())

    async def _plans(self, number: int, trouble: Trouble | None) -> None:
        worker = self.workers[number]
        worker.wire.trouble = trouble
        worker.round = asyncio.create_task(_in_peace(worker.bot.duties.plan(at_once=True)))
        await asyncio.wait({worker.round})
        worker.wire.trouble = None
        problem = worker.round.exception()
        if worker.wire.dead:
            self.workers[number] = self._born()
        elif problem is not None:
            raise problem

    # The world

    def changes(self, unit: Callable[[Session], object]) -> None:
        """Somebody changes something that the plan depends on."""
        self.do(self._change(unit, replan=True))

    async def _change(self, unit: Callable[[Session], object], *, replan: bool = False) -> None:
        def quietly(session: Session) -> None:
            unit(session)

        await self.place.database.write(quietly, patience=None)
        if replan:
            await self.desk.duties.plan(at_once=True)

    def pauses(self) -> None:
        """An admin says stop."""
        self.changes(set_ours(running="paused"))
        self.witness.paused = True

    def goes(self) -> None:
        """And go."""
        self.witness.paused = False
        self.changes(set_ours(running="on", changed_at=self.witness.now))

    def leaves(self, person: Person) -> None:
        """Somebody leaves the company."""
        self.changes(set_person(person, active=False))
        self.witness.left.add(person.id or 0)

    def come_back(self) -> None:
        """Whoever has left."""
        for person in PEOPLE:
            if person.id in self.witness.left:
                self.changes(set_person(person, active=True, since=self.witness.now))
        self.witness.left = set()

    # People

    def answers(self, person: Person, how: str) -> None:
        """Somebody answers this week's question or changes their answer, asked or not."""
        self.do(self._answers(person, how))

    async def _answers(self, person: Person, how: str) -> None:
        now = self.witness.now
        term_now = await self._read(lambda s: term(s, now))
        week = Week(term_now.cycle_id, term_now.week or 0, person.id or 0)
        where = f"{week.cycle}:{week.number}"
        if how != "form":
            reply = await self._hears(Clicked, person, action=f"checkin:{how}:{where}")
            self._settled(week, reply, "")
            return
        shown = await self._hears(Clicked, person, action=f"checkin:open:{where}")
        if not isinstance(shown, Open):
            return
        words = f"Promise {self.witness.moment}"
        values = {q.id: q.value for q in shown.form.questions()} | {"next-0": words}
        sent = await self._hears(Submitted, person, action=shown.form.action, values=values)
        self._settled(week, sent, words)

    def _settled(self, week: Week, reply: Reply, words: str) -> None:
        settled = isinstance(reply, Quiet) or (
            isinstance(reply, Say) and any("Change" in b.label for b in reply.card.buttons)
        )
        if settled:
            known = self.witness.said.setdefault(week, Said(self.witness.moment))
            known.words = words or known.words

    def is_heard_from(self, person: Person) -> None:
        """Somebody writes, perhaps after a long time."""
        self.do(self._hears(Typed, person, text="help"))

    async def _hears(self, kind: Callable[..., Event], person: Person, **more: Any) -> Reply:
        actor = Actor("loopback", "", person.email)
        at = Destination("loopback", "", f"dm:{person.email}")
        event = kind(actor, at, f"e{self.witness.happens()}", **more)
        reply = await self.desk.hear(self.platform, event)
        self.witness.happens()
        return reply

    # Backups

    def keeps_a_backup(self) -> None:
        """What the nightly job does."""
        self.place.keep()
        seen = self.witness
        posted = {posting.moment for posting in seen.postings}
        self.kept = Kept(posted, copy.deepcopy(seen.said), seen.paused, set(seen.left))

    def restores(self) -> None:
        """The disk is gone; the platform remembers what the backup does not."""
        then = self.kept
        if then is None:
            return

        async def restoring() -> None:
            await self._all_die()
            self.place.restore()
            await self._inherits()
            self._start()

        seen = self.witness
        seen.forgotten += Counter(p.key for p in seen.postings if p.moment not in then.posted)
        seen.blurred |= {week for week in seen.said if seen.said[week] != then.said.get(week)}
        seen.said = copy.deepcopy(then.said)
        seen.paused, seen.left = then.paused, set(then.left)
        seen.rows, seen.at_rest = {}, set()
        self.do(restoring())

    # The end

    def comes_to_rest(self) -> None:
        """Everything is well, leases run out, and all that is due goes out."""
        self.platform.ills.clear()
        while self.asleep:
            self.wakes()
        self.the_clock_is_set(self.witness.latest - self.witness.now)
        for _ in range(8):
            self.leases_run_out()
            self.delivers(0)
            if not any(self._is_due(row) for row in self.witness.rows.values()):
                break

    def _is_due(self, row: Any) -> bool:
        return row.state in ("planned", "claimed") and row.due_at <= self.witness.now

    async def _look(self) -> None:
        dialect = self.place.database.dialect

        def unit(session: Session) -> tuple[Mapping[str, Any], float]:
            rows = {row.key: row for row in session.execute(LETTER.select())}
            return rows, session.scalar(just(machine_time(dialect))) or 0.0

        rows, now = await self._read(unit)
        seen = self.witness
        seen.before, seen.rows = seen.rows, rows
        seen.lease_left = {k: row.lease_until - now for k, row in rows.items() if row.lease_until}
        seen.messages = self.platform.messages

    async def _inherits(self) -> None:
        await self.place.database.write(lambda s: inherit(s, self.witness.now), patience=None)

    async def _read(self, unit: Callable[[Session], Any]) -> Any:
        return await self.place.database.read(unit, patience=60)


async def _in_peace(work: Awaitable[object]) -> bool:
    """Whether it was not disturbed by a database that is away."""
    try:
        await work
    except Unavailable:
        return False
    return True


def set_calendar(**values: Any) -> Callable[[Session], None]:
    """Change when things happen in every cycle."""

    def unit(session: Session) -> None:
        for cycle in session.exec(select(Cycle)):
            changed = msgspec.structs.replace(calendar_of(cycle.calendar), **values)
            cycle.calendar = msgspec.json.encode(changed).decode()
            session.add(cycle)

    return unit


def is_away(person: Person, first: date, days: int) -> Callable[[Session], None]:
    """Somebody is away for a while, and nothing else counts."""

    def unit(session: Session) -> None:
        session.exec(delete(Absence).where(col(Absence.person_id) == person.id))
        if days:
            last = first + timedelta(days=days - 1)
            session.add(Absence(person_id=person.id or 0, first=first, last=last, said_at=SINCE))

    return unit


def holiday(day: date) -> Callable[[Session], object]:
    """An admin makes a day free, everywhere."""
    return lambda session: session.merge(Holiday(country="", day=day, name="Ours"))
