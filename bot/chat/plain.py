"""A card as plain text, which is complete: what notifications and screen readers get."""

from collections.abc import Callable
from typing import assert_never

from msgspec import Struct

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


class Plain(Struct, frozen=True):
    """How one platform says it; `leads` tells whether it can follow an address."""

    leads: Callable[[str], bool]

    def said(self, spans: Spans) -> str:
        """The words of a run, each link with its address."""
        return "".join(map(self._span, spans))

    def block(self, each: Block) -> str:
        """The same as the block shows, in words."""
        match each:
            case Text():
                return self.said(each.spans)
            case Bullets():
                return "\n".join(f"• {self.said(item)}" for item in each.items)
            case Facts():
                return "\n".join(f"{fact.label}: {self.said(fact.value)}" for fact in each.facts)
            case Meter():
                return f"{each.label}: {each.text}"
            case Chart():
                return f"{each.title}: {each.text}"
            case Table():
                rows = (self.row(each, cells) for cells in each.rows)
                return "\n".join([each.caption, self.head(each), *rows])
            case Divider():
                return ""
            case Buttons():
                return self.buttons(each.buttons)
            case _:
                assert_never(each)

    def head(self, table: Table) -> str:
        """A table's headings."""
        return " · ".join(column.title for column in table.columns)

    def row(self, table: Table, cells: tuple[Spans, ...]) -> str:
        """A row of a table: its first cell, then each other cell after its heading."""
        titles = [column.title for column in table.columns]
        named = [
            f"{title}: {self.said(cell)}" if title else self.said(cell)
            for title, cell in zip([*titles[1:], *[""] * len(cells)], cells[1:], strict=False)
        ]
        return " · ".join([*map(self.said, cells[:1]), *named])

    def buttons(self, all_buttons: tuple[Button, ...]) -> str:
        """What can be pressed."""
        return " ".join(
            f"[{button.label}: {button.url}]" if self.leads(button.url) else f"[{button.label}]"
            for button in all_buttons
        )

    def _span(self, span: Span) -> str:
        match span:
            case Words():
                return span.text
            case Mention():
                return span.name
            case Link():
                return f"{span.text} ({span.url})" if self.leads(span.url) else span.text
            case _:
                assert_never(span)
