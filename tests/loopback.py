"""A platform of our own for tests: it accepts, refuses, forgets and drops as it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.chat.adapter import Finding, Found, Handle, Keep, Outcome, Sent, Undeliverable
from bot.chat.cards import Card
from bot.chat.events import Profile
from bot.chat.who import Actor, Destination

Fate = Callable[["Loopback", Destination, Card, str], Outcome | None]


@dataclass(frozen=True)
class Message:
    """One message as its readers see it."""

    id: str
    to: str
    key: str
    card: Card
    under: str = ""
    edits: int = 0


@dataclass
class Loopback:
    """Remembers every message. `fate` may decide what happens to one instead."""

    name: str = "loopback"
    rate: float = 900.0
    looks_up: bool = True
    emails: dict[str, Profile] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    fate: Fate | None = None
    attempts: int = 0

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Nobody types here by themselves."""

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        self.attempts += 1
        outcome = self.fate(self, to, card, key) if self.fate else None
        if outcome is not None:
            return outcome
        return self.take(to, card, key, replaces, under)

    def take(
        self, to: Destination, card: Card, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Accept a message, or edit one."""
        for place, message in enumerate(self.messages):
            if replaces and message.id == replaces:
                self.messages[place] = replace(message, card=card, edits=message.edits + 1)
                return Sent(replaces)
        if replaces:
            return Undeliverable("the message is gone")
        self.messages.append(Message(f"m{len(self.messages) + 1}", to.address, key, card, under))
        return Sent(self.messages[-1].id)

    async def find(self, to: Destination, key: str) -> str | None:
        return next((m.id for m in self.messages if m.key == key), None)

    async def profile(self, actor: Actor) -> Profile | None:
        return self.emails.get(actor.id)

    async def look_up(self, email: str) -> Found | None:
        if email not in self.emails:
            return None
        actor = Actor(self.name, "", email)
        return Found(actor, Destination(self.name, "", f"dm:{email}"), self.emails[email])

    async def check(self) -> list[Finding]:
        return []

    def to(self, address: str) -> list[Message]:
        """What was posted at an address, oldest first."""
        return [message for message in self.messages if message.to == address]
