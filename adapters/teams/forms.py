"""Form → Adaptive Card with inputs, in place or in a dialog, and what came back → values.

A long form is several cards, one after another. What was filled in on the others is not in the
card: whoever leads from page to page keeps it, and gives it as `values`. Every button carries the
form's action, the one that leads back also `BACK`.
"""

from collections.abc import Iterator

from adapters.teams import limits, spans
from adapters.teams.blocks import title
from adapters.teams.buttons import action
from adapters.teams.cards import adaptive
from adapters.teams.limits import Json
from adapters.teams.parts import Piece, joined
from adapters.teams.pen import Pen
from adapters.teams.questions import answer, is_input
from adapters.teams.spans import QUIET
from adapters.teams.steps import complaints, step, steps, within
from adapters.teams.words import words
from bot.chat.cards import Words
from bot.chat.events import Values
from bot.chat.forms import Form, Problem

BACK = "back"
ASKED = "asked"
"""In a button's data: the inputs of its card, since Teams leaves out those that are empty."""


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
    return len(steps(form))


def asked(form: Form, page: int) -> set[str]:
    """The questions on one of its cards."""
    return {question.id for part in steps(form)[page] for question in part.questions}


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
    every = steps(form)
    page = max(0, min(page, len(every) - 1))
    body = [piece for part in every[page] for piece in step(part, entered, problems, pen, page)]
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
    yield from within(limits.TITLE, title(form.title, pen), pen)
    if (of := pages(form)) > 1:
        yield spans.quiet(pen.words.page.format(page=page + 1, of=of))
    here = asked(form, page)
    elsewhere = [_elsewhere(form, each, pen) for each in problems if each.question not in here]
    yield from within(limits.PROBLEMS, complaints(elsewhere, pen), pen)
    if len(form.submit) > limits.BUTTON and page == of - 1:
        submit = spans.pieces((Words(form.submit),), pen, **QUIET)
        yield from within(limits.TITLE, submit, pen)


def _elsewhere(form: Form, problem: Problem, pen: Pen) -> str:
    """A problem with the page and the label of its question."""
    for number, parts in enumerate(steps(form), 1):
        for question in (question for part in parts for question in part.questions):
            if question.id == problem.question:
                said = pen.words.problem_on
                return said.format(page=number, label=question.label, text=problem.text)
    return problem.text
