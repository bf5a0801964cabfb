"""A meter as a bar of characters; the words beside it say the same."""

from typing import assert_never

from adapters.teams import plain, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from bot.chat.bars import bar, mark
from bot.chat.cards import Meter, Tone, Words


def meter(each: Meter, pen: Pen) -> list[Piece]:
    """The words, and under them the bar where something is known, which nobody needs to hear."""
    said = (Words(each.label, bold=True), Words(f"  {mark(each.tone)}{each.text}"))
    *rest, last = spans.pieces(said, pen) if plain.said(said).strip() else [Piece((), "")]
    bars = [] if each.value is None else [_drawn(each.value, each.expected, each.tone)]
    text = last.text if rest else plain.block(each)
    whole = Piece((*last.elements, *bars), text if last.elements else "")
    return [*rest, whole] if whole.elements else []


def _drawn(value: float, expected: float | None, tone: Tone) -> Json:
    drawn = spans.rich((Words(bar(value, expected)),), color=_colour(tone))
    return {**drawn, "spacing": "None"}


def _colour(tone: Tone) -> str:
    match tone:
        case "neutral":
            return "Accent"
        case "good":
            return "Good"
        case "warn":
            return "Warning"
        case "bad":
            return "Attention"
        case _:
            assert_never(tone)
