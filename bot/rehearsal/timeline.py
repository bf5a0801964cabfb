"""What a rehearsal has sent, in order: parts of a quarter, weeks, days, and what belongs together.

Moments are in the organisation's zone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from bot import cadence
from bot.cadence import calendar_of
from bot.term import spoken_of
from bot.texts import Voice
from storage.cycles import Cycle

ENGLISH = "en-GB"


@dataclass(frozen=True)
class Line:
    """One message: when, to whom or where, its title, what it is in a few words, and why."""

    at: datetime
    to: str
    what: str
    kind: str
    why: str
    posted: bool = False
    """Whether it stands in a channel."""


@dataclass(frozen=True)
class Moment:
    """The same message at the same moment: what it is, its title as it was read, and by whom."""

    at: datetime
    kind: str
    what: str
    to: Sequence[str]


def moments(lines: Iterable[Line]) -> Sequence[Moment]:
    """In order; what is the same at the same moment is together."""
    found: dict[tuple[datetime, str, str], list[str]] = {}
    for line in lines:
        found.setdefault((line.at, line.kind, line.what), []).append(line.to)
    return [Moment(*which, to) for which, to in found.items()]


@dataclass(frozen=True)
class Sort:
    """All messages of one kind on one day."""

    kind: str
    lines: Sequence[Line]

    @property
    def first(self) -> datetime:
        """When the first of them came."""
        return self.lines[0].at

    @property
    def last(self) -> datetime:
        """When the last of them came."""
        return self.lines[-1].at

    @property
    def readers(self) -> Sequence[str]:
        """Whom or where they went to, each named once."""
        return list(dict.fromkeys(line.to for line in self.lines))

    @property
    def posted(self) -> bool:
        """Whether they stand in channels."""
        return all(line.posted for line in self.lines)

    @property
    def moments(self) -> Sequence[Moment]:
        """In order, with their readers."""
        return moments(self.lines)


@dataclass(frozen=True)
class Day:
    """What was sent on a day, and how many messages were changed where they stood."""

    day: date
    lines: Sequence[Line]
    edits: int

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many of each sort, the most frequent first."""
        return dict(Counter(line.kind for line in self.lines).most_common())

    @property
    def sorts(self) -> Sequence[Sort]:
        """What is of one kind together, in the order in which the first of each came."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.kind, []).append(line)
        return [Sort(kind, lines) for kind, lines in found.items()]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, and which week of which quarter it is: 0 and "" outside of all."""

    monday: date
    days: Sequence[Day]
    quarter: str = ""
    number: int = 0
    of: int = 0
    phase: str = ""
    review: bool = False

    @property
    def messages(self) -> int:
        """How many were sent."""
        return sum(len(day.lines) for day in self.days)

    @property
    def edits(self) -> int:
        """How many messages were changed."""
        return sum(day.edits for day in self.days)


@dataclass(frozen=True)
class Part:
    """The weeks of a quarter that serve one thing: planning, doing, looking back."""

    quarter: str
    phase: str
    weeks: Sequence[Week]


def parts(weeks: Iterable[Week]) -> Iterator[Part]:
    """Weeks in order, those of the same phase together."""
    for (quarter, phase), own in groupby(weeks, key=attrgetter("quarter", "phase")):
        yield Part(quarter, phase, list(own))


def in_weeks(told: Iterable[tuple[Line, bool]], cycles: Sequence[Cycle]) -> Iterator[Week]:
    """Weeks and days in which anything happened, from messages and whether each is an edit."""

    def monday(day: Day) -> date:
        return day.day - timedelta(days=day.day.weekday())

    days = (_day(day, list(own)) for day, own in groupby(told, key=lambda both: both[0].at.date()))
    for first, own in groupby(days, key=monday):
        yield _placed(first, list(own), cycles)


def _day(day: date, told: Sequence[tuple[Line, bool]]) -> Day:
    lines = [line for line, edit in told if not edit]
    return Day(day, lines, len(told) - len(lines))


def _placed(monday: date, days: Sequence[Day], cycles: Sequence[Cycle]) -> Week:
    for cycle in cycles:
        calendar = calendar_of(cycle.calendar)
        number = cadence.week_of(cycle.starts, calendar.weeks, monday)
        if number is not None:
            phase = cadence.phase(calendar, number)
            review = number == calendar.review_week and phase == "execution"
            quarter = spoken_of(Voice(ENGLISH), cycle)
            return Week(monday, days, quarter, number, calendar.weeks, phase, review)
    return Week(monday, days)
