"""What the Slack adapter draws, as Slack is given it and as a reader sees it."""

import json
from collections.abc import Iterator
from typing import Any
from unicodedata import category

from adapters.slack.plain import unescape
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.slack import shown as slack

WIDTH = 100


class Looks:
    """Block Kit, which Slack takes or refuses as a whole."""

    extension = "json"

    def drawn(self, card: Card) -> str:
        return slack.drawn(card)

    def asked(self, form: Form) -> str:
        return slack.asked(form)

    def golden(self, shown: Card | Form) -> str:
        return "".join(f"{line}\n" for line in _lines(json.loads(self._sent(shown)), ""))

    def says(self, shown: Card | Form) -> str:
        return slack.seen(self._sent(shown))

    def aloud(self, card: Card) -> str:
        parts = json.loads(self.drawn(card))
        return "\n".join(unescape(part["text"]) for part in parts)

    def inert(self, drawn: str, typed: str) -> bool:
        return slack.inert(drawn, typed)

    def within_limits(self, shown: Card | Form) -> list[str]:
        return slack.faults(self._sent(shown))

    def _sent(self, shown: Card | Form) -> str:
        return self.drawn(shown) if isinstance(shown, Card) else self.asked(shown)


def _lines(value: Any, indent: str, named: str = "", end: str = "") -> Iterator[str]:
    """What fits on a line stands on one; what does not, each part below the other."""
    flat = "".join(map(_visible, json.dumps(value, ensure_ascii=False)))
    if not isinstance(value, dict | list) or len(indent + named + flat) <= WIDTH:
        yield f"{indent}{named}{flat}{end}"
        return
    pairs = value.items() if isinstance(value, dict) else (("", each) for each in value)
    parts = [
        (f"{json.dumps(key)}: " if isinstance(value, dict) else "", each) for key, each in pairs
    ]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{named}{opened}"
    for number, (name, each) in enumerate(parts, 1):
        yield from _lines(each, f"{indent} ", name, "," if number < len(parts) else "")
    yield f"{indent}{closed}{end}"


def _visible(sign: str) -> str:
    seen = sign == "\n" or category(sign)[0] not in "CZ" or sign == " "
    return sign if seen else f"\\u{ord(sign):04x}"
