"""From values to places in a drawing, and figures short enough for an axis."""

from math import ceil, floor, log10

from msgspec import Struct

from adapters.web.words import spoken
from bot.chat.cards import Chart

WIDTH, HEIGHT = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 52, 14, 30


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


def scale_of(each: Chart) -> Scale:
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
        return f"{value * 100:.0f}{spoken().percent}"
    thousands, millions, billions = spoken().large
    for limit, part, letter in ((1e9, 1e9, billions), (1e6, 1e6, millions), (1e4, 1e3, thousands)):
        if abs(value) >= limit:
            return f"{value / part:.3g}".replace(".", spoken().comma) + letter
    return f"{value:.4g}".replace(".", spoken().comma)
