"""One question → an input, and what an input's answer means. What is right is the core's to say.

An input's name says how its answer is to be read: "q:" as it stands, "c:" as an option, "m:" as
options with commas between them, "p:" as an account of the people picker. Then follows the
question's own id. An option is sent as its value, in which "%" and "," are escaped.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias, assert_never

from msgspec import Struct

from adapters.teams import limits
from adapters.teams.limits import Json
from adapters.teams.pen import Pen
from adapters.teams.spans import is_harmless
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

Given: TypeAlias = str | tuple[str, ...]
TEXT, ONE, MANY, PICKED = "q:", "c:", "m:", "p:"
NONE = Option("", "–")
"""The option that takes a choice back."""
ACCOUNT = re.compile(r"teams/[^/]*/([^/]+)")
PEOPLE: Json = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}


class Field(Struct, frozen=True):
    """An input without its label. `above` are options that it only has the numbers of.

    `shown` of `offered` options have room in it.
    """

    drawn: Json
    above: tuple[str, ...] = ()
    offered: int = 0
    shown: int = 0


def field(question: Question, given: Given, pen: Pen) -> Field:
    """The input of a question, holding what is given."""
    match question:
        case Number():
            return _line(question, _one(given), limits.TYPED)
        case ShortText() | LongText():
            return _line(question, _one(given), question.longest)
        case Day():
            return _day(question, _one(given), pen)
        case Choice():
            return _choice(question, question.options, _one(given))
        case Choices():
            return _choices(question, (given,) if isinstance(given, str) else given)
        case Person():
            return _person(question, _one(given))
        case _:
            assert_never(question)


def answer(name: str, entered: str, tenant: str) -> tuple[str, Given]:
    """The question that an input stands for, and what was typed or chosen there."""
    kind, question = name[:2], name[2:]
    if kind == MANY:
        return question, tuple(_plain(each) for each in entered.split(",") if each)
    if kind == PICKED and entered:
        return question, f"teams/{tenant}/{entered}"
    return question, _plain(entered) if kind == ONE else entered


def is_input(name: str) -> bool:
    """Whether this names an input of ours."""
    return name[:2] in (TEXT, ONE, MANY, PICKED)


def nothing_to_choose(question: Question) -> bool:
    """A list of nothing asks for nothing."""
    return isinstance(question, Choice | Choices) and not question.options


def _one(given: Given) -> str:
    return given if isinstance(given, str) else "".join(given[:1])


def _line(question: Question, text: str, longest: int) -> Field:
    many = isinstance(question, LongText) or "\n" in text
    drawn: Json = {"type": "Input.Text", "id": TEXT + question.id, "isMultiline": many}
    drawn["maxLength"] = max(longest, len(text))
    if text:
        drawn["value"] = text[: limits.TYPED]
    return Field(drawn)


def _day(question: Day, day: str, pen: Pen) -> Field:
    """A calendar; a line where what stands in it is no day, so that it is kept."""
    try:
        is_day = not day or date.fromisoformat(day).isoformat() == day
    except ValueError:
        is_day = False
    if not is_day:
        return _line(question, day, limits.TYPED)
    drawn: Json = {"type": "Input.Date", "id": TEXT + question.id}
    drawn |= {"value": day} if day else {}
    drawn |= {"min": question.first} if question.first else {}
    drawn |= {"max": question.last} if question.last else {}
    return Field(drawn | _range(question, pen))


def _range(question: Day, pen: Pen) -> Json:
    first, last = question.first, question.last
    say = pen.words
    said = say.between_days if first and last else say.from_day if first else say.to_day
    return {"errorMessage": said.format(first=first, last=last)} if first or last else {}


def _choice(question: Choice | Person, offered: tuple[Option, ...], chosen: str) -> Field:
    """A few options below each other; more in a list to pull down, many in one to search."""
    known = {option.value for option in offered}
    chosen = chosen if chosen in known else ""
    every = _once(offered)
    shown = _fitting(every, (chosen,))
    takes_back = [] if question.required or "" in known else [NONE]
    expands = len(shown) <= limits.EXPANDED and isinstance(question, Choice) and _harmless(shown)
    long = "compact" if len(shown) <= limits.COMPACT else "filtered"
    drawn: Json = {
        "type": "Input.ChoiceSet",
        "id": ONE + question.id,
        "style": "expanded" if expands else long,
        "wrap": True,
        "choices": [_option(option) for option in (*takes_back, *shown)],
    }
    if chosen:
        drawn["value"] = _coded(chosen)
    return Field(drawn, offered=len(every), shown=len(shown))


def _choices(question: Choices, chosen: tuple[str, ...]) -> Field:
    """Boxes below each other, in which Markdown would be read, or a list with boxes in it."""
    known = {option.value for option in question.options}
    chosen = tuple(value for value in chosen if value in known)
    every = _once(question.options)
    shown = _fitting(every, chosen)
    harmless = _harmless(shown)
    labels = [option.label if harmless else str(place) for place, option in enumerate(shown, 1)]
    drawn: Json = {
        "type": "Input.ChoiceSet",
        "id": MANY + question.id,
        "isMultiSelect": True,
        "style": "expanded" if len(shown) <= limits.BOXES else "compact",
        "wrap": True,
        "choices": [
            _option(Option(option.value, label))
            for label, option in zip(labels, shown, strict=True)
        ],
    }
    if chosen:
        drawn["value"] = ",".join(map(_coded, chosen))
    above = () if harmless else tuple(option.label for option in shown)
    return Field(drawn, above, len(every), len(shown))


def _person(question: Person, chosen: str) -> Field:
    """A list of those who may be named; Teams' own picker where nobody is named yet."""
    if question.people:
        people = tuple(Option(each.value, each.label) for each in question.people)
        return _choice(question, people, question.who(chosen) or chosen)
    drawn: Json = {
        "type": "Input.ChoiceSet",
        "id": PICKED + question.id,
        "choices": [],
        "choices.data": PEOPLE,
    }
    if account := ACCOUNT.fullmatch(chosen):
        drawn |= {"value": account[1], "choices": [{"title": account[1], "value": account[1]}]}
    return Field(drawn)


def _harmless(options: Iterable[Option]) -> bool:
    return all(is_harmless(option.label) for option in options)


def _once(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Each value once, the first of its labels."""
    first: dict[str, Option] = {}
    for option in options:
        first.setdefault(option.value, option)
    return tuple(first.values())


def _fitting(options: tuple[Option, ...], chosen: tuple[str, ...]) -> tuple[Option, ...]:
    """As many options as a list has room for, those that are chosen first."""
    if limits.weight([_option(option) for option in options]) <= limits.LIST:
        return options
    room = limits.LIST
    fitting = set()
    for option in sorted(options, key=lambda each: each.value not in chosen):
        room -= limits.weight(_option(option))
        if room >= 0:
            fitting.add(option.value)
    return tuple(option for option in options if option.value in fitting)


def _option(option: Option) -> Json:
    title = option.label if option.label.strip() else NONE.label
    return {"title": title, "value": _coded(option.value)}


def _coded(value: str) -> str:
    """A value as it can stand between commas."""
    return value.replace("%", "%25").replace(",", "%2C") or "%"


def _plain(coded: str) -> str:
    return "" if coded == "%" else coded.replace("%2C", ",").replace("%25", "%")
