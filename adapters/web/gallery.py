"""Every example card and form, grouped by flow."""

from itertools import groupby
from typing import assert_never

from markupsafe import Markup
from msgspec import Struct

from adapters.web import cards, forms
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.stage import Example


class Picture(Struct, frozen=True):
    """One example, drawn: its title is what its reader sees, its name what it is an example of."""

    anchor: str
    title: str
    name: str
    kind: str
    html: Markup


class Flow(Struct, frozen=True):
    """The examples of one flow."""

    anchor: str
    name: str
    pictures: list[Picture]


def flows(examples: list[Example]) -> list[Flow]:
    """All examples, drawn exactly as in chat."""
    numbered = enumerate(sorted(examples, key=lambda example: example.flow))
    return [
        Flow(f"flow-{number}", name, [_picture(place, example) for place, example in group])
        for number, (name, group) in enumerate(groupby(numbered, key=lambda pair: pair[1].flow))
    ]


def _picture(number: int, example: Example) -> Picture:
    shown = example.shown
    match shown:
        case Card():
            return Picture(
                f"example-{number}", shown.title, example.name, "card", cards.render(shown)
            )
        case Form():
            html = forms.render(shown, prefix=f"form-{number}", all_pages=True)
            return Picture(f"example-{number}", shown.title, example.name, "form", html)
        case _:
            assert_never(shown)
