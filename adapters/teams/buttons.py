"""Buttons in rows of six. Each carries its meaning in its data, never a session."""

from collections.abc import Iterator

from msgspec.structs import replace

from adapters.teams import limits, plain, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from bot.chat.cards import Button, Words

VERB = "okr"
OPENS = "opens"
"""In the data of a button that will open a form, beside its action."""
STYLES = {"primary": "positive", "danger": "destructive"}


def buttons(row: tuple[Button, ...], pen: Pen) -> list[Piece]:
    """The buttons, and above them in full whatever a button is too small for."""
    pressed = [button for button in row if is_pressable(button)]
    return [
        *(piece for button in row for piece in _in_full(button, pen)),
        *(_row(some, pen) for some in _rows(pressed)),
    ]


def action(title: str, data: Json, style: str = "plain", **more: str) -> Json:
    """A button that tells the bot; old clients send the same as a message."""
    drawn: Json = {"title": title, **more, "data": data}
    if style in STYLES:
        drawn["style"] = STYLES[style]
    return {
        "type": "Action.Execute",
        "verb": VERB,
        **drawn,
        "fallback": {"type": "Action.Submit", **drawn},
    }


def is_pressable(button: Button) -> bool:
    """Whether pressing it can do anything: a link that Teams cannot follow does not."""
    return limits.leads(button.url) if button.url else bool(button.action)


def _rows(row: list[Button]) -> Iterator[tuple[Button, ...]]:
    """As many as Teams shows in a row, and as a narrow window has room for."""
    some: list[Button] = []
    for button in row:
        wide = sum(len(_title(each)) + limits.FRAME for each in (*some, button))
        if some and (len(some) == limits.ACTIONS or wide > limits.ROW):
            yield tuple(some)
            some = []
        some.append(button)
    if some:
        yield tuple(some)


def _row(row: tuple[Button, ...], pen: Pen) -> Piece:
    named = tuple(replace(each, label=_title(each)) for each in row)
    actions = [_button(button, pen) for button in row]
    return Piece(({"type": "ActionSet", "actions": actions},), plain.buttons(named))


def _title(button: Button) -> str:
    return limits.short(spans.ended(button.label), limits.BUTTON) if button.label.strip() else "–"


def _button(button: Button, pen: Pen) -> Json:
    """The button; one that asks first opens its question, and the same button below that."""
    drawn = _pressed(button, pen)
    if not button.confirm.strip() or button.url:
        return drawn
    question = spans.piece((Words(limits.short(button.confirm, limits.QUESTION)),), pen)
    asks: Json = {
        "type": "Action.ShowCard",
        "title": drawn["title"],
        "card": {
            "type": "AdaptiveCard",
            "version": "1.5",
            "body": [*question.elements, {"type": "ActionSet", "actions": [drawn]}],
        },
    }
    return {**asks, **{name: drawn[name] for name in ("style", "tooltip") if name in drawn}}


def _pressed(button: Button, pen: Pen) -> Json:
    title = _title(button)
    about = f"{button.label}: {button.about}" if button.about else button.label
    more = {"tooltip": limits.short(about, 4 * limits.BUTTON)} if about != title else {}
    if button.url:
        return {"type": "Action.OpenUrl", "title": title, **more, "url": button.url}
    data: Json = {"okr": _meaning(button)}
    if button.opens_form and not pen.personal:
        data = {**data, OPENS: True, "msteams": {"type": "task/fetch"}}
        style = {"style": STYLES[button.style]} if button.style in STYLES else {}
        return {"type": "Action.Submit", "title": title, **more, **style, "data": data}
    return action(
        title, {**data, **({OPENS: True} if button.opens_form else {})}, button.style, **more
    )


def _meaning(button: Button) -> str:
    if len(button.action) > limits.ACTION:
        raise ValueError(f"A button's action is too long for Teams: {button.action[:80]}…")
    return button.action


def _in_full(button: Button, pen: Pen) -> Iterator[Piece]:
    """A label or a question that has no room, and the label of a link to nowhere."""
    texts = [button.label] if len(button.label) > limits.BUTTON or not is_pressable(button) else []
    texts += [button.confirm] if len(button.confirm) > limits.QUESTION else []
    for text in texts:
        yield from spans.pieces((Words(text),), pen)
