"""The words of a card or form that nobody may be deprived of, on whatever platform."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.chat.cards import (
    Block,
    Bullets,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Mention,
    Meter,
    Spans,
    Table,
    Text,
)
from bot.chat.forms import Choice, Choices, Day, Form, LongText, Number, Person, Question, ShortText
from bot.texts import plain


def missing(shown: Card | Form, said: str) -> list[str]:
    """The words of the card or form that do not stand in `said`, blanks and line breaks aside."""
    flat = _flat(said)
    return [words for words in needed(shown) if _flat(words) not in flat]


def unread(card: Card, said: str) -> list[str]:
    """The words that a notification or a screen reader would leave out."""
    flat = _flat(said)
    return [words for words in read_aloud(card) if _flat(words) not in flat]


def needed(shown: Card | Form) -> list[str]:
    """Every text of it, in order."""
    return [text for text in (_card(shown) if isinstance(shown, Card) else _form(shown)) if text]


def read_aloud(card: Card) -> list[str]:
    """What a notification or a screen reader must say: everything but the buttons."""
    return [text for text in (card.title, *_blocks(card.blocks, pressed=False)) if text]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _card(card: Card) -> Iterator[str]:
    yield card.title
    yield from _blocks(card.blocks)
    yield from _block(Buttons(card.buttons))


def _blocks(blocks: Iterable[Block], *, pressed: bool = True) -> Iterator[str]:
    for block in blocks:
        if pressed or not isinstance(block, Buttons):
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(spans=spans):
            yield from _runs(spans)
        case Bullets(items=items):
            yield from (run for item in items for run in _runs(item))
        case Facts(facts=facts):
            yield from (text for fact in facts for text in (fact.label, *_runs(fact.value)))
        case Meter(label=label, text=text):
            yield from (label, text)
        case Chart(title=title, text=text):
            yield from (title, text)
        case Table():
            yield from _table(block)
        case Buttons(buttons=buttons):
            yield from (text for each in buttons for text in (each.label, each.confirm))
        case Divider():
            return
        case _:
            assert_never(block)


def _table(table: Table) -> Iterator[str]:
    yield table.caption
    yield from (column.title for column in table.columns)
    yield from (run for row in table.rows for cell in row for run in _runs(cell))


def _runs(spans: Spans) -> list[str]:
    """The words between line breaks and people who are told, whom a platform names its own way."""
    said = ("\n" if isinstance(span, Mention) and span.actors else plain((span,)) for span in spans)
    return "".join(said).split("\n")


def _form(form: Form) -> Iterator[str]:
    yield from (form.title, form.submit)
    for page in form.pages:
        yield page.title
        yield from _blocks(page.intro)
        for question in page.questions:
            yield from (question.label, question.hint, *_answers(question))


def _answers(question: Question) -> Iterator[str]:
    """What stands in its field, and what it offers; a platform may show a day or people its way."""
    match question:
        case Number(value=value) | ShortText(value=value) | LongText(value=value):
            yield from value.split("\n")
        case Choice(options=options) | Choices(options=options):
            yield from (option.label for option in options)
        case Day() | Person():
            return
        case _:
            assert_never(question)
