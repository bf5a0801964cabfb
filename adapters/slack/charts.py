"""A chart as Slack's own where it can be drawn honestly, or as its values; always with its words.

Slack wants a point of every series at every place and knows no gap. What lies ahead of all that is
known is not drawn, nor what lies before a pace is expected; any other place where something is
unknown is left out, and said with what is known.
"""

from collections.abc import Iterator
from math import isfinite

from adapters.slack import limits, plain
from adapters.slack.lists import lines
from adapters.slack.parts import Piece, piece
from adapters.slack.pen import Pen
from adapters.slack.spans import QUIET, Json, paragraph, plain_text, split, weigh
from bot.chat.cards import Chart, Series, Spans, Words

FEWEST = 2
"""So many places make a chart worth looking at."""


def chart(each: Chart, pen: Pen) -> list[Piece]:
    """The chart and the same in words; the words alone where nothing is known."""
    known = _known(each)
    drawn = [place for place in known if all(_point(s, place) is not None for s in each.series)]
    left = [p for p in known if p not in drawn and not _before_the_pace(each, p, drawn)]
    notes = "\n".join([*_full_names(each), *_left_out(each, left, pen)])
    native = pen.native and _is_drawable(each, drawn) and len(left) < len(drawn)
    if not native or weigh(f"{each.title}{each.text}{notes}") > QUIET:
        return [*_words(each, pen), *lines(_values(each, known, pen), pen)]
    block = {"type": "data_visualization", "title": limits.short(each.title, limits.CHART_TITLE),
             "chart": _drawing(each, drawn)}  # fmt: skip
    under = [plain_text(text) for text in (each.text, notes) if text.strip()]
    said = "\n".join([f"{each.title}: {each.text}", *([notes] if notes else [])])
    return [piece(said, block, *({"type": "context", "elements": [text]} for text in under))]


def _words(each: Chart, pen: Pen) -> Iterator[Piece]:
    for part in split((Words(each.title, bold=True), Words(f"\n{each.text}"))):
        yield piece(plain.said(part), paragraph(part, pen.workspace))


def _known(each: Chart) -> list[int]:
    """The places up to the last of which something is known, a pace alone not counted."""
    solid = [s for s in each.series if not s.dashed] or list(each.series)
    filled = [
        place
        for place in range(len(each.labels))
        if any(_point(series, place) is not None for series in solid)
    ]
    return list(range(filled[0], filled[-1] + 1)) if filled else []


def _before_the_pace(each: Chart, place: int, drawn: list[int]) -> bool:
    """Whether it lies before all that is drawn, and only a pace is unknown there."""
    solid = [series for series in each.series if not series.dashed]
    is_first = bool(drawn) and place < drawn[0]
    return is_first and all(_point(series, place) is not None for series in solid)


def _point(series: Series, place: int) -> float | None:
    point = series.points[place] if place < len(series.points) else None
    return point if point is not None and isfinite(point) else None


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
                    {"label": label, "value": _value(series, place, each.percent)}
                    for label, place in zip(categories, drawn, strict=True)
                ],
            }
            for name, series in zip(names, each.series, strict=True)
        ],
        "axis_config": {"categories": categories, **({"y_label": "%"} if each.percent else {})},
    }


def _value(series: Series, place: int, percent: bool) -> float:
    point = _point(series, place) or 0.0
    return round(point * 100, 1) if percent else point


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
        yield f"{each.labels[place]}: {_at(each, place, pen)}"


def _at(each: Chart, place: int, pen: Pen) -> str:
    return " · ".join(f"{s.name} {_figure(_point(s, place), each, pen)}" for s in each.series)


def _values(each: Chart, known: list[int], pen: Pen) -> list[Spans]:
    """Each series with its values."""
    return [
        (
            Words(series.name, bold=True),
            Words(": "),
            Words(
                " · ".join(
                    f"{each.labels[p]} {_figure(_point(series, p), each, pen)}" for p in known
                )
            ),
        )
        for series in each.series
        if known
    ]


def _figure(value: float | None, each: Chart, pen: Pen) -> str:
    """A value in few signs: 62%, 950, 12500, 0.25."""
    if value is None:
        return "–"
    shown = f"{value * 100:.0f}{pen.words.percent}" if each.percent else f"{value:.6g}"
    return shown.replace(".", pen.words.comma)
