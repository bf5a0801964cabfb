"""What can be asked: the kinds of question, and what can be wrong with an answer."""

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, field

from bot.chat.events import Values
from bot.chat.who import Actor

LONGEST_TEXT = 3000
LONGEST_LINE = 200


class Option(Struct, frozen=True):
    """One thing to choose."""

    value: str
    label: str


class Number(Struct, frozen=True, tag="number", omit_defaults=True, kw_only=True):
    """A number, typed as people of the form's locale write it ("1.000,25", "10k", "4 %").

    A platform's own number field takes no such text: ask for it as a short line.
    """

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    least: float | None = None
    most: float | None = None
    whole: bool = False


class ShortText(Struct, frozen=True, tag="short_text", omit_defaults=True, kw_only=True):
    """One line."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    longest: int = LONGEST_LINE


class LongText(Struct, frozen=True, tag="long_text", omit_defaults=True, kw_only=True):
    """Several lines."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    longest: int = LONGEST_TEXT


class Choice(Struct, frozen=True, tag="choice", omit_defaults=True, kw_only=True):
    """One of a few options."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    required: bool = False


class Choices(Struct, frozen=True, tag="choices", omit_defaults=True, kw_only=True):
    """Any number of a few options."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False


class Day(Struct, frozen=True, tag="day", omit_defaults=True, kw_only=True):
    """A day, as an ISO date."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    first: str = ""
    last: str = ""


class Person(Struct, frozen=True, tag="person", omit_defaults=True, kw_only=True):
    """Somebody of the organisation, by the core's own number for them.

    `people` are those who may be named; where a flow names none, the core offers some when the
    form is shown, and takes anybody of the organisation. A platform with a picker of its own sends
    its account's `Actor` as "platform/workspace/id"; `who` translates it. With `others` whoever
    answers is not offered themselves.
    """

    id: str
    label: str
    people: tuple["Somebody", ...] = ()
    value: str = ""
    hint: str = ""
    required: bool = False
    others: bool = False

    def who(self, value: str) -> str:
        """The number of the person that a form's raw value names, or "" for nobody we know."""
        for somebody in self.people:
            accounts = {f"{a.platform}/{a.workspace}/{a.id}" for a in somebody.actors}
            if value == somebody.value or value in accounts:
                return somebody.value
        return ""


class Somebody(Struct, frozen=True, omit_defaults=True):
    """A person who may be named in a form."""

    value: str
    label: str
    actors: tuple[Actor, ...] = ()


Question: TypeAlias = Number | ShortText | LongText | Choice | Choices | Day | Person
Answer: TypeAlias = float | str | tuple[str, ...] | date | None


FaultKind: TypeAlias = Literal[
    "required",
    "not_a_number",
    "not_whole",
    "too_low",
    "too_high",
    "too_long",
    "not_an_option",
    "not_a_day",
    "too_early",
    "too_late",
    "unknown_person",
]


class Fault(Struct, frozen=True, omit_defaults=True):
    """What is wrong with one answer, before it is put into words."""

    question: str
    kind: FaultKind
    typed: str = ""
    limit: float | str = ""


class Read(Struct, frozen=True):
    """The answers by question (None where left empty), what is wrong, and all as it was typed."""

    answers: dict[str, Answer]
    faults: tuple[Fault, ...]
    typed: Values = field(default_factory=dict)

    def number(self, question: str) -> float | None:
        """The number given, or None."""
        answer = self.answers.get(question)
        return answer if isinstance(answer, float) else None

    def text(self, question: str) -> str:
        """The text, option or person given, or ""."""
        answer = self.answers.get(question)
        return answer if isinstance(answer, str) else ""

    def chosen(self, question: str) -> tuple[str, ...]:
        """The options given."""
        answer = self.answers.get(question)
        return answer if isinstance(answer, tuple) else ()

    def day(self, question: str) -> date | None:
        """The day given, or None."""
        answer = self.answers.get(question)
        return answer if isinstance(answer, date) else None
