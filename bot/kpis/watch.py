"""How KPIs stand: what flows show of them, computed from their readings, a set at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from bot.chat.cards import Chart, Series, Spans
from bot.figures.days import format_short_day
from bot.flow import Term
from bot.method import health
from bot.method.health import Bounds, Degree, Judged, Point, State
from bot.texts import Voice, brief
from storage import cycles, kpis
from storage.kpis import Dot, Episode, Kpi, Running
from storage.objectives import Objective

MOST_READINGS = 60
"""How many of the newest readings a look takes in."""
CHARTED = 26
MOST_CHARTS = 2
"""How many of several KPIs are drawn in one message."""
SPARKED = 8
SPARKS = "▁▂▃▄▅▆▇█"


class Lasting(NamedTuple):
    """The episode that is not over, as it counts today."""

    state: str
    episode: Episode
    objective: Objective | None = None
    """The one that was made to bring it back, be it running or not."""


@dataclass(frozen=True)
class Look:
    """One KPI with its newest readings, each judged, and the episode it is in."""

    kpi: Kpi
    judged: Sequence[Judged]
    state: State
    lasting: Lasting | None = None

    @property
    def id(self) -> int:
        """The KPI's number."""
        return self.kpi.id or 0

    @property
    def newest(self) -> Judged | None:
        """The newest reading."""
        return self.judged[-1] if self.judged else None

    @property
    def bounds(self) -> Bounds:
        """The range that the newest reading had to keep."""
        if self.newest is not None:
            return self.newest.bounds
        return health.bounds(self.kpi, ())

    @property
    def points(self) -> Sequence[Point]:
        """Its newest readings, oldest first."""
        return [Point(reading.day, reading.value) for reading in self.judged]

    @property
    def dots(self) -> Sequence[Dot]:
        """The same, as they are stored."""
        return [Dot(reading.day, reading.value) for reading in self.judged]

    @property
    def episode(self) -> Episode | None:
        """The time outside its range that is not over yet."""
        return self.lasting.episode if self.lasting is not None else None

    @property
    def spell(self) -> health.Spell | None:
        """The same as its readings tell it, as far as they are looked at."""
        found = health.spells(self.judged)
        return found[-1] if found and self.episode is not None else None

    @property
    def way(self) -> tuple[float, float] | None:
        """The worst value of the time outside, and the bound that it has to come back to."""
        episode, spell = self.episode, self.spell
        if episode is None or spell is None or episode.ended is not None:
            return None
        same = spell.worst == episode.worst
        bound = spell.bound if same else self.bounds.nearest(episode.worst)
        return None if bound is None or bound == episode.worst else (episode.worst, bound)

    @property
    def recovery(self) -> float | None:
        """How far it has come back from its worst, while it is outside or recovering."""
        if self.way is None or self.newest is None:
            return None
        return health.recovery(*self.way, self.newest.value)

    def degree(self, ago: int = 1) -> Degree | None:
        """How much it has changed against so many readings before."""
        return health.degree(self.points, ago)


def look(session: Session, term: Term, wanted: Sequence[Kpi]) -> list[Look]:
    """How these KPIs stand, in three statements."""
    if not wanted:
        return []
    ids = [kpi.id or 0 for kpi in wanted]
    dots = kpis.dots(session, ids, MOST_READINGS)
    running = kpis.episodes(session, ids)
    starts = cycles.beginnings(session)
    return [
        seen(term, kpi, dots.get(kpi.id or 0, ()), running.get(kpi.id or 0, ()), starts)
        for kpi in wanted
    ]


def seen(
    term: Term,
    kpi: Kpi,
    dots: Iterable[Dot],
    running: Sequence[Running] = (),
    starts: Sequence[date] = (),
) -> Look:
    """How one KPI stands."""
    judged = list(health.judge(kpi, (Point(*dot) for dot in dots)))
    lasts = lasting(term, running[-1], starts) if running else None
    return Look(kpi, judged, health.state(kpi, judged, term.today, lasts), lasts)


def lasting(term: Term, running: Running, starts: Sequence[date]) -> Lasting | None:
    """An episode as it counts today; None where it is long over."""
    episode, objective = running
    if episode.ended is not None:
        fresh = health.relapsed(episode.ended, term.today, lambda day: cycle(starts, day))
        return Lasting("recovered", episode) if fresh else None
    if runs(term, objective):
        return Lasting("recovering", episode, objective)
    state = "unhealthy" if episode.state == "recovering" else episode.state
    return Lasting(state, episode, objective)


def runs(term: Term, objective: Objective | None) -> bool:
    """Whether an objective counts in the cycle that is on."""
    return (
        objective is not None
        and objective.state == "approved"
        and objective.cycle_id == term.cycle_id
    )


def cycle(starts: Sequence[date], day: date) -> int:
    """Which cycle a day belongs to, as a number that grows by one with each."""
    return sum(start <= day for start in starts)


# In words


def state(voice: Voice, look: Look) -> str:
    """How it stands, in a word or two."""
    return voice.line(f"kpi.state_{look.state}")


def span(voice: Voice, look: Look) -> str:
    """Its range: "3 h to 4 h", "4 h or less"; "" where it has none."""
    return span_of(voice, look.kpi, look.bounds)


def span_of(voice: Voice, kpi: Kpi, bounds: Bounds) -> str:
    """A range in words."""
    low = "" if bounds.low is None else voice.number(bounds.low, kpi.unit)
    high = "" if bounds.high is None else voice.number(bounds.high, kpi.unit)
    return voice.line("kpi.range", low=low, high=high) if low or high else ""


def line(voice: Voice, look: Look) -> Spans:
    """One KPI in one line: value, day, state, range, trend."""
    newest = look.newest
    return voice.spans(
        "kpi.line",
        name=look.kpi.name,
        value="" if newest is None else voice.number(newest.value, look.kpi.unit),
        day="" if newest is None else voice.day(newest.day),
        state=state(voice, look),
        range=span(voice, look),
        trend=trend(voice, look),
    )


def trend(voice: Voice, look: Look) -> str:
    """Where it is going, as an arrow and in words; "" before there are two readings."""
    found = look.degree()
    if found is None:
        return ""
    way = "up" if found.change > 0 else "down" if found.change < 0 else "level"
    return voice.line(f"kpi.trend_{way}", change=_by(voice, look, found.change))


def _by(voice: Voice, look: Look, change: float) -> str:
    """How much, without a sign; a percentage changes by points."""
    unit = look.kpi.unit
    if unit != "%":
        return voice.number(abs(change), unit)
    return voice.line("kpi.points", count=voice.number(abs(change)))


def changed(voice: Voice, look: Look, found: Degree) -> str:
    """A degree of change: "+1.5 h (+38%) since Fri 23 Oct"; no share of it that is next to none."""
    since = voice.day(found.since)
    if not found.change:
        return voice.line("kpi.unchanged", since=since)
    sign = "+" if found.change > 0 else "−"
    share = voice.percent(abs(found.share or 0))
    return voice.line(
        "kpi.changed",
        change=f"{sign}{_by(voice, look, found.change)}",
        share="" if share == voice.percent(0) else f"{sign}{share}",
        since=since,
    )


def reason(voice: Voice, look: Look) -> str:
    """Why it is in its state, in one sentence."""
    episode, recovery = look.episode, look.recovery
    newest = look.newest
    return voice.line(
        f"kpi.reason_{look.state}",
        day="" if newest is None else voice.day(newest.day),
        range=span(voice, look),
        outside=health.in_a_row(look.judged, outside=True),
        inside=health.in_a_row(look.judged, outside=False),
        lasting=episode is not None and episode.ended is None,
        began="" if episode is None else voice.day(episode.began),
        ended="" if episode is None or episode.ended is None else voice.day(episode.ended),
        share="" if recovery is None else voice.percent(min(max(recovery, 0.0), 1.0)),
        follows=look.kpi.follows or 0,
    )


def spark(look: Look) -> str:
    """The newest readings as a row of small bars; "" where there are fewer than two."""
    values = [reading.value for reading in look.judged[-SPARKED:]]
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if high == low:
        return SPARKS[3] * len(values)
    top = len(SPARKS) - 1
    return "".join(SPARKS[round((value - low) / (high - low) * top)] for value in values)


def course(voice: Voice, look: Look) -> Sequence[Chart]:
    """Its readings between their bounds; nothing before there are two."""
    read = look.judged[-CHARTED:]
    if len(read) < 2:
        return ()
    lines = [Series(voice.line("kpi.reading"), tuple(reading.value for reading in read))]
    for name, bounds in (
        ("kpi.at_least", tuple(reading.bounds.low for reading in read)),
        ("kpi.at_most", tuple(reading.bounds.high for reading in read)),
    ):
        if any(bound is not None for bound in bounds):
            lines.append(Series(voice.line(name), bounds, dashed=True))
    newest = read[-1]
    return (
        Chart(
            "line",
            voice.line("kpi.course", name=brief(look.kpi.name, 60)),
            tuple(format_short_day(reading.day, voice.locale) for reading in read),
            tuple(lines),
            voice.line(
                "kpi.course_text",
                count=len(read),
                low=voice.number(min(reading.value for reading in read), look.kpi.unit),
                high=voice.number(max(reading.value for reading in read), look.kpi.unit),
                value=voice.number(newest.value, look.kpi.unit),
                range=span(voice, look),
            ),
        ),
    )
