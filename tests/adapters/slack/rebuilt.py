"""What we drew, built anew with slackblocks, which refuses what Slack would.

It keeps a registry of Slack's limits and checks charts, tables, options and views in constructors.
What it builds must be what we drew: a field that it does not know is a difference. Only of a list
in groups it wants a group to be chosen, where Slack's documentation says an option.
"""

from typing import Any

import slackblocks as sb
from slackblocks.errors import InvalidUsageError
from slackblocks.objects import (
    AxisConfig,
    BarChart,
    ColumnSettings,
    DataPoint,
    DataSeries,
    LineChart,
    RawText,
)
from slackblocks.rich_text import elements as rich
from slackblocks.rich_text import objects as rich_parts

Json = dict[str, Any]


def message(blocks: list[Json], text: str) -> list[str]:
    """What slackblocks has against a message."""
    return _faults({"blocks": blocks}, lambda: sb.Message("C1", text=text, blocks=_blocks(blocks)))


def modal(view: Json) -> list[str]:
    """What slackblocks has against a modal."""

    def build() -> Any:
        return sb.ModalView(
            title=_text(view["title"]),
            close=_text(view["close"]),
            submit=_text(view["submit"]),
            blocks=_blocks(view["blocks"]),
            private_metadata=view["private_metadata"],
            callback_id=view["callback_id"],
        )

    return _faults(view, build)


def home(view: Json) -> list[str]:
    """What slackblocks has against an App Home."""
    return _faults(view, lambda: sb.HomeTabView(blocks=_blocks(view["blocks"])))


def _faults(ours: Json, build: Any) -> list[str]:
    try:
        theirs = build().to_dict() if ours.get("type") else build()._resolve()
    except InvalidUsageError as fault:
        return [f"slackblocks: {fault}"]
    same = _bare(ours.get("blocks")) == _bare(theirs.get("blocks"))
    return [] if same else ["slackblocks: it would build other blocks"]


def _bare(value: Any) -> Any:
    """Without what slackblocks adds, and without what is off anyway."""
    match value:
        case dict():
            kept = {key: _bare(each) for key, each in value.items() if key != "block_id"}
            if "option_groups" in kept:
                kept.pop("initial_option", None)
                kept.pop("initial_options", None)
            return {key: each for key, each in kept.items() if each not in (False, None, [])}
        case list() | tuple():
            return [_bare(each) for each in value]
        case _:
            return value


def _blocks(blocks: list[Json]) -> list[Any]:
    return [_block(block) for block in blocks]


def _block(block: Json) -> Any:
    match block:
        case {"type": "header", "text": text}:
            return sb.HeaderBlock(_text(text))
        case {"type": "divider"}:
            return sb.DividerBlock()
        case {"type": "context", "elements": texts}:
            return sb.ContextBlock([_text(text) for text in texts])
        case {"type": "actions", "elements": buttons}:
            return sb.ActionsBlock([_button(button) for button in buttons])
        case {"type": "rich_text", "elements": parts}:
            return sb.RichTextBlock([_part(part) for part in parts])
        case {"type": "table", "rows": rows, "column_settings": columns}:
            cells = [[_cell(cell) for cell in row] for row in rows]
            return sb.TableBlock(cells, [ColumnSettings(**column) for column in columns])
        case {"type": "data_visualization", "title": title, "chart": chart}:
            return sb.DataVisualizationBlock(title, _chart(chart))
        case {"type": "input", "label": label, "element": element}:
            hint = _text(block["hint"]) if "hint" in block else None
            return sb.InputBlock(
                label=_text(label),
                element=_element(element),
                hint=hint,
                optional=block["optional"],
                block_id=block["block_id"],
            )
        case _:
            raise InvalidUsageError(f"unknown block {block}")


def _text(text: Json) -> sb.Text:
    assert text["type"] == "plain_text"
    return sb.Text(text["text"], sb.TextType.PLAINTEXT, emoji=text["emoji"])


def _button(button: Json) -> Any:
    confirm = button.get("confirm")
    return sb.Button(
        text=_text(button["text"]),
        action_id=button["action_id"],
        url=button.get("url"),
        value=button.get("value"),
        style=button.get("style"),
        accessibility_label=button.get("accessibility_label"),
        confirm=_confirm(confirm) if confirm else None,
    )


def _confirm(confirm: Json) -> Any:
    texts = {key: _text(confirm[key]) for key in ("title", "text", "confirm", "deny")}
    return sb.ConfirmationDialogue(**texts, style=confirm.get("style"))


def _part(part: Json) -> Any:
    match part:
        case {"type": "rich_text_section", "elements": elements}:
            return rich_parts.RichTextSection([_rich(each) for each in elements])
        case {"type": "rich_text_quote", "elements": elements}:
            return rich_parts.RichTextQuote([_rich(each) for each in elements])
        case {"type": "rich_text_list", "elements": sections, "style": style}:
            return rich_parts.RichTextList(style, [_part(each) for each in sections])
        case _:
            raise InvalidUsageError(f"unknown rich text {part}")


def _rich(element: Json) -> Any:
    match element:
        case {"type": "text", "text": text}:
            return rich.RichText(text, **element.get("style", {}))
        case {"type": "link", "url": url, "text": text}:
            return rich.RichTextLink(url, text)
        case {"type": "user", "user_id": user}:
            return rich.RichTextUser(user)
        case _:
            raise InvalidUsageError(f"unknown element {element}")


def _cell(cell: Json) -> Any:
    if cell["type"] == "raw_text":
        if not cell["text"]:
            raise InvalidUsageError("an empty cell")
        return RawText(cell["text"])
    (section,) = cell["elements"]
    return _part(section)


def _chart(chart: Json) -> Any:
    kind = {"line": LineChart, "bar": BarChart}[chart["type"]]
    series = [
        DataSeries(each["name"], [DataPoint(p["label"], p["value"]) for p in each["data"]])
        for each in chart["series"]
    ]
    return kind(series=series, axis_config=AxisConfig(**chart["axis_config"]))


def _element(element: Json) -> Any:
    named = {
        key: value for key, value in element.items() if not key.endswith(("type", "s", "option"))
    }
    lists: Json = {}
    if "options" in element:
        lists["options"] = [_option(option) for option in element["options"]]
    if "option_groups" in element:
        lists["option_groups"] = [
            sb.OptionGroup(_text(group["label"]), [_option(o) for o in group["options"]])
            for group in element["option_groups"]
        ]
    if "initial_option" in element and "option_groups" not in element:
        lists["initial_option"] = _option(element["initial_option"])
    if "initial_options" in element and "option_groups" not in element:
        lists["initial_options"] = [_option(option) for option in element["initial_options"]]
    if element["type"] == "multi_static_select":
        lists.setdefault("options", None)
    kinds = {
        "plain_text_input": sb.PlainTextInput,
        "datepicker": sb.DatePicker,
        "static_select": sb.StaticSelectMenu,
        "multi_static_select": sb.StaticMultiSelectMenu,
        "radio_buttons": sb.RadioButtonGroup,
        "checkboxes": sb.CheckboxGroup,
        "users_select": sb.UserSelectMenu,
    }
    return kinds[element["type"]](**named, **lists)


def _option(option: Json) -> Any:
    about = _text(option["description"]) if "description" in option else None
    return sb.Option(text=_text(option["text"]), value=option["value"], description=about)
