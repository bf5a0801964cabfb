"""What recurs without anybody asking: planning, turning the cycle, linking accounts, tidying up."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from bot import learn, term
from bot.chat.adapter import Adapter, Found
from bot.clock import Clock
from bot.operations.witness import Witness
from bot.plan import Plan, foresee
from storage import forgetting, inbound, keeping, leases, organisation, people
from storage.database import Database
from storage.people import Person

REMEMBER_EVENTS = timedelta(days=3)
LEASE = 120.0
A_FEW = 20
"""Accounts that are linked in one transaction, so that nobody waits for a whole company."""

OURS, ALIVE, PLANNED = "okr", "alive", "planned"
"""Under which names it is kept when the bot was last alive, and when it last planned."""
FORGOT, FORGOT_TO = "texts forgotten on", "texts forgotten to"
"""The same of the day on which old texts were forgotten, and of the last change among them."""

log = structlog.get_logger()


class Duties:
    """One replica at a time does each, only to save work: doing them twice changes nothing."""

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        worker: str,
        witness: Witness | None = None,
    ) -> None:
        self.database = database
        self.adapters = adapters
        self.clock = clock
        self.worker = worker
        self.witness = witness or Witness()
        self._planned_at: datetime | None = None
        self._planning = asyncio.Lock()

    async def plan(self, *, at_once: bool = False) -> int:
        """Bring the letters of the days ahead into step; says how many are new.

        `at_once` where somebody has changed what it depends on: whichever replica heard that.
        """
        if not (at_once or await self._mine("plan")):
            return 0
        async with self._planning:  # what was read first must not be written last
            return await self._plan()

    async def _plan(self) -> int:
        now, since = self.clock.now(), time.monotonic()
        wanted = await self.database.read(lambda session: _foresee(session, now), patience=None)
        new = 0
        for piece in wanted.chunks():
            new += await self.database.write(piece.keep, patience=None)
        if new or wanted.moves:
            log.info("planned", new=new, moved=len(wanted.moves))
        self._planned_at = now
        self.witness.planned(new, time.monotonic() - since)
        return new

    async def turn(self) -> None:
        """Close a cycle that has ended and open the next."""
        now = self.clock.now()
        if await self._mine("turn") and await self.database.write(
            lambda session: term.turn(session, now), patience=None
        ):
            log.info("cycle.turned")
            await self.plan(at_once=True)

    async def rollup(self) -> None:
        """Link people with their accounts, and forget what no platform asks for again."""
        if not await self._mine("rollup"):
            return
        now = self.clock.now()
        await self.database.write(
            lambda session: inbound.forget_before(session, now - REMEMBER_EVENTS), patience=None
        )
        await self.database.write(
            lambda session: keeping.forget(session, now.date()), patience=None
        )
        await self.forget_texts()
        if any([await self._link(adapter) for adapter in self.adapters.values()]):
            await self.plan(at_once=True)

    async def forget_texts(self) -> int:
        """Once a day, forget what people wrote longer ago than is kept; says how many rows."""
        now = self.clock.now()

        def look(session: Session) -> forgetting.Old | None:
            ours = organisation.organisation(session)
            days = ours.keep_texts_days if ours else None
            if days is None or keeping.get(session, OURS, FORGOT) == str(now.date()):
                return None
            seen = int(keeping.get(session, OURS, FORGOT_TO) or 0)
            return forgetting.old(session, now - timedelta(days=days), seen)

        old = await self.database.read(look, patience=None)
        if old is None:
            return 0
        forgotten = 0
        for piece in old.pieces:
            unit = partial(forgetting.forget, piece=piece)
            forgotten += await self.database.write(unit, patience=None)

        def done(session: Session) -> None:
            keeping.put(session, OURS, FORGOT, str(now.date()))
            keeping.put(session, OURS, FORGOT_TO, str(old.seen))

        await self.database.write(done, patience=None)
        if forgotten:
            log.info("texts.forgotten", rows=forgotten)
        return forgotten

    async def heartbeat(self) -> None:
        """Note that we are alive and when we planned last, for `okr report`."""
        now, planned_at = self.clock.now(), self._planned_at

        def keep(session: Session) -> None:
            keeping.put(session, OURS, ALIVE, now.isoformat())
            if planned_at is not None:
                keeping.put(session, OURS, PLANNED, planned_at.isoformat())

        await self.database.write(keep, patience=None)
        log.debug("alive", now=now.isoformat())

    async def _link(self, adapter: Adapter) -> int:
        """Find the accounts of people whom a platform does not know yet."""
        unknown = await self.database.read(
            lambda session: people.without_account(session, adapter.name), patience=None
        )
        found = await _accounts(adapter, unknown)
        now = self.clock.now()

        def keep(session: Session, some: Sequence[Found]) -> int:
            return sum(learn.link(session, account, now) is not None for account in some)

        linked = 0
        for n in range(0, len(found), A_FEW):
            unit = partial(keep, some=found[n : n + A_FEW])
            linked += await self.database.write(unit, patience=None)
        return linked

    async def _mine(self, duty: str) -> bool:
        return await self.database.write(
            lambda session: leases.take(session, f"duty:{duty}", self.worker, LEASE), patience=None
        )


async def _accounts(adapter: Adapter, persons: Sequence[Person]) -> list[Found]:
    """The accounts of those whom a platform knows; of all that fails, one line in the log."""
    found: list[Found] = []
    failed: list[Exception] = []
    for person in persons:
        try:
            account = await adapter.look_up(person.email)
        except Exception as problem:  # one person's look-up must not stop the others'
            failed.append(problem)
            continue
        if account is not None:
            found.append(account)
    if failed:
        why = type(failed[0]).__name__  # never what a platform says, which may name somebody
        log.warning("look_up_failed", platform=adapter.name, people=len(failed), why=why)
    return found


def _foresee(session: Session, now: datetime) -> Plan:
    if organisation.organisation(session) is None:
        return Plan()
    return foresee(session, term.term(session, now), now)
