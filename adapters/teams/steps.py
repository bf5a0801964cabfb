"""A form in steps: as many of its pages on a card as fit, and what stands on each."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from adapters.teams import limits, spans
from adapters.teams.blocks import HEADING, pieces
from adapters.teams.limits import Json
from adapters.teams.parts import Piece, clipped, joined, weigh
from adapters.teams.pen import Pen
from adapters.teams.questions import Given, field, nothing_to_choose
from adapters.teams.spans import QUIET
from bot.chat.cards import Words
from bot.chat.events import Values
from bot.chat.forms import Form, LongText, Page, Problem, Question, ShortText

BYTES = limits.CARD - 10_000
"""How much the questions of a card may take, answered, beside its own words."""
SIGN = 3
"""Bytes that a sign may take which somebody types; a line break takes more, most take two."""
WRONG: Json = {"color": "Attention", "weight": "Bolder"}


class Part(Struct, frozen=True):
    """Questions of one page of the form; its introduction stands before the first of them."""

    page: Page
    questions: tuple[Question, ...]
    first: bool


@lru_cache(maxsize=64)
def steps(form: Form) -> list[list[Part]]:
    """The form's pages, as many on a card as fit; one that is too long goes on in the next."""
    every: list[list[Part]] = [[]]
    count = weight = 0
    for part, heavier in (
        each for page in form.pages for each in _divided(Part(page, page.questions, True))
    ):
        more = len(part.questions)
        if every[-1] and (count + more > limits.QUESTIONS or weight + heavier > BYTES):
            every.append([])
            count = weight = 0
        every[-1].append(part)
        count, weight = count + more, weight + heavier
    return every


def _divided(part: Part) -> Iterator[tuple[Part, int]]:
    """The part and its weight, or two that come to it where it is too long for a card."""
    half, weight = len(part.questions) // 2, _weight(part)
    if half == 0 or (len(part.questions) <= limits.QUESTIONS and weight <= BYTES):
        yield part, weight
        return
    yield from _divided(Part(part.page, part.questions[:half], part.first))
    yield from _divided(Part(part.page, part.questions[half:], False))


def _weight(part: Part) -> int:
    """How many bytes a part may take once it is answered."""
    drawn = joined(step(part, {}, (), Pen(), 0)).elements
    typed = sum(
        SIGN * min(question.longest, limits.TYPED)
        for question in part.questions
        if isinstance(question, ShortText | LongText)
    )
    return limits.weight(drawn) + typed + limits.PROBLEM * len(part.questions)


def step(
    part: Part, entered: Values, problems: tuple[Problem, ...], pen: Pen, page: int
) -> Iterator[Piece]:
    """The page's title, what is said before its questions, and these, each with its problems."""
    named = spans.pieces((Words(part.page.title, bold=True),), pen, **HEADING)
    yield from within(limits.TITLE, named, pen)
    if part.first:
        intro = (piece for block in part.page.intro for piece in pieces(block, pen))
        yield from within(limits.INTRO, intro, pen)
    for question in part.questions:
        wrong = [problem.text for problem in problems if problem.question == question.id]
        yield from _question(question, entered, wrong, pen, checks=page == 0)


def _question(
    question: Question, entered: Values, wrong: list[str], pen: Pen, *, checks: bool
) -> Iterator[Piece]:
    """A label that is too long, the input, what is wrong, and the hint.

    Only where no way leads back the card itself asks for what is needed: it would bar that way.
    """
    label = question.label
    if nothing_to_choose(question):
        label = f"{label}: –"
    if label != question.label or len(label) > limits.FIELD:
        yield from within(limits.LABEL, spans.pieces((Words(label),), pen), pen)
    if not nothing_to_choose(question):
        yield from _input(question, entered.get(question.id, question.value), pen, checks)
    yield from within(limits.PROBLEMS // 2, complaints(wrong, pen), pen)
    hint = spans.pieces((Words(question.hint),), pen, **QUIET)
    yield from within(limits.HINT, hint, pen)


def _input(question: Question, given: Given, pen: Pen, checks: bool) -> Iterator[Piece]:
    """The input, above it what it only has the numbers of, below it how much it leaves out."""
    input_ = field(question, given, pen)
    above = (
        piece
        for place, label in enumerate(input_.above, 1)
        for piece in spans.pieces((Words(label),), pen, dot=f"{place}. ")
    )
    yield from within(limits.ABOVE, above, pen)
    label = spans.ended(limits.short(question.label, limits.FIELD))
    named = {"label": label} if label.strip() else {}
    needed = {"isRequired": True, "errorMessage": pen.words.needed}
    must = needed if question.required and checks else {}
    yield Piece(({**input_.drawn, **named, **must},), "")
    if input_.shown < input_.offered:
        yield spans.quiet(pen.words.only_first.format(of=input_.offered, shown=input_.shown))


def complaints(problems: list[str], pen: Pen) -> Iterator[Piece]:
    """What is wrong with an answer, each on a line of its own."""
    for text in problems:
        yield from spans.pieces((Words(f"⚠ {text}"),), pen, **WRONG)


def within(most: int, drawn: Iterable[Piece], pen: Pen) -> list[Piece]:
    """What fits into so many bytes, with a word where that is not all."""
    every = list(drawn)
    return every if weigh(every) <= most else clipped(every, most, spans.quiet(pen.words.more))
