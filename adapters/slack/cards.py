"""Card → Block Kit: one message, and further ones for its thread where it does not fit into one."""

from collections.abc import Iterator

from msgspec import Struct

from adapters.slack import limits
from adapters.slack.blocks import pieces, quiet, title
from adapters.slack.buttons import buttons, numbered
from adapters.slack.parts import Piece, fits, joined, pack
from adapters.slack.pen import Pen
from adapters.slack.spans import NOTHING, Json
from adapters.slack.words import words
from bot.chat.cards import Block, Buttons, Card, Chart, Table, Text

FEW_ROWS = 20
FOOT = 1500


class Drawn(Struct, frozen=True):
    """A message: its blocks, and all that they say as text, escaped as Slack wants it.

    `rest` goes into the thread under it, in this order.
    """

    blocks: list[Json]
    text: str
    rest: tuple["Drawn", ...] = ()


def draw(card: Card, *, workspace: str, native: bool = True) -> Drawn:
    """The card as this workspace is shown it.

    Without `native` charts and tables are text, for workspaces that answer `invalid_blocks`.
    """
    pen = Pen(workspace, native, words(card.locale))
    foot = buttons(card.buttons, pen)
    groups = [[*title(card.title, pen)], *_groups(card.blocks, pen)]
    whole = [piece for group in groups for piece in group] + foot or list(quiet(NOTHING))
    if fits(whole):
        return _message(whole)
    if limits.size(joined(foot).text) > FOOT:
        groups, foot = [*groups, foot], []
    return _in_parts(card, pack([group for group in groups if group], foot), foot, pen)


def plainer(drawn: Drawn, text_form: Drawn) -> list[Drawn]:
    """The same in ever plainer ways, for a workspace that refuses one: at last, text alone."""
    some = [text_form] if text_form.blocks != drawn.blocks else []
    return [drawn, *some, _bare(text_form)]


def _bare(drawn: Drawn) -> Drawn:
    return Drawn([], drawn.text, tuple(map(_bare, drawn.rest)))


def _in_parts(card: Card, messages: list[list[Piece]], foot: list[Piece], pen: Pen) -> Drawn:
    """The first message says that it goes on and has the card's buttons; each other its number."""
    of = len(messages)
    named = limits.short(card.title, limits.HEADER // 2)
    rest = [
        _message([*quiet(pen.words.part.format(title=named, part=part, of=of)), *more])
        for part, more in enumerate(messages[1:], 2)
    ]
    first = _message([*messages[0], *quiet(pen.words.continued.format(of=of)), *foot])
    return Drawn(first.blocks, first.text, tuple(rest))


def _message(some: list[Piece]) -> Drawn:
    all_ = joined(some)
    return Drawn(numbered(list(all_.blocks)), all_.text)


def _groups(blocks: tuple[Block, ...], pen: Pen) -> Iterator[list[Piece]]:
    """What should not be torn apart: a heading and what follows, a block and its buttons."""
    group: list[Piece] = []
    is_heading = False
    for each, how in _native_first(blocks, pen):
        joins = is_heading or isinstance(each, Buttons) or _is(each, "quiet")
        if group and not joins:
            yield group
            group = []
        group += pieces(each, how)
        is_heading = _is(each, "heading")
    if group:
        yield group


def _is(block: Block, style: str) -> bool:
    return isinstance(block, Text) and block.style == style


def _native_first(blocks: tuple[Block, ...], pen: Pen) -> Iterator[tuple[Block, Pen]]:
    """The first charts and the first table as Slack's own; a further one as text.

    A further long table stays Slack's own, and has a message to itself.
    """
    charts = tables = 0
    text = Pen(pen.workspace, False, pen.words)
    for each in blocks:
        charts += isinstance(each, Chart)
        tables += isinstance(each, Table)
        too_many = (isinstance(each, Chart) and charts > limits.CHARTS_OF_MESSAGE) or (
            isinstance(each, Table) and tables > 1 and len(each.rows) <= FEW_ROWS
        )
        yield each, text if too_many else pen
