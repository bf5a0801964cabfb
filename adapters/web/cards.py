"""Card → HTML. Whatever is not written in this file arrives as exactly its characters."""

import re
from itertools import chain, repeat
from typing import assert_never

from markupsafe import Markup, escape

from adapters.web.charts import chart
from adapters.web.meters import meter
from adapters.web.words import speaking
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Divider,
    Facts,
    File,
    Link,
    Mention,
    Meter,
    Span,
    Spans,
    Table,
    Text,
    Words,
)

NOTHING = Markup()
SHORT = 28
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows them."""


def render(card: Card) -> Markup:
    """One card, as it stands in a conversation."""
    title = Markup('<h3 class="title">{}</h3>').format(words(card.title)) if card.title else NOTHING
    foot = buttons(card.buttons) if card.buttons else NOTHING
    with speaking(card.locale):
        body = render_blocks(card.blocks)
    fetched = files(card.files) if card.files else NOTHING
    return Markup('<div class="card">{}{}{}{}</div>').format(title, body, foot, fetched)


def files(each: tuple[File, ...]) -> Markup:
    """What can be downloaded. The page's script knows for whom, and sets where it leads."""
    links = (
        Markup('<a class="button plain" data-file="{}" download>{}</a>').format(
            file.name, words(file.label)
        )
        for file in each
    )
    return Markup('<div class="buttons files">{}</div>').format(NOTHING.join(links))


def render_blocks(blocks: tuple[Block, ...]) -> Markup:
    """Blocks, one below the other."""
    return NOTHING.join(block(each) for each in blocks)


def typed(text: str) -> Markup:
    """What a person typed."""
    return Markup('<p class="typed" dir="auto">{}</p>').format(words(text))


def block(each: Block) -> Markup:
    """One block of a card."""
    match each:
        case Text():
            return _text(each)
        case Bullets():
            lines = NOTHING.join(Markup("<li>{}</li>").format(spans(item)) for item in each.items)
            return Markup("<ul>{}</ul>").format(lines)
        case Facts():
            return _facts(each)
        case Meter():
            return meter(each)
        case Chart():
            return chart(each)
        case Table():
            return _table(each)
        case Divider():
            return Markup("<hr>")
        case Buttons():
            return buttons(each.buttons)
        case _:
            assert_never(each)


def spans(run: Spans) -> Markup:
    """Words, mentions and links in a row."""
    return NOTHING.join(_span(each) for each in run)


def words(text: str) -> Markup:
    """Exactly these characters; a turn of the writing direction ends where the text does."""
    lines = Markup("<br>").join(escape(line) for line in text.split("\n"))
    return Markup("<bdi>{}</bdi>").format(lines) if TURNS.search(text) else lines


def buttons(row: tuple[Button, ...]) -> Markup:
    """Buttons beside each other."""
    return Markup('<div class="buttons">{}</div>').format(NOTHING.join(_button(b) for b in row))


def _span(each: Span) -> Markup:
    match each:
        case Words():
            html = words(each.text)
            for on, tag in ((each.code, "code"), (each.italic, "em"), (each.bold, "strong")):
                html = Markup("<{0}>{1}</{0}>").format(Markup(tag), html) if on else html  # noqa: S704 - one of three names, just above
            return html
        case Mention():
            who = " ".join(actor.id for actor in each.actors if actor.platform == "web")
            if not who:
                return Markup('<span class="person">{}</span>').format(words(each.name))
            return Markup('<span class="mention" data-who="{}">@{}</span>').format(
                who, words(each.name)
            )
        case Link():
            return _link(each.text, each.url, "")
        case _:
            assert_never(each)


def _link(text: str, url: str, style: str) -> Markup:
    """A link, or just its text where the address is none that a browser should follow."""
    if not _is_safe(url):
        return words(text)
    return Markup(
        '<a href="{}" class="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    ).format(url, style, words(text))


def _is_safe(url: str) -> bool:
    ours = url.startswith("/") and not url.startswith(("//", "/\\"))
    return ours or url.lower().startswith(("https://", "http://", "mailto:"))


def _text(text: Text) -> Markup:
    inner = spans(text.spans)
    match text.style:
        case "plain":
            return Markup('<p dir="auto">{}</p>').format(inner)
        case "heading":
            return Markup('<h4 dir="auto">{}</h4>').format(inner)
        case "quiet":
            return Markup('<p class="quiet" dir="auto">{}</p>').format(inner)
        case "quote":
            return Markup('<blockquote dir="auto">{}</blockquote>').format(inner)
        case _:
            assert_never(text.style)


def _facts(facts: Facts) -> Markup:
    """Short facts stand side by side; where one is long, each has a line of its own."""
    is_long = any(len(str(spans(fact.value).striptags())) > SHORT for fact in facts.facts)
    rows = NOTHING.join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(words(fact.label), spans(fact.value))
        for fact in facts.facts
    )
    return Markup('<dl class="facts{}">{}</dl>').format(" long" if is_long else "", rows)


def _table(table: Table) -> Markup:
    """On a phone figures scroll sideways from the newest, other rows become small cards.

    What scrolls by itself is reached by keyboard.
    """
    kind = "figures" if all(column.number for column in table.columns[1:]) else "rows"
    head = NOTHING.join(
        Markup('<th scope="col"{}>{}</th>').format(_number(column.number), words(column.title))
        for column in table.columns
    )
    rows = NOTHING.join(_row(row, table.columns) for row in table.rows)
    return Markup(
        '<div class="table {}" role="region" tabindex="0" aria-label="{}"><table>'
        "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(kind, table.caption, words(table.caption), head, rows)


def _row(row: tuple[Spans, ...], columns: tuple[Column, ...]) -> Markup:
    headings = chain(columns, repeat(Column("")))
    cells = NOTHING.join(
        Markup('<th scope="row">{}</th>').format(spans(cell))
        if place == 0
        else Markup('<td data-label="{}"{}>{}</td>').format(
            column.title, _number(column.number), spans(cell)
        )
        for place, (cell, column) in enumerate(zip(row, headings, strict=False))
    )
    return Markup("<tr>{}</tr>").format(cells)


def _number(is_number: bool) -> Markup:
    return Markup(' class="number"') if is_number else NOTHING


def _button(button: Button) -> Markup:
    style = f"button {button.style}"
    if button.url:
        return _link(button.label, button.url, style)
    opens = Markup(' aria-haspopup="dialog"') if button.opens_form else NOTHING
    about = (
        Markup(' aria-label="{}: {}"').format(button.label, button.about)
        if button.about
        else NOTHING
    )
    confirm = Markup(' data-confirm="{}"').format(button.confirm) if button.confirm else NOTHING
    return Markup('<button type="button" class="{}" data-action="{}"{}{}{}>{}</button>').format(
        style, button.action, opens, about, confirm, words(button.label)
    )
