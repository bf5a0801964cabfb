"""Whether Slack would take what we drew: three judges that do not know how it was drawn.

Slack's own models in Python, slackblocks, and the numbers of Slack's documentation in this file.
None of them reads `adapters/slack/limits.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.adapters.slack import rebuilt

Json = dict[str, Any]

IN_MESSAGES = {
    "actions",
    "context",
    "data_visualization",
    "divider",
    "header",
    "rich_text",
    "table",
}
IN_MODALS = {"actions", "context", "divider", "header", "input", "rich_text"}
IN_HOMES = IN_MODALS - {"input"}
UNMODELLED = {"data_visualization"}
"""What slack_sdk has no model of."""
PINGS = {"broadcast", "usergroup", "channel"}


def of_message(blocks: list[Json], text: str) -> list[str]:
    """Everything that is wrong with a message."""
    return [
        *_message(blocks, text),
        *_blocks(blocks, IN_MESSAGES),
        *_models(blocks),
        *rebuilt.message(blocks, text),
    ]


def of_modal(view: Json) -> list[str]:
    """Everything that is wrong with a modal."""
    return [
        *_view(view),
        *_blocks(view["blocks"], IN_MODALS),
        *_models(view["blocks"]),
        *_model_of(view),
        *rebuilt.modal(view),
    ]


def of_home(view: Json) -> list[str]:
    """Everything that is wrong with an App Home."""
    return [
        *_long("home", json.dumps(view), 250_000),
        *_many("home", view["blocks"], 1, 100),
        *_blocks(view["blocks"], IN_HOMES),
        *_models(view["blocks"]),
        *_model_of(view),
        *rebuilt.home(view),
    ]


def _models(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        if block["type"] in UNMODELLED:
            continue
        try:
            parsed = Block.parse(block)
            if parsed is None:
                yield f"slack_sdk does not know {block['type']}"
            else:
                parsed.to_dict()
        except SlackObjectFormationError as fault:
            yield f"slack_sdk: {fault}"


def _model_of(view: Json) -> Iterator[str]:
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as fault:
        yield f"slack_sdk: {fault}"


def _message(blocks: list[Json], text: str) -> Iterator[str]:
    kinds = Counter(block["type"] for block in blocks)
    yield from _many("message", blocks, 1, 50)
    yield from _long("message text", text, 4000)
    if kinds["table"] > 1:
        yield "more than one table"
    if kinds["data_visualization"] > 2:
        yield "more than two charts"
    if any(sign in text.replace("&amp;", "").replace("&lt;", "") for sign in "<"):
        yield "an unescaped sign in the text"


def _view(view: Json) -> Iterator[str]:
    yield from _long("view", json.dumps(view), 250_000)
    yield from _many("view", view["blocks"], 1, 100)
    yield from _long("metadata", view["private_metadata"] or "-", 3000)
    yield from _long("callback_id", view["callback_id"], 255)
    for part in ("title", "submit", "close"):
        yield from _plain(view[part], 24)


def _blocks(blocks: list[Json], known: set[str]) -> Iterator[str]:
    for block in blocks:
        if block["type"] not in known:
            yield f"{block['type']} is not for this surface"
        yield from _block(block)
    for name in ("block_id", "action_id"):
        ids = [each for each in _ids(blocks, name) if each]
        yield from (f"{name} {each!r} is there twice" for each, n in Counter(ids).items() if n > 1)
        for each in ids:
            yield from _long(name, each, 255)


def _ids(blocks: list[Json], name: str) -> Iterator[str | None]:
    for block in blocks:
        yield block.get(name)
        for element in (*block.get("elements", ()), block.get("element", {})):
            yield element.get(name)


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _plain(block["text"], 150)
        case "context":
            yield from _many("context", block["elements"], 1, 10)
            for text in block["elements"]:
                yield from _plain(text, 2000)
        case "actions":
            yield from _many("actions", block["elements"], 1, 25)
            for button in block["elements"]:
                yield from _button(button)
        case "rich_text":
            yield from _many("rich text", block["elements"], 1, 1000)
            yield from _long("rich text", _said(block), 3000)
            for part in block["elements"]:
                yield from _rich(part)
        case "table":
            yield from _table(block)
        case "data_visualization":
            yield from _chart(block)
        case "input":
            yield from _input(block)


def _rich(part: Json) -> Iterator[str]:
    for element in part["elements"]:
        if element["type"] == "rich_text_section":
            yield from _rich(element)
        elif element["type"] in PINGS:
            yield f"{element['type']} pings many"
        elif element["type"] in ("text", "link"):
            yield from _many(element["type"], element["text"], 1, 3000)
    yield from _many(part["type"], part["elements"], 1, 1000)


def _said(value: Any) -> str:
    """Every text in it."""
    if isinstance(value, dict):
        own = str(value["text"] if isinstance(value.get("text"), str) else value.get("user_id", ""))
        return own + "".join(_said(each) for each in value.values())
    return "".join(map(_said, value)) if isinstance(value, list) else ""


def _button(button: Json) -> Iterator[str]:
    yield from _plain(button["text"], 75)
    yield from _long("action_id", button["action_id"], 255)
    if "url" in button:
        yield from _long("url", button["url"], 3000)
    else:
        yield from _long("value", button["value"], 2000)
    if "accessibility_label" in button:
        yield from _long("accessibility_label", button["accessibility_label"], 75)
    if button.get("style", "primary") not in ("primary", "danger"):
        yield f"style {button['style']}"
    if confirm := button.get("confirm"):
        yield from _plain(confirm["title"], 100)
        yield from _plain(confirm["text"], 300)
        yield from _plain(confirm["confirm"], 30)
        yield from _plain(confirm["deny"], 30)


def _table(block: Json) -> Iterator[str]:
    rows = block["rows"]
    yield from _many("table", rows, 2, 100)
    yield from (fault for row in rows for fault in _many("row", row, 1, 20))
    yield from _many("column settings", block["column_settings"], 0, 20)
    if len({len(row) for row in rows}) != 1:
        yield "rows of different lengths"
    said = [_said(cell) for row in rows for cell in row]
    yield from _long("table", "".join(said), 10_000)
    yield from ("an empty cell" for text in said if not text.strip())


def _chart(block: Json) -> Iterator[str]:
    yield from _long("chart title", block["title"], 50)
    chart = block["chart"]
    categories = chart["axis_config"]["categories"]
    names = [series["name"] for series in chart["series"]]
    yield from _many("categories", categories, 1, 20)
    yield from _many("series", names, 1, 6)
    for label in (*categories, *names):
        yield from _long("chart label", label, 20)
    if len(set(categories)) < len(categories) or len(set(names)) < len(names):
        yield "two labels alike"
    for series in chart["series"]:
        if [point["label"] for point in series["data"]] != categories:
            yield "not one point for every category"
        if any(not isinstance(point["value"], int | float) for point in series["data"]):
            yield "a point without a value"


def _input(block: Json) -> Iterator[str]:
    yield from _plain(block["label"], 2000)
    if "hint" in block:
        yield from _plain(block["hint"], 2000)
    element = block["element"]
    match element["type"]:
        case "plain_text_input":
            most = element["max_length"]
            if not 1 <= most <= 3000:
                yield f"max_length {most}"
            yield from _many("initial value", element.get("initial_value", "-"), 1, most)
        case "datepicker":
            date.fromisoformat(element.get("initial_date", "2026-01-01"))
        case "radio_buttons" | "checkboxes":
            yield from _options(element, 10)
        case "static_select" | "multi_static_select":
            yield from _options(element, 100)
        case "users_select":
            pass
        case kind:
            yield f"unknown element {kind}"


def _options(element: Json, most: int) -> Iterator[str]:
    groups = element.get("option_groups", ())
    yield from (fault for group in groups for fault in _plain(group["label"], 75))
    lists = [group["options"] for group in groups] or [element["options"]]
    yield from _many("groups", lists, 1, 100)
    every = [option for some in lists for option in some]
    for some in lists:
        yield from _many("options", some, 1, most)
    for option in every:
        yield from _plain(option["text"], 75)
        yield from _long("option value", option["value"], 150)
        if "description" in option:
            yield from _plain(option["description"], 75)
    chosen = [element["initial_option"]] if "initial_option" in element else []
    for option in (*chosen, *element.get("initial_options", ())):
        if option not in every:
            yield f"{option} is chosen and not offered"
    if "initial_options" in element and not element["initial_options"]:
        yield "no initial options"
    if len({option["value"] for option in every}) < len(every):
        yield "two options alike"


def _plain(text: Json, most: int) -> Iterator[str]:
    if text["type"] != "plain_text" or text["emoji"]:
        yield f"not plain: {text}"
    yield from _long("text", text["text"], most)


def _long(what: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{what}: empty"
    if (size := len(text.encode("utf-16-le")) // 2) > most:
        yield f"{what}: {size} characters, {most} allowed"


def _many(what: str, things: Any, least: int, most: int) -> Iterator[str]:
    if not least <= len(things) <= most:
        yield f"{what}: {len(things)} of them, {least} to {most} allowed"
