"""What a page that plays a whole platform may see of the company: the web adapter's window.

Slack and Teams know their own people, channels and clock; the web page has none and asks here.
"""

from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from bot.chat.cards import Card
from bot.chat.forms import Form


class Face(Struct, frozen=True, omit_defaults=True):
    """Somebody one can be on the page; `email` names the account."""

    email: str
    name: str
    team: str = ""
    zone: str = "UTC"
    locale: str = "en"
    away: bool = False


class Place(Struct, frozen=True):
    """A channel of the page; `address` as in its Destination ("channel:growth")."""

    address: str
    name: str


class Note(Struct, frozen=True, omit_defaults=True):
    """One line of what the bot sent unasked: when, to whom, what, and why."""

    at: datetime
    to: str
    what: str
    why: str
    state: str


class Example(Struct, frozen=True):
    """One card or form of a flow, as the gallery and the golden files show it."""

    flow: str
    name: str
    shown: Card | Form


Jump: TypeAlias = Literal["message", "day", "week"]


class Hands(Protocol):
    """The demo's clock bar."""

    async def jump(self, to: Jump, me: str) -> str:
        """Move business time on, visiting every due instant in order; says what happened.

        `me` is the e-mail address of whom the visitor plays: nobody answers in their name.
        """
        ...


class Stage(Protocol):
    """The company, as far as a page needs it. `hands` is None where the clock is the real one."""

    @property
    def organisation(self) -> str: ...

    @property
    def hands(self) -> Hands | None: ...

    def now(self) -> datetime:
        """Business time, aware UTC."""
        ...

    async def people(self) -> list[Face]: ...

    async def places(self) -> list[Place]: ...

    async def notes(self, locale: str = "") -> list[Note]:
        """The newest hundred, newest first; their reasons in this language, or the house's."""
        ...

    async def file(self, email: str, name: str) -> bytes | None:
        """The file of this name for this person; None where there is none that is theirs."""
        ...

    def gallery(self, locale: str = "en") -> list[Example]: ...
