"""A meter as a bar of characters; the words beside it say the same."""

from typing import assert_never

from bot.chat.cards import Meter, Spans, Tone, Words

CELLS = 20


def meter(each: Meter) -> Spans:
    """The words, and under them the bar where something is known."""
    said = (Words(each.label, bold=True), Words(f"  {_mark(each.tone)}{each.text}"))
    return said if each.value is None else (*said, Words(f"\n{_bar(each.value, each.expected)}"))


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
