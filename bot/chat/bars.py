"""How far something has come, as a bar of characters, for platforms that draw no meters."""

from typing import assert_never

from bot.chat.cards import Tone

CELLS = 20


def bar(value: float, expected: float | None) -> str:
    """Filled up to the value, with a tick where it should be by now."""
    full = _cells(value)
    drawn = "█" * full + "░" * (CELLS - full)
    if expected is None:
        return drawn
    tick = _cells(expected)
    return f"{drawn[:tick]}┃{drawn[tick:]}"


def _cells(share: float) -> int:
    return round(CELLS * min(1.0, max(0.0, share)))


def mark(tone: Tone) -> str:
    """A sign before the words, which say the same."""
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
