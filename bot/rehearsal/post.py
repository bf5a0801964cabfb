"""Platforms of a rehearsal: they take every message, keep it, and bring it nowhere."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from bot.chat.adapter import Adapter, Finding, Found, Handle, Keep, Outcome, Sent
from bot.chat.cards import Card
from bot.chat.events import Profile
from bot.chat.who import Actor, Destination
from bot.clock import Clock

Listen = Callable[["Heard"], None]


class Posted(Struct, frozen=True, gc=False):
    """One message, or one edit of a message. `key` names the letter that it came from."""

    at: datetime
    to: Destination
    key: str
    title: str
    edit: bool = False


class Heard(Struct, frozen=True):
    """A new message as those hear it to whom it goes."""

    at: datetime
    to: Destination
    key: str
    card: Card


class Post:
    """Stands in for one platform. `posted` may be shared by several."""

    rate = 1e9
    looks_up = True

    def __init__(
        self,
        name: str,
        clock: Clock,
        posted: list[Posted],
        listen: Listen | None = None,
        *,
        knows_everybody: bool = False,
    ) -> None:
        self.name = name
        self.posted = posted
        self._clock = clock
        self._listen = listen
        self._knows_everybody = knows_everybody
        self._ids: dict[str, str] = {}

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Nobody types here."""

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        now = self._clock.now()
        if replaces:
            self.posted.append(Posted(now, to, key.rpartition(":")[0], card.title, edit=True))
            return Sent(replaces)
        self.posted.append(Posted(now, to, key, card.title))
        self._ids[key] = f"rehearsed:{key}"
        if self._listen is not None:
            self._listen(Heard(now, to, key, card))
        return Sent(self._ids[key])

    async def find(self, to: Destination, key: str) -> str | None:
        return self._ids.get(key)

    async def profile(self, actor: Actor) -> Profile | None:
        return None

    async def look_up(self, email: str) -> Found | None:
        if not self._knows_everybody:
            return None
        at = Destination(self.name, "", f"rehearsed:{email}")
        return Found(Actor(self.name, "", email), at, Profile(email, email))

    async def check(self) -> list[Finding]:
        return []


class Overheard:
    """A platform as it is, and somebody who listens to what is sent there."""

    def __init__(self, adapter: Adapter, clock: Clock, listen: Listen) -> None:
        self._adapter = adapter
        self._clock = clock
        self._listen = listen
        self.name, self.rate, self.looks_up = adapter.name, adapter.rate, adapter.looks_up
        self.run, self.find, self.check = adapter.run, adapter.find, adapter.check
        self.profile, self.look_up = adapter.profile, adapter.look_up

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        outcome = await self._adapter.send(to, card, key=key, replaces=replaces, under=under)
        if isinstance(outcome, Sent) and not replaces:
            self._listen(Heard(self._clock.now(), to, key, card))
        return outcome
