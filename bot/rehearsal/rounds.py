"""The bot's rounds on a copy: the same plan, the same letters and cards, handed over at once.

Nothing can go wrong on the way and nobody waits, so a batch is claimed, written and marked as a
whole, and planning is done when it may have something to do.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import asdict
from sqlmodel import Session

from bot import term
from bot.cadence import SHORTEST_NOTICE
from bot.chat.adapter import Adapter, Sent
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.clock import Clock
from bot.flow import Flow
from bot.flows import flows
from bot.plan import Plan, foresee
from bot.writing import cards
from storage import outbox, rehearsing
from storage.database import Database
from storage.letters import Draft, Letter

WORKER = "rehearsal"
BATCH = 500
LEASE = 86_400.0
AGAIN = 60.0
PLAN_EVERY = timedelta(days=3)
"""A plan holds for eight days, unless somebody says something on which it depends."""
GATHER = timedelta(minutes=30)
"""What is said meanwhile is planned for once: whatever is asked is asked on the half hour."""
STRIDE = timedelta(days=1)
UNWRITTEN = Card("")
"""How a message changes is counted; it is written when one of the players looks at it."""


class Rounds:
    """`over` gathers, by key, what was due and did not fit into somebody's week."""

    def __init__(self, database: Database, adapters: Mapping[str, Adapter], clock: Clock) -> None:
        self.clock = clock
        self.over: dict[str, Draft] = {}
        self._database = database
        self._adapters = adapters
        self._planned_at: datetime | None = None
        self._too_much: dict[str, Draft] = {}
        self._looked: set[str] = set()
        self._day: date | None = None
        self._turns_at: datetime | None = None
        self._heard = self._replan = self._at_once = False

    async def answered(self, replan: bool) -> None:
        """Somebody has answered; `replan` where planning depends on what they said."""
        self._heard, self._replan = True, self._replan or replan

    async def settle(self) -> int:
        """All that this moment asks for."""
        self._at_once = True
        return await self.visit()

    async def visit(self) -> int:
        """Turn and plan if it may be time, then hand over what is due."""
        now = self.clock.now()
        await self._look_at_too_much(now)
        new_day = now.date() != self._day
        if new_day or (self._turns_at is not None and now >= self._turns_at):
            self._day = now.date()
            self._at_once |= await self._database.write(
                lambda session: term.turn(session, now), patience=None
            )
            at = await self._database.read(lambda s: term.turns_at(s, now), patience=None)
            self._turns_at = min(at, default=None)
        if self._must_plan(now, new_day=new_day):
            await self._plan(now)
        sent = 0
        batch = await self._database.write(lambda s: _taken(s, now), patience=None)
        while batch:
            taken, batch = await self._hand_over(batch, now)
            sent += taken
        return sent

    async def next_step(self) -> datetime:
        """When the next letter is due, when a cycle turns, or tomorrow."""
        now = self.clock.now()

        def moments(session: Session) -> list[datetime]:
            due = rehearsing.next_due(session, now)
            return [*term.turns_at(session, now), *([due] if due else [])]

        latest = _gathered(now) + GATHER if self._replan else now + STRIDE
        return min([latest, *await self._database.read(moments, patience=None)])

    def _must_plan(self, now: datetime, *, new_day: bool) -> bool:
        """What did not fit into somebody's week may be needless once they have answered."""
        return (
            self._at_once
            or self._planned_at is None
            or (self._replan and _gathered(now) > self._planned_at)
            or now - self._planned_at >= PLAN_EVERY
            or (new_day and self._heard and bool(self._too_much))
        )

    async def _plan(self, now: datetime) -> None:
        """As `Duties.plan` does, which has replicas and people to give way to."""

        def foreseen(session: Session) -> Plan:
            return foresee(session, term.term(session, now), now)

        plan = await self._database.read(foreseen, patience=None)
        await self._database.write(plan.keep, patience=None)
        self._planned_at = now
        self._too_much = {draft.key: draft for draft in plan.over if draft.key not in self._looked}
        self._heard = self._replan = self._at_once = False

    async def close(self) -> None:
        """Gather what was due since the last visit."""
        await self._look_at_too_much(self.clock.now())

    async def _look_at_too_much(self, now: datetime) -> None:
        """Gather what is due and did not fit, but for what would have been needless by now.

        Nobody is kept from a reminder who has answered.
        """
        due = [draft for draft in self._too_much.values() if draft.due_at <= now]
        if not due:
            return
        letters = [
            Letter(id=-number, rank=0, **asdict(draft)) for number, draft in enumerate(due, 1)
        ]
        written = await cards(self._database, letters, now)
        for number, draft in enumerate(due, 1):
            del self._too_much[draft.key]
            self._looked.add(draft.key)
            if written.get(-number) is not None:
                self.over[draft.key] = draft

    async def _hand_over(self, batch: Sequence[Letter], now: datetime) -> tuple[int, list[Letter]]:
        """How many platforms have taken; and the next batch, claimed as this one is marked."""
        unwritten = [x for x in batch if x.card is None and x.replaces is None]
        written = await cards(self._database, unwritten, now)
        fresh = outbox.carrying(unwritten, written)
        said = [x for x in outbox.carrying(batch, written) if x.card is not None or x.replaces]
        wanted = {n for letter in said for n in (letter.replaces, letter.under) if n is not None}
        there = await self._messages(wanted)
        sent = [(x, await self._message(x, there)) for x in said if _placed(x, there)]
        lost = [letter for letter in said if not _placed(letter, there)]

        def keep(session: Session) -> list[Letter]:
            outbox.write_cards(session, WORKER, [(x, x.card) for x in fresh if x.card is not None])
            silent = [x for x in fresh if x.card is None]
            pointless = [x for x in silent if x.id in written]
            outbox.mark_cancelled(session, WORKER, pointless, "needless")
            for letter in silent:
                if letter.id not in written:
                    outbox.mark_later(session, WORKER, letter, AGAIN, untried=True)
            for letter in lost:
                outbox.mark_dead(session, WORKER, letter, "what it belongs to never arrived")
            rehearsing.arrived(session, [(x.id or 0, message) for x, message in sent], now)
            _follow(session, [x for x, _ in sent if x.replaces is None], now)
            return _taken(session, now)

        return len(sent), await self._database.write(keep, patience=None)

    async def _messages(self, letters: Collection[int]) -> Mapping[int, str]:
        """What the platforms call the messages of these letters."""
        if not letters:
            return {}
        return await self._database.read(
            lambda session: outbox.message_ids(session, letters), patience=None
        )

    async def _message(self, letter: Letter, there: Mapping[int, str]) -> str:
        outcome = await self._adapters[letter.platform].send(
            Destination(letter.platform, letter.workspace, letter.address),
            msgspec.json.decode(letter.card, type=Card) if letter.card else UNWRITTEN,
            key=letter.key if letter.replaces is None else f"{letter.key}:{letter.version}",
            replaces=there.get(letter.replaces or 0, ""),
            under=there.get(letter.under or 0, ""),
        )
        if not isinstance(outcome, Sent):
            raise TypeError(f"a rehearsal's platform takes everything, and said {outcome}")
        return outcome.id


def _gathered(now: datetime) -> datetime:
    """The half hour that has begun."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % GATHER


def _taken(session: Session, now: datetime) -> list[Letter]:
    """What is due, claimed; what is too late or no use any more is given up, as in delivery."""
    if not rehearsing.is_due(session, now):
        return []
    outbox.expire(session, now)
    outbox.coalesce(session, now)
    outbox.hush(session, now, SHORTEST_NOTICE)
    return [
        letter
        for bucket in outbox.buckets_due(session, now)
        for letter in outbox.claim(
            session, worker=WORKER, bucket=bucket, limit=BATCH, now=now, lease=LEASE
        )
    ]


def _placed(letter: Letter, there: Mapping[int, str]) -> bool:
    """Whether the messages that a letter replaces or stands under are there."""
    return all(n in there for n in (letter.replaces, letter.under) if n is not None)


def _follow(session: Session, sent: Sequence[Letter], now: datetime) -> None:
    """What follows once letters have arrived, as each flow says."""
    followed = [
        (flow, letter)
        for letter in sent
        if (flow := flows().get(letter.flow)) and type(flow).after is not Flow.after
    ]
    if followed:
        at_the_moment = term.term(session, now)
        for flow, letter in followed:
            flow.after(session, at_the_moment, letter, now)
