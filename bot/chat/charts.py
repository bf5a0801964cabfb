"""What can be drawn honestly of a chart where a platform knows no gap, and its values in words."""

from math import isfinite
from typing import Protocol

from bot.chat.cards import Chart, Series, Spans, Words


class Signs(Protocol):
    """How figures are written in a language."""

    @property
    def comma(self) -> str: ...
    @property
    def percent(self) -> str: ...


def places(each: Chart) -> tuple[list[int], list[int], list[int]]:
    """Where something is known; what of it can be drawn; what is left out and must be said."""
    known = _known(each)
    drawn = [place for place in known if all(_point(s, place) is not None for s in each.series)]
    left = [p for p in known if p not in drawn and not _before_the_pace(each, p, drawn)]
    return known, drawn, left


def value(series: Series, place: int, percent: bool) -> float:
    """What is drawn there."""
    point = _point(series, place) or 0.0
    return round(point * 100, 1) if percent else point


def in_words(each: Chart, known: list[int], signs: Signs) -> list[Spans]:
    """Each series with its values."""
    return [
        (
            Words(series.name, bold=True),
            Words(": "),
            Words(
                " · ".join(
                    f"{each.labels[p]} {_figure(_point(series, p), each, signs)}" for p in known
                )
            ),
        )
        for series in each.series
        if known
    ]


def at(each: Chart, place: int, signs: Signs) -> str:
    """What each series has there."""
    return " · ".join(f"{s.name} {_figure(_point(s, place), each, signs)}" for s in each.series)


def _figure(value: float | None, each: Chart, signs: Signs) -> str:
    """A value in few signs: 62%, 950, 12500, 0.25."""
    if value is None:
        return "–"
    shown = f"{value * 100:.0f}{signs.percent}" if each.percent else f"{value:.6g}"
    return shown.replace(".", signs.comma)


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
