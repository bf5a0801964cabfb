"""A chart as Teams' own where it can be drawn honestly, or as its values; always with its words.

A client that knows no charts shows the values in its place. What lies ahead of all that is known
is not drawn; a place where something is unknown is left out, and said with what is known.
"""

from collections.abc import Iterator
from math import isfinite

from adapters.teams import limits, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from adapters.teams.spans import QUIET
from bot.chat.cards import Chart, Series, Spans, Words

FEWEST = 2
"""So many places make a chart worth looking at."""
KINDS = {"line": "Chart.Line", "bar": "Chart.VerticalBar.Grouped"}
COLORS = (
    "categoricalBlue",
    "categoricalTeal",
    "categoricalPurple",
    "categoricalMarigold",
    "categoricalLime",
    "categoricalLavender",
)
PACE = "neutral"


def chart(each: Chart, pen: Pen) -> list[Piece]:
    """The chart and the same in words; the words alone where nothing is known."""
    known = _known(each)
    drawn = [place for place in known if all(_point(s, place) is not None for s in each.series)]
    left = [p for p in known if p not in drawn and not _before_the_pace(each, p, drawn)]
    said = list(spans.pieces((Words(each.title, bold=True), Words(f"\n{each.text}")), pen))
    values = spans.bullets(_values(each, known, pen), pen)
    if not (pen.native and _is_drawable(each, drawn) and len(left) < len(drawn)):
        return [*said, *values]
    instead = [element for piece in values for element in piece.elements]
    block = {**_drawing(each, drawn), "fallback": {"type": "Container", "items": instead}}
    if limits.weight(block) > 2 * limits.PIECE:
        return [*said, *values]
    notes = (p for note in _left_out(each, left, pen) for p in spans.pieces(note, pen, **QUIET))
    return [*said, Piece((block,), ""), *notes]


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
        and len({s.name for s in each.series}) == len(each.series)
        and len({each.labels[place] for place in drawn}) == len(drawn)
    )


def _drawing(each: Chart, drawn: list[int]) -> Json:
    colors = iter(COLORS)
    axis = {"yAxisTitle": "%"} if each.percent else {}
    return {
        "type": KINDS[each.kind],
        **axis,
        "data": [
            {
                "legend": limits.short(series.name.strip() or "–", limits.CHART_LABEL),
                "color": PACE if series.dashed else next(colors),
                "values": [
                    {"x": each.labels[place], "y": _value(series, place, each.percent)}
                    for place in drawn
                ],
            }
            for series in each.series
        ],
    }


def _value(series: Series, place: int, percent: bool) -> float:
    point = _point(series, place) or 0.0
    return round(point * 100, 1) if percent else point


def _left_out(each: Chart, left: list[int], pen: Pen) -> Iterator[Spans]:
    if left:
        yield (Words(pen.words.not_drawn),)
    for place in left:
        yield (Words(f"{each.labels[place]}: {_at(each, place, pen)}"),)


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
