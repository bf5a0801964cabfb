"""Meters, line charts and bar charts as SVG; the words beside them say the same."""

from math import ceil, floor, log10
from typing import assert_never

from markupsafe import Markup
from msgspec import Struct

from bot.chat.cards import Chart, Meter, Series

NOTHING = Markup()
WIDTH, HEIGHT = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 52, 14, 30
LABELS = 7
LONGEST_LABEL = 9
NEAREST = 15
COLOURS = 5


def meter(each: Meter) -> Markup:
    """A bar with a tick where it should be by now."""
    if each.value is None:
        role = Markup('role="img" aria-label="{}: {}"').format(each.label, each.text)
        bar = NOTHING
    else:
        share = _share(each.value)
        role = Markup(
            'role="meter" aria-label="{}" aria-valuemin="0" aria-valuemax="100" '
            'aria-valuenow="{:.0f}" aria-valuetext="{}"'
        ).format(each.label, share * 100, each.text)
        bar = Markup('<rect class="bar" width="{:.1f}%" height="8" y="3" rx="4"/>').format(
            share * 100
        )
    tick = NOTHING
    if each.expected is not None:
        tick = Markup('<line class="tick" x1="{0:.1f}%" x2="{0:.1f}%" y1="0" y2="14"/>').format(
            min(99.5, max(0.5, _share(each.expected) * 100))
        )
    return Markup(
        '<div class="meter {}"><div class="said"><span class="label">{}</span> '
        '<span class="value">{}</span></div><div {}><svg width="100%" height="14" '
        'aria-hidden="true" focusable="false"><rect class="track" width="100%" height="8" y="3" '
        'rx="4"/>{}{}</svg></div></div>'
    ).format(each.tone, each.label, each.text, role, bar, tick)


def chart(each: Chart) -> Markup:
    """A chart with its legend and the same in words; the words alone where nothing is known."""
    if all(_last_point(series) is None for series in each.series):
        return Markup(
            '<figure class="chart"><figcaption>{}</figcaption><p class="quiet">{}</p></figure>'
        ).format(each.title, each.text)
    scale = _scale(each)
    match each.kind:
        case "line":
            marks = _lines(each, scale)
        case "bar":
            marks = _bars(each, scale)
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


class Scale(Struct, frozen=True):
    """From values to places in the drawing."""

    low: float
    high: float
    step: float
    places: int
    centred: bool

    def x(self, place: int) -> float:
        room = WIDTH - LEFT - RIGHT
        if self.centred:
            return LEFT + room * (place + 0.5) / max(self.places, 1)
        return LEFT + (room * place / (self.places - 1) if self.places > 1 else room / 2)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _scale(each: Chart) -> Scale:
    known = [point for series in each.series for point in series.points if point is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if each.percent:
        high = max(high, 1.0)
    elif each.kind == "line" and known and min(known) > 0 and min(known) > max(known) / 2:
        low = min(known) - (max(known) - min(known)) * 0.2
    step = 0.25 if each.percent and high - low <= 1.25 else _round_step((high - low) / 4)
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    places = max([len(each.labels), *(len(series.points) for series in each.series)])
    return Scale(low, max(high, low + step), step, places, each.kind == "bar")


def _round_step(rough: float) -> float:
    """The next of 1, 2, 2.5 and 5 times a power of ten, so that an axis reads easily."""
    if rough <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(rough))
    return next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)


def figure(value: float, percent: bool) -> str:
    """A value as an axis shows it: 62%, 950, 12.5k, 3M."""
    if percent:
        return f"{value * 100:.0f}%"
    for limit, letter in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            return f"{value / (1e3 if letter == 'k' else limit):.3g}{letter}"
    return f"{value:.4g}"


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


def _lines(each: Chart, scale: Scale) -> Markup:
    ends = _ends(each.series, scale)
    return NOTHING.join(
        Markup('<g class="series {}">{}{}</g>').format(
            _colour(number, series),
            _line(series, scale, each, number),
            _last(series, scale, ends.get(number), each.percent),
        )
        for number, series in enumerate(each.series)
    )


def _line(series: Series, scale: Scale, each: Chart, number: int) -> Markup:
    """A path with a gap wherever nothing is known, and a mark on each point."""
    path, marks, is_down = [], NOTHING, False
    for place, point in enumerate(series.points):
        if point is None:
            is_down = False
            continue
        x, y = scale.x(place), scale.y(point)
        path.append(f"{'L' if is_down else 'M'}{x:.1f} {y:.1f}")
        is_down = True
        label = each.labels[place] if place < len(each.labels) else ""
        if not series.dashed:
            marks += _mark(number, x, y, f"{series.name}, {label}: {figure(point, each.percent)}")
    return Markup('<path class="line" d="{}"/>{}').format(" ".join(path), marks)


def _mark(number: int, x: float, y: float, says: str) -> Markup:
    """A shape of its own for each series, so that colour is never alone."""
    shapes = (
        f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        f"M{x - 3.2:.1f} {y - 3.2:.1f}h6.4v6.4h-6.4z",
        f"M{x:.1f} {y - 4.4:.1f}l4.4 7.6h-8.8z",
        f"M{x:.1f} {y - 4.6:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6z",
    )
    return Markup('<path class="mark" d="{}"><title>{}</title></path>').format(
        shapes[number % len(shapes)], says
    )


def _ends(all_series: tuple[Series, ...], scale: Scale) -> dict[int, float]:
    """The height of each line's last label, moved apart where two would touch."""
    wanted = [
        (scale.y(last), number)
        for number, series in enumerate(all_series)
        if (last := _last_point(series)) is not None
    ]
    placed: dict[int, float] = {}
    lowest = float(TOP - NEAREST)
    for y, number in sorted(wanted):
        lowest = max(y, lowest + NEAREST)
        placed[number] = lowest
    return placed


def _last_point(series: Series) -> float | None:
    return next((point for point in reversed(series.points) if point is not None), None)


def _last(series: Series, scale: Scale, y: float | None, percent: bool) -> Markup:
    point = _last_point(series)
    if point is None or y is None:
        return NOTHING
    place = max(n for n, each in enumerate(series.points) if each is not None)
    return Markup('<text class="last" x="{:.1f}" y="{:.1f}">{}</text>').format(
        scale.x(place) + 9, y + 4, figure(point, percent)
    )


def _bars(each: Chart, scale: Scale) -> Markup:
    room = (WIDTH - LEFT - RIGHT) / max(scale.places, 1)
    wide = min(34.0, room * 0.72 / max(len(each.series), 1))
    is_labelled = scale.places * len(each.series) <= LABELS * 2
    return NOTHING.join(
        Markup('<g class="series {}">{}</g>').format(
            _colour(number, series),
            _bar_row(each, scale, number, wide, is_labelled),
        )
        for number, series in enumerate(each.series)
    )


def _bar_row(each: Chart, scale: Scale, number: int, wide: float, is_labelled: bool) -> Markup:
    series, bars = each.series[number], NOTHING
    offset = (number - len(each.series) / 2) * wide
    for place, point in enumerate(series.points):
        if point is None:
            continue
        x, zero, y = scale.x(place) + offset, scale.y(max(0.0, scale.low)), scale.y(point)
        label = each.labels[place] if place < len(each.labels) else ""
        says = figure(point, each.percent)
        bars += Markup(
            '<rect class="column" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
            "<title>{}</title></rect>"
        ).format(
            x + 1,
            min(y, zero),
            wide - 2,
            max(abs(zero - y), 1.0),
            f"{series.name}, {label}: {says}",
        )
        if is_labelled:
            bars += Markup('<text class="last middle" x="{:.1f}" y="{:.1f}">{}</text>').format(
                x + wide / 2, min(y, zero) - 4, says
            )
    return bars


def _colour(number: int, series: Series) -> str:
    return f"s{number % COLOURS}{' dashed' if series.dashed else ''}"


def _legend(all_series: tuple[Series, ...], is_bar: bool) -> Markup:
    if len(all_series) < 2 and not any(series.dashed for series in all_series):
        return NOTHING
    items = NOTHING.join(
        Markup(
            '<li><svg class="series {}" width="26" height="12" aria-hidden="true" '
            'focusable="false">{}</svg>{}</li>'
        ).format(_colour(number, series), _swatch(number, series, is_bar), series.name)
        for number, series in enumerate(all_series)
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


def _swatch(number: int, series: Series, is_bar: bool) -> Markup:
    if is_bar:
        return Markup('<rect class="column" x="7" y="1" width="12" height="10" rx="2"/>')
    mark = NOTHING if series.dashed else _mark(number, 13, 6, series.name)
    return Markup('<path class="line" d="M1 6H25"/>{}').format(mark)
