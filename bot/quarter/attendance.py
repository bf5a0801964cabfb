"""How a quarter's check-ins were answered: how many, how many in time, and how long it took."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session

from bot import cadence, outlook
from bot.flow import Term
from bot.outlook import Roster
from bot.participation import participation
from storage import checkins, objectives
from storage.checkins import Answer

FEWEST_TIMED = 4
"""Of fewer answers than this a median would tell of one person."""


@dataclass(frozen=True)
class Attendance:
    """Who is away or has skipped a week is not counted; nobody is ranked."""

    on_time: int = 0
    late: int = 0
    missed: int = 0
    seconds: Sequence[float] = ()

    @property
    def asked(self) -> int:
        """How many answers there were to give."""
        return self.on_time + self.late + self.missed

    @property
    def in_time(self) -> float | None:
        """The share of them that came before the summary."""
        return self.on_time / self.asked if self.asked else None

    @property
    def median(self) -> float | None:
        """How many seconds answering takes in the middle."""
        return statistics.median(self.seconds) if len(self.seconds) >= FEWEST_TIMED else None


@dataclass(frozen=True)
class Season:
    """A quarter's people and what they answered, read once for any of their teams."""

    roster: Roster
    weeks: Sequence[int]
    said: Mapping[int, Mapping[int, Answer]]

    def of(self, team_ids: Iterable[int]) -> Attendance:
        """How some teams took part; who is in several counts once a week."""
        wanted = [self.roster.teams[i] for i in team_ids if i in self.roster.teams]
        on_time: set[tuple[int, int]] = set()
        late: set[tuple[int, int]] = set()
        missed: set[tuple[int, int]] = set()
        for week in self.weeks:
            said = self.said.get(week, {})
            for team in wanted:
                part = participation(self.roster, team, week, said)
                on_time |= {(week, p.id or 0) for p in part.on_time}
                late |= {(week, p.id or 0) for p in part.late}
                missed |= {(week, p.id or 0) for p in part.open if self._was_here(p.id or 0, week)}
        late -= on_time
        missed -= on_time | late
        seconds = [self._seconds(*each) for each in on_time | late]
        known = sorted(s for s in seconds if s is not None)
        return Attendance(len(on_time), len(late), len(missed), known)

    def _was_here(self, person_id: int, week: int) -> bool:
        """Nobody misses a week before they came."""
        sunday = self.roster.monday(week) + timedelta(days=6)
        return self.roster.people[person_id].since.date() <= sunday

    def _seconds(self, week: int, person_id: int) -> float | None:
        return self.said[week][person_id].seconds


def season(session: Session, term: Term, team_ids: Iterable[int]) -> Season | None:
    """The weeks of the term's cycle that are over, in a fixed number of statements."""
    if term.cycle is None:
        return None
    wanted = list(team_ids)
    week = term.week or term.calendar.weeks
    owners = objectives.owners_of(session, term.cycle_id, wanted)
    roster = outlook.roster(session, term, week, wanted, owners)
    starts, ends = term.cycle.starts, term.cycle.ends
    calendars = outlook.calendars(session, term, starts, ends, sorted(roster.people))
    weeks = [
        w
        for w in range(1, week + 1)
        if cadence.asks_checkin(term.calendar, w)
        and cadence.first_day(starts, w) + timedelta(days=7) <= term.today
    ]
    whole = replace(roster, owners=roster.owners | owners, calendars=calendars)
    return Season(whole, weeks, checkins.answers(session, term.cycle_id, roster.people))
