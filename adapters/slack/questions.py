"""One question → an input, and what an input's answer means. What is right is the core's to say."""

import re
from datetime import date
from typing import TypeAlias, assert_never

from msgspec import Struct

from adapters.slack import limits
from adapters.slack.options import Options, options, value
from adapters.slack.spans import Json
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    LongText,
    Number,
    Option,
    Person,
    Question,
    ShortText,
)

FEW = 5
"""So many options stand below each other; more are a list to pull down."""
ACCOUNT = re.compile(r"slack/[^/]*/([A-Z0-9]+)", re.ASCII)
Given: TypeAlias = str | tuple[str, ...]


class Field(Struct, frozen=True):
    """What is drawn, and of its list how many options are shown and which are cut."""

    drawn: Json
    listed: Options | None = None


def field(question: Question, given: Given) -> Field:
    """The field of a question, holding what is given."""
    match question:
        case Number():
            return _line(_one(given), limits.TEXT)
        case ShortText() | LongText():
            long = isinstance(question, LongText)
            return _line(_one(given), question.longest, many=long)
        case Day():
            return _day(_one(given))
        case Choice():
            return _choice(question, _one(given))
        case Choices():
            return _choices(question, (given,) if isinstance(given, str) else given)
        case Person():
            return _person(question, _one(given))
        case _:
            assert_never(question)


def answer(state: Json, workspace: str) -> Given:
    """What stands in a field, as it was typed or chosen."""
    match state:
        case {"selected_options": chosen}:
            return tuple(value(option) for option in chosen or ())
        case {"selected_option": chosen}:
            return value(chosen) if chosen else ""
        case {"selected_user": user}:
            return f"slack/{workspace}/{user}" if user else ""
        case {"selected_date": day}:
            return str(day or "")
        case _:
            return _whole(str(state.get("value") or ""))


def _whole(text: str) -> str:
    """Without halves of characters, which no page of a form could be kept with."""
    return text.encode("utf-8", "ignore").decode()


def nothing_to_choose(question: Question) -> bool:
    """Slack takes no list of nothing."""
    return isinstance(question, Choice | Choices) and not question.options


def _one(given: Given) -> str:
    return given if isinstance(given, str) else "".join(given[:1])


def _line(text: str, longest: int, *, many: bool = False) -> Field:
    drawn: Json = {"type": "plain_text_input", "multiline": many or "\n" in text}
    drawn["max_length"] = min(limits.TEXT, max(longest, len(text)))
    if text:
        drawn["initial_value"] = text[: limits.TEXT]
    return Field(drawn)


def _day(day: str) -> Field:
    """A calendar; a line where what stands in it is no day, so that it is kept."""
    if not day:
        return Field({"type": "datepicker"})
    try:
        is_day = date.fromisoformat(day).isoformat() == day
    except ValueError:
        is_day = False
    if not is_day:
        return _line(day, limits.TEXT)
    return Field({"type": "datepicker", "initial_date": day})


def _choice(question: Choice, given: str) -> Field:
    few = len(question.options) <= FEW and question.required
    chosen = "".join(_offered(question, (given,)))
    listed = options(question.options, (chosen,), clears=not question.required)
    return _select("radio_buttons" if few else "static_select", listed, chosen)


def _select(kind: str, listed: Options, chosen: str) -> Field:
    drawn: Json = {"type": kind, **listed.listed()}
    if first := listed.chosen((chosen,)):
        drawn["initial_option"] = first[0]
    return Field(drawn, listed)


def _offered(question: Choice | Choices, given: tuple[str, ...]) -> tuple[str, ...]:
    """What was chosen, without options that are gone since."""
    return tuple(each for each in given if any(each == o.value for o in question.options))


def _choices(question: Choices, given: tuple[str, ...]) -> Field:
    chosen = _offered(question, given)
    listed = options(question.options, chosen, clears=False)
    kind = "checkboxes" if len(listed.drawn) <= limits.BOXES else "multi_static_select"
    drawn: Json = {"type": kind, **listed.listed()}
    if initial := listed.chosen(chosen):
        drawn["initial_options"] = initial
    return Field(drawn, listed)


def _person(question: Person, chosen: str) -> Field:
    """A list of those who may be named; Slack's own picker where nobody is named yet."""
    account = ACCOUNT.fullmatch(chosen)
    if not question.people and (account or not chosen):
        initial = {"initial_user": account[1]} if account else {}
        return Field({"type": "users_select", **initial})
    people = tuple(Option(each.value, each.label) for each in question.people)
    here = question.who(chosen) or chosen
    return _select("static_select", options(people, (here,), clears=not question.required), here)
