"""A chart as Teams' own where it can be drawn honestly, or as its values; always with its words.

A client that knows no charts shows the values in its place. What lies ahead of all that is known
is not drawn; a place where something is unknown is left out, and said with what is known.
"""

from collections.abc import Iterator

from adapters.teams import limits, spans
from adapters.teams.limits import Json
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from adapters.teams.spans import QUIET
from bot.chat.cards import Chart, Spans, Words
from bot.chat.charts import at, in_words, places, value

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
    known, drawn, left = places(each)
    said = list(spans.pieces((Words(each.title, bold=True), Words(f"\n{each.text}")), pen))
    values = spans.bullets(in_words(each, known, pen.words), pen)
    if not (pen.native and _is_drawable(each, drawn) and len(left) < len(drawn)):
        return [*said, *values]
    instead = [element for piece in values for element in piece.elements]
    block = {**_drawing(each, drawn), "fallback": {"type": "Container", "items": instead}}
    if limits.weight(block) > 2 * limits.PIECE:
        return [*said, *values]
    notes = (p for note in _left_out(each, left, pen) for p in spans.pieces(note, pen, **QUIET))
    return [*said, Piece((block,), ""), *notes]


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
                    {"x": each.labels[place], "y": value(series, place, each.percent)}
                    for place in drawn
                ],
            }
            for series in each.series
        ],
    }


def _left_out(each: Chart, left: list[int], pen: Pen) -> Iterator[Spans]:
    if left:
        yield (Words(pen.words.not_drawn),)
    for place in left:
        yield (Words(f"{each.labels[place]}: {at(each, place, pen.words)}"),)
