"""A meter as a bar of characters; the words beside it say the same."""

from typing import assert_never

from adapters.teams import plain, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from bot.chat.cards import Meter, Tone, Words

CELLS = 20


def meter(each: Meter, pen: Pen) -> list[Piece]:
    """The words, and under them the bar where something is known, which nobody needs to hear."""
    said = (Words(each.label, bold=True), Words(f"  {_mark(each.tone)}{each.text}"))
    *rest, last = spans.pieces(said, pen) if plain.said(said).strip() else [Piece((), "")]
    bars = [] if each.value is None else [_drawn(each.value, each.expected, each.tone)]
    text = last.text if rest else plain.block(each)
    whole = Piece((*last.elements, *bars), text if last.elements else "")
    return [*rest, whole] if whole.elements else []


def _drawn(value: float, expected: float | None, tone: Tone) -> Json:
    bar = spans.rich((Words(_bar(value, expected)),), color=_colour(tone))
    return {**bar, "spacing": "None"}


def _bar(value: float, expected: float | None) -> str:
    """Filled up to the value, with a tick where it should be by now."""
    full = _cells(value)
    bar = "█" * full + "░" * (CELLS - full)
    if expected is None:
        return bar
    tick = _cells(expected)
    return f"{bar[:tick]}┃{bar[tick:]}"


def _cells(share: float) -> int:
    return round(CELLS * min(1.0, max(0.0, share)))


def _mark(tone: Tone) -> str:
    match tone:
        case "neutral":
            return ""
        case "good":
            return "🟢 "
        case "warn":
            return "🟡 "
        case "bad":
            return "🔴 "
        case _:
            assert_never(tone)


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
