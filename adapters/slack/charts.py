"""A chart as Slack's own where it can be drawn honestly, or as its values; always with its words.

Slack wants a point of every series at every place and knows no gap. What lies ahead of all that is
known is not drawn, nor what lies before a pace is expected; any other place where something is
unknown is left out, and said with what is known.
"""

from collections.abc import Iterator

from adapters.slack import limits, plain
from adapters.slack.lists import lines
from adapters.slack.parts import Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import QUIET, Json, paragraph, plain_text, split, weigh
from bot.chat.cards import Chart, Words
from bot.chat.charts import at, in_words, places, value

FEWEST = 2
"""So many places make a chart worth looking at."""


def chart(each: Chart, pen: Pen) -> list[Piece]:
    """The chart and the same in words; the words alone where nothing is known."""
    known, drawn, left = places(each)
    notes = "\n".join([*_full_names(each), *_left_out(each, left, pen)])
    native = pen.native and _is_drawable(each, drawn) and len(left) < len(drawn)
    if not native or weigh(f"{each.title}{each.text}{notes}") > QUIET:
        return [*_words(each, pen), *lines(in_words(each, known, pen.words), pen)]
    block = {"type": "data_visualization", "title": limits.short(each.title, limits.CHART_TITLE),
             "chart": _drawing(each, drawn)}  # fmt: skip
    under = [plain_text(text) for text in (each.text, notes) if text.strip()]
    said = "\n".join([f"{each.title}: {each.text}", *([notes] if notes else [])])
    return [piece(said, block, *({"type": "context", "elements": [text]} for text in under))]


def _words(each: Chart, pen: Pen) -> Iterator[Piece]:
    for part in split((Words(each.title, bold=True), Words(f"\n{each.text}"))):
        yield piece(plain.said(part), paragraph(part, pen.workspace))


def _is_drawable(each: Chart, drawn: list[int]) -> bool:
    return (
        FEWEST <= len(drawn) <= limits.CHART_POINTS
        and 1 <= len(each.series) <= limits.CHART_SERIES
        and bool(each.title.strip())
    )


def _drawing(each: Chart, drawn: list[int]) -> Json:
    categories = _told_apart([each.labels[place] for place in drawn])
    names = _told_apart([series.name for series in each.series])
    return {
        "type": each.kind,
        "series": [
            {
                "name": name,
                "data": [
                    {"label": label, "value": value(series, place, each.percent)}
                    for label, place in zip(categories, drawn, strict=True)
                ],
            }
            for name, series in zip(names, each.series, strict=True)
        ],
        "axis_config": {"categories": categories, **({"y_label": "%"} if each.percent else {})},
    }


def _told_apart(labels: list[str]) -> list[str]:
    """Labels short enough for Slack, no two of them alike."""
    seen: list[str] = []
    for label in labels:
        named = limits.short(label.strip() or "–", limits.CHART_LABEL)
        number = 1
        while named in seen:
            number += 1
            end = f" {number}"
            named = f"{limits.short(label.strip(), limits.CHART_LABEL - len(end))}{end}"
        seen.append(named)
    return seen


def _full_names(each: Chart) -> list[str]:
    """What had to be shortened in the drawing, in full."""
    names = [s.name for s in each.series if limits.size(s.name) > limits.CHART_LABEL]
    title = [each.title] if limits.size(each.title) > limits.CHART_TITLE else []
    return [*title, *names]


def _left_out(each: Chart, left: list[int], pen: Pen) -> Iterator[str]:
    if left:
        yield pen.words.not_drawn
    for place in left:
        yield f"{each.labels[place]}: {at(each, place, pen.words)}"
