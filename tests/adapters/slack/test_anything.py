"""Whatever a flow may say or ask, Slack takes it, shows all of it, and it comes back unchanged."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

import pytest

from adapters.slack import forms, plain
from adapters.slack.home import home
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Divider,
    Fact,
    Facts,
    Link,
    Mention,
    Meter,
    Series,
    Span,
    Spans,
    Table,
    Text,
    Words,
)
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
    Somebody,
)
from bot.chat.who import Actor
from tests.adapters.slack import judges, shown
from tests.adapters.slack.test_forms import held, sent

T = TypeVar("T")
SIGNS = "aé &<>*_`~:@#\n\u202e\u2069🚀|\u0007"
NAN = float("nan")
LONG = 1000
"""From here on a text may go on in the next message."""


class Dice:
    """Cards and forms by chance, always the same for a seed."""

    def __init__(self, seed: int) -> None:
        self.by = Random(seed)  # noqa: S311 - no secret

    def some(self, one: Callable[[], T], most: int) -> tuple[T, ...]:
        return tuple(one() for _ in range(self.by.randint(0, most)))

    def short(self) -> str:
        return "".join(self.by.choice(SIGNS) for _ in range(self.by.randint(0, 12)))

    def text(self) -> str:
        return self.short() * self.by.choice((1, 1, 1, 1, 4, 20, 300))

    def pick(self, *of: Any) -> Any:
        return self.by.choice(of)

    def span(self) -> Span:
        span: Span = self.pick(
            Words(self.text(), self.pick(True, False), False, self.pick(True, False)),
            Mention(self.short(), (Actor("slack", "T1", "U0ALICE"),)),
            Link(self.short(), self.pick("https://example.org/a", "javascript:x", "")),
        )
        return span

    def spans(self) -> Spans:
        return self.some(self.span, 3)

    def button(self) -> Button:
        return Button(
            self.text(),
            self.pick("", "a:b", "c:d:1"),
            self.pick("plain", "primary", "danger"),
            self.pick(True, False),
            self.text(),
            self.text(),
            self.pick("", "", "https://example.org/help", "nowhere"),
        )

    def share(self) -> float | None:
        share: float | None = self.pick(None, NAN, 0.0, 0.5, 1.7, -3.0, 1e12)
        return share

    def series(self) -> Series:
        return Series(self.text(), self.some(self.share, 25), self.pick(True, False))

    def chart(self) -> Chart:
        kind, labels = self.pick("line", "bar"), self.some(self.short, 25)
        full = Series(self.text(), tuple(0.5 for _ in labels))
        drawn = (full, *self.some(self.series, self.pick(0, 7)))
        return Chart(kind, self.text(), labels, drawn, self.text(), self.pick(True, False))

    def table(self) -> Table:
        columns = self.some(lambda: Column(self.short(), self.pick(True, False)), 6)
        return Table(self.text(), columns, self.some(lambda: self.some(self.spans, 5), 40))

    def block(self) -> Block:
        block: Block = self.pick(
            lambda: Text(self.spans(), self.pick("plain", "heading", "quiet", "quote")),
            lambda: Bullets(self.some(self.spans, 20)),
            lambda: Facts(self.some(lambda: Fact(self.text(), self.spans()), 20)),
            lambda: Meter(self.text(), self.text(), self.share(), self.share(), "warn"),
            self.chart,
            self.table,
            Divider,
            lambda: Buttons(self.some(self.button, 30)),
        )()
        return block

    def card(self) -> Card:
        return Card(self.text() or "T", self.some(self.block, 20), self.some(self.button, 6))

    def question(self, id: str) -> Question:
        ask = {
            "id": id,
            "label": self.text(),
            "hint": self.text(),
            "required": self.pick(True, False),
        }
        options = self.some(lambda: Option(self.short(), self.text()), self.pick(3, 12, 130))
        people = self.some(lambda: Somebody(self.short(), self.text()), 4)
        question: Question = self.pick(
            lambda: Number(value=self.short(), **ask),
            lambda: ShortText(value=self.short(), **ask),
            lambda: LongText(value=self.text()[:3000], **ask),
            lambda: Choice(options=options, value=self.short(), **ask),
            lambda: Choices(options=options, value=tuple(o.value for o in options[:1]), **ask),
            lambda: Day(value=self.pick("", "2026-02-13", self.short()), **ask),
            lambda: Person(people=people, value=self.short(), **ask),
        )()
        return question

    def page(self, number: int) -> Page:
        questions = [
            self.question(f"{self.short()}{number}-{n}") for n in range(self.pick(1, 5, 30))
        ]
        return Page(self.text(), tuple(questions), self.some(self.block, 2))

    def form(self) -> Form:
        all_pages = tuple(self.page(number) for number in range(self.pick(1, 2, 4)))
        return Form(self.text() or "T", "a:b", all_pages, self.text(), self.pick("en", "de-DE"))


@pytest.mark.parametrize("seed", range(6))
def test_any_card_is_taken_and_said_whole(seed: int) -> None:
    card = Dice(seed).card()
    parts = shown.messages(card, native=seed % 3 > 0)
    assert [f for part in parts for f in judges.of_message(part.blocks, part.text)] == []
    assert judges.of_home(home(card)) == []
    read = "".join(plain.unescape(part.text) for part in parts).replace("\n", "")
    for block in card.blocks:
        said = plain.block(block)
        if isinstance(block, Text | Meter) and said.strip() and len(said) < LONG:
            assert said.replace("\n", "") in read


@pytest.mark.parametrize("seed", range(6))
def test_any_form_is_taken_and_comes_back(seed: int) -> None:
    form = Dice(seed).form()
    views = [forms.view(form, meta="{}", page=page) for page in range(forms.pages(form))]
    assert [fault for view in views for fault in judges.of_modal(view)] == []
    assert sent(*views) == held(form)
    problems = tuple(Problem(question.id, "No.") for question in form.questions())
    again = forms.view(form, meta="{}", page=len(views) - 1, problems=problems[-50:])
    assert judges.of_modal(again) == []
    ids = {block.get("block_id") for block in views[-1]["blocks"]}
    assert forms.errors(form, problems).keys() <= ids
