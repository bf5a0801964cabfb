"""Forms as plain text."""

from collections.abc import Iterator
from typing import assert_never

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
    Question,
    ShortText,
)
from tests.adapters.golden.said import block_lines


def form_lines(form: Form) -> Iterator[str]:
    """The lines of one form."""
    yield form.title
    yield "=" * 40
    for page in form.pages:
        yield from _page(page)
    yield ""
    yield f"[{form.submit}] -> {form.action} (numbers as in {form.locale})"


def _page(page: Page) -> Iterator[str]:
    if page.title:
        yield ""
        yield f"--- {page.title} ---"
    yield from block_lines(page.intro)
    for question in page.questions:
        yield ""
        yield from _question(question)


def _question(question: Question) -> Iterator[str]:
    must = "required" if question.required else "optional"
    yield f"{question.label} ({', '.join((_kind(question), must))}) {{{question.id}}}"
    if question.hint:
        yield from (f"    {line}" for line in f"hint: {question.hint}".split("\n"))
    match question:
        case Choice(options=options) | Choices(options=options):
            yield from _options(options, question.value)
        case Person(people=people):
            named = tuple(Option(each.value, each.label) for each in people)
            yield from _options(named, question.value)
        case Number() | ShortText() | LongText() | Day():
            yield from (f"    {line}" for line in f"value: {question.value}".split("\n"))
        case _:
            assert_never(question)


def _options(options: tuple[Option, ...], value: str | tuple[str, ...]) -> Iterator[str]:
    chosen = (value,) if isinstance(value, str) else value
    ticked = [f"({'x' if option.value in chosen else ' '}) {option.label}" for option in options]
    if options and all(option.label == option.value for option in options):
        yield f"    {'  '.join(ticked)}"
    else:
        named = zip(ticked, options, strict=True)
        yield from (f"    {line} {{{option.value}}}" for line, option in named)
    for lost in chosen:
        if lost and lost not in {option.value for option in options}:
            yield f"    (x) {{{lost}}}, which is no option"


def _kind(question: Question) -> str:
    match question:
        case Number(least=least, most=most, whole=whole):
            return _limited("whole number" if whole else "number", least, most)
        case ShortText(longest=longest):
            return f"one line of {longest}"
        case LongText(longest=longest):
            return f"text of {longest}"
        case Choice():
            return "one of"
        case Choices():
            return "any of"
        case Day(first=first, last=last):
            return _limited("day", first or None, last or None)
        case Person(others=others):
            return "somebody else" if others else "somebody"
        case _:
            assert_never(question)


def _limited(kind: str, least: float | str | None, most: float | str | None) -> str:
    kind += f" from {least}" if least is not None else ""
    return kind + (f" to {most}" if most is not None else "")
