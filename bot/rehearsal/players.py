"""People who answer by themselves, by the same buttons and forms as everybody.

What they do is heard as events, so all that follows is made by the real core. A `Manner` says when
and how: the sample company's characters are one, the people of a rehearsal others.
"""

import heapq
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import structlog
from sqlmodel import Session

from bot.chat.cards import Button, Card
from bot.chat.events import Clicked, Submitted, Values
from bot.chat.forms import Form
from bot.chat.replies import Fix, Open, Say
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.hear import hear_once
from bot.rehearsal.asks import Ask, asks
from bot.rehearsal.post import Heard
from bot.writing import written
from storage import pending, people, rehearsing
from storage.database import Database

ASKED_LATELY = timedelta(days=14)
AT_ONCE = 200
"""Answers that are stored in one transaction."""
MOST_STEPS = 12

log = structlog.get_logger()


@dataclass(frozen=True)
class Asked:
    """Somebody was asked: by which letter, when, and what."""

    key: str
    at: datetime
    email: str
    actor: Actor
    to: Destination
    ask: Ask

    @property
    def about(self) -> str:
        """What was asked: the meaning of the button that answers it."""
        return self.ask.about


class Manner(Protocol):
    """When and how people answer."""

    def answers_at(self, asked: Asked) -> datetime | None:
        """When somebody answers; None where they never do."""
        ...

    def taps(self, asked: Asked) -> bool:
        """Whether they press the button that says nothing new, where there is one."""
        ...

    def fills(
        self, session: Session, asked: Asked, form: Form, now: datetime, step: int
    ) -> Values | None:
        """What they put into the form, the first being step 0; None where they leave it."""
        ...

    def goes_on(self, asked: Asked, shown: Card, step: int) -> Button | None:
        """The button by which they do more, when the answer to a form offers it."""
        ...

    def seconds(self, asked: Asked) -> int:
        """How long they take over the form."""
        ...


@dataclass(order=True)
class _Coming:
    at: datetime
    order: int
    asked: Asked = field(compare=False)


class Players:
    """Everybody but those whom a visitor plays (`played`, by e-mail address)."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        manner: Manner,
        after: Callable[[bool], Awaitable[object]],
    ) -> None:
        """`after` hears when some have answered, and whether planning depends on what they said."""
        self.played: set[str] = set()
        self._database = database
        self._clock = clock
        self._manner = manner
        self._after = after
        self._heard: list[Heard] = []
        self._coming: list[_Coming] = []
        self._known: set[tuple[Actor, str]] = set()
        self._accounts: dict[Destination, tuple[Actor, str]] = {}

    def listen(self, heard: Heard) -> None:
        """A message has arrived; it may ask somebody."""
        if asks(heard.key, heard.card):
            self._heard.append(heard)

    async def remember(self) -> None:
        """Hear again what was asked lately and is still open."""
        since = self._clock.now() - ASKED_LATELY

        def found(session: Session) -> list[Heard]:
            return [
                Heard(row.sent_at, Destination(row.platform, row.workspace, row.address), row.key,
                      _card(row.card))
                for row in rehearsing.questions_since(session, since)
                if row.card is not None
            ]  # fmt: skip

        for heard in await self._database.read(found):
            self.listen(heard)

    async def next_at(self) -> datetime | None:
        """When the next of them answers."""
        await self._take_in()
        return self._coming[0].at if self._coming else None

    async def act(self) -> int:
        """Let everybody answer whose moment has come; how many did."""
        await self._take_in()
        now, due = self._clock.now(), list[Asked]()
        while self._coming and self._coming[0].at <= now and len(due) < AT_ONCE:
            asked = heapq.heappop(self._coming).asked
            if asked.email not in self.played:
                due.append(asked)
        if not due:
            return 0
        await self._after(await self._answered(due, now))
        return len(due)

    async def _answered(self, due: Sequence[Asked], now: datetime) -> bool:
        """All in one transaction; where somebody stumbles, again without their answer."""

        def together(session: Session) -> bool:
            return self._answer(session, due, now, self._say)

        def carefully(session: Session) -> bool:
            return self._answer(session, due, now, self._try_to_say)

        try:
            return await self._database.write(together, patience=None)
        except Exception:  # whatever a flow stumbles over
            return await self._database.write(carefully, patience=None)

    async def _take_in(self) -> None:
        """Turn what was heard into answers to come."""
        if not self._heard:
            return
        heard, self._heard = self._heard, []
        if any(each.to not in self._accounts for each in heard):
            self._accounts |= await self._database.read(_accounts)
        for each in heard:
            for asked in self._asked(each):
                question = (asked.actor, asked.ask.question)
                if question in self._known:
                    continue
                self._known.add(question)
                at = self._manner.answers_at(asked)
                if at is not None:
                    heapq.heappush(self._coming, _Coming(at, len(self._known), asked))

    def _asked(self, heard: Heard) -> Iterator[Asked]:
        """Who was asked; nobody in a channel, or at a place that is nobody's any more."""
        account = self._accounts.get(heard.to)
        if account is not None:
            actor, email = account
            for ask in asks(heard.key, heard.card):
                yield Asked(heard.key, heard.at, email, actor, heard.to, ask)

    def _answer(
        self,
        session: Session,
        due: Iterable[Asked],
        now: datetime,
        say: Callable[[Session, Asked, datetime], None],
    ) -> bool:
        """Each as an event of their own; whether planning depends on what was said."""
        session.info[pending.SHARED] = True
        still = _still_asked(session, due, now)
        for asked in due:
            ask = still.get(asked.key, {}).get(asked.about)
            if ask is None:
                continue
            say(session, replace(asked, ask=ask), now)
            session.expunge_all()  # the next one finds the rows as they are, not as they were
        return bool(session.info.get("replan"))

    def _try_to_say(self, session: Session, asked: Asked, now: datetime) -> None:
        """The others answer all the same."""
        try:
            with session.begin_nested():
                self._say(session, asked, now)
        except Exception:  # whatever a flow stumbles over
            session.info.pop("last", None)
            log.exception("player_failed", asked=asked.about)

    def _say(self, session: Session, asked: Asked, now: datetime) -> None:
        self._press(session, asked, now)
        session.flush()
        pending.write(session)

    def _press(self, session: Session, asked: Asked, now: datetime) -> None:
        name, ask = f"player:{asked.key}:{asked.about}", asked.ask
        if ask.plain is not None and (ask.form is None or self._manner.taps(asked)):
            tap = Clicked(asked.actor, asked.to, f"{name}:tap", ask.plain.action)
            hear_once(session, tap, now, {})
            return
        opened = now - timedelta(seconds=self._manner.seconds(asked))
        button, step = ask.form, 0
        while button is not None and step < MOST_STEPS:
            click = Clicked(asked.actor, asked.to, f"{name}:open:{step}", button.action)
            known: dict[object, object] = {}
            shown = hear_once(session, click, opened, known)
            values = (
                self._manner.fills(session, asked, shown.form, now, step)
                if isinstance(shown, Open)
                else None
            )
            if not isinstance(shown, Open) or values is None:
                return
            sent = Submitted(
                asked.actor, asked.to, f"{name}:send:{step}", shown.form.action, values
            )
            answer = hear_once(session, sent, now, known)
            if isinstance(answer, Fix):
                problems = [f"{problem.question}: {problem.text}" for problem in answer.problems]
                log.warning("player_misunderstood", asked=asked.about, problems=problems)
            card = answer.card if isinstance(answer, Say) else None
            button = self._manner.goes_on(asked, card, step) if card is not None else None
            step += 1


def _card(text: str) -> Card:
    return msgspec.json.decode(text, type=Card)


def _still_asked(
    session: Session, due: Iterable[Asked], now: datetime
) -> Mapping[str, Mapping[str, Ask]]:
    """What the messages still ask: nobody answers for somebody who has."""
    found = rehearsing.questions(session, {asked.key for asked in due})
    changing = [row.edit for row in found if row.edit is not None and row.card is None]
    changed = written(session, rehearsing.edits(session, changing), now) if changing else {}
    shown = {row.key: row.card or changed.get(row.edit or 0) for row in found}
    return {
        key: {ask.about: ask for ask in asks(key, _card(card))}
        for key, card in shown.items()
        if card
    }


def _accounts(session: Session) -> Mapping[Destination, tuple[Actor, str]]:
    """Whose direct messages go where."""
    emails = {person.id: person.email for person in people.everyone(session)}
    return {
        Destination(row.platform, row.workspace, row.address): (
            Actor(row.platform, row.workspace, row.account), emails[row.person_id],
        )
        for own in people.identities(session).values()
        for row in own
        if row.address and row.person_id in emails
    }  # fmt: skip
