"""Line charts and bar charts as SVG; the words beside them say the same."""

from math import ceil
from typing import assert_never

from markupsafe import Markup

from adapters.web.plots import bars, colour, last_point, lines, mark
from adapters.web.scale import HEIGHT, LEFT, RIGHT, WIDTH, Scale, figure, scale_of
from bot.chat.cards import Chart, Series

NOTHING = Markup()
LABELS = 7
LONGEST_LABEL = 9


def chart(each: Chart) -> Markup:
    """A chart with its legend and the same in words; the words alone where nothing is known."""
    if all(last_point(series) is None for series in each.series):
        return Markup(
            '<figure class="chart"><figcaption>{}</figcaption><p class="quiet">{}</p></figure>'
        ).format(each.title, each.text)
    scale = scale_of(each)
    match each.kind:
        case "line":
            marks = lines(each, scale)
        case "bar":
            marks = bars(each, scale)
        case _:
            assert_never(each.kind)
    return Markup(
        '<figure class="chart"><figcaption>{}</figcaption><svg viewBox="0 0 {} {}" role="img" '
        'aria-label="{}"><title>{}</title><desc>{}</desc>{}{}{}</svg>{}<p class="quiet">{}</p>'
        "</figure>"
    ).format(
        each.title,
        WIDTH,
        HEIGHT,
        f"{each.title}. {each.text}",
        each.title,
        each.text,
        _grid(scale, each.percent),
        _labels(each, scale),
        marks,
        _legend(each.series, each.kind == "bar"),
        each.text,
    )


def _grid(scale: Scale, percent: bool) -> Markup:
    ticks = range(round((scale.high - scale.low) / scale.step) + 1)
    values = [scale.low + tick * scale.step for tick in ticks]
    return NOTHING.join(
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text class="axis end" x="{}" y="{:.1f}">{}</text>'
        ).format(
            LEFT,
            WIDTH - RIGHT,
            scale.y(value),
            scale.y(value),
            LEFT - 8,
            scale.y(value) + 4,
            figure(value, percent),
        )
        for value in values
    )


def _labels(each: Chart, scale: Scale) -> Markup:
    longest = max((min(len(label), LONGEST_LABEL) for label in each.labels), default=1)
    most = max(1, min(LABELS, 44 // max(longest, 1)))
    every = ceil(len(each.labels) / most)
    return NOTHING.join(
        Markup('<text class="axis middle" x="{:.1f}" y="{}">{}<title>{}</title></text>').format(
            scale.x(place), HEIGHT - 8, _short(label), label
        )
        for place, label in enumerate(each.labels)
        if place % every == 0
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"


def _legend(all_series: tuple[Series, ...], is_bar: bool) -> Markup:
    if len(all_series) < 2 and not any(series.dashed for series in all_series):
        return NOTHING
    items = NOTHING.join(
        Markup(
            '<li><svg class="series {}" width="26" height="12" aria-hidden="true" '
            'focusable="false">{}</svg>{}</li>'
        ).format(colour(number, series), _swatch(number, series, is_bar), series.name)
        for number, series in enumerate(all_series)
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


def _swatch(number: int, series: Series, is_bar: bool) -> Markup:
    if is_bar:
        return Markup('<rect class="column" x="7" y="1" width="12" height="10" rx="2"/>')
    dot = NOTHING if series.dashed else mark(number, 13, 6, series.name)
    return Markup('<path class="line" d="M1 6H25"/>{}').format(dot)
