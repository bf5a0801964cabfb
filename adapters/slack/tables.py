"""A table as Slack's own, on as many pages as it takes, or as one line for each row."""

from collections.abc import Iterator

from adapters.slack import limits, plain
from adapters.slack.lists import lines
from adapters.slack.parts import MESSAGE, Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import (
    NOTHING,
    PIECE,
    Json,
    bold,
    elements,
    ended,
    paragraph,
    rich_text,
    split,
    weigh,
)
from bot.chat.cards import Spans, Table, Words

Row = tuple[Spans, ...]


def table(each: Table, pen: Pen) -> list[Piece]:
    """The table; as text where it has more columns than Slack takes, or nothing in it."""
    width = max([len(each.columns), *map(len, each.rows)])
    longest = max((weigh(plain.row(each, row)) for row in each.rows), default=0)
    native = pen.native and each.rows and width <= limits.TABLE_COLUMNS
    if not native or longest + _weight_of_head(each) > PIECE:
        return list(_as_text(each, pen))
    pages, first = list(_pages(each)), 1
    pieces = []
    for page in pages:
        caption = _caption(each, pen, first, len(page)) if len(pages) > 1 else each.caption
        pieces.append(_page(each, page, caption, width, pen))
        first += len(page)
    return pieces


def _page(each: Table, rows: list[Row], caption: str, width: int, pen: Pen) -> Piece:
    said = "\n".join([caption, plain.head(each), *(plain.row(each, row) for row in rows)])
    head = paragraph((Words(caption, bold=True),), pen.workspace)
    body: Json = {
        "type": "table",
        "rows": [
            [_raw(column.title) for column in each.columns]
            + [_raw("")] * (width - len(each.columns)),
            *([_cell(cell, pen) for cell in _padded(row, width)] for row in rows),
        ],
        "column_settings": [
            {"align": "right"} if column.number else {"is_wrapped": True} for column in each.columns
        ],
    }
    return piece(said, head, body)


def _pages(each: Table) -> Iterator[list[Row]]:
    """Rows that fit into one message, and into one table with its head."""
    page: list[Row] = []
    full = weight = _weight_of_head(each)
    for row in each.rows:
        more = weigh(plain.row(each, row)) + 1
        if page and (len(page) == limits.TABLE_ROWS - 1 or weight + more > MESSAGE):
            yield page
            page, weight = [], full
        page.append(row)
        weight += more
    yield page


def _weight_of_head(each: Table) -> int:
    """The caption with its page, and the headings."""
    return weigh(each.caption) + 60 + weigh(plain.head(each))


def _caption(each: Table, pen: Pen, first: int, rows: int) -> str:
    page = pen.words.rows.format(first=first, last=first + rows - 1, of=len(each.rows))
    return f"{each.caption} ({page})"


def _padded(row: Row, width: int) -> Row:
    return row + ((),) * (width - len(row))


def _cell(cell: Spans, pen: Pen) -> Json:
    is_plain = all(isinstance(span, Words) and not (span.bold or span.italic) for span in cell)
    if is_plain:
        return _raw(plain.said(cell))
    return rich_text({"type": "rich_text_section", "elements": elements(cell, pen.workspace)})


def _raw(text: str) -> Json:
    return {"type": "raw_text", "text": ended(text) if text.strip() else NOTHING}


def _as_text(each: Table, pen: Pen) -> Iterator[Piece]:
    """The caption, and each row as a line of a list, which names its headings itself."""
    if each.caption:
        for part in split((Words(each.caption, bold=True),)):
            yield piece(plain.said(part), paragraph(part, pen.workspace))
    heads = plain.head(each) if not each.rows else each.columns[0].title if each.columns else ""
    for part in split((Words(heads, italic=True),)) if heads else ():
        yield piece(plain.said(part), paragraph(part, pen.workspace))
    yield from lines([_line(each, row) for row in each.rows], pen)


def _line(each: Table, row: Row) -> Spans:
    """The first cell, louder, then every other after its heading."""
    line: Spans = bold(row[0]) if row else ()
    for place, cell in enumerate(row[1:], 1):
        title = each.columns[place].title if place < len(each.columns) else ""
        line += (Words(f" · {title}: " if title else " · "), *cell)
    return line
