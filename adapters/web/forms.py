"""Form → HTML, and what a person entered → values. What is right or wrong is the core's to say."""

from collections.abc import Mapping

from markupsafe import Markup

from adapters.web.cards import NOTHING, render_blocks, words
from adapters.web.questions import Asked, draw
from adapters.web.words import speaking, spoken
from bot.chat.events import Values
from bot.chat.forms import Form, Page, Problem

FITS_ONE_PAGE = 24


def render(
    form: Form,
    values: Values | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    prefix: str = "form",
    all_pages: bool = False,
) -> Markup:
    """One form, holding `values` where they were already entered, each problem at its question."""
    with speaking(form.locale):
        return _form(form, Asked(values or {}, problems, prefix), problems, all_pages)


def _form(form: Form, asked: Asked, problems: tuple[Problem, ...], all_pages: bool) -> Markup:
    steps = not all_pages and len(form.pages) > 1 and len(list(form.questions())) > FITS_ONE_PAGE
    sections, first = [], 0
    for number, page in enumerate(form.pages):
        sections.append(_page(page, number, first, asked))
        first += len(page.questions)
    return Markup(
        '<form class="form" novalidate autocomplete="off" lang="{}" data-action="{}" '
        'data-title="{}"{} aria-labelledby="{}-title">'
        '<h2 id="{}-title" class="title" tabindex="-1">{}</h2>{}{}{}{}</form>'
    ).format(
        form.locale.replace("_", "-"), form.action, form.title,
        Markup(" data-steps") if steps else NOTHING,
        asked.prefix, asked.prefix, words(form.title),
        _steps(form) if steps else NOTHING,
        _elsewhere(form, problems),
        NOTHING.join(sections),
        _foot(form, steps),
    )  # fmt: skip


def read_values(entered: Mapping[str, str | tuple[str, ...]]) -> Values:
    """What the page sends, with one kind of line end."""
    return {
        question: tuple(answer) if isinstance(answer, tuple) else answer.replace("\r\n", "\n")
        for question, answer in entered.items()
    }


def _page(page: Page, number: int, first: int, asked: Asked) -> Markup:
    title = Markup('<h3 class="page-title">{}</h3>').format(words(page.title)) if page.title else ""
    questions = NOTHING.join(
        draw(question, asked.id(first + place), asked)
        for place, question in enumerate(page.questions)
    )
    return Markup('<section class="page" data-page="{}">{}{}{}</section>').format(
        number, title, render_blocks(page.intro), questions
    )


def _steps(form: Form) -> Markup:
    items = NOTHING.join(Markup("<li>{}</li>").format(words(page.title)) for page in form.pages)
    return Markup('<ol class="steps" aria-label="{}">{}</ol>').format(spoken().steps, items)


def _foot(form: Form, steps: bool) -> Markup:
    walk = Markup(
        '<button type="button" class="button plain" data-back>{}</button>'
        '<button type="button" class="button primary" data-next>{}</button>'
    ).format(spoken().back, spoken().next)
    return Markup(
        '<div class="foot"><div class="verdict" role="alert"></div>'
        '<button type="button" class="button plain" data-cancel>{}</button>{}'
        '<button type="submit" class="button primary">{}</button></div>'
    ).format(spoken().cancel, walk if steps else NOTHING, words(form.submit))


def _elsewhere(form: Form, problems: tuple[Problem, ...]) -> Markup:
    """Problems of no question of this form, said at its head."""
    asked = {question.id for question in form.questions()}
    lines = [problem.text for problem in problems if problem.question not in asked]
    return NOTHING.join(Markup('<p class="problem head">{}</p>').format(words(x)) for x in lines)
