"""One block of a card → the pieces that Slack shows it with."""

import json
from collections.abc import Iterator
from itertools import accumulate
from typing import assert_never

from adapters.slack import limits, plain
from adapters.slack.buttons import buttons
from adapters.slack.charts import chart
from adapters.slack.lists import gathered, lines
from adapters.slack.meters import meter
from adapters.slack.parts import Piece, joined, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import (
    QUIET,
    bold,
    elements,
    paragraph,
    plain_text,
    rich_text,
    split,
    too_long,
)
from adapters.slack.tables import table
from bot.chat.cards import (
    Block,
    Bullets,
    Buttons,
    Chart,
    Divider,
    Facts,
    Meter,
    Spans,
    Table,
    Text,
    Words,
)


def pieces(each: Block, pen: Pen) -> list[Piece]:
    """The block, in as many pieces as its length takes; none where it says nothing."""
    match each:
        case Text():
            return list(_text(each, pen))
        case Bullets():
            return list(lines(list(each.items), pen))
        case Facts():
            return list(_facts(each, pen))
        case Meter():
            return _meter(each, pen)
        case Chart():
            return chart(each, pen)
        case Table():
            return table(each, pen)
        case Divider():
            return [Piece(({"type": "divider"},), "")]
        case Buttons():
            return buttons(each.buttons, pen)
        case _:
            assert_never(each)


def paragraphs(spans: Spans, pen: Pen) -> Iterator[Piece]:
    """A run, in as many blocks as it takes."""
    for part in split(spans) if plain.said(spans).strip() else ():
        yield piece(plain.said(part), paragraph(part, pen.workspace))


def quiet(text: str) -> Iterator[Piece]:
    """Small grey text."""
    for part in split((Words(text),), QUIET) if text.strip() else ():
        said = plain.said(part)
        yield piece(said, {"type": "context", "elements": [plain_text(said)]})


def _text(text: Text, pen: Pen) -> Iterator[Piece]:
    match text.style:
        case "plain":
            yield from paragraphs(text.spans, pen)
        case "heading":
            yield from paragraphs(bold(text.spans), pen)
        case "quiet":
            if all(isinstance(span, Words) for span in text.spans):
                yield from quiet(plain.said(text.spans))
            else:
                yield from paragraphs(text.spans, pen)
        case "quote":
            for part in split(text.spans) if plain.said(text.spans).strip() else ():
                quoted = {"type": "rich_text_quote", "elements": elements(part, pen.workspace)}
                yield piece(plain.said(part), rich_text(quoted))
        case _:
            assert_never(text.style)


def _meter(each: Meter, pen: Pen) -> list[Piece]:
    """Its words with the bar under them, which nobody needs to hear."""
    drawn = list(paragraphs(meter(each), pen))
    if len(drawn) > 1:
        return drawn
    return [piece(plain.block(each), *joined(drawn).blocks)]


def _facts(facts: Facts, pen: Pen) -> Iterator[Piece]:
    """Each label, louder, with its value, on a line of its own."""
    each = [(Words(fact.label, bold=True), Words(": "), *fact.value) for fact in facts.facts]
    for some in gathered(list(each)):
        first, *more = some
        yield from paragraphs((*first, *(s for line in more for s in (Words("\n"), *line))), pen)


def title(text: str, pen: Pen) -> Iterator[Piece]:
    """A card's title: a heading, or a loud paragraph where a heading is too short for it."""
    if too_long(text, limits.HEADER):
        yield from paragraphs((Words(text, bold=True),), pen)
    elif text.strip():
        yield piece(text, {"type": "header", "text": plain_text(text)})


def clipped(some: list[Piece], most: int, weight: int, pen: Pen) -> list[Piece]:
    """The pieces that so many blocks and bytes hold, with a word where that is not all."""
    blocks = list(accumulate(len(each.blocks) for each in some))
    weights = list(accumulate(len(json.dumps(each.blocks)) for each in some))
    if not some or (blocks[-1] <= most and weights[-1] <= weight):
        return some
    both = zip(blocks, weights, strict=True)
    fitting = sum(count < most and heavy <= weight for count, heavy in both)
    return [*some[:fitting], *quiet(pen.words.more)]
