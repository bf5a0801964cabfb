"""A meter as a bar of characters; the words beside it say the same."""

from bot.chat.bars import bar, mark
from bot.chat.cards import Meter, Spans, Words


def meter(each: Meter) -> Spans:
    """The words, and under them the bar where something is known."""
    said = (Words(each.label, bold=True), Words(f"  {mark(each.tone)}{each.text}"))
    return said if each.value is None else (*said, Words(f"\n{bar(each.value, each.expected)}"))
