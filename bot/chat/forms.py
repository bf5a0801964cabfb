"""What is asked: a form is pages of questions, validated here and nowhere else."""

from collections.abc import Iterator

from msgspec import Struct

from bot.chat.cards import Block
from bot.chat.events import Values
from bot.chat.questions import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Answer,
    Choice,
    Choices,
    Day,
    Fault,
    FaultKind,
    LongText,
    Number,
    Option,
    Person,
    Question,
    Read,
    ShortText,
    Somebody,
)
from bot.chat.reading import Find, nobody, read

__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "Answer",
    "Choice",
    "Choices",
    "Day",
    "Fault",
    "FaultKind",
    "Find",
    "Form",
    "LongText",
    "Number",
    "Option",
    "Page",
    "Person",
    "Problem",
    "Question",
    "Read",
    "ShortText",
    "Somebody",
]


class Page(Struct, frozen=True, omit_defaults=True):
    """Questions that belong together, with what is said before them."""

    title: str
    questions: tuple[Question, ...]
    intro: tuple[Block, ...] = ()


class Form(Struct, frozen=True, omit_defaults=True):
    """One form. `action` is what comes back with it; `locale` is how its numbers are written.

    A platform may show all pages at once or one after another; they are sent together.
    """

    title: str
    action: str
    pages: tuple[Page, ...]
    submit: str
    locale: str = "en"

    def questions(self) -> Iterator[Question]:
        """Every question of every page, in order."""
        for page in self.pages:
            yield from page.questions

    def read(self, values: Values, find: Find = nobody) -> Read:
        """The answers in `values`, and a fault for each question that was not answered well."""
        return read(self.questions(), values, self.locale, find)


class Problem(Struct, frozen=True):
    """What is wrong with one answer, in the reader's words."""

    question: str
    text: str
