"""A quarter's objectives, teams and figures, read in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot import picture
from bot.flow import Term
from bot.goals import hindsight
from bot.looking import risks
from bot.looking import scope as scopes
from bot.method.calibration import Calibration
from bot.method.hindsight import Hindsight
from bot.picture import Standing
from bot.quarter import attendance, calibrations, verdicts
from bot.quarter.attendance import Attendance
from bot.quarter.verdicts import TeamGrades
from storage import checkins, kudos, teams
from storage.cycles import Cycle
from storage.teams import Team

NOBODY = Attendance()


@dataclass(frozen=True)
class Own:
    """One of my teams in a quarter."""

    team: Team
    attendance: Attendance = NOBODY
    calibration: Calibration | None = None


@dataclass(frozen=True)
class State:
    """A quarter: while it runs its progress counts, once it is over its grades do."""

    term: Term
    over: bool
    week: int | None
    teams: Mapping[int, Team] = field(default_factory=dict)
    top: Sequence[int] = ()
    standings: Mapping[int, Sequence[Standing]] = field(default_factory=dict)
    grades: Mapping[int, TeamGrades] = field(default_factory=dict)
    attendance: Attendance = NOBODY
    own: Sequence[Own] = ()
    blockers: int = 0
    solved: int = 0
    thanks: int = 0
    foretold: Hindsight | None = None
    """Whether what the lint flagged in its drafts missed more."""

    @property
    def cycle(self) -> Cycle:
        """The quarter itself."""
        if self.term.cycle is None:
            raise ValueError("there is no quarter to show")
        return self.term.cycle

    @property
    def all_standings(self) -> Sequence[Standing]:
        """Every key result."""
        return [s for own in self.standings.values() for s in own]

    @property
    def at_risk(self) -> int:
        """How many of them need somebody's eyes."""
        return len(risks.at_risk(self.all_standings))

    @property
    def unsaid(self) -> bool:
        """Whether nothing was said of any of them yet."""
        return risks.unsaid(self.all_standings) == len(self.all_standings)


def quarter(session: Session, term: Term, cycle: Cycle, me: int) -> State:
    """A quarter as somebody sees it: all of it, and their own teams."""
    over = cycle.ends < term.today
    ends = term.at_the_end_of(cycle)
    at = ends if over else term if cycle.id == term.cycle_id else ends
    every = teams.all_teams(session)
    by_id = {team.id or 0: team for team in every}
    mine = {t.id or 0: t for t in teams.of_person(session, me)}
    mine |= {t.id or 0: t for t in teams.led_by(session, [me])}
    season = attendance.season(session, at, by_id)
    crew = season.roster.people.keys() if season else set()
    believed = calibrations.of_teams(session, ends, mine) if over else {}
    count, solved = checkins.counted(session, cycle, crew)
    return State(
        at,
        over,
        term.week if cycle.id == term.cycle_id else None,
        by_id,
        [team.id or 0 for team in scopes.top(every)],
        {} if over else picture.now_of_teams(session, at, by_id),
        verdicts.graded(session, at, by_id) if over else {},
        season.of(by_id) if season else NOBODY,
        [
            Own(team, season.of([number]) if season else NOBODY, believed.get(number))
            for number, team in mine.items()
        ],
        count,
        solved,
        kudos.counted(session, at.cycle_id, crew),
        hindsight.hindsight(session, at.cycle_id) if over else None,
    )


def sorted_by_grade(grades: Iterable[TeamGrades]) -> Sequence[TeamGrades]:
    """The best first, what nobody has judged last."""
    return sorted(grades, key=lambda one: (one.mean is None, -(one.mean or 0.0), one.team_id))
