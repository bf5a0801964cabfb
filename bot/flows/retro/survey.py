"""Where each team's retrospective stands: who is asked, who has answered, what may be shown."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import cadence
from bot.flow import Term
from bot.outlook import Calendars, roster
from bot.quarter.lessons import ENOUGH, enough
from storage import letters, objectives, retros, teams
from storage.people import Person
from storage.retros import SILENCE, Heard
from storage.teams import Team


@dataclass(frozen=True)
class Survey:
    """One team's retrospective at a moment. `due` is when its results are posted."""

    term: Term
    team: Team
    members: Sequence[Person]
    heard: Heard
    named: bool
    due: datetime
    taken: Collection[int] = frozenset()
    over: bool = False
    """Its results' time has come, or they were posted already."""
    running: bool = True
    """Its week is here: answers are taken."""
    channel: bool = True
    """Its results are posted; without a channel that takes them they are shown on asking only."""

    @property
    def id(self) -> int:
        """The team's number."""
        return self.team.id or 0

    @property
    def cycle_id(self) -> int:
        """The cycle's number."""
        return self.term.cycle_id

    @property
    def people(self) -> int:
        """How many belong to it, or did when they answered."""
        return len({member.id for member in self.members} | set(self.taken))

    @property
    def small(self) -> bool:
        """Whether it has too few people for an answer to hide among the others'."""
        return len(self.members) < ENOUGH

    @property
    def count(self) -> int:
        """How many have answered."""
        return self.heard.count

    @property
    def missing(self) -> int:
        """How many answers are missing until anything may be shown."""
        return 0 if self.named else max(0, ENOUGH - self.count)

    @property
    def out(self) -> bool:
        """Whether its results are there to be seen."""
        return self.over and enough(self.heard)

    @property
    def takes(self) -> bool:
        """Whether first answers are taken.

        Without names they no longer are once the results are out: what came then would be the only
        thing that was not there before, and everybody could see who brought it.
        """
        return self.running and (self.named or not self.out)

    @property
    def settled(self) -> bool:
        """Whether it can no longer be chosen if it is with names."""
        return not self.running or self.count > 0

    def asks(self, person_id: int) -> bool:
        """Whether somebody belongs to it."""
        return any(member.id == person_id for member in self.members)

    def open_to(self, person_id: int) -> bool:
        """Whether somebody may answer now, or change what they said."""
        if not (self.takes and self.asks(person_id)):
            return False
        return person_id not in self.taken or (self.named and not self.over)


def due(term: Term, team: Team, calendars: Calendars) -> datetime:
    """When a team's results are posted; a week that is all off leaves the day as it is."""
    if term.cycle is None:
        raise ValueError("there is no cycle")
    calendar, zone = term.calendar, team.zone or term.organisation.zone
    monday = cadence.first_day(term.cycle.starts, calendar.retrospective_week)
    day = cadence.last_working(monday, calendar.results_weekday, calendars.of_team(team).works)
    whatever = monday + timedelta(days=calendar.results_weekday)
    return cadence.instant(day or whatever, time.fromisoformat(calendar.summary_time), zone)


def surveys(
    session: Session, term: Term, now: datetime, team_ids: Iterable[int] | None = None
) -> dict[int, Survey]:
    """The retrospectives of these teams (or of all), a fixed number of statements.

    A team has one that has people, and key results or check-ins.
    """
    if term.cycle is None:
        return {}
    week = term.calendar.retrospective_week
    wanted = None if team_ids is None else set(team_ids)
    here = roster(session, term, week, wanted)
    measured = objectives.measured(session, term.cycle_id, wanted)
    ids = [
        number
        for number, own in here.members.items()
        if own
        and number in here.teams
        and (wanted is None or number in wanted)
        and (number in measured or here.asked_of.get(number))
    ]
    heard = retros.heard(session, term.cycle_id, ids)
    if now.date() > term.cycle.ends:  # of a past quarter, who is asked today says nothing
        ids = [number for number in ids if number in measured or number in heard]
    taken = retros.taken(session, term.cycle_id, ids)
    channels = teams.channels(session, ids)
    about = [subject(term.cycle_id, number) for number in ids]
    posted = set(letters.gone_out(session, "retro", about).values())
    running = now.date() <= term.cycle.ends and (term.week or 0) == week
    found: dict[int, Survey] = {}
    for number in sorted(ids, key=lambda number: (here.teams[number].name, number)):
        team = here.teams[number]
        at = due(term, team, here.calendars)
        said = heard.get(number)
        found[number] = Survey(
            term,
            team,
            [here.people[i] for i in here.members[number]],
            said or SILENCE,
            said.named if said else named_by_default(term, team),
            at,
            frozenset(person for of, person in taken if of == number),
            over=now >= at or subject(term.cycle_id, number) in posted,
            running=running,
            channel=any(not each.unreachable for each in channels.get(number, ())),
        )
    return found


def answered_by(session: Session, before: Survey, person_id: int) -> Survey:
    """The same once somebody has answered, which is stored."""
    heard = retros.heard(session, before.cycle_id, [before.id]).get(before.id, SILENCE)
    return replace(before, heard=heard, named=heard.named, taken={*before.taken, person_id})


def named_by_default(term: Term, team: Team) -> bool:
    """Whether a team is asked with names unless its lead says otherwise."""
    return team.named_retro or not term.organisation.anonymous_retro


def subject(cycle_id: int, team_id: int) -> str:
    """What the letter with a team's results is about."""
    return f"result:{cycle_id}:{team_id}"
