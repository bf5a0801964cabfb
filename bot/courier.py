"""One letter on its way: fence, look-up where it may have arrived, attempt, mark."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias, TypeVar, assert_never

import msgspec
import structlog
from sqlmodel import Session

from bot import learn, ripples
from bot.chat.adapter import Adapter, Outcome, Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.clock import Clock
from bot.flow import Flow
from bot.flows import flows
from bot.operations.witness import Witness
from bot.term import term
from storage import letters, outbox
from storage.database import Database, Unavailable, Unit
from storage.letters import Letter

PATIENCE = 20.0
AGAIN = 300.0
"""Seconds until a question is asked once more where nobody can say whether it arrived."""
LOOK_UP_AFTER, LOOK_UP_AT_LEAST_EVERY = 15.0, 900.0
LOOK_UP_FOR = timedelta(days=1)
EDIT_AGAIN = 2.0
EDITABLE_FOR = timedelta(days=7)
PAUSE = 1.0

log = structlog.get_logger()

T = TypeVar("T")


About: TypeAlias = Mapping[int, str] | TryLater | Undeliverable
"""The messages that a letter belongs to; or why it cannot be brought (yet)."""


@dataclass(frozen=True)
class Courier:
    """Brings letters that a worker has claimed; `wake_in` is told when one is to be tried again."""

    database: Database
    clock: Clock
    worker: str
    lease: float
    wake_in: Callable[[float], None]
    witness: Witness

    async def bring(
        self, adapter: Adapter, letter: Letter, *, doubted: bool = False
    ) -> Outcome | None:
        """Try a letter; None where it was not this worker's to send any more, or came too late.

        `doubted`: an attempt that nobody remembers may have been made.
        """
        fenced_at = _seconds()
        about, recalled = await self._begun(letter)
        if isinstance(about, TryLater | Undeliverable):
            await self._kept(letter, adapter, about)
            return about
        if recalled is None:
            return None
        outcome = await self._looked_up(adapter, letter, doubted=doubted)
        while outcome is None and _seconds() - fenced_at > PATIENCE:  # this process hung
            fenced_at, recalled = _seconds(), await self._fence(letter)
            if recalled is None:
                return None
        if outcome is None and recalled and _in_doubt(adapter, letter):
            outcome = Unknown()
        if outcome is None and recalled:
            await self._surely(lambda s: outbox.mark_cancelled(s, self.worker, [letter], recalled))
            return None
        if outcome is None and letter.expires_at <= self.clock.now():
            log.warning("letter.expired", key=letter.key, why="late")
            await self._surely(lambda s: outbox.mark_expired(s, self.worker, letter))
            self.witness.expired([letter])
            return None
        if outcome is None:
            outcome = await self._attempt(adapter, letter, about)
        log.info("letter", key=letter.key, outcome=type(outcome).__name__, tries=letter.tries + 1)
        await self._kept(letter, adapter, outcome)
        return outcome

    async def _begun(self, letter: Letter) -> tuple[About, str | None]:
        """What it is about, and if that is there, whether it is still this worker's."""

        def unit(session: Session) -> tuple[About, str | None]:
            about = _about(session, letter)
            if isinstance(about, TryLater | Undeliverable):
                return about, None
            return about, outbox.fence(session, self.worker, letter, self.lease)

        about, recalled = await self.database.write(unit, patience=None)
        if not isinstance(about, TryLater | Undeliverable):
            self._told(letter, recalled)
        return about, recalled

    async def _fence(self, letter: Letter) -> str | None:
        """Whether it is still this worker's; then the reason for which it was recalled, or ""."""
        recalled = await self.database.write(
            lambda session: outbox.fence(session, self.worker, letter, self.lease), patience=None
        )
        self._told(letter, recalled)
        return recalled

    def _told(self, letter: Letter, recalled: str | None) -> None:
        if recalled is None:
            log.info("letter.fenced", key=letter.key)
            self.witness.fenced(letter)

    async def _looked_up(
        self, adapter: Adapter, letter: Letter, *, doubted: bool
    ) -> Outcome | None:
        """What became of an earlier attempt; None where it is to be tried (again)."""
        tried = letter.tries > 0 or (doubted and adapter.looks_up)
        if not tried or letter.replaces is not None:
            return None
        if _in_doubt(adapter, letter):
            in_time = letter.expires_at > self.clock.now()
            again = letter.kind == "ask" and letter.tries == 1 and in_time
            return None if again else Unknown()
        try:
            async with asyncio.timeout(PATIENCE):
                message = await adapter.find(_place(letter), letter.key)
        except Exception:  # whatever a platform's kit raises: nothing is known, look again later
            log.exception("letter.look_up_failed", key=letter.key)
            return Unknown()
        return Sent(message) if message is not None else None

    async def _attempt(self, adapter: Adapter, letter: Letter, about: Mapping[int, str]) -> Outcome:
        try:
            async with asyncio.timeout(PATIENCE):
                return await adapter.send(
                    _place(letter),
                    msgspec.json.decode(letter.card or "", type=Card),
                    key=_name(letter),
                    replaces=about.get(letter.replaces or 0, ""),
                    under=about.get(letter.under or 0, ""),
                )
        except Exception:  # whatever a platform's kit raises: it may have arrived
            log.exception("letter.attempt_failed", key=letter.key)
            return Unknown()

    async def _kept(self, letter: Letter, adapter: Adapter, outcome: Outcome) -> None:
        """Mark what became of it; what a flow does afterwards can fail without undoing that."""
        try:
            again = await self._surely(lambda s: self._mark(s, letter, adapter, outcome))
        except Exception:
            log.exception("letter.after_failed", key=letter.key)
            again = await self._surely(
                lambda s: self._mark(s, letter, adapter, outcome, follow=False)
            )
        self.witness.brought(letter, outcome, self.clock.now(), again)
        if again is not None:
            self.wake_in(again)

    async def _surely(self, unit: Unit[T]) -> T:
        """Until it is saved: nobody but this process knows what became of the attempt."""
        while True:
            try:
                return await self.database.write(unit, patience=None)
            except Unavailable as problem:
                log.warning("letter.not_marked", why=str(problem))
                self.witness.away("delivery", problem)
                await asyncio.sleep(PAUSE)

    def _mark(
        self,
        session: Session,
        letter: Letter,
        adapter: Adapter,
        outcome: Outcome,
        *,
        follow: bool = True,
    ) -> float | None:
        """Seconds until it is tried again, if it is."""
        match outcome:
            case Sent(id=message):
                self._sent(session, letter, message, follow=follow)
            case TryLater(after=after):
                outbox.mark_later(session, self.worker, letter, after, untried=True)
                return after
            case Undeliverable(reason=reason, by_itself=by_itself):
                outbox.mark_dead(session, self.worker, letter, reason)
                if letter.replaces is None and letter.under is None and not by_itself:
                    learn.unreachable(session, _place(letter), reason, self.clock.now())
            case Unknown():
                return self._unknown(session, letter, looks_up=adapter.looks_up, follow=follow)
            case _:
                assert_never(outcome)
        return None

    def _sent(self, session: Session, letter: Letter, message: str, *, follow: bool) -> None:
        now = self.clock.now()
        state = outbox.mark_sent(session, self.worker, letter, message_id=message, now=now)
        if state == "edit":
            letters.renew_edits(
                session, [letter.id or 0], due_at=now, expires_at=now + EDITABLE_FOR
            )
        flow = flows().get(letter.flow)
        follows = flow is not None and type(flow).after is not Flow.after
        if flow is not None and follows and follow and state != "lost" and letter.replaces is None:
            flow.after(session, term(session, now), letter, now)

    def _unknown(
        self, session: Session, letter: Letter, *, looks_up: bool, follow: bool
    ) -> float | None:
        """When to look or ask again; never, where that could say it twice."""
        after: float | None = None
        if letter.replaces is not None or looks_up:
            if letter.expires_at + LOOK_UP_FOR > self.clock.now():
                after = min(LOOK_UP_AFTER * 2 ** min(letter.tries, 8), LOOK_UP_AT_LEAST_EVERY)
        elif letter.kind == "ask" and letter.tries == 0:
            after = AGAIN
        if after is None:
            log.warning("letter.unknown", key=letter.key)
            outbox.mark_unknown(session, self.worker, letter, "it may have arrived")
            if letter.kind == "summary" and follow:
                now = self.clock.now()
                ripples.perhaps_lost(session, term(session, now), now, letter)
        else:
            outbox.mark_later(session, self.worker, letter, after)
        return after


def _about(session: Session, letter: Letter) -> About:
    """The messages that a letter replaces or stands under, which must be there before it."""
    wanted = [number for number in (letter.replaces, letter.under) if number is not None]
    if not wanted:
        return {}
    known, coming = outbox.places(session, wanted)
    if len(known) == len(wanted):
        return known
    if coming == len(wanted):
        return TryLater(EDIT_AGAIN)
    return Undeliverable("what it belongs to never arrived")


def _in_doubt(adapter: Adapter, letter: Letter) -> bool:
    """Whether it may have arrived already, and nobody can say."""
    return letter.tries > 0 and letter.replaces is None and not adapter.looks_up


def _seconds() -> float:
    return asyncio.get_running_loop().time()


def _place(letter: Letter) -> Destination:
    return Destination(letter.platform, letter.workspace, letter.address)


def _name(letter: Letter) -> str:
    """What a message can be found by; an edit has a new one each time, for it is never looked up.

    A platform that keeps what it has heard would take the second edit of a message for the first.
    """
    return letter.key if letter.replaces is None else f"{letter.key}:{letter.version}"
