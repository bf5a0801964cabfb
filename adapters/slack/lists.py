"""Short lines below each other, in as many blocks as it takes."""

from collections.abc import Iterator

from adapters.slack import plain
from adapters.slack.parts import Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import PIECE, rich_text, section, split, weigh
from bot.chat.cards import Spans


def lines(items: list[Spans], pen: Pen) -> Iterator[Piece]:
    """A list with a dot before each line."""
    parts = [part for item in items for part in split(item, PIECE - 10)]
    some: list[Spans] = []
    weight = 0
    for part in parts:
        more = weigh(plain.said(part)) + 3
        if some and weight + more > PIECE:
            yield _list(some, pen)
            some, weight = [], 0
        some.append(part)
        weight += more
    if some:
        yield _list(some, pen)


def _list(items: list[Spans], pen: Pen) -> Piece:
    said = "\n".join(f"• {plain.said(item)}" for item in items)
    drawn = [section(item, pen.workspace) for item in items]
    return piece(said, rich_text({"type": "rich_text_list", "style": "bullet", "elements": drawn}))
