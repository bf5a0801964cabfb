"""Form → Adaptive Card with inputs, in place or in a dialog, and what came back → values.

A long form is several cards, one after another. What was filled in on the others is not in the
card: whoever leads from page to page keeps it, and gives it as `values`. Every button carries the
form's action, the one that leads back also `BACK`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from adapters.teams import limits, spans
from adapters.teams.blocks import HEADING, pieces, title
from adapters.teams.buttons import action
from adapters.teams.cards import adaptive
from adapters.teams.limits import Json
from adapters.teams.parts import Piece, clipped, joined
from adapters.teams.pen import Pen
from adapters.teams.questions import Given, answer, field, is_input, nothing_to_choose
from adapters.teams.spans import QUIET
from adapters.teams.words import words
from bot.chat.cards import Words
from bot.chat.events import Values
from bot.chat.forms import Form, LongText, Page, Problem, Question, ShortText

BACK = "back"
ASKED = "asked"
"""In a button's data: the inputs of its card, since Teams leaves out those that are empty."""
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


def card(
    form: Form,
    *,
    page: int = 0,
    values: Values | None = None,
    problems: tuple[Problem, ...] = (),
    tenant: str = "",
) -> Json:
    """A page of the form, holding `values` where they were already entered.

    Problems stand under their questions, those of other pages and of none at the head.
    """
    return _drawn(form, page, values or {}, problems, Pen(tenant, words=words(form.locale)))


def task(
    form: Form,
    *,
    page: int = 0,
    values: Values | None = None,
    problems: tuple[Problem, ...] = (),
    tenant: str = "",
) -> Json:
    """The same for a dialog (`task/continue`), in which buttons can only be sent."""
    drawn = card(form, page=page, values=values, problems=problems, tenant=tenant)
    foot = drawn["body"][-1]
    foot["actions"] = [each["fallback"] for each in foot["actions"]]
    return drawn


def pages(form: Form) -> int:
    """How many cards the form needs, one after another."""
    return len(_pages(form))


def asked(form: Form, page: int) -> set[str]:
    """The questions on one of its cards."""
    return {question.id for part in _pages(form)[page] for question in part.questions}


def values(data: Json, tenant: str = "") -> Values:
    """What was entered, by question, of what a form's button sends; "" where it was left empty.

    `tenant` is where a person was picked.
    """
    listed = data.get(ASKED)
    named = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    entered = {name: data.get(name, "") for name in (*named, *data) if is_input(name)}
    return dict(answer(name, _text(each), tenant) for name, each in entered.items())


def _text(entered: object) -> str:
    """What stands in an input: text, also where a client sends a number or nothing."""
    if isinstance(entered, bool | float | int):
        return str(entered)
    return entered.replace("\r\n", "\n") if isinstance(entered, str) else ""


def _drawn(form: Form, page: int, entered: Values, problems: tuple[Problem, ...], pen: Pen) -> Json:
    every = _pages(form)
    page = max(0, min(page, len(every) - 1))
    body = [piece for part in every[page] for piece in _part(part, entered, problems, pen, page)]
    whole = joined([*_head(form, page, problems, pen), *body])
    return adaptive((*whole.elements, _foot(form, page, whole.elements, pen)), whole.told)


def _foot(form: Form, page: int, body: tuple[Json, ...], pen: Pen) -> Json:
    """The way on, or the end, and the way back."""
    inputs = [each["id"] for each in body if each["type"].startswith("Input.")]
    data: Json = {"okr": form.action, ASKED: inputs}
    last = page == pages(form) - 1
    label = limits.short(form.submit, limits.BUTTON) if last else pen.words.next
    actions = [action(label if label.strip() else "–", data, "primary")]
    if page:
        actions.insert(0, action(pen.words.back, {**data, BACK: True}))
    return {"type": "ActionSet", "actions": actions}


def _head(form: Form, page: int, problems: tuple[Problem, ...], pen: Pen) -> Iterator[Piece]:
    """The title, which page this is, what is wrong elsewhere, and a button's label in full."""
    yield from _within(limits.TITLE, title(form.title, pen), pen)
    if (of := pages(form)) > 1:
        yield spans.quiet(pen.words.page.format(page=page + 1, of=of))
    here = asked(form, page)
    elsewhere = [_elsewhere(form, each, pen) for each in problems if each.question not in here]
    yield from _within(limits.PROBLEMS, _wrong(elsewhere, pen), pen)
    if len(form.submit) > limits.BUTTON and page == of - 1:
        submit = spans.pieces((Words(form.submit),), pen, **QUIET)
        yield from _within(limits.TITLE, submit, pen)


def _elsewhere(form: Form, problem: Problem, pen: Pen) -> str:
    """A problem with the page and the label of its question."""
    for number, parts in enumerate(_pages(form), 1):
        for question in (question for part in parts for question in part.questions):
            if question.id == problem.question:
                said = pen.words.problem_on
                return said.format(page=number, label=question.label, text=problem.text)
    return problem.text


def _wrong(problems: list[str], pen: Pen) -> Iterator[Piece]:
    for text in problems:
        yield from spans.pieces((Words(f"⚠ {text}"),), pen, **WRONG)


def _within(most: int, drawn: Iterable[Piece], pen: Pen) -> list[Piece]:
    """What fits into so many bytes, with a word where that is not all."""
    return clipped(list(drawn), most, spans.quiet(pen.words.more))


@lru_cache(maxsize=64)
def _pages(form: Form) -> list[list[Part]]:
    """The form's pages, as many on a card as fit; one that is too long goes on in the next."""
    every: list[list[Part]] = [[]]
    count = weight = 0
    for part in (
        part for page in form.pages for part in _divided(Part(page, page.questions, True))
    ):
        more, heavier = len(part.questions), _weight(part)
        if every[-1] and (count + more > limits.QUESTIONS or weight + heavier > BYTES):
            every.append([])
            count = weight = 0
        every[-1].append(part)
        count, weight = count + more, weight + heavier
    return every


def _divided(part: Part) -> Iterator[Part]:
    """The part, or two that come to it where it is too long for a card."""
    half = len(part.questions) // 2
    if half == 0 or (len(part.questions) <= limits.QUESTIONS and _weight(part) <= BYTES):
        yield part
        return
    yield from _divided(Part(part.page, part.questions[:half], part.first))
    yield from _divided(Part(part.page, part.questions[half:], False))


def _weight(part: Part) -> int:
    """How many bytes a part may take once it is answered."""
    drawn = joined(_part(part, {}, (), Pen(), 0)).elements
    typed = sum(
        SIGN * min(question.longest, limits.TYPED)
        for question in part.questions
        if isinstance(question, ShortText | LongText)
    )
    return limits.weight(drawn) + typed + limits.PROBLEM * len(part.questions)


def _part(
    part: Part, entered: Values, problems: tuple[Problem, ...], pen: Pen, page: int
) -> Iterator[Piece]:
    named = spans.pieces((Words(part.page.title, bold=True),), pen, **HEADING)
    yield from _within(limits.TITLE, named, pen)
    if part.first:
        intro = (piece for block in part.page.intro for piece in pieces(block, pen))
        yield from _within(limits.INTRO, intro, pen)
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
        yield from _within(limits.LABEL, spans.pieces((Words(label),), pen), pen)
    if not nothing_to_choose(question):
        yield from _input(question, entered.get(question.id, question.value), pen, checks)
    yield from _within(limits.PROBLEMS // 2, _wrong(wrong, pen), pen)
    hint = spans.pieces((Words(question.hint),), pen, **QUIET)
    yield from _within(limits.HINT, hint, pen)


def _input(question: Question, given: Given, pen: Pen, checks: bool) -> Iterator[Piece]:
    """The input, above it what it only has the numbers of, below it how much it leaves out."""
    input_ = field(question, given, pen)
    above = (
        piece
        for place, label in enumerate(input_.above, 1)
        for piece in spans.pieces((Words(label),), pen, dot=f"{place}. ")
    )
    yield from _within(limits.ABOVE, above, pen)
    label = spans.ended(limits.short(question.label, limits.FIELD))
    named = {"label": label} if label.strip() else {}
    needed = {"isRequired": True, "errorMessage": pen.words.needed}
    must = needed if question.required and checks else {}
    yield Piece(({**input_.drawn, **named, **must},), "")
    if input_.shown < input_.offered:
        yield spans.quiet(pen.words.only_first.format(of=input_.offered, shown=input_.shown))
