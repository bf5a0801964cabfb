"""What Slack is given for a card or a form, and what a reader sees of it: for the bench."""

import json
from collections.abc import Iterator
from typing import Any

from adapters.slack import cards, forms
from adapters.slack.cards import Drawn
from adapters.slack.plain import unescape
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.adapters.slack import judges

TEAM = "T1"
Json = dict[str, Any]


def messages(card: Card, **how: Any) -> list[Drawn]:
    """The card's message and those in its thread."""
    first = cards.draw(card, workspace=TEAM, **how)
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
    """Every text that a reader is shown, one below the other."""
    return "\n".join(text for part in json.loads(sent) for text in _texts(part))


def inert(sent: str, typed: str) -> bool:
    """Whether what was typed is shown as exactly its characters, and means nothing but itself."""
    read = seen(sent)
    means = {kind for part in json.loads(sent) for kind in _meanings(part)}
    return typed in read and not means


def _texts(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, each in value.items():
                escaped = "blocks" in value and name == "text"
                yield from (unescape(text) if escaped else text for text in _texts(each, name))
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
