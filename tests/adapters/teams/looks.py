"""What the Teams adapter draws, as Teams is given it and as a reader sees it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from adapters.teams import cards, forms
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.golden.laid_out import laid_out
from tests.adapters.teams import judges

TENANT = "7b5d7b7c-2222-4222-8333-123456789abc"
GOES_ON = re.compile(r"Continued below: part 1 of \d+\.|.*: part \d+ of \d+")
Json = dict[str, Any]


class Looks:
    """Adaptive Cards."""

    extension = "json"

    def drawn(self, card: Card) -> str:
        first = cards.draw(card, tenant=TENANT)
        parts = [{"summary": part.text, "card": part.card} for part in (first, *first.rest)]
        return json.dumps(parts, ensure_ascii=False)

    def asked(self, form: Form) -> str:
        parts = [{"card": forms.card(form, page=page)} for page in range(forms.pages(form))]
        return json.dumps(parts, ensure_ascii=False)

    def golden(self, shown: Card | Form) -> str:
        return "".join(f"{line}\n" for line in laid_out(self._sent(shown), ""))

    def says(self, shown: Card | Form) -> str:
        return seen(self._sent(shown))

    def aloud(self, card: Card) -> str:
        return "\n".join(part["summary"] for part in self._sent(card))

    def inert(self, drawn: str, typed: str) -> bool:
        parts = json.loads(drawn)
        texts = [text for part in parts for text in judges.markup(part["card"])]
        leads = [url for url in _addresses(parts) if not url.startswith("https://example.org")]
        tells = [part for part in parts if part["card"]["msteams"].get("entities")]
        return typed in seen(parts) and not (texts or leads or tells)

    def within_limits(self, shown: Card | Form) -> list[str]:
        if isinstance(shown, Form):
            return [fault for part in self._sent(shown) for fault in judges.of_card(part["card"])]
        return [
            fault
            for part in self._sent(shown)
            for fault in judges.of_message(
                part["card"], part["summary"], part["card"]["msteams"].get("entities", [])
            )
        ]

    def _sent(self, shown: Card | Form) -> list[Json]:
        sent: list[Json] = json.loads(
            self.drawn(shown) if isinstance(shown, Card) else self.asked(shown)
        )
        return sent


def seen(parts: list[Json]) -> str:
    """Every text that a reader is shown, one element below the other.

    Where a text goes on in the next message, the two lines that say so do not count.
    """
    shown = [text for part in parts for text in _texts(part["card"]["body"])]
    return "\n".join(text for text in shown if not GOES_ON.fullmatch(text))


def _texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case {"type": "RichTextBlock", "inlines": runs}:
            yield "".join(run["text"] for run in runs)
        case {"type": "TextBlock", "text": str(text)}:
            yield re.sub(r"</?at>", "", text)
        case dict():
            for name, each in value.items():
                if name not in ("data", "fallback"):
                    yield from _texts(each, name)
        case list():
            for each in value:
                yield from _texts(each, key)
        case str() if key in ("title", "value", "label", "tooltip", "legend", "x", "errorMessage"):
            yield value


def _addresses(value: Any) -> Iterator[str]:
    match value:
        case {"url": str(url)}:
            yield url
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _addresses(part)
