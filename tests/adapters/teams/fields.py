"""A card as its reader meets it: what it says, its buttons, and the fields of a form."""

from collections.abc import Iterator
from typing import Any

from adapters.teams.questions import answer

Json = dict[str, Any]
WARNING = "⚠ "


def walk(value: Any) -> Iterator[Json]:
    """Every element of a card, in order; what stands in for another is left out."""
    if isinstance(value, list):
        for each in value:
            yield from walk(each)
    elif isinstance(value, dict):
        yield value
        for name, each in value.items():
            if name not in ("fallback", "data", "msteams"):
                yield from walk(each)


def lines(card: Json) -> list[str]:
    """All that is to be read in a card, a line for each."""
    said: list[str] = []
    for element in walk(card.get("body", ())):
        match element:
            case {"type": "TextBlock", "text": text}:
                said.append(text)
            case {"type": "RichTextBlock", "inlines": inlines}:
                said.append("".join(i if isinstance(i, str) else i["text"] for i in inlines))
            case {"title": title, "value": value} if "type" not in element:
                said.append(f"{title} {value}")
    return said


def buttons(card: Json) -> list[Json]:
    return [e for e in walk(card) if e.get("type") in ("Action.Execute", "Action.Submit")]


def executes(card: Json) -> bool:
    return any(each["type"] == "Action.Execute" for each in buttons(card))


def label(button: Json) -> str:
    return str(button["title"])


def button(card: Json, wanted: str) -> Json:
    return next(each for each in buttons(card) if label(each) == wanted)


def inputs(card: Json) -> list[Json]:
    return [e for e in walk(card.get("body", ())) if str(e.get("type")).startswith("Input.")]


def is_form(card: Json) -> bool:
    """Whether something stands open there that can be sent."""
    return any("sheet" in button.get("data", {}) for button in buttons(card))


def question(field: Json) -> str:
    return str(field["id"])[2:]


def filled(card: Json) -> Json:
    """What goes along with a button: the fields as Teams sends them, without those left empty."""
    return {field["id"]: field["value"] for field in inputs(card) if field.get("value")}


def answers(card: Json) -> dict[str, str | tuple[str, ...]]:
    return dict(answer(f["id"], str(f.get("value") or ""), "") for f in inputs(card))


def fill(card: Json, name: str, given: str | tuple[str, ...]) -> bool:
    """Enter an answer as somebody can with a mouse and a keyboard; False where it is not asked."""
    for field in inputs(card):
        if question(field) != name:
            continue
        if field["type"] == "Input.ChoiceSet":
            field["value"] = ",".join(_choice(field, each) for each in _each(given))
        else:
            assert len(given) <= field.get("maxLength", len(given)), "Teams takes no more"
            field["value"] = given
        return True
    return False


def _each(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _choice(field: Json, wanted: str) -> str:
    """The option that means this, as the card offers it."""
    for choice in field["choices"]:
        if answer(field["id"], choice["value"], "")[1] in (wanted, (wanted,)):
            return str(choice["value"])
    assert not wanted, f"{wanted!r} is not offered"
    return ""


def missing(card: Json) -> list[str]:
    return [question(f) for f in inputs(card) if f.get("isRequired") and not f.get("value")]


def submit(card: Json) -> Json:
    """The button that sends the form or leads to its next page."""
    return next(b for b in buttons(card) if "sheet" in b["data"] and not b["data"].get("back"))


def back(card: Json) -> Json:
    return next(each for each in buttons(card) if each["data"].get("back"))


def page(card: Json) -> tuple[int, int, str]:
    """Which page of how many of which form."""
    sheet = submit(card)["data"].get("sheet", {})
    return sheet.get("page", 0), sheet.get("of", 1), submit(card)["data"]["okr"]


def title(card: Json) -> str:
    return lines(card)[0] if lines(card) else ""


def problems(card: Json) -> dict[str, str]:
    """What a form says is wrong: under a question of it, or at its head of none."""
    found: dict[str, list[str]] = {}
    name = ""
    for element in card.get("body", ()):
        if str(element.get("type")).startswith("Input."):
            name = question(element)
        elif (text := "\n".join(lines({"body": [element]}))).startswith(WARNING):
            found.setdefault(name, []).append(text)
    return {name: "\n".join(texts) for name, texts in found.items()}
