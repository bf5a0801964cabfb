"""Form → modal, and what came back → values. A long form is several modals, one after another."""

import json
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from adapters.slack import limits
from adapters.slack.blocks import clipped, paragraphs, pieces, quiet, title
from adapters.slack.buttons import numbered
from adapters.slack.ids import ids
from adapters.slack.ids import question as question_of
from adapters.slack.parts import Piece, joined
from adapters.slack.pen import Pen
from adapters.slack.questions import Field, Given, answer, field, nothing_to_choose
from adapters.slack.spans import Json, plain_text, too_long
from adapters.slack.words import words
from bot.chat.cards import Words
from bot.chat.events import Values
from bot.chat.forms import Form, LongText, Page, Problem, Question, ShortText

BACK = "back"
"""The `action_id` of the button that leads to the page before; its `value` is that page."""
BLOCKS = limits.BLOCKS_OF_VIEW - 8
"""How many blocks the questions of a modal may take beside its own."""
BYTES = limits.VIEW_BYTES - 20_000
LISTED = 40
LISTED_BYTES = 90_000
"""How much the long labels of a list may take above it, in full."""
ESCAPED = 6
"""How many bytes a character of another script than ours takes in JSON."""


class Asked(Struct, frozen=True):
    """A question and its number within the form."""

    number: int
    question: Question


class Part(Struct, frozen=True):
    """Questions of one page of the form; its introduction stands before the first of them."""

    page: Page
    asked: tuple[Asked, ...]
    first: bool


def view(
    form: Form,
    *,
    meta: str,
    page: int = 0,
    values: Values | None = None,
    problems: tuple[Problem, ...] = (),
    workspace: str = "",
) -> Json:
    """A page of the form as a modal, holding `values` where they were already entered.

    Problems stand under their questions, those of other pages and of none at the head.
    """
    pen = Pen(workspace, False, words(form.locale))
    all_pages = _pages(form)
    is_last = page >= len(all_pages) - 1
    shown = all_pages[min(page, len(all_pages) - 1)]
    body = [block for part in shown for block in _part(part, values or {}, problems, pen)]
    submit = form.submit if is_last else pen.words.next
    foot = quiet(submit) if too_long(submit, limits.VIEW_BUTTON) else ()
    blocks = [*_head(form, all_pages, page, problems, pen), *body, *joined(foot).blocks]
    return {
        "type": "modal",
        "callback_id": limits.short(form.action, limits.ID),
        "private_metadata": _fitting(meta, limits.METADATA, "form's metadata"),
        "title": plain_text(form.title, limits.VIEW_TITLE),
        "submit": plain_text(submit, limits.VIEW_BUTTON),
        "close": plain_text(pen.words.cancel),
        "blocks": numbered(blocks) or [{"type": "divider"}],
    }


def pages(form: Form) -> int:
    """How many modals the form needs, one after another."""
    return len(_pages(form))


def values(view: Json, workspace: str = "") -> Values:
    """What was entered, by question, of a view as Slack sends it or of its state alone.

    `workspace` is where a person was picked; a view says it itself.
    """
    here = workspace or str(view.get("team_id") or "")
    state = view.get("state") or view
    return {
        question_of(block, action): answer(entered, here)
        for block, fields in (state.get("values") or {}).items()
        for action, entered in fields.items()
    }


def errors(form: Form, problems: tuple[Problem, ...], page: int | None = None) -> dict[str, str]:
    """The problems by `block_id`, for the modal of this page, the last where none is said.

    A problem of another page, or of no question, is told at the page's first question.
    """
    all_pages = _pages(form)
    shown = all_pages[-1 if page is None else page]
    here = {
        asked.question.id: ids(asked.number, asked.question.id)[0]
        for part in shown
        for asked in part.asked
        if not nothing_to_choose(asked.question)
    }
    told: dict[str, list[str]] = {}
    for problem in problems:
        block = here.get(problem.question) or next(iter(here.values()), "")
        text = problem.text if problem.question in here else _elsewhere(form, all_pages, problem)
        told.setdefault(block, []).append(text)
    told.pop("", None)
    return {block: " ".join(texts) for block, texts in told.items()}


def _head(
    form: Form, all_pages: list[list[Part]], page: int, problems: tuple[Problem, ...], pen: Pen
) -> list[Json]:
    """The title in full, which page this is, the way back, and what is wrong elsewhere."""
    asked = {a.question.id for part in all_pages[page] for a in part.asked}
    elsewhere = [problem for problem in problems if problem.question not in asked]
    long = too_long(form.title, limits.VIEW_TITLE)
    head: list[Piece] = list(title(form.title, pen)) if long else []
    if len(all_pages) > 1:
        head += quiet(pen.words.page.format(page=page + 1, of=len(all_pages)))
    if page:
        back = {"type": "button", "text": plain_text(pen.words.back), "action_id": BACK,
                "value": str(page - 1)}  # fmt: skip
        head.append(Piece(({"type": "actions", "elements": [back]},), ""))
    warned = "\n".join(f"⚠ {_elsewhere(form, all_pages, problem)}" for problem in elsewhere)
    return list(joined([*head, *paragraphs((Words(warned),), pen)]).blocks)


def _elsewhere(form: Form, all_pages: list[list[Part]], problem: Problem) -> str:
    """A problem with the page and the label of its question."""
    for number, shown in enumerate(all_pages, 1):
        for question in (asked.question for part in shown for asked in part.asked):
            if question.id == problem.question:
                said = words(form.locale).problem_on
                return said.format(page=number, label=question.label, text=problem.text)
    return problem.text


@lru_cache(maxsize=64)
def _pages(form: Form) -> list[list[Part]]:
    """The form's pages, as many on a modal as fit; one that is too long goes on in the next."""
    all_pages: list[list[Part]] = [[]]
    blocks = weight = 0
    for part in _parts(form):
        more, heavier = _measure(part)
        if all_pages[-1] and (blocks + more > BLOCKS or weight + heavier > BYTES):
            all_pages.append([])
            blocks = weight = 0
        all_pages[-1].append(part)
        blocks, weight = blocks + more, weight + heavier
    return all_pages


def _parts(form: Form) -> Iterator[Part]:
    """The form's pages, each in parts that a modal can hold."""
    number = 0
    for page in form.pages:
        asked = tuple(Asked(n, question) for n, question in enumerate(page.questions, number))
        number += len(asked)
        yield from _divided(Part(page, asked, True))


def _divided(part: Part) -> Iterator[Part]:
    """The part, or two that come to it where it is too long for a modal."""
    blocks, weight = _measure(part)
    half = len(part.asked) // 2
    if half == 0 or (blocks <= BLOCKS and weight <= BYTES):
        yield part
        return
    yield from _divided(Part(part.page, part.asked[:half], part.first))
    yield from _divided(Part(part.page, part.asked[half:], False))


def _measure(part: Part) -> tuple[int, int]:
    """How many blocks and bytes a part may take once it is answered."""
    blocks = _part(part, {}, (), Pen())
    answers = sum(
        ESCAPED * min(asked.question.longest, limits.TEXT)
        for asked in part.asked
        if isinstance(asked.question, ShortText | LongText)
    )
    return len(blocks), len(json.dumps(blocks)) + answers


def _part(part: Part, entered: Values, problems: tuple[Problem, ...], pen: Pen) -> list[Json]:
    intro = [piece for block in part.page.intro for piece in pieces(block, pen)]
    some = clipped(intro, BLOCKS // 2, BYTES // 2, pen) if part.first else []
    asked = [block for each in part.asked for block in _question(each, entered, problems, pen)]
    return [*joined([*title(part.page.title, pen), *some]).blocks, *asked]


def _question(
    asked: Asked, entered: Values, problems: tuple[Problem, ...], pen: Pen
) -> Iterator[Json]:
    """Whatever has no room in the input, and the input; what is wrong stands in its hint."""
    question = asked.question
    given = entered.get(question.id, question.value)
    wrong = "\n".join(f"⚠ {p.text}" for p in problems if p.question == question.id)
    if nothing_to_choose(question):
        yield from joined(quiet("\n".join([f"{question.label}: –", wrong]).strip())).blocks
        return
    for text in _without_room(question, given):
        yield from joined(quiet(text)).blocks
    input_ = field(question, given)
    listed = input_.listed
    if listed and listed.cut:
        cut = list(quiet("\n".join(f"• {label}" for label in listed.cut)))
        yield from joined(clipped(cut, LISTED, LISTED_BYTES, pen)).blocks
    yield _input(asked, input_, wrong)
    if listed and listed.shown < listed.of:
        said = pen.words.only_first.format(of=listed.of, shown=listed.shown)
        yield from joined(quiet(said)).blocks


def _input(asked: Asked, input_: Field, wrong: str) -> Json:
    question = asked.question
    block, action = ids(asked.number, question.id)
    under = "\n".join(text for text in (wrong, question.hint) if text.strip())
    return {
        "type": "input",
        "block_id": block,
        "label": plain_text(question.label, limits.LABEL),
        **({"hint": plain_text(under, limits.HINT)} if under else {}),
        "optional": not question.required,
        "element": {**input_.drawn, "action_id": action},
    }


def _without_room(question: Question, given: Given) -> Iterator[str]:
    """A label, a hint or a text that Slack shortens, in full."""
    yield from (text for text in (question.label, question.hint) if too_long(text, limits.LABEL))
    if isinstance(given, str) and len(given) > limits.TEXT:
        yield given


def _fitting(text: str, most: int, what: str) -> str:
    if limits.size(text) > most:
        raise ValueError(f"The {what} is too long for Slack: {text[:80]}…")
    return text
