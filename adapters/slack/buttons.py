"""Buttons in rows. Each carries its meaning in `value`, and in its `action_id` what it does."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from adapters.slack import limits, plain
from adapters.slack.parts import Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import PIECE, Json, paragraph, plain_text, split, too_long, weigh
from bot.chat.cards import Button, Words

DOES, OPENS, LEADS = "do", "form", "link"
"""How an `action_id` begins: a press to be heard, one that will open a form, one to be ignored."""


def buttons(row: tuple[Button, ...], pen: Pen) -> list[Piece]:
    """The buttons, and above them in full whatever a button is too small for."""
    long = [part for button in row for part in _in_full(button, pen)]
    pressed = [button for button in row if is_pressable(button)]
    return [*long, *(_row(some, pen) for some in _rows(pressed))]


def numbered(blocks: list[Json]) -> list[Json]:
    """The blocks of one message or view, with an `action_id` of its own on every button."""
    number = 0
    for block in blocks:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            number += 1
            element["action_id"] = f"{element['action_id'].partition('-')[0]}-{number}"
    return blocks


def is_pressable(button: Button) -> bool:
    """Whether pressing it can do anything: a link that Slack cannot follow does not."""
    return limits.leads(button.url) if button.url else bool(button.action)


def _rows(row: list[Button]) -> Iterator[tuple[Button, ...]]:
    """As many as Slack takes in a row, and as a message's text can name."""
    some: list[Button] = []
    for button in row:
        if some and (len(some) == limits.BUTTONS or weigh(_said((*some, button))) > PIECE):
            yield tuple(some)
            some = []
        some.append(button)
    if some:
        yield tuple(some)


def _row(row: tuple[Button, ...], pen: Pen) -> Piece:
    drawn = [_button(button, pen) for button in row]
    return piece(_said(row), {"type": "actions", "elements": drawn})


def _said(row: Iterable[Button]) -> str:
    """The row in words, each label as it is shown."""
    return plain.buttons(
        tuple(replace(each, label=limits.short(each.label, limits.BUTTON)) for each in row)
    )


def _button(button: Button, pen: Pen) -> Json:
    drawn: Json = {
        "type": "button",
        "text": plain_text(button.label, limits.BUTTON),
        "action_id": LEADS if button.url else OPENS if button.opens_form else DOES,
    }
    if button.url:
        drawn["url"] = button.url
    else:
        drawn["value"] = _meaning(button)
    if button.style != "plain":
        drawn["style"] = button.style
    if button.about:
        drawn["accessibility_label"] = limits.short(
            f"{button.label}: {button.about}", limits.BUTTON
        )
    if button.confirm:
        drawn["confirm"] = _confirm(button, pen)
    return drawn


def _meaning(button: Button) -> str:
    if limits.size(button.action) > limits.BUTTON_VALUE:
        raise ValueError(f"A button's action is too long for Slack: {button.action[:80]}…")
    return button.action


def _confirm(button: Button, pen: Pen) -> Json:
    drawn: Json = {
        "title": plain_text(button.label, limits.CONFIRM_TITLE),
        "text": plain_text(button.confirm, limits.CONFIRM_TEXT),
        "confirm": plain_text(button.label, limits.CONFIRM_BUTTON),
        "deny": plain_text(pen.words.cancel),
    }
    if button.style != "plain":
        drawn["style"] = button.style
    return drawn


def _in_full(button: Button, pen: Pen) -> Iterator[Piece]:
    """A label or a question that Slack has no room for, and the label of a link to nowhere."""
    texts = [button.label] if too_long(button.label, limits.BUTTON) else []
    texts += [button.confirm] if too_long(button.confirm, limits.CONFIRM_TEXT) else []
    for text in texts or ([] if is_pressable(button) else [button.label]):
        for part in split((Words(text),)):
            yield piece(plain.said(part), paragraph(part, pen.workspace))
