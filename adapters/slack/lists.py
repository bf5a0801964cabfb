"""Short lines below each other, in as many blocks as it takes."""

from collections.abc import Iterator

from adapters.slack import plain
from adapters.slack.parts import Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import PIECE, rich_text, section, split, weigh
from bot.chat.cards import Spans

BESIDE = 3
"""What stands beside a line: its dot and its end."""


def lines(items: list[Spans], pen: Pen) -> Iterator[Piece]:
    """A list with a dot before each line."""
    for some in gathered(items):
        said = "\n".join(f"• {plain.said(item)}" for item in some)
        drawn = [section(item, pen.workspace) for item in some]
        yield piece(
            said, rich_text({"type": "rich_text_list", "style": "bullet", "elements": drawn})
        )


def gathered(items: list[Spans]) -> Iterator[list[Spans]]:
    """As many lines at a time as a block holds; one that is longer is taken apart."""
    some: list[Spans] = []
    room = PIECE
    for part in (part for item in items for part in split(item, PIECE - BESIDE)):
        more = weigh(plain.said(part)) + BESIDE
        if some and more > room:
            yield some
            some, room = [], PIECE
        some.append(part)
        room -= more
    if some:
        yield some
