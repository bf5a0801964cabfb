"""Form → HTML, and what a person entered → values. What is right or wrong is the core's to say."""

from collections.abc import Mapping
from typing import assert_never

from markupsafe import Markup

from adapters.web.cards import NOTHING, render_blocks, words
from bot.chat.events import Values
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Problem,
    Question,
    ShortText,
)

FITS_ONE_PAGE = 12
FITS_CHIPS = 7
FITS_SCALE = 11
SHORT_LABEL = 2


def render(
    form: Form,
    values: Values | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    prefix: str = "form",
    all_pages: bool = False,
) -> Markup:
    """One form, holding `values` where they were already entered, each problem at its question."""
    asked = Asked(values or {}, problems, prefix)
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
        prefix, prefix, words(form.title),
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


class Asked:
    """What stands in the form while it is drawn."""

    def __init__(self, values: Values, problems: tuple[Problem, ...], prefix: str) -> None:
        self._values, self._problems, self._prefix = values, problems, prefix

    def id(self, number: int) -> str:
        """A name for an element: a question's own id may hold anything."""
        return f"{self._prefix}-{number}"

    def text(self, question: Question) -> str:
        """The text or the one option in it."""
        value = self._values.get(question.id, question.value)
        return value if isinstance(value, str) else ""

    def chosen(self, question: Choices) -> tuple[str, ...]:
        """The options in it."""
        value = self._values.get(question.id, question.value)
        return (value,) if isinstance(value, str) else value

    def problem(self, question: Question) -> str:
        """What is wrong with it, or ""."""
        return " ".join(each.text for each in self._problems if each.question == question.id)


def _page(page: Page, number: int, first: int, asked: Asked) -> Markup:
    title = Markup('<h3 class="page-title">{}</h3>').format(words(page.title)) if page.title else ""
    questions = NOTHING.join(
        _question(question, asked.id(first + place), asked)
        for place, question in enumerate(page.questions)
    )
    return Markup('<section class="page" data-page="{}">{}{}{}</section>').format(
        number, title, render_blocks(page.intro), questions
    )


def _steps(form: Form) -> Markup:
    items = NOTHING.join(Markup("<li>{}</li>").format(words(page.title)) for page in form.pages)
    return Markup('<ol class="steps" aria-label="Steps">{}</ol>').format(items)


def _foot(form: Form, steps: bool) -> Markup:
    walk = Markup(
        '<button type="button" class="button plain" data-back>Back</button>'
        '<button type="button" class="button primary" data-next>Next</button>'
    )
    return Markup(
        '<div class="foot"><div class="verdict" role="alert"></div>'
        '<button type="button" class="button plain" data-cancel>Cancel</button>{}'
        '<button type="submit" class="button primary">{}</button></div>'
    ).format(walk if steps else NOTHING, words(form.submit))


def _elsewhere(form: Form, problems: tuple[Problem, ...]) -> Markup:
    """Problems of no question of this form, said at its head."""
    asked = {question.id for question in form.questions()}
    lines = [problem.text for problem in problems if problem.question not in asked]
    return NOTHING.join(Markup('<p class="problem head">{}</p>').format(words(x)) for x in lines)


def _question(question: Question, name: str, asked: Asked) -> Markup:
    """A question with its label, its hint and what is wrong with its answer."""
    match question:
        case Number():
            field = _line(question, name, asked, Markup('inputmode="decimal" class="short"'))
        case ShortText():
            field = _line(question, name, asked, NOTHING)
        case LongText():
            field = Markup('<textarea {} rows="3" dir="auto">\n{}</textarea>').format(
                _control(question, name, asked), asked.text(question)
            )
        case Day():
            limits = NOTHING.join(
                Markup(' {}="{}"').format(side, day)
                for side, day in (("min", question.first), ("max", question.last))
                if day
            )
            field = Markup('<input type="date" {} value="{}"{}>').format(
                _control(question, name, asked), asked.text(question), limits
            )
        case Person():
            people = tuple(Option(each.value, each.label) for each in question.people)
            field = _select(question, people, name, asked)
        case Choice():
            return _choice(question, name, asked)
        case Choices():
            return _choices(question, name, asked)
        case _:
            assert_never(question)
    label = Markup('<label for="{}">{}{}</label>').format(
        name, words(question.label), _must(question)
    )
    return _framed(
        question, name, asked, Markup("{}{}").format(label, _hint(question, name)), field
    )


def _framed(
    question: Question, name: str, asked: Asked, above: Markup, field: Markup, role: str = ""
) -> Markup:
    problem = asked.problem(question)
    says = Markup('<p class="problem" id="{}-problem">{}</p>').format(name, words(problem))
    state = Markup(" data-wrong") if problem else NOTHING
    body = Markup("{}{}{}").format(above, field, says if problem else NOTHING)
    if not role:
        return Markup('<div class="question"{} data-question="{}">{}</div>').format(
            state, question.id, body
        )
    return Markup(
        '<fieldset class="question" role="{}"{} data-question="{}"{}>{}</fieldset>'
    ).format(role, state, question.id, _described(question, name, problem), body)


def _control(question: Question, name: str, asked: Asked) -> Markup:
    must = Markup(' aria-required="true"') if question.required else NOTHING
    wrong = asked.problem(question)
    invalid = Markup(' aria-invalid="true"') if wrong else NOTHING
    return Markup('id="{}" name="{}"{}{}{}').format(
        name, question.id, must, invalid, _described(question, name, wrong)
    )


def _described(question: Question, name: str, problem: str) -> Markup:
    ids = [f"{name}-hint"] if question.hint else []
    ids += [f"{name}-problem"] if problem else []
    return Markup(' aria-describedby="{}"').format(" ".join(ids)) if ids else NOTHING


def _must(question: Question) -> Markup:
    return (
        NOTHING
        if question.required
        else Markup(' <span class="optional" lang="en">(optional)</span>')
    )


def _hint(question: Question, name: str) -> Markup:
    return (
        Markup('<p class="hint" id="{}-hint">{}</p>').format(name, words(question.hint))
        if question.hint
        else NOTHING
    )


def _line(question: Number | ShortText, name: str, asked: Asked, more: Markup) -> Markup:
    return Markup('<input type="text" dir="auto" {} value="{}" {}>').format(
        _control(question, name, asked), asked.text(question), more
    )


def _select(
    question: Choice | Person, options: tuple[Option, ...], name: str, asked: Asked
) -> Markup:
    value = asked.text(question)
    lines = NOTHING.join(
        Markup('<option value="{}"{}>{}</option>').format(
            option.value, _on("selected", option.value == value), option.label
        )
        for option in (Option("", "–"), *options)
    )
    return Markup("<select {}>{}</select>").format(_control(question, name, asked), lines)


def _choice(question: Choice, name: str, asked: Asked) -> Markup:
    """A row of ten small numbers, a few chips, or a list to pull down."""
    is_scale = len(question.options) <= FITS_SCALE and all(
        len(option.label) <= SHORT_LABEL for option in question.options
    )
    if len(question.options) > FITS_CHIPS and not is_scale:
        above = Markup('<label for="{}">{}{}</label>{}').format(
            name, words(question.label), _must(question), _hint(question, name)
        )
        return _framed(
            question, name, asked, above, _select(question, question.options, name, asked)
        )
    chosen = (asked.text(question),)
    clear = Markup('<button type="button" class="clear" data-clear hidden>Clear</button>')
    chips = _chips("radio", question, name, chosen, "scale" if is_scale else "chips")
    field = Markup("{}{}").format(chips, NOTHING if question.required else clear)
    return _group(question, name, asked, field, "radiogroup")


def _choices(question: Choices, name: str, asked: Asked) -> Markup:
    field = _chips("checkbox", question, name, asked.chosen(question), "boxes")
    return _group(question, name, asked, field, "group")


def _group(question: Choice | Choices, name: str, asked: Asked, field: Markup, role: str) -> Markup:
    legend = Markup("<legend>{}{}</legend>{}").format(
        words(question.label), _must(question), _hint(question, name)
    )
    return _framed(question, name, asked, legend, field, role)


def _chips(
    kind: str, question: Choice | Choices, name: str, chosen: tuple[str, ...], look: str
) -> Markup:
    chips = NOTHING.join(
        Markup(
            '<label><input type="{}" id="{}-{}" name="{}" value="{}"{}><span>{}</span></label>'
        ).format(
            kind, name, number, question.id, option.value,
            _on("checked", option.value in chosen), words(option.label),
        )
        for number, option in enumerate(question.options)
    )  # fmt: skip
    return Markup('<div class="{}">{}</div>').format(look, chips)


def _on(attribute: str, is_on: bool) -> Markup:
    return Markup(" {}").format(attribute) if is_on else NOTHING
