"""Whether Teams would take what we drew, and show of it what was meant.

The published schema of Adaptive Cards 1.5 is one judge; the numbers of Microsoft's documentation
and a Markdown parser are others. None of them reads `adapters/teams/limits.py`.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from markdown_it import MarkdownIt

Json = dict[str, Any]
ROOT = Path(__file__).parents[3]

MESSAGE = 80 * 1000
"""Bytes in UTF-16."""
ACTIONS = 6
ELEMENTS = {
    "ActionSet",
    "Chart.Line",
    "Chart.VerticalBar.Grouped",
    "Container",
    "FactSet",
    "Input.ChoiceSet",
    "Input.Date",
    "Input.Text",
    "RichTextBlock",
    "Table",
    "TextBlock",
}
STYLES = {"compact", "expanded", "filtered"}
"""How a list of choices looks; the schema has left out the last, the documentation has not."""
NOT_OF_THE_SCHEMA = {"msteams", "choices.data"}
MARKDOWN = MarkdownIt("default", {"html": True})
ADDRESS = re.compile(r"://|\bwww\.|\bmailto:|\w\.[a-z]{2,}", re.IGNORECASE)
FUNCTION = re.compile(r"\{\{(?:DATE|TIME)\(")


@cache
def schema() -> Json | None:
    """The published schema, which is not ours to hand on; None where it is not there."""
    known = os.environ.get("OKR_ADAPTIVE_CARD_SCHEMA", "")
    file = Path(known or ROOT.parent / "shared" / "peers" / "adaptive-card-1.5.0.json")
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else None


def of_message(card: Json, text: str, entities: list[Json]) -> list[str]:
    """Everything that is wrong with a message."""
    return [
        *_heavy([card, text]),
        *([] if text.strip() else ["no text"]),
        *of_card(card),
        *([] if entities == card["msteams"].get("entities", []) else ["other entities"]),
    ]


def of_card(card: Json) -> list[str]:
    """Everything that is wrong with a card."""
    told = card["msteams"].get("entities", [])
    return [
        *_heavy(card),
        *(f"schema: {fault}" for fault in against_schema(card)),
        *(fault for each in elements(card) for fault in _element(each)),
        *_once("input", [each["id"] for each in elements(card) if "Input." in each["type"]]),
        *_people(card, told),
    ]


def of_dialog(card: Json) -> list[str]:
    """Everything that is wrong with a card in a dialog, where buttons can only be sent."""
    kinds = {action["type"] for action in actions(card)}
    return [*of_card(card), *(f"{kind} in a dialog" for kind in kinds - {"Action.Submit"})]


def against_schema(card: Json) -> list[str]:
    """What the schema has against a card, without what Teams knows beyond it."""
    return list(_shape_against_schema(json.dumps(_shape(_known_to_schema(card)))))


@cache
def _shape_against_schema(shape: str) -> tuple[str, ...]:
    judge = _judge()
    faults = judge.iter_errors(json.loads(shape)) if judge else ()
    return tuple(fault.message[:300] for fault in faults)


@cache
def _judge() -> Any:
    """It finds its way through the schema once."""
    published = schema()
    return jsonschema.Draft6Validator(published) if published else None


def _shape(value: Any, key: str = "") -> Any:
    """A card in which all texts are alike and each form of a thing is there once: the schema
    looks at nothing else, and a validator would take minutes over thousands that are the same."""
    match value:
        case dict():
            return {name: _shape(each, name) for name, each in value.items()}
        case list():
            return list({json.dumps(each): each for each in map(_shape, value)}.values())
        case str() if key in ("text", "title", "value", "label", "tooltip", "url", "id"):
            return "x"
        case _:
            return value


def elements(value: Any) -> Iterator[Json]:
    """Every element of a card, however deep, without its actions."""
    match value:
        case {"type": "AdaptiveCard", "body": body}:
            yield from elements(body)
        case {"type": "Table", "rows": rows}:
            yield value
            yield from (e for row in rows for cell in row["cells"] for e in elements(cell["items"]))
        case {"type": "ActionSet"}:
            yield value
            cards = [a["card"] for a in value["actions"] if a["type"] == "Action.ShowCard"]
            yield from (e for card in cards for e in elements(card))
        case {"type": _}:
            yield value
            yield from elements(value.get("items", []))
            yield from elements(value.get("fallback", []))
        case list():
            for each in value:
                yield from elements(each)


def actions(card: Json) -> Iterator[Json]:
    """Every action that somebody can press."""
    for each in elements(card):
        yield from each.get("actions", ())


def markup(card: Json) -> list[str]:
    """Every text in which Markdown is read and which is not just its characters there."""
    return [text for each in elements(card) for text in _read(each) if _means(text)]


def _heavy(sent: Any) -> Iterator[str]:
    size = len(json.dumps(sent, ensure_ascii=False).encode("utf-16-le"))
    if size > MESSAGE * 9 // 10:
        yield f"{size} bytes, where the envelope and 80 KB leave less"


def _known_to_schema(value: Any) -> Any:
    match value:
        case {"type": str(kind), "fallback": fallback} if kind.startswith("Chart."):
            return _known_to_schema(fallback)
        case {"style": "filtered"}:
            return _known_to_schema({**value, "style": "compact"})
        case dict():
            kept = {name: each for name, each in value.items() if name not in NOT_OF_THE_SCHEMA}
            return {name: _known_to_schema(each) for name, each in kept.items()}
        case list():
            return [_known_to_schema(each) for each in value]
        case _:
            return value


def _element(each: Json) -> Iterator[str]:
    kind = each["type"]
    if kind not in ELEMENTS:
        yield f"unknown element {kind}"
    yield from (f"Markdown in {text!r}" for text in _read(each) if _means(text))
    match kind:
        case "TextBlock":
            if not each["wrap"] or not each["text"].strip():
                yield "a text that is cut or empty"
        case "RichTextBlock":
            yield from _runs(each["inlines"])
        case "ActionSet":
            yield from _many("actions", each["actions"], 1, ACTIONS)
            for action in each["actions"]:
                yield from _action(action)
        case "FactSet":
            yield from _many("facts", each["facts"], 1, 1000)
        case "Table":
            yield from _table(each)
        case "Input.ChoiceSet":
            yield from _choices(each)
        case "Input.Date":
            for name in ("value", "min", "max"):
                date.fromisoformat(each.get(name, "2026-01-01"))
        case "Input.Text":
            if len(each.get("value", "")) > each["maxLength"]:
                yield "a value that is longer than it may be"
        case _ if kind.startswith("Chart."):
            yield from _chart(each)
    if kind.startswith("Input.") and each.get("isRequired") and not each.get("errorMessage"):
        yield "needed, and it does not say so"


def _runs(runs: list[Json]) -> Iterator[str]:
    yield from _many("runs", runs, 1, 1000)
    for run in runs:
        if not run["text"] or FUNCTION.search(run["text"]):
            yield f"a run that shows something else: {run['text']!r}"
        if "selectAction" in run:
            yield from _leads(run["selectAction"]["url"])


def _action(action: Json) -> Iterator[str]:
    if not action["title"].strip():
        yield "a button without a label"
    match action["type"]:
        case "Action.Execute":
            instead = action["fallback"]
            if action["verb"] != "okr" or not isinstance(action["data"].get("okr"), str):
                yield f"a button that says nothing: {action}"
            if instead["type"] != "Action.Submit" or instead["data"] != action["data"]:
                yield "a fallback that says something else"
            if instead["title"] != action["title"]:
                yield "a fallback that is called otherwise"
        case "Action.Submit":
            if not isinstance(action["data"].get("okr"), str):
                yield f"a button that says nothing: {action}"
        case "Action.OpenUrl":
            yield from _leads(action["url"])
        case "Action.ShowCard":
            (asked,) = [each for each in action["card"]["body"] if each["type"] == "ActionSet"]
            yield from _many("answers", asked["actions"], 1, 1)
        case kind:
            yield f"unknown action {kind}"


def _leads(url: str) -> Iterator[str]:
    if not url.startswith(("https://", "http://")):
        yield f"{url!r} leads nowhere"


def _table(table: Json) -> Iterator[str]:
    widths = {len(row["cells"]) for row in table["rows"]}
    if widths != {len(table["columns"])}:
        yield "rows of different lengths"
    yield from _many("rows", table["rows"], 2, 100)
    yield from (
        "an empty cell" for row in table["rows"] for cell in row["cells"] if not cell["items"]
    )


def _choices(each: Json) -> Iterator[str]:
    offered = [choice["value"] for choice in each["choices"]]
    yield from _once("choice", offered)
    yield from (f"an empty choice: {c}" for c in each["choices"] if not (c["title"] and c["value"]))
    if "choices.data" not in each:
        yield from _many("choices", offered, 1, 1000)
        if each["style"] not in STYLES:
            yield f"style {each['style']}"
    chosen = each.get("value", "")
    for value in chosen.split(",") if each.get("isMultiSelect") else [chosen]:
        if value and value not in offered:
            yield f"{value!r} is chosen and not offered"


def _chart(chart: Json) -> Iterator[str]:
    if not chart["fallback"]["items"]:
        yield "a chart without its fallback"
    places = {tuple(point["x"] for point in series["values"]) for series in chart["data"]}
    if len(places) != 1 or len(set(*places)) != len(*places):
        yield "series with different or doubled places"
    yield from _once("legend", [series["legend"] for series in chart["data"]])


def _people(card: Json, told: list[Json]) -> Iterator[str]:
    """Each mention has its entity, and each entity is somewhere to be read."""
    texts = [each["text"] for each in elements(card) if each["type"] == "TextBlock"]
    meant = Counter(name for text in texts for name in re.findall(r"<at>[^<]*</at>", text))
    yield from _once("entity", [entity["text"] for entity in told])
    if set(meant) != {entity["text"] for entity in told}:
        yield f"mentions {sorted(meant)} and entities {told}"


def _read(each: Json) -> Iterator[str]:
    """The texts of an element in which a client of Teams reads Markdown."""
    if each["type"] == "TextBlock":
        yield each["text"]
    for fact in each.get("facts", ()):
        yield from (fact["title"], fact["value"])
    if each.get("style") == "expanded" or each.get("isMultiSelect"):
        yield from (choice["title"] for choice in each["choices"])
    if "errorMessage" in each:
        yield each["errorMessage"]


def _means(text: str) -> bool:
    """Whether Markdown makes anything of the text but these characters."""
    bare = re.sub(r"</?at>", "", text)
    tokens = MARKDOWN.parse(text)
    parts = [part for token in tokens for part in token.children or ()]
    said = "".join(p.content for p in parts if p.type == "text")
    kinds = {token.type for token in tokens} - {"paragraph_open", "inline", "paragraph_close"}
    inner = {p.type for p in parts if p.content not in ("<at>", "</at>")} - {"text"}
    return bool(
        kinds or inner or said != bare or ADDRESS.search(bare) or "{{" in text or len(tokens) > 3
    )


def _many(what: str, things: Any, least: int, most: int) -> Iterator[str]:
    if not least <= len(things) <= most:
        yield f"{what}: {len(things)} of them, {least} to {most} allowed"


def _once(what: str, names: list[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{what} {name!r} is there {times} times"
