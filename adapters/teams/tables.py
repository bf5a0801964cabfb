"""A table as Teams' own, on as many pages as it takes, or as one line for each row."""

from collections.abc import Iterator

from adapters.teams import limits, plain, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from adapters.teams.spans import bold, pieces
from bot.chat.cards import Column, Spans, Table, Words

Row = tuple[Spans, ...]
NARROWEST, WIDEST = 10, 24


def table(each: Table, pen: Pen) -> list[Piece]:
    """The table; as text where it is wider than a chat, or has nothing in it."""
    width = max([len(each.columns), *map(len, each.rows)])
    longest = max((limits.weight(plain.row(each, row)) for row in each.rows), default=0)
    native = pen.native and each.rows and 1 <= width <= limits.TABLE_COLUMNS
    if not native or longest + limits.weight(plain.head(each) + each.caption) > limits.PIECE:
        return list(_as_text(each, pen))
    first, drawn = 1, []
    for page in (all_pages := list(_pages(each))):
        caption = _caption(each, pen, first, len(page)) if len(all_pages) > 1 else each.caption
        drawn.append(_page(each, page, caption, width, pen))
        first += len(page)
    return drawn


def _page(each: Table, rows: list[Row], caption: str, width: int, pen: Pen) -> Piece:
    told: list[Json] = []
    columns = (*each.columns, *[Column("")] * (width - len(each.columns)))
    head = {
        "type": "TableRow",
        "cells": [_cell(bold((Words(column.title),)), pen, told) for column in columns],
    }
    body: Json = {
        "type": "Table",
        "firstRowAsHeader": True,
        "columns": [_column(column, place, rows) for place, column in enumerate(columns)],
        "rows": [head, *(_row(row, width, pen, told) for row in rows)],
    }
    above = [spans.rich((Words(caption, bold=True),))] if caption.strip() else []
    said = "\n".join([caption, plain.head(each), *(plain.row(each, row) for row in rows)])
    return Piece((*above, body), said, tuple(told))


def _column(column: Column, place: int, rows: list[Row]) -> Json:
    """As wide, beside the others, as what stands in it."""
    cells = [plain.said(row[place]) for row in rows if place < len(row)]
    longest = max(map(len, [column.title, *cells]))
    right = {"horizontalCellContentAlignment": "right"} if column.number else {}
    width = min(WIDEST, max(NARROWEST, longest))
    return {"type": "TableColumnDefinition", "width": width, **right}


def _row(row: Row, width: int, pen: Pen, told: list[Json]) -> Json:
    cells = row + ((),) * (width - len(row))
    return {"type": "TableRow", "cells": [_cell(cell, pen, told) for cell in cells]}


def _cell(cell: Spans, pen: Pen, told: list[Json]) -> Json:
    drawn = spans.piece(cell, pen)
    told += drawn.told
    return {"type": "TableCell", "items": list(drawn.elements)}


def _pages(each: Table) -> Iterator[list[Row]]:
    """Rows that fit onto one page with their head."""
    page: list[Row] = []
    weight = 0
    for row in each.rows:
        more = limits.weight(plain.row(each, row))
        if page and (len(page) == limits.TABLE_ROWS or weight + more > limits.PIECE):
            yield page
            page, weight = [], 0
        page.append(row)
        weight += more
    yield page


def _caption(each: Table, pen: Pen, first: int, rows: int) -> str:
    page = pen.words.rows.format(first=first, last=first + rows - 1, of=len(each.rows))
    return f"{each.caption} ({page})"


def _as_text(each: Table, pen: Pen) -> Iterator[Piece]:
    """The caption, the headings, and each row as a line of a list."""
    yield from pieces((Words(each.caption, bold=True),), pen)
    yield from pieces((Words(plain.head(each), italic=True),), pen)
    yield from spans.bullets([_line(each, row) for row in each.rows], pen)


def _line(each: Table, row: Row) -> Spans:
    """The first cell, louder, then every other after its heading."""
    line: Spans = bold(row[0]) if row else ()
    for place, cell in enumerate(row[1:], 1):
        title = each.columns[place].title if place < len(each.columns) else ""
        line += (Words(f" · {title}: " if title else " · "), *cell)
    return line
