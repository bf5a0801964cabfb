"""What a platform's folder under `adapters/` must offer."""

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from bot.chat.cards import Card
from bot.chat.events import Event, Profile, Report
from bot.chat.replies import Answer, Reply
from bot.chat.who import Actor, Destination

Handle: TypeAlias = Callable[[Event], Awaitable[Reply]]
"""Hears one event, answers after the commit; raises `Unsaved` where nothing could be stored."""

Take: TypeAlias = Callable[[Report], Awaitable[Answer]]
"""The same for a company's own systems."""


class Sent(Struct, frozen=True, tag="sent"):
    """It arrived; the platform calls the message `id`."""

    id: str


class TryLater(Struct, frozen=True, tag="try_later"):
    """Nothing was created; try again in so many seconds."""

    after: float


class Undeliverable(Struct, frozen=True, tag="undeliverable", omit_defaults=True):
    """It cannot be delivered there; `reason` is a word that messages/*/report.j2 explains.

    What a platform says and nobody knows follows "refused: " as it is.

    `by_itself`: the message is at fault and not the place, which may take another.
    """

    reason: str
    by_itself: bool = False


class Unknown(Struct, frozen=True, tag="unknown"):
    """It may have arrived: the platform accepted it or not, and did not say."""


Outcome: TypeAlias = Sent | TryLater | Undeliverable | Unknown


class Found(Struct, frozen=True):
    """An account, and where to write to it."""

    actor: Actor
    at: Destination
    profile: Profile


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing that `okr doctor` has looked at, and what to do about it.

    `port` is one that is taken: all is well where it is the running bot that holds it.
    """

    level: Literal["good", "warn", "bad"]
    text: str
    remedy: str = ""
    port: int = 0


class Keep(Protocol):
    """What a platform must remember, by key: a service URL, a conversation."""

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str, *, days: int = 0) -> None:
        """Remember a value in place of the one before, for at least so many days; 0 is for ever."""
        ...

    async def drop(self, key: str) -> None:
        """Forget it."""
        ...


class Adapter(Protocol):
    """A platform. It hears, shows and sends; it decides nothing."""

    @property
    def name(self) -> str: ...

    @property
    def rate(self) -> float:
        """How many messages a second one workspace takes."""
        ...

    @property
    def looks_up(self) -> bool:
        """Whether `find` can tell if a message arrived."""
        ...

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Listen until cancelled."""
        ...

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`.

        Never tries twice: the outbox does.
        """
        ...

    async def find(self, to: Destination, key: str) -> str | None:
        """The message that was posted with this key, if there is one."""
        ...

    async def profile(self, actor: Actor) -> Profile | None:
        """What the platform knows of an account."""
        ...

    async def look_up(self, email: str) -> Found | None:
        """The account with this verified e-mail address."""
        ...

    async def check(self) -> list[Finding]:
        """Whether all is set up, for `okr doctor`."""
        ...


@runtime_checkable
class Gate(Protocol):
    """A way in for a company's own systems. Nobody reads there, so nothing can be sent there."""

    @property
    def name(self) -> str: ...

    async def serve(self, take: Take) -> None:
        """Listen until cancelled."""
        ...

    async def check(self) -> list[Finding]:
        """Whether all is set up, for `okr doctor`."""
        ...
