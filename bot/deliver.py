"""Outbox to adapter: claim by lease, write the cards, fence, look up, send, mark.

Whatever happens in between, a letter is neither lost nor sent twice where its platform can be
asked whether it arrived.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import assert_never

import msgspec
import structlog
from sqlmodel import Session

from bot import learn
from bot.chat.adapter import Adapter, Outcome, Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.clock import Clock
from bot.flows import flows
from bot.term import term
from storage import leases, letters, outbox
from storage.database import Database, Unavailable
from storage.letters import Letter
from storage.outbox import Bucket

LEASE = 60.0
FRESH_FOR = 5.0
"""Seconds of sending that one claim may hold, so that its cards are fresh when they go out."""
PATIENCE = 20.0
AGAIN = 300.0
LOOK_UP_AFTER = 15.0
EDIT_AGAIN = 2.0
TICK = 15.0

log = structlog.get_logger()


class Delivery:
    """Sends what is due. Several may run at once, on one machine or on many."""

    def __init__(
        self, database: Database, adapters: Mapping[str, Adapter], clock: Clock, worker: str
    ) -> None:
        self.database = database
        self.adapters = adapters
        self.clock = clock
        self.worker = worker
        self._due = asyncio.Event()
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._one_round = asyncio.Lock()
        self._next: dict[Bucket, float] = {}

    def wake(self) -> None:
        """There may be something due."""
        self._due.set()

    async def run(self) -> None:
        """Deliver whenever there is something due, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._due.wait()
            self._due.clear()
            try:
                await self.deliver()
            except Unavailable as problem:
                log.warning("delivery.database_away", why=str(problem))
                await asyncio.sleep(1)

    async def deliver(self) -> int:
        """Everything that is due now, workspaces side by side; says how many were sent."""
        async with self._one_round:
            self._idle.clear()
            try:
                return await self._round()
            finally:
                self._idle.set()

    async def _round(self) -> int:
        now = self.clock.now()
        await self.database.write(lambda session: _tidy(session, now), patience=None)
        due = await self.database.read(
            lambda session: outbox.buckets_due(session, now), patience=None
        )
        return sum(await asyncio.gather(*(self._bucket(bucket) for bucket in due)))

    def halt(self) -> None:
        """Take nothing more, and start nothing that is not in flight."""
        self._stopping = True

    async def quiet(self) -> None:
        """Until nothing is in flight."""
        await self._idle.wait()

    async def give_back(self) -> None:
        """Let the others have at once what was claimed and not begun."""
        with suppress(Unavailable):
            await self.database.write(lambda session: outbox.give_back(session, self.worker))

    async def _bucket(self, bucket: Bucket) -> int:
        """One workspace's letters; one sender at a time keeps its rate."""
        adapter = self.adapters.get(bucket.platform)
        name = f"send:{bucket.platform}/{bucket.workspace}"
        sent = 0
        if adapter is None:
            return sent
        while not self._stopping:
            mine = await self.database.write(
                lambda session: leases.take(session, name, self.worker, LEASE), patience=None
            )
            batch = await self._claim(bucket, adapter) if mine else []
            if not batch:
                break
            for letter in await self._written(batch):
                await self._pace(bucket, adapter.rate)
                sent += await self._one(adapter, letter)
                if self._stopping:
                    break
        await self.database.write(
            lambda session: leases.release(session, name, self.worker), patience=None
        )
        return sent

    async def _claim(self, bucket: Bucket, adapter: Adapter) -> Sequence[Letter]:
        now, limit = self.clock.now(), max(1, int(adapter.rate * FRESH_FOR))
        return await self.database.write(
            lambda session: outbox.claim(
                session, worker=self.worker, bucket=bucket, limit=limit, now=now, lease=LEASE
            ),
            patience=None,
        )

    async def _written(self, batch: Sequence[Letter]) -> list[Letter]:
        """The batch with its cards, kept in the rows; what became pointless is cancelled."""
        now = self.clock.now()
        fresh = [letter for letter in batch if letter.card is None]
        cards = await self.database.read(lambda session: _cards(session, fresh, now), patience=None)
        needless = [letter for letter in fresh if cards.get(letter.id or 0) is None]
        for letter in fresh:
            letter.card = cards.get(letter.id or 0)

        def keep(session: Session) -> None:
            written = [(letter, letter.card) for letter in fresh if letter.card is not None]
            outbox.write_cards(session, self.worker, written)
            outbox.mark_cancelled(session, self.worker, needless, "needless")

        if fresh:
            await self.database.write(keep, patience=None)
        return [letter for letter in batch if letter.card is not None]

    async def _pace(self, bucket: Bucket, rate: float) -> None:
        loop = asyncio.get_running_loop()
        start = max(loop.time(), self._next.get(bucket, 0.0))
        self._next[bucket] = start + 1 / rate
        await asyncio.sleep(start - loop.time())

    async def _one(self, adapter: Adapter, letter: Letter) -> int:
        """One letter: the fence, the look-up where it may have arrived, the attempt, the mark."""
        tried, now = letter.tries > 0, self.clock.now()
        if not await self.database.write(
            lambda session: outbox.fence(session, self.worker, letter, LEASE), patience=None
        ):
            return 0
        edits = letter.replaces is not None
        outcome: Outcome | None = None
        if tried and not edits:
            outcome = await self._looked_up(adapter, letter)
        if outcome is None and letter.expires_at <= now:
            await self.database.write(
                lambda session: outbox.mark_expired(session, self.worker, letter), patience=None
            )
            return 0
        if outcome is None:
            outcome = await self._attempt(adapter, letter)
        log.info("letter", key=letter.key, outcome=type(outcome).__name__, tries=letter.tries + 1)
        final = outcome
        await self.database.write(lambda session: self._mark(session, letter, final), patience=None)
        return isinstance(outcome, Sent)

    async def _looked_up(self, adapter: Adapter, letter: Letter) -> Outcome | None:
        """What became of an earlier attempt; None where it may be tried (again)."""
        if not adapter.looks_up:
            again = letter.kind == "ask" and letter.tries == 1
            return None if again else Unknown()
        try:
            async with asyncio.timeout(PATIENCE):
                message = await adapter.find(_place(letter), letter.key)
        except Exception:  # whatever a platform's kit raises: nothing is known, look again later
            log.exception("letter.look_up_failed", key=letter.key)
            return TryLater(LOOK_UP_AFTER)
        return Sent(message) if message is not None else None

    async def _attempt(self, adapter: Adapter, letter: Letter) -> Outcome:
        wanted = [number for number in (letter.replaces, letter.under) if number is not None]
        known = await self.database.read(
            lambda session: outbox.message_ids(session, wanted) if wanted else {}, patience=None
        )
        if len(known) < len(wanted):
            return TryLater(EDIT_AGAIN)
        try:
            async with asyncio.timeout(PATIENCE):
                return await adapter.send(
                    _place(letter),
                    msgspec.json.decode(letter.card or "", type=Card),
                    key=letter.key,
                    replaces=known.get(letter.replaces or 0, ""),
                    under=known.get(letter.under or 0, ""),
                )
        except Exception:  # whatever a platform's kit raises: it may have arrived
            log.exception("letter.attempt_failed", key=letter.key)
            return Unknown()

    def _mark(self, session: Session, letter: Letter, outcome: Outcome) -> None:
        now = self.clock.now()
        match outcome:
            case Sent(id=message):
                self._sent(session, letter, message)
            case TryLater(after=after):
                first = letter.tries == 0
                outbox.mark_later(session, self.worker, letter, after, untried=first)
            case Undeliverable(reason=reason):
                outbox.mark_dead(session, self.worker, letter, reason)
                learn.unreachable(session, _place(letter), reason, now)
            case Unknown():
                self._unknown(session, letter)
            case _:
                assert_never(outcome)

    def _unknown(self, session: Session, letter: Letter) -> None:
        adapter = self.adapters[letter.platform]
        if letter.replaces is not None or adapter.looks_up:
            outbox.mark_later(session, self.worker, letter, LOOK_UP_AFTER)
        elif letter.kind == "ask" and letter.tries == 0:
            outbox.mark_later(session, self.worker, letter, AGAIN)
        else:
            outbox.mark_unknown(session, self.worker, letter, "it may have arrived")

    def _sent(self, session: Session, letter: Letter, message: str) -> None:
        now = self.clock.now()
        state = outbox.mark_sent(session, self.worker, letter, message_id=message, now=now)
        if state == "edit":
            letters.renew_edits(
                session, [letter.id or 0], due_at=now, expires_at=now + timedelta(days=7)
            )
        if state != "lost" and letter.replaces is None:
            flows()[letter.flow].after(session, term(session, now), letter, now)


def _tidy(session: Session, now: datetime) -> None:
    for letter in [*outbox.expire(session, now), *outbox.coalesce(session, now)]:
        log.warning("letter.expired", key=letter.key, why=letter.reason)


def _cards(session: Session, batch: Sequence[Letter], now: datetime) -> dict[int, str]:
    """The cards of a batch, from the data of this moment, a flow at a time."""
    by_flow: dict[str, list[Letter]] = {}
    for letter in batch:
        by_flow.setdefault(letter.flow, []).append(letter)
    at_the_moment = term(session, now) if by_flow else None
    cards: dict[int, str] = {}
    for name, own in by_flow.items():
        if at_the_moment is not None and name in flows():
            for number, card in flows()[name].write(session, at_the_moment, own, now).items():
                if card is not None:
                    cards[number] = msgspec.json.encode(card).decode()
    return cards


def _place(letter: Letter) -> Destination:
    return Destination(letter.platform, letter.workspace, letter.address)
