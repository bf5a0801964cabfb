"""HTTP JSON → event. What is not exactly of these shapes is refused in clear words."""

import re
from typing import Annotated, TypeAlias, TypeVar, assert_never

import msgspec
from msgspec import Meta, Struct
from msgspec.json import Decoder

from adapters.web.company import Company, actor, dm, is_dm, place
from adapters.web.forms import read_values
from bot.chat.events import Clicked, Opened, Submitted, Typed
from bot.chat.stage import Face
from bot.chat.who import Destination

T = TypeVar("T")
Short = Annotated[str, Meta(max_length=400)]
Token = Annotated[str, Meta(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]
TO_THE_BOT = re.compile(r"\s*[/@]okr\b[:,]?\s*", re.IGNORECASE)


class Typing(Struct, frozen=True, tag="typed", forbid_unknown_fields=True):
    """Text from the line at the foot of a conversation."""

    me: Short
    at: Short
    id: Token
    text: str


class Click(Struct, frozen=True, tag="clicked", forbid_unknown_fields=True):
    """A button of a card."""

    me: Short
    at: Short
    id: Token
    action: Short
    message: Short = ""


class Submission(Struct, frozen=True, tag="submitted", forbid_unknown_fields=True):
    """A form, with the text or the options of each question."""

    me: Short
    at: Short
    id: Token
    action: Short
    values: dict[str, str | tuple[str, ...]]


class Look(Struct, frozen=True, tag="opened", forbid_unknown_fields=True):
    """The home."""

    me: Short
    id: Token


Posted: TypeAlias = Typing | Click | Submission | Look
Told: TypeAlias = Typed | Clicked | Submitted | Opened


class Refused(Exception):
    """What was sent cannot be understood; the words are for the one who sent it."""


POSTED: Decoder[Posted] = Decoder(Posted)


def read(body: bytes, decoder: Decoder[T]) -> T:
    """JSON of one shape, or Refused."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refused(f"This is not what the page sends: {error}.") from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Refused("This is not JSON that can be read.") from None


async def event(posted: Posted, company: Company) -> Told | None:
    """What the bot is told; None where people just chat with each other."""
    me = await _face(posted.me, company)
    match posted:
        case Look():
            return Opened(actor(me), dm(me), posted.id)
        case Typing():
            return await _typed(posted, me, company)
        case Click():
            at = await _at(posted.at, me, company)
            return Clicked(
                actor(me), at, posted.id, posted.action, is_dm(at.address), posted.message
            )
        case Submission():
            at = await _at(posted.at, me, company)
            values = read_values(posted.values)
            return Submitted(actor(me), at, posted.id, posted.action, values, is_dm(at.address))
        case _:
            assert_never(posted)


async def _typed(posted: Typing, me: Face, company: Company) -> Typed | None:
    at = await _at(posted.at, me, company)
    called = TO_THE_BOT.match(posted.text)
    if not called and not is_dm(at.address):
        return None
    text = posted.text[called.end() :] if called else posted.text
    mentions = await company.mentions(text)
    return Typed(actor(me), at, posted.id, text.strip(), is_dm(at.address), mentions)


async def _face(email: str, company: Company) -> Face:
    if face := await company.face(email):
        return face
    raise Refused("Nobody here has this e-mail address. Choose who you are once more.")


async def _at(address: str, me: Face, company: Company) -> Destination:
    at = place(address)
    is_mine = at == dm(me) or not is_dm(address)
    if is_mine and await company.has(at):
        return at
    raise Refused("There is no such place for you.")
