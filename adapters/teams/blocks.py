"""One block of a card → the pieces that Teams shows it with."""

from collections.abc import Iterator
from typing import assert_never

from adapters.teams import limits, plain, spans
from adapters.teams.buttons import buttons
from adapters.teams.charts import chart
from adapters.teams.limits import Json
from adapters.teams.meters import meter
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from adapters.teams.spans import QUIET, bold, is_harmless
from adapters.teams.tables import table
from bot.chat.cards import (
    Block,
    Bullets,
    Buttons,
    Chart,
    Divider,
    Facts,
    Mention,
    Meter,
    Span,
    Table,
    Text,
    Words,
)

HEADING: Json = {"weight": "Bolder", "size": "Medium"}
TITLE: Json = {"weight": "Bolder", "size": "Large"}


def pieces(each: Block, pen: Pen) -> list[Piece]:
    """The block, in as many pieces as its length takes; none where it says nothing."""
    match each:
        case Text():
            return list(_text(each, pen))
        case Bullets():
            return spans.bullets(each.items, pen)
        case Facts():
            return list(_facts(each, pen))
        case Meter():
            return meter(each, pen)
        case Chart():
            return chart(each, pen)
        case Table():
            return table(each, pen)
        case Divider():
            return [Piece((_divider(),), "")]
        case Buttons():
            return buttons(each.buttons, pen)
        case _:
            assert_never(each)


def title(text: str, pen: Pen) -> Iterator[Piece]:
    """What a card is called: a heading that screen readers can jump to, where it is harmless."""
    yield from _heading(Text((Words(text),)), TITLE, pen)


def _text(text: Text, pen: Pen) -> Iterator[Piece]:
    match text.style:
        case "plain":
            yield from spans.pieces(text.spans, pen)
        case "heading":
            yield from _heading(text, HEADING, pen)
        case "quiet":
            yield from spans.pieces(text.spans, pen, **QUIET)
        case "quote":
            for each in spans.pieces(text.spans, pen):
                box = {"type": "Container", "style": "emphasis", "items": list(each.elements)}
                yield Piece((box,), each.text, each.told)
        case _:
            assert_never(text.style)


def _heading(text: Text, style: Json, pen: Pen) -> Iterator[Piece]:
    said = plain.said(text.spans)
    plainly = all(isinstance(span, Words) and not span.code for span in text.spans)
    if said.strip() and plainly and is_harmless(said) and limits.weight(said) <= limits.PIECE:
        block = {"type": "TextBlock", "text": said, "wrap": True, "style": "heading", **style}
        yield Piece((block,), said)
    else:
        yield from spans.pieces(bold(text.spans), pen, **style)


def _facts(facts: Facts, pen: Pen) -> Iterator[Piece]:
    """Labels beside their values; below each other where one of them is not harmless."""
    every = [fact for fact in facts.facts if (fact.label + plain.said(fact.value)).strip()]
    texts = [(fact.label, plain.said(fact.value)) for fact in every]
    plainly = all(_is_plain(span) for fact in every for span in fact.value)
    light = limits.weight(texts) <= limits.PIECE
    if every and plainly and light and all(is_harmless(text) for pair in texts for text in pair):
        drawn = [{"title": label, "value": value} for label, value in texts]
        said = "\n".join(f"{label}: {value}" for label, value in texts)
        yield Piece(({"type": "FactSet", "facts": drawn},), said)
        return
    for fact in every:
        line = (Words(fact.label, bold=True), Words(": "), *fact.value)
        yield from spans.pieces(line, pen)


def _is_plain(span: Span) -> bool:
    """Whether it has no style, leads nowhere and tells nobody."""
    if isinstance(span, Words):
        return not (span.bold or span.italic or span.code)
    return isinstance(span, Mention) and not span.actors


def _divider() -> Json:
    """A line across the card."""
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": []}
