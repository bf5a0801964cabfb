"""A table as Teams' own, on as many pages as it takes, or as one line for each row."""

from collections.abc import Iterator

from msgspec import Struct

from adapters.teams import limits, plain, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from adapters.teams.spans import bold, pieces
from bot.chat.cards import Column, Spans, Table, Words

Row = tuple[Spans, ...]
NARROWEST, WIDEST = 10, 24
ROOM = 20_000
"""Bytes of rows and of their text on one page."""


class Line(Struct, frozen=True):
    """A row as it is drawn, and the same in words."""

    row: Row
    drawn: Json
    text: str
    told: tuple[Json, ...]

    @property
    def weight(self) -> int:
        """How many bytes it takes."""
        return limits.weight([self.drawn, self.text, self.told])


def table(each: Table, pen: Pen) -> list[Piece]:
    """The table; as text where it is wider than a chat, or has nothing in it."""
    width = max([len(each.columns), *map(len, each.rows)])
    if not (pen.native and each.rows and 1 <= width <= limits.TABLE_COLUMNS):
        return list(_as_text(each, pen))
    columns = (*each.columns, *[Column("")] * (width - len(each.columns)))
    head = _line(tuple((Words(column.title, bold=True),) for column in columns), width, "", pen)
    lines = [_line(row, width, plain.row(each, row), pen) for row in each.rows]
    if head.weight + limits.weight(each.caption) + max(line.weight for line in lines) > ROOM:
        return list(_as_text(each, pen))
    first, drawn = 1, []
    for page in (all_pages := list(_pages(lines))):
        caption = _caption(each, pen, first, len(page)) if len(all_pages) > 1 else each.caption
        body = {
            "type": "Table",
            "firstRowAsHeader": True,
            "columns": [_column(column, place, page) for place, column in enumerate(columns)],
            "rows": [head.drawn, *(line.drawn for line in page)],
        }
        above = [spans.rich((Words(caption, bold=True),))] if caption.strip() else []
        text = "\n".join([caption, plain.head(each), *(line.text for line in page)])
        told = tuple(entity for line in page for entity in line.told)
        drawn.append(Piece((*above, body), text, told))
        first += len(page)
    return drawn


def _line(row: Row, width: int, text: str, pen: Pen) -> Line:
    cells = [spans.piece(cell, pen) for cell in row + ((),) * (width - len(row))]
    items = [{"type": "TableCell", "items": list(cell.elements)} for cell in cells]
    told = tuple(entity for cell in cells for entity in cell.told)
    return Line(row, {"type": "TableRow", "cells": items}, text, told)


def _pages(lines: list[Line]) -> Iterator[list[Line]]:
    """Rows that fit onto one page with their head."""
    page: list[Line] = []
    weight = 0
    for line in lines:
        if page and (len(page) == limits.TABLE_ROWS or weight + line.weight > ROOM):
            yield page
            page, weight = [], 0
        page.append(line)
        weight += line.weight
    yield page


def _column(column: Column, place: int, lines: list[Line]) -> Json:
    """As wide, beside the others, as what stands in it."""
    cells = [plain.said(line.row[place]) for line in lines if place < len(line.row)]
    longest = max(map(len, [column.title, *cells]))
    right = {"horizontalCellContentAlignment": "right"} if column.number else {}
    width = min(WIDEST, max(NARROWEST, longest))
    return {"type": "TableColumnDefinition", "width": width, **right}


def _caption(each: Table, pen: Pen, first: int, rows: int) -> str:
    page = pen.words.rows.format(first=first, last=first + rows - 1, of=len(each.rows))
    return f"{each.caption} ({page})"


def _as_text(each: Table, pen: Pen) -> Iterator[Piece]:
    """The caption, and each row as a line of a list, which names its headings itself."""
    yield from pieces((Words(each.caption, bold=True),), pen)
    heads = plain.head(each) if not each.rows else each.columns[0].title if each.columns else ""
    yield from pieces((Words(heads, italic=True),), pen)
    yield from spans.bullets([_listed(each, row) for row in each.rows], pen)


def _listed(each: Table, row: Row) -> Spans:
    """The first cell, louder, then every other after its heading."""
    line: Spans = bold(row[0]) if row else ()
    for place, cell in enumerate(row[1:], 1):
        title = each.columns[place].title if place < len(each.columns) else ""
        line += (Words(f" · {title}: " if title else " · "), *cell)
    return line
