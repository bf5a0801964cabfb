"""A card as plain text: what notifications and screen readers get, complete."""

from typing import assert_never

from adapters.teams.limits import leads
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Chart,
    Divider,
    Facts,
    Link,
    Mention,
    Meter,
    Span,
    Spans,
    Table,
    Text,
    Words,
)


def said(spans: Spans) -> str:
    """The words of a run, each link with its address."""
    return "".join(map(_span, spans))


def block(each: Block) -> str:
    """The same as the block shows, in words."""
    match each:
        case Text():
            return said(each.spans)
        case Bullets():
            return "\n".join(f"• {said(item)}" for item in each.items)
        case Facts():
            return "\n".join(f"{fact.label}: {said(fact.value)}" for fact in each.facts)
        case Meter():
            return f"{each.label}: {each.text}"
        case Chart():
            return f"{each.title}: {each.text}"
        case Table():
            return "\n".join([each.caption, head(each), *(row(each, r) for r in each.rows)])
        case Divider():
            return ""
        case Buttons():
            return buttons(each.buttons)
        case _:
            assert_never(each)


def head(table: Table) -> str:
    """A table's headings."""
    return " · ".join(column.title for column in table.columns)


def row(table: Table, cells: tuple[Spans, ...]) -> str:
    """A row of a table: its first cell, then each other cell after its heading."""
    titles = [column.title for column in table.columns]
    named = [
        f"{title}: {said(cell)}" if title else said(cell)
        for title, cell in zip([*titles[1:], *[""] * len(cells)], cells[1:], strict=False)
    ]
    return " · ".join([*map(said, cells[:1]), *named])


def buttons(all_buttons: tuple[Button, ...]) -> str:
    """What can be pressed."""
    return " ".join(
        f"[{button.label}: {button.url}]" if leads(button.url) else f"[{button.label}]"
        for button in all_buttons
    )


def _span(span: Span) -> str:
    match span:
        case Words():
            return span.text
        case Mention():
            return span.name
        case Link():
            return f"{span.text} ({span.url})" if leads(span.url) else span.text
        case _:
            assert_never(span)
