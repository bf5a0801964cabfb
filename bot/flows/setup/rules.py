"""The organisation's rules as a form: what the bot does of itself, and what it leaves alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.chat.forms import Choice, Form, Number, Option, Page, Question, Read
from bot.figures.locales import locale_of
from bot.flow import action
from bot.texts import Voice, languages
from storage import audit
from storage.organisation import Organisation

MOST_UNASKED = 10
LEAST_KEPT, MOST_KEPT = 30, 3650


@dataclass(frozen=True)
class Rule:
    """One setting: how it is asked, and how an answer stands in its column."""

    field: str
    ask: Callable[[Voice, Organisation], Question]
    stored: Callable[[str], object]

    @property
    def question(self) -> str:
        """The question's id."""
        return self.field.replace("_", "-")


def _choice(field: str, options: tuple[str, ...]) -> Callable[[Voice, Organisation], Question]:
    def ask(voice: Voice, ours: Organisation) -> Question:
        return Choice(
            id=field.replace("_", "-"),
            label=voice.line(f"setup.{field}"),
            hint=_sentence(voice, field),
            options=tuple(Option(o, voice.line(f"setup.{field}_{o}")) for o in options),
            value=_shown(getattr(ours, field)),
            required=True,
        )

    return ask


def _number(
    field: str, least: int, most: int, *, required: bool
) -> Callable[[Voice, Organisation], Question]:
    def ask(voice: Voice, ours: Organisation) -> Question:
        return Number(
            id=field.replace("_", "-"),
            label=voice.line(f"setup.{field}"),
            hint=_sentence(voice, field),
            value=_shown(getattr(ours, field)),
            required=required,
            least=least,
            most=most,
            whole=True,
        )

    return ask


def _language(voice: Voice, ours: Organisation) -> Question:
    return Choice(
        id="language",
        label=voice.line("setup.language"),
        hint=voice.line("setup.language_means"),
        options=tuple(
            Option(name, str(locale_of(name).get_display_name() or name))
            for name in dict.fromkeys((ours.language, *languages()))
        ),
        value=ours.language,
        required=True,
    )


def _sentence(voice: Voice, field: str) -> str:
    return voice.line(f"setup.{field}_means")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def _switch(typed: str) -> bool:
    return typed == "on"


SWITCH = ("on", "off")
RULES = (
    Rule("individual_okrs", _choice("individual_okrs", SWITCH), _switch),
    Rule("mid_quarter_changes", _choice("mid_quarter_changes", SWITCH), _switch),
    Rule("anonymous_retro", _choice("anonymous_retro", SWITCH), _switch),
    Rule("carry_over", _choice("carry_over", ("asked", "always", "never")), str),
    Rule("unasked_per_week", _number("unasked_per_week", 1, MOST_UNASKED, required=True), int),
    Rule("language", _language, str),
    Rule(
        "keep_texts_days",
        _number("keep_texts_days", LEAST_KEPT, MOST_KEPT, required=False),
        lambda typed: int(typed) if typed else None,
    ),
)


def form(voice: Voice, ours: Organisation, meaning: str = "") -> Form:
    """Each with a sentence that says what it does, and its default."""
    return Form(
        voice.line("setup.rules_title"),
        meaning or action("setup", "rules"),
        (Page("", tuple(rule.ask(voice, ours) for rule in RULES)),),
        voice.line("setup.look"),
        voice.locale,
    )


def given(form: Form, read: Read) -> Mapping[str, str]:
    """What a form says, each value as it would stand in the form."""
    said: dict[str, str] = {}
    for question in form.questions():
        if isinstance(question, Number):
            number = read.number(question.id)
            said[question.id] = "" if number is None else str(int(number))
        else:
            said[question.id] = read.text(question.id)
    return said


def made(ours: Organisation, said: Mapping[str, str]) -> Organisation:
    """The organisation with what was said, as a row of its own that is not stored."""
    columns = audit.fields(ours)
    for rule in RULES:
        if rule.question in said:
            columns[rule.field] = rule.stored(said[rule.question])
    return Organisation(**columns)
