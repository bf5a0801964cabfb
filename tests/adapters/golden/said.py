"""Cards as plain text."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import assert_never
from unicodedata import category, east_asian_width

from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Link,
    Mention,
    Meter,
    Spans,
    Table,
    Text,
    Words,
)

BEFORE = {"plain": "", "heading": "## ", "quiet": "(quiet) ", "quote": "> "}


def card_lines(card: Card) -> Iterator[str]:
    """The lines of one card."""
    yield card.title
    yield "=" * 40
    yield from block_lines(card.blocks)
    if card.buttons:
        yield ""
        yield from map(_button, card.buttons)


def block_lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Blocks, one below the other."""
    for block in blocks:
        yield ""
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(spans=spans, style=style):
            first, *rest = _said(spans).split("\n")
            yield BEFORE[style] + first
            yield from (" " * len(BEFORE[style]) + line for line in rest)
        case Bullets(items=items):
            yield from (f"- {_said(item)}".replace("\n", "\n  ") for item in items)
        case Facts(facts=facts):
            yield from _aligned([(f"{fact.label}:", _said(fact.value)) for fact in facts], {0})
        case Meter(label=label, text=text):
            yield f"{label}: {text}"
            yield f"    {_bar(block)}"
        case Chart():
            yield from _chart(block)
        case Table():
            yield from _table(block)
        case Divider():
            yield "-" * 40
        case Buttons(buttons=buttons):
            yield from map(_button, buttons)
        case _:
            assert_never(block)


def _said(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Words | Mention | Link) -> str:
    match span:
        case Words():
            return span.text
        case Mention(name=name, actors=actors):
            return f"@{name}" if actors else name
        case Link(text=text, url=url):
            return f"{text} <{url}>"
        case _:
            assert_never(span)


def _bar(meter: Meter) -> str:
    if meter.value is None:
        return "[no value]"
    pace = "" if meter.expected is None else f", expected {meter.expected:.0%}"
    return f"[{meter.value:.0%}{pace}, {meter.tone}]"


def _chart(chart: Chart) -> Iterator[str]:
    yield f"{chart.title} ({chart.kind} chart)"
    yield chart.text
    rows = [("", *chart.labels)]
    for series in chart.series:
        points = ("–" if point is None else f"{point:.4g}" for point in series.points)
        rows.append((f"{series.name}, dashed" if series.dashed else series.name, *points))
    if chart.labels:
        yield from _aligned(rows, {0})


def _table(table: Table) -> Iterator[str]:
    yield f"{table.caption}:"
    titles = tuple(column.title for column in table.columns)
    rows = [titles, *(tuple(map(_said, row)) for row in table.rows)]
    left = {place for place, column in enumerate(table.columns) if not column.number}
    yield from _aligned(rows, left, " | ")


def _aligned(rows: list[tuple[str, ...]], left: set[int], between: str = "  ") -> Iterator[str]:
    """Cells below each other: those of the columns in `left` from the left."""
    cells = [[cell.replace("\n", " / ") for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip_longest(*cells, fillvalue="")]
    for row in cells:
        padded = (_padded(cell, widths[n], n in left) for n, cell in enumerate(row))
        yield between.join(padded).rstrip()


def _padded(cell: str, width: int, from_left: bool) -> str:
    blank = " " * (width - _width(cell))
    return cell + blank if from_left else blank + cell


def _width(text: str) -> int:
    return sum(
        0 if category(sign) in {"Mn", "Me"} else 2 if east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def _button(button: Button) -> str:
    more: list[str] = [button.style] if button.style != "plain" else []
    more += ["opens a form"] if button.opens_form else []
    more += [f"about: {button.about}"] if button.about else []
    more += [f"asks first: {button.confirm}"] if button.confirm else []
    said = f"[{button.label}] -> {button.url or button.action}"
    return f"{said} ({'; '.join(more)})" if more else said
