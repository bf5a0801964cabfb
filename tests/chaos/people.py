"""People who press buttons and send forms while the bot is in trouble, and press again."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field

import aiohttp
import msgspec

from bot.chat.cards import Card
from bot.chat.events import Clicked, Event, Submitted
from bot.chat.replies import Open, Reply, decode
from bot.chat.who import Actor, Destination
from tests.bench import company

NOT_SAVED = "Not saved yet"


@dataclass
class Human:
    """Somebody of the company; `said` is the last answer that the bot has acknowledged."""

    number: int
    platform: str
    session: aiohttp.ClientSession
    said: str = ""
    answers: int = 0
    turned_away: int = 0
    """How often they read "not saved yet"."""
    nobody_there: int = 0
    """How often no bot listened at all: while the only one there is was started anew."""
    longest_wait: float = 0.0
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def answer(self, text: str) -> bool:
        """Open this week's form and send it with this text; whether it was saved."""
        shown = await self._told(Clicked(*self._from_here(), "checkin:open:1:5"))
        if not isinstance(shown, Open):
            return False
        values = {q.id: q.value for q in shown.form.questions()} | {"next-0": text}
        saved = await self._told(Submitted(*self._from_here(), shown.form.action, values))
        if saved is None:
            return False
        assert type(saved).__name__ in ("Quiet", "Say"), saved
        self.said, self.answers = text, self.answers + 1
        return True

    async def insist(self, text: str) -> None:
        """Press again until it is saved."""
        while not await self.answer(text):  # noqa: ASYNC110 that is what people do
            await asyncio.sleep(0.1)

    async def keep_answering(self, until: asyncio.Event) -> None:
        """One answer after another, each pressed until it is saved."""
        for n in itertools.count():
            await self.insist(f"Promise {self.number}.{n}")
            if until.is_set():
                return
            await asyncio.sleep(0.05)

    def _from_here(self) -> tuple[Actor, Destination, str]:
        email = company.email(self.number)
        here = Destination("loopback", "", f"dm:{email}")
        return Actor("loopback", "", email), here, f"{self.number}-{next(self._ids)}"

    async def _told(self, event: Event) -> Reply | None:
        """The reply, or None where they were told to press again."""
        began = time.monotonic()
        url, body = f"{self.platform}/test/event", msgspec.json.encode(event)
        async with self.session.post(url, data=body) as answer:
            said = await answer.text()
            self.longest_wait = max(self.longest_wait, time.monotonic() - began)
            match answer.status:
                case 200:
                    return decode(said)
                case 503:
                    assert NOT_SAVED in msgspec.json.decode(said, type=Card).title
                    self.turned_away += 1
                case 502:
                    self.nobody_there += 1
                case other:
                    raise AssertionError(f"{other}: {said}")
        return None
