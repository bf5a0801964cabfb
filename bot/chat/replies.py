"""What the bot answers at once: one event, one reply, after the commit."""

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.chat.cards import Card
from bot.chat.forms import Form, Problem


class Say(Struct, frozen=True, tag="say", omit_defaults=True):
    """Show this card where the event came from; `private` to its actor alone, also in a channel."""

    card: Card
    private: bool = True


class Open(Struct, frozen=True, tag="open"):
    """Show this form. Where the event allows none, show a card with a button that opens it."""

    form: Form


class Fix(Struct, frozen=True, tag="fix"):
    """Keep the form open, with what was typed and each problem beside its question."""

    form: Form
    problems: tuple[Problem, ...]


class Quiet(Struct, frozen=True, tag="quiet"):
    """All is well; what there is to see comes by delivery. An open form closes."""


Reply: TypeAlias = Say | Open | Fix | Quiet


class Taken(Struct, frozen=True, tag="taken", omit_defaults=True):
    """A figure is stored. `again`: it was before, this is the same answer once more."""

    of: Literal["kpi", "key_result"]
    id: int
    name: str
    value: float
    day: str = ""
    week: int | None = None
    confidence: int | None = None
    again: bool = False


class Handed(Struct, frozen=True, tag="handed"):
    """What was asked for, as a file."""

    name: str
    body: bytes


Why: TypeAlias = Literal["no_token", "no_scope", "unknown", "closed", "invalid", "other_body"]


class Refused(Struct, frozen=True, tag="refused", omit_defaults=True):
    """Nothing was stored: why, in words, and which field is at fault if one is."""

    why: Why
    words: str
    field: str = ""


Answer: TypeAlias = Taken | Handed | Refused
"""What a company's own system is answered."""


class Unsaved(Exception):
    """The answer could not be stored; nothing was lost: please press again.

    `card` says so in the reader's words. Adapters keep what was typed, or answer 503 to an event
    that the platform will send again.
    """

    def __init__(self, card: Card) -> None:
        super().__init__(card.title)
        self.card = card


def encode(reply: Reply) -> str:
    """A reply as JSON."""
    return msgspec.json.encode(reply).decode()


def decode(text: str) -> Reply:
    """A reply that was kept as JSON."""
    reply: Reply = msgspec.json.decode(text, type=Reply)
    return reply
