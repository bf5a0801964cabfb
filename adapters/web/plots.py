"""Lines and bars as SVG: a shape and a label beside each colour, a gap where nothing is known."""

from markupsafe import Markup

from adapters.web.scale import LEFT, RIGHT, TOP, WIDTH, Scale, figure
from bot.chat.cards import Chart, Series

NOTHING = Markup()
NEAREST = 15
COLOURS = 5
LABELLED = 14


def lines(each: Chart, scale: Scale) -> Markup:
    """A line for each series, and above all lines the last figure of each."""
    ends = _ends(each.series, scale)
    drawn = [_line(series, scale, each, place) for place, series in enumerate(each.series)]
    drawn += [
        _last(series, scale, ends.get(place), each.percent)
        for place, series in enumerate(each.series)
    ]
    colours = [colour(place, series) for place, series in enumerate(each.series)] * 2
    return NOTHING.join(
        Markup('<g class="series {}">{}</g>').format(name, part)
        for name, part in zip(colours, drawn, strict=True)
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
            marks += mark(number, x, y, f"{series.name}, {label}: {figure(point, each.percent)}")
    return Markup('<path class="line" d="{}"/>{}').format(" ".join(path), marks)


def mark(number: int, x: float, y: float, says: str) -> Markup:
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
        if (last := last_point(series)) is not None
    ]
    placed: dict[int, float] = {}
    lowest = float(TOP - NEAREST)
    for y, number in sorted(wanted):
        lowest = max(y, lowest + NEAREST)
        placed[number] = lowest
    return placed


def last_point(series: Series) -> float | None:
    return next((point for point in reversed(series.points) if point is not None), None)


def _last(series: Series, scale: Scale, y: float | None, percent: bool) -> Markup:
    point = last_point(series)
    if point is None or y is None:
        return NOTHING
    place = max(n for n, each in enumerate(series.points) if each is not None)
    return Markup('<text class="last" x="{:.1f}" y="{:.1f}">{}</text>').format(
        scale.x(place) + 9, y + 4, figure(point, percent)
    )


def bars(each: Chart, scale: Scale) -> Markup:
    room = (WIDTH - LEFT - RIGHT) / max(scale.places, 1)
    wide = min(34.0, room * 0.72 / max(len(each.series), 1))
    is_labelled = scale.places * len(each.series) <= LABELLED
    return NOTHING.join(
        Markup('<g class="series {}">{}</g>').format(
            colour(number, series),
            _bar_row(each, scale, number, wide, is_labelled),
        )
        for number, series in enumerate(each.series)
    )


def _bar_row(each: Chart, scale: Scale, number: int, wide: float, is_labelled: bool) -> Markup:
    series, row = each.series[number], NOTHING
    offset = (number - len(each.series) / 2) * wide
    for place, point in enumerate(series.points):
        if point is None:
            continue
        x, zero, y = scale.x(place) + offset, scale.y(max(0.0, scale.low)), scale.y(point)
        label = each.labels[place] if place < len(each.labels) else ""
        says = figure(point, each.percent)
        row += Markup(
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
            row += Markup('<text class="last middle" x="{:.1f}" y="{:.1f}">{}</text>').format(
                x + wide / 2, min(y, zero) - 4, says
            )
    return row


def colour(number: int, series: Series) -> str:
    return f"s{number % COLOURS}{' dashed' if series.dashed else ''}"
