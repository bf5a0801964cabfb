"""What Slack is given for a card or a form, and what a reader sees of it: for the bench."""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from adapters.slack import cards, forms
from adapters.slack.cards import Drawn
from adapters.slack.plain import unescape as unescape
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.slack import judges

TEAM = "T1"
GOES_ON = re.compile(r"Continued in the thread below: part 1 of \d+\.|.*: part \d+ of \d+")
Json = dict[str, Any]


def messages(card: Card, *, locale: str = "", **how: Any) -> list[Drawn]:
    """The card's message and those in its thread."""
    first = cards.draw(replace(card, locale=locale or card.locale), workspace=TEAM, **how)
    return [first, *first.rest]


def modals(form: Form) -> list[Json]:
    """The form's modals, one after another."""
    return [forms.view(form, meta="{}", page=page) for page in range(forms.pages(form))]


def drawn(card: Card) -> str:
    """The card as Slack receives it."""
    parts = [{"text": part.text, "blocks": part.blocks} for part in messages(card)]
    return json.dumps(parts, ensure_ascii=False, indent=1)


def asked(form: Form) -> str:
    """The form as Slack receives it."""
    return json.dumps(modals(form), ensure_ascii=False, indent=1)


def faults(sent: str) -> list[str]:
    """What the judges have against what was drawn or asked."""
    found = []
    for part in json.loads(sent):
        if part.get("type") == "modal":
            found += judges.of_modal(part)
        else:
            found += judges.of_message(part["blocks"], part["text"])
    return found


def seen(sent: str) -> str:
    """Every text of the blocks that a reader is shown, one below the other.

    Where a text goes on in the next message, the two lines that say so do not count.
    """
    parts = json.loads(sent)
    shown = [text for part in parts for text in _texts(part if "type" in part else part["blocks"])]
    return "\n".join(text for text in shown if not GOES_ON.fullmatch(text))


def inert(sent: str, typed: str) -> bool:
    """Whether what was typed is shown as exactly its characters, and means nothing but itself."""
    read = seen(sent)
    means = {kind for part in json.loads(sent) for kind in _meanings(part)}
    return typed in read and not means


def _texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case {"type": "rich_text_section" | "rich_text_quote", "elements": elements}:
            yield "".join(text for element in elements for text in _texts(element))
        case dict():
            for name, each in value.items():
                yield from _texts(each, name)
        case list():
            for each in value:
                yield from _texts(each, key)
        case str() if key in ("text", "initial_value", "title", "name", "label", "categories"):
            yield value


def _meanings(value: Any) -> Iterator[str]:
    """Whatever in it could ping, style or lead, beyond what the tests' own cards ask for."""
    match value:
        case {"type": "mrkdwn"} | {"type": "broadcast" | "usergroup" | "channel" | "emoji"}:
            yield str(value["type"])
        case {"emoji": True}:
            yield "emoji"
        case {"url": str(url)} if not url.startswith("https://example.org"):
            yield url
        case {"type": "user", "user_id": str(user)} if not user.isalnum():
            yield user
        case {"blocks": _, "text": str(text)} if "<" in text or ">" in text:
            yield "an unescaped sign"
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _meanings(part)
