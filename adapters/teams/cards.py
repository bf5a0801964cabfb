"""Card → Adaptive Card 1.5: one message, and further ones after it where it does not fit."""

from collections.abc import Iterator

from msgspec import Struct

from adapters.teams import limits
from adapters.teams.blocks import pieces, title
from adapters.teams.buttons import buttons
from adapters.teams.limits import Json
from adapters.teams.parts import ROOM, Piece, joined, pack, weigh
from adapters.teams.pen import Pen
from adapters.teams.spans import NOTHING, quiet
from adapters.teams.words import words
from bot.chat.cards import Block, Buttons, Card, Text

FOOT = 15_000


class Drawn(Struct, frozen=True):
    """A message: its Adaptive Card, and all that this says as plain text.

    The text belongs into the activity's `summary` (notifications, screen readers): in `text` it
    would stand above the card a second time. `entities` are those of the card, which has them in
    its `msteams` already. `rest` follows in this order, in the thread where there is one.
    """

    card: Json
    text: str
    entities: list[Json] = []
    rest: tuple["Drawn", ...] = ()


def draw(
    card: Card, *, tenant: str, native: bool = True, personal: bool = True, locale: str = "en"
) -> Drawn:
    """The card as this tenant is shown it.

    Without `native` charts and tables are text. Not `personal`, a button that opens a form asks for
    a dialog, so that a channel is not filled with forms. `locale` is for the few words that
    drawing adds.
    """
    pen = Pen(tenant, native, personal, words(locale))
    foot = buttons(card.buttons, pen)
    groups = [list(title(card.title, pen)), *_groups(card.blocks, pen)]
    whole = [piece for group in groups for piece in group] + foot or [quiet(NOTHING)]
    if weigh(whole) <= ROOM:
        return _message(whole)
    if weigh(foot) > FOOT:
        groups, foot = [*groups, foot], []
    packed = pack([group for group in groups if group], weigh(foot))
    return _in_parts(card, packed, foot, pen)


def adaptive(elements: tuple[Json, ...], told: tuple[Json, ...] = ()) -> Json:
    """An Adaptive Card as wide as the conversation, telling these people."""
    people = {"entities": list(told)} if told else {}
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": list(elements),
        "msteams": {"width": "Full", **people},
    }


def _in_parts(card: Card, messages: list[list[Piece]], foot: list[Piece], pen: Pen) -> Drawn:
    """The first message says that it goes on and has the card's buttons; each other its number."""
    of = len(messages)
    named = limits.short(card.title, limits.BUTTON)
    rest = [
        _message([quiet(pen.words.part.format(title=named, part=part, of=of)), *more])
        for part, more in enumerate(messages[1:], 2)
    ]
    first = _message([*messages[0], quiet(pen.words.continued.format(of=of)), *foot])
    return Drawn(first.card, first.text, first.entities, tuple(rest))


def _message(some: list[Piece]) -> Drawn:
    whole = joined(some)
    return Drawn(adaptive(whole.elements, whole.told), whole.text, list(whole.told))


def _groups(blocks: tuple[Block, ...], pen: Pen) -> Iterator[list[Piece]]:
    """What should not be torn apart: a heading and what follows, a block and its buttons."""
    group: list[Piece] = []
    is_heading = False
    for each in blocks:
        joins = is_heading or isinstance(each, Buttons) or _is(each, "quiet")
        if group and not joins:
            yield group
            group = []
        group += pieces(each, pen)
        is_heading = _is(each, "heading")
    if group:
        yield group


def _is(block: Block, style: str) -> bool:
    return isinstance(block, Text) and block.style == style
