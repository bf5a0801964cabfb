"""One question → HTML: its label, its hint, its field, and what is wrong with its answer."""

from typing import assert_never

from markupsafe import Markup

from adapters.web.cards import NOTHING, words
from adapters.web.words import spoken
from bot.chat.events import Values
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    LongText,
    Number,
    Option,
    Person,
    Problem,
    Question,
    ShortText,
)

FITS_CHIPS = 7
FITS_SCALE = 11
SHORT_LABEL = 2


class Asked:
    """What stands in the form while it is drawn."""

    def __init__(self, values: Values, problems: tuple[Problem, ...], prefix: str) -> None:
        self._values, self._problems, self.prefix = values, problems, prefix

    def id(self, number: int) -> str:
        """A name for an element: a question's own id may hold anything."""
        return f"{self.prefix}-{number}"

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


def draw(question: Question, name: str, asked: Asked) -> Markup:
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
    return NOTHING if question.required else Markup(' <span class="optional">(optional)</span>')


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
    clear = Markup('<button type="button" class="clear" data-clear hidden>{}</button>').format(
        spoken().clear
    )
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
