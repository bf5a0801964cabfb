"""Outbox to adapter: claim by lease, write the cards, send one by one at the platform's pace.

Whatever happens in between, a letter is neither lost nor sent twice where its platform can be
asked whether it arrived.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from sqlmodel import Session

from bot.cadence import SHORTEST_NOTICE
from bot.chat.adapter import Adapter, Sent
from bot.clock import Clock
from bot.courier import Courier
from bot.operations.witness import Witness
from bot.writing import cards
from storage import leases, outbox, restoring
from storage.database import Database, Unavailable
from storage.letters import Letter
from storage.outbox import Bucket

LEASE = 60.0
FRESH_FOR = 5.0
"""Seconds of sending that one claim may hold, so that its cards are fresh when they go out."""
AT_ONCE = 25
"""Letters at most in one claim: the summaries of a hundred teams take 30 MB to write."""
REWRITE_AFTER = 300.0
TICK = 15.0
PAUSE = 1.0
LAST_PATIENCE = 8.0
"""Seconds for giving back on a stop: what is not given back waits a minute for its lease to end."""

log = structlog.get_logger()


class Delivery:
    """Sends what is due. Several may run at once, on one machine or on many."""

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        clock: Clock,
        worker: str,
        lease: float = LEASE,
        witness: Witness | None = None,
    ) -> None:
        self.database = database
        self.adapters = adapters
        self.clock = clock
        self.worker = worker
        self.lease = lease
        self.witness = witness or Witness()
        self._courier = Courier(database, clock, worker, lease, self.wake_in, self.witness)
        self._due = asyncio.Event()
        self._stopping = False
        self._broken_off = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._one_round = asyncio.Lock()
        self._next: dict[Bucket, float] = {}

    def wake(self) -> None:
        """There may be something due."""
        self._due.set()

    def wake_in(self, seconds: float) -> None:
        """There may be something due in a while."""
        asyncio.get_running_loop().call_later(seconds, self.wake)

    async def run(self) -> None:
        """Deliver whenever there is something due, until cancelled. Nothing else ends it."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._due.wait()
            self._due.clear()
            try:
                await self.deliver()
            except Unavailable as problem:
                log.warning("delivery.database_away", why=str(problem))
                self.witness.away("delivery", problem)
                self.wake_in(PAUSE)
            except Exception:  # the letters after it must go out all the same
                log.exception("delivery.failed")
                self.wake_in(TICK)

    async def deliver(self) -> int:
        """Everything that is due now, workspaces side by side; says how many were sent."""
        async with self._one_round:
            self._idle.clear()
            try:
                return await self._round()
            except BaseException:
                self._broken_off = True
                raise
            finally:
                self._idle.set()

    async def _round(self) -> int:
        """One workspace's trouble is not the others': all come to their end."""
        if self._broken_off:  # nothing is in flight now
            await self.database.write(
                lambda session: outbox.give_back(session, self.worker), patience=None
            )
            self._broken_off = False
        now = self.clock.now()
        late = await self.database.write(lambda session: _tidy(session, now), patience=None)
        for letter in late:
            log.warning("letter.expired", key=letter.key, why=letter.reason)
        self.witness.expired(late)
        due, doubted_until = await self.database.read(
            lambda session: (outbox.buckets_due(session, now), restoring.doubted_until(session)),
            patience=None,
        )
        ends = await asyncio.gather(
            *(self._bucket(bucket, doubted_until) for bucket in due), return_exceptions=True
        )
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return sum(end for end in ends if isinstance(end, int))

    @property
    def stopping(self) -> bool:
        """Whether it takes nothing more."""
        return self._stopping

    def halt(self) -> None:
        """Take nothing more, and start nothing that is not in flight."""
        self._stopping = True

    async def quiet(self) -> None:
        """Until nothing is in flight."""
        await self._idle.wait()

    async def give_back(self) -> None:
        """Let the others have at once what was claimed and not begun."""

        def back(session: Session) -> None:
            outbox.give_back(session, self.worker)
            leases.release_all(session, self.worker)

        with suppress(Unavailable):
            await self.database.write(back, patience=LAST_PATIENCE)

    async def _bucket(self, bucket: Bucket, doubted_until: datetime | None) -> int:
        """One workspace's letters; one sender at a time keeps its rate."""
        adapter = self.adapters.get(bucket.platform)
        sent = 0
        if adapter is None:
            return sent
        while not self._stopping and (batch := await self._claim(bucket, adapter)):
            for letter in await self._written(batch):
                await self._pace(bucket, adapter.rate)
                if self._stopping:
                    break
                doubted = doubted_until is not None and letter.due_at <= doubted_until
                outcome = await self._courier.bring(adapter, letter, doubted=doubted)
                sent += isinstance(outcome, Sent)
        if self._stopping:
            await self.database.write(
                lambda session: leases.release(session, _sending(bucket), self.worker),
                patience=None,
            )
        return sent

    async def _claim(self, bucket: Bucket, adapter: Adapter) -> Sequence[Letter]:
        """Nothing while another sends there; where nothing is left, the place is another's."""
        now, limit = self.clock.now(), max(1, min(int(adapter.rate * FRESH_FOR), AT_ONCE))
        name = _sending(bucket)

        def unit(session: Session) -> Sequence[Letter]:
            if not leases.take(session, name, self.worker, self.lease):
                return []
            claimed = outbox.claim(
                session, worker=self.worker, bucket=bucket, limit=limit, now=now, lease=self.lease
            )
            if not claimed:
                leases.release(session, name, self.worker)
            return claimed

        return await self.database.write(unit, patience=None)

    async def _written(self, batch: Sequence[Letter]) -> list[Letter]:
        """The batch with its cards, kept in the rows; what became pointless is cancelled."""
        unwritten = [letter for letter in batch if letter.card is None]
        written = await cards(self.database, unwritten, self.clock.now())
        fresh = outbox.carrying(unwritten, written)

        def keep(session: Session) -> None:
            said = [(letter, letter.card) for letter in fresh if letter.card is not None]
            outbox.write_cards(session, self.worker, said)
            silent = [letter for letter in fresh if letter.card is None]
            needless = [letter for letter in silent if letter.id in written]
            outbox.mark_cancelled(session, self.worker, needless, "needless")
            for letter in silent:
                if letter.id not in written:
                    outbox.mark_later(session, self.worker, letter, REWRITE_AFTER, untried=True)

        if fresh:
            await self.database.write(keep, patience=None)
        return [letter for letter in outbox.carrying(batch, written) if letter.card is not None]

    async def _pace(self, bucket: Bucket, rate: float) -> None:
        loop = asyncio.get_running_loop()
        start = max(loop.time(), self._next.get(bucket, 0.0))
        self._next[bucket] = start + 1 / rate
        await asyncio.sleep(start - loop.time())


def _sending(bucket: Bucket) -> str:
    return f"send:{bucket.platform}/{bucket.workspace}"


def _tidy(session: Session, now: datetime) -> list[Letter]:
    """Give up what is too late or no use any more; says which, for never is it in silence."""
    return [
        *outbox.expire(session, now),
        *outbox.coalesce(session, now),
        *outbox.hush(session, now, SHORTEST_NOTICE),
    ]
