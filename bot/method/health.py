"""How a KPI stands; what is missing, old or without a range never reads healthy (METHOD 3)."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, Protocol, TypeAlias

State: TypeAlias = Literal[
    "no_data",
    "stale",
    "no_range",
    "breached",
    "unhealthy",
    "watch",
    "healthy",
    "recovering",
    "recovered",
    "relapsed",
]
Place: TypeAlias = Literal["outside", "watch", "inside", "unbounded"]

STATES: tuple[State, ...] = State.__args__  # type: ignore[attr-defined] # the members of a Literal
STALE_AFTER_DAYS = {"daily": 3, "weekly": 10, "monthly": 40}
"""One reading missed, and some days of grace."""
UNHEALTHY_AFTER = 2
RECOVERED_AFTER = 3
NOISE = 1e-9


class Watched(Protocol):
    """A KPI, as far as its health depends on it."""

    @property
    def direction(self) -> str: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def warn_low(self) -> float | None: ...
    @property
    def warn_high(self) -> float | None: ...
    @property
    def follows(self) -> int | None: ...
    @property
    def cadence(self) -> str: ...
    @property
    def stale_after_days(self) -> int | None: ...


class Point(NamedTuple):
    """One reading: its day and its value."""

    day: date
    value: float


class Bounds(NamedTuple):
    """A healthy range, bounds inclusive; an open side bounds nothing."""

    low: float | None = None
    high: float | None = None

    @property
    def given(self) -> bool:
        """Whether there is any bound."""
        return self.low is not None or self.high is not None

    def beyond(self, value: float) -> float:
        """How far outside a value lies; 0 inside."""
        below = 0.0 if self.low is None else self.low - value
        above = 0.0 if self.high is None else value - self.high
        far = max(below, above)
        return far if far > NOISE * max(1.0, abs(value)) else 0.0

    def nearest(self, value: float) -> float | None:
        """The bound that is nearest to a value; None where both sides are open."""
        known = [bound for bound in self if bound is not None]
        return min(known, key=lambda bound: abs(bound - value), default=None)


@dataclass(frozen=True)
class Judged:
    """One reading against the range that it had to keep."""

    day: date
    value: float
    bounds: Bounds
    place: Place


@dataclass(frozen=True)
class Spell:
    """A time outside the range: from the first reading outside until 3 in a row are inside.

    `bound` is the bound nearest to the worst value, as it was then. `outside` and `inside` say how
    many were so in a row at its end, `longest` how many were outside in a row at most.
    """

    began: date
    worst: float
    bound: float
    outside: int = 1
    inside: int = 0
    longest: int = 1
    ended: date | None = None

    @property
    def unhealthy(self) -> bool:
        """Whether two in a row were outside."""
        return self.longest >= UNHEALTHY_AFTER


class Lasting(Protocol):
    """What is kept of a time outside: `state` may be anything that an episode can be."""

    @property
    def state(self) -> str: ...


def bounds(kpi: Watched, earlier: Sequence[float]) -> Bounds:
    """The range a reading has to keep, given the values of the readings before it.

    Its own bounds or, where it has none, the mean of the last n readings: not below it where higher
    is better, not above it where lower is. Before there are n readings there is no range.
    """
    if kpi.low is not None or kpi.high is not None:
        return Bounds(kpi.low, kpi.high)
    last = earlier[-kpi.follows :] if kpi.follows else ()
    if not last or len(last) < (kpi.follows or 0):
        return Bounds()
    mean = math.fsum(last) / len(last)
    if kpi.direction == "higher":
        return Bounds(low=mean)
    return Bounds(high=mean) if kpi.direction == "lower" else Bounds()


def judge(kpi: Watched, points: Iterable[Point]) -> Iterator[Judged]:
    """Each reading, oldest first, against the range it had to keep."""
    earlier: list[float] = []
    for day, value in points:
        own = bounds(kpi, earlier)
        yield Judged(day, value, own, _place(kpi, own, value))
        earlier.append(value)


def spells(judged: Iterable[Judged]) -> list[Spell]:
    """Every time outside, oldest first; the last one may still go on."""
    found: list[Spell] = []
    for reading in judged:
        open_one = bool(found) and found[-1].ended is None
        match reading.place:
            case "unbounded":
                continue
            case "outside" if open_one:
                found[-1] = _worse(found[-1], reading)
            case "outside":
                found.append(Spell(reading.day, reading.value, _bound(reading)))
            case _ if open_one:
                found[-1] = _better(found[-1], reading)
    return found


def relapsed(ended: date, began: date, cycle: Callable[[date], int]) -> bool:
    """Whether a time outside is a relapse: in the cycle of the recovery, or in the next."""
    return 0 <= cycle(began) - cycle(ended) <= 1


def state(
    kpi: Watched, judged: Sequence[Judged], today: date, episode: Lasting | None = None
) -> State:
    """How it stands, given its readings and the episode that is not over yet, if there is one.

    An episode's state is "breached", "unhealthy", "recovering" (an objective for it runs),
    "relapsed", or "recovered" for as long as falling back would be a relapse. After a breach one
    reading inside is not health: until there are 3 in a row it is watched.
    """
    if not judged:
        return "no_data"
    newest = judged[-1]
    if (today - newest.day).days > stale_after(kpi):
        return "stale"
    if newest.place == "unbounded":
        return "no_range"
    lasting = episode.state if episode is not None else ""
    if lasting == "recovering":
        return "recovering"
    if newest.place == "outside":
        return _outside(lasting, judged)
    if newest.place == "watch" or lasting in ("breached", "unhealthy", "relapsed"):
        return "watch"
    return "recovered" if lasting == "recovered" else "healthy"


def stale_after(kpi: Watched) -> int:
    """After how many days a reading says nothing about today."""
    own = kpi.stale_after_days
    return STALE_AFTER_DAYS.get(kpi.cadence, 0) if own is None else own


def in_a_row(judged: Sequence[Judged], *, outside: bool) -> int:
    """How many of the newest readings in a row are outside, or are not."""
    count = 0
    for reading in reversed(judged):
        if reading.place == "unbounded":
            continue
        if (reading.place == "outside") != outside:
            break
        count += 1
    return count


def recovery(worst: float, bound: float, current: float) -> float:
    """How far it has come back: `(c - worst) / (nearest bound - worst)`, unclamped."""
    way = bound - worst
    share = (current - worst) / way if way else 1.0
    return share + 0.0 if math.isfinite(share) else 0.0


@dataclass(frozen=True)
class Degree:
    """How much a value has changed; `share` is None where the value before was 0."""

    since: date
    before: float
    change: float
    share: float | None


def degree(points: Sequence[Point], ago: int = 1) -> Degree | None:
    """The change of the newest reading against the one so many readings before it."""
    if ago < 1 or len(points) <= ago:
        return None
    (day, before), now = points[-1 - ago], points[-1].value
    share = (now - before) / abs(before) if before else None
    return Degree(day, before, now - before, share)


def period(cadence: str, day: date) -> date:
    """The first day of the day, week or month in which one reading is wanted."""
    match cadence:
        case "daily":
            return day
        case "monthly":
            return day.replace(day=1)
        case _:
            return day - timedelta(days=day.weekday())


def wanted(cadence: str, newest: date | None, day: date) -> bool:
    """Whether a reading is still missing for the day, week or month of this day."""
    return newest is None or newest < period(cadence, day)


def _place(kpi: Watched, own: Bounds, value: float) -> Place:
    if not own.given:
        return "unbounded"
    if own.beyond(value):
        return "outside"
    return "watch" if Bounds(kpi.warn_low, kpi.warn_high).beyond(value) else "inside"


def _outside(lasting: str, judged: Sequence[Judged]) -> State:
    if lasting == "relapsed":
        return "relapsed"
    twice = in_a_row(judged, outside=True) >= UNHEALTHY_AFTER
    return "unhealthy" if twice or lasting == "unhealthy" else "breached"


def _bound(reading: Judged) -> float:
    nearest = reading.bounds.nearest(reading.value)
    return reading.value if nearest is None else nearest


def _worse(spell: Spell, reading: Judged) -> Spell:
    row = spell.outside + 1
    worst, bound = spell.worst, spell.bound
    if reading.bounds.beyond(reading.value) > abs(worst - bound):
        worst, bound = reading.value, _bound(reading)
    return Spell(spell.began, worst, bound, row, 0, max(spell.longest, row))


def _better(spell: Spell, reading: Judged) -> Spell:
    row = spell.inside + 1
    ended = reading.day if row >= RECOVERED_AFTER else None
    return Spell(spell.began, spell.worst, spell.bound, 0, row, spell.longest, ended)
