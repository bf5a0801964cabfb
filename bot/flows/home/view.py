"""Everything that somebody's home shows, read in a fixed number of statements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from bot import cadence, moments, outlook, picture
from bot.flow import Term, Turn, Waiting
from bot.kpis import watch
from bot.kpis.watch import Look
from bot.looking import tree
from bot.looking.tree import Branch
from bot.outlook import Calendars
from bot.picture import Standing
from storage import checkins, daysoff, kpis, people, teams
from storage.checkins import Blocker, Commitment
from storage.people import Person
from storage.teams import Team

AHEAD = timedelta(days=8)
MOST_MOMENTS = 4
MOST_KPIS = 6
WEEK = timedelta(days=7)

State: TypeAlias = Literal["on", "waiting", "paused", "not_in_pilot", "no_cycle", "not_begun"]


@dataclass(frozen=True)
class Due:
    """A check-in that is still to be answered; `at` is when its question goes out."""

    week: int
    at: datetime


@dataclass(frozen=True)
class Moment:
    """Something that comes by itself."""

    at: datetime
    kind: Literal["checkin", "summary", "digest"]
    name: str = ""


@dataclass(frozen=True)
class Held:
    """What waits here because of the budget of messages: a letter and its card's title."""

    letter_id: int
    title: str


@dataclass(frozen=True)
class View:
    """One person's home at one moment."""

    term: Term
    person: Person
    now: datetime
    state: State = "on"
    away_until: date | None = None
    due: Sequence[Due] = ()
    answered: bool = False
    helping: Sequence[tuple[Blocker, Person | None]] = ()
    meant: Sequence[Commitment] = ()
    standings: Sequence[Standing] = ()
    branches: Sequence[Branch] = ()
    watched: Sequence[Look] = ()
    moments: Sequence[Moment] = ()
    held: Sequence[Held] = ()
    waiting: Sequence[Waiting] = ()


def view(turn: Turn, held: Sequence[Held] = (), waiting: Sequence[Waiting] = ()) -> View:
    """The home of whoever asks, with what waits for them in all the flows."""
    return replace(_Gathering(turn).view(held), waiting=waiting)


class _Gathering:
    """What one home is put together from; each of these is read once."""

    def __init__(self, turn: Turn) -> None:
        self.turn, self.session, self.term = turn, turn.session, turn.term

    def view(self, held: Sequence[Held]) -> View:
        turn, term = self.turn, self.term
        absent = daysoff.absences(self.session, turn.today, turn.today, [turn.me])
        away = max((a.last for a in absent.get(turn.me, ())), default=None)
        watched = tuple(self._watched())
        if term.cycle is None or term.week is None:
            state: State = "not_begun" if term.cycle else "no_cycle"
            return View(term, turn.person, turn.now, state, away, watched=watched)
        last = checkins.commitments(self.session, term.cycle_id, term.week - 1, [turn.me])
        return View(
            term,
            turn.person,
            turn.now,
            self.state,
            away,
            tuple(self._due(term.week)),
            (term.week, turn.me) in self.closed,
            self._helping(),
            last.get(turn.me, ()),
            self.standings,
            tree.branches(self.session, term, self.teams, self.every_team),
            watched,
            sorted(self._moments(), key=lambda moment: moment.at)[:MOST_MOMENTS],
            held,
        )

    @cached_property
    def every_team(self) -> Sequence[Team]:
        return teams.all_teams(self.session)

    @cached_property
    def teams(self) -> Sequence[Team]:
        return tree.mine(self.session, self.turn.me)

    @cached_property
    def standings(self) -> Sequence[Standing]:
        return picture.owned(self.session, self.term, [self.turn.me]).get(self.turn.me, ())

    @cached_property
    def closed(self) -> set[tuple[int, int]]:
        """Weeks of which nothing more is asked."""
        week = self.term.week or 1
        near = (week - 1, week, week + 1)
        return {
            (number, self.turn.me)
            for number, row in checkins.of_person(
                self.session, self.term.cycle_id, self.turn.me, near
            ).items()
            if row.state != "open"
        }

    @cached_property
    def calendars(self) -> Calendars:
        """Last week's Monday to the end of next week."""
        monday = self._monday(self.term.week or 1)
        return outlook.calendars(
            self.session, self.term, monday - WEEK, monday + 2 * WEEK, [self.turn.me]
        )

    @property
    def state(self) -> State:
        match self.term.organisation.running:
            case "on":
                return "on"
            case "pilot":
                inside = self.term.organisation.pilot_team_id in {team.id for team in self.teams}
                return "on" if inside else "not_in_pilot"
            case "paused":
                return "paused"
            case _:
                return "waiting"

    @property
    def asked(self) -> bool:
        """Whether somebody has a check-in at all."""
        return bool(self.standings) or any(team.short_form for team in self.teams)

    @property
    def managing(self) -> bool:
        """Whether somebody gets the company's digest: as lead of more than a team, or by wish."""
        leads = {team.lead_id for team in self.every_team if team.level != "team"}
        return self.turn.person.digest or self.turn.me in leads

    def _due(self, week: int) -> Iterator[Due]:
        """Last week's check-in as long as it counts, and this week's."""
        turn, term = self.turn, self.term
        for number in (week - 1, week):
            at = self._checkin_at(number)
            if at is None or not self.asked or (number, turn.me) in self.closed:
                continue
            if moments.answerable(self.session, term, turn.person, number, turn.now):
                yield Due(number, at)

    def _checkin_at(self, week: int) -> datetime | None:
        calendar = self.term.calendar
        if not cadence.asks_checkin(calendar, week):
            return None
        works = self.calendars.of_person(self.turn.person).works
        zone = self.term.zone_of(self.turn.person)
        return cadence.checkin_at(calendar, self._monday(week), zone, works)

    def _moments(self) -> Iterator[Moment]:
        """What comes by itself in the days ahead; nothing while the bot is not switched on."""
        if self.state != "on" or self.term.week is None:
            return
        for week in (self.term.week, self.term.week + 1):
            for moment in self._of_week(week):
                if self.turn.now < moment.at <= self.turn.now + AHEAD:
                    yield moment

    def _of_week(self, week: int) -> Iterator[Moment]:
        asked = self._checkin_at(week)
        if asked is not None and self.asked and (week, self.turn.me) not in self.closed:
            yield Moment(asked, "checkin")
        if self.managing:
            works = self.calendars.of_person(self.turn.person).works
            zone = self.term.zone_of(self.turn.person)
            read = cadence.digest_at(self.term.calendar, self._monday(week), zone, works)
            if read is not None and cadence.asks_checkin(self.term.calendar, week - 1):
                yield Moment(read, "digest")
        if not cadence.asks_checkin(self.term.calendar, week):
            return
        for team in self.teams:
            works = self.calendars.of_team(team).works
            zone = team.zone or self.term.organisation.zone
            at = cadence.summary_at(self.term.calendar, self._monday(week), zone, works)
            if at is not None:
                yield Moment(at, "summary", team.name)

    def _helping(self) -> Sequence[tuple[Blocker, Person | None]]:
        found = checkins.helping(self.session, self.term.cycle_id, self.turn.me)
        known = people.people(self.session, {blocker.person_id for blocker in found})
        return [(blocker, known.get(blocker.person_id)) for blocker in found]

    def _watched(self) -> Sequence[Look]:
        own = [team.id or 0 for team in self.teams]
        found = kpis.kpis(self.session, own)[:MOST_KPIS] if own else ()
        return watch.look(self.session, self.term, found)

    def _monday(self, week: int) -> date:
        if self.term.cycle is None:
            raise ValueError("there is no cycle")
        return cadence.first_day(self.term.cycle.starts, week)
