"""Answers out of what was typed and chosen; nothing that was typed is cut or corrected."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeAlias, assert_never

from msgspec import Struct

from bot.chat.events import Values
from bot.chat.questions import (
    Answer,
    Choice,
    Choices,
    Day,
    Fault,
    FaultKind,
    LongText,
    Number,
    Person,
    Question,
    Read,
    ShortText,
)
from bot.figures import parse_number

ECHOED = 200

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_TURNS_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(f"[{_CONTROLS}{_TURNS_DIRECTION}]")


class Wrong(Struct, frozen=True):
    """Why an answer cannot be taken, and the limit that it breaks."""

    kind: FaultKind
    limit: float | str = ""


Find: TypeAlias = Callable[[str], str]
"""The number of the person whom a raw value names, or "" for nobody."""


def nobody(_: str) -> str:
    """Where nobody can be looked up."""
    return ""


def read(questions: Iterable[Question], values: Values, locale: str, find: Find = nobody) -> Read:
    """The answers to these questions, None where left empty, and a fault for each that is wrong.

    `find` is asked for people whom a question does not name itself.
    """
    answers: dict[str, Answer] = {}
    faults: list[Fault] = []
    for question in questions:
        given = _given(values.get(question.id, ""))
        answer = _answer(question, given, locale, find)
        if isinstance(answer, Wrong):
            typed = ", ".join(given)[:ECHOED]
            faults.append(Fault(question.id, answer.kind, typed, answer.limit))
            answer = None
        answers[question.id] = answer
    return Read(answers, tuple(faults), values)


def clean(text: str) -> str:
    """The text without outer blanks and invisible controls, newline and tab excepted.

    Marks that turn the direction of what follows go too; letters of all scripts stay.
    """
    return _INVISIBLE.sub("", text).strip()


def _given(raw: str | tuple[str, ...]) -> tuple[str, ...]:
    """What was given, cleaned, without empty parts."""
    parts = (raw,) if isinstance(raw, str) else raw
    return tuple(part for part in map(clean, parts) if part)


def _answer(question: Question, given: tuple[str, ...], locale: str, find: Find) -> Answer | Wrong:
    if not given:
        return Wrong("required") if question.required else None
    match question:
        case Number():
            return _number(question, given[0], locale)
        case ShortText() | LongText():
            return _text(question, given[0])
        case Choice():
            return _option(question, given[0])
        case Choices():
            return _options(question, given)
        case Day():
            return _day(question, given[0])
        case Person():
            return _person(question, given[0], find)
        case _:
            assert_never(question)


def _number(question: Number, typed: str, locale: str) -> float | Wrong:
    number = parse_number(typed, locale)
    if number is None:
        return Wrong("not_a_number")
    if question.whole and not number.is_integer():
        return Wrong("not_whole")
    if question.least is not None and number < question.least:
        return Wrong("too_low", question.least)
    if question.most is not None and number > question.most:
        return Wrong("too_high", question.most)
    return number


def _text(question: ShortText | LongText, typed: str) -> str | Wrong:
    if len(typed) > question.longest:
        return Wrong("too_long", question.longest)
    return typed


def _option(question: Choice, chosen: str) -> str | Wrong:
    known = {option.value for option in question.options}
    return chosen if chosen in known else Wrong("not_an_option")


def _options(question: Choices, chosen: tuple[str, ...]) -> tuple[str, ...] | Wrong:
    """What was chosen, each once."""
    known = {option.value for option in question.options}
    return tuple(dict.fromkeys(chosen)) if known.issuperset(chosen) else Wrong("not_an_option")


def _day(question: Day, typed: str) -> date | Wrong:
    try:
        day = date.fromisoformat(typed if _ISO.fullmatch(typed) else "")
    except ValueError:
        return Wrong("not_a_day")
    if question.first and day < date.fromisoformat(question.first):
        return Wrong("too_early", question.first)
    if question.last and day > date.fromisoformat(question.last):
        return Wrong("too_late", question.last)
    return day


def _person(question: Person, named: str, find: Find) -> str | Wrong:
    number = question.who(named) if question.people else find(named)
    return number or Wrong("unknown_person")
