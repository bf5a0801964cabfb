"""The days ahead, as the planner sees them: everybody and everything, read a set at a time."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar, cast

from sqlmodel import Session

from bot import cadence
from bot.cadence import Workdays
from bot.chat.who import Destination
from bot.flow import Term
from bot.workdays import holidays_of, weekend_of
from storage import checkins, daysoff, kpis, objectives, people, teams
from storage.daysoff import Absence, Holiday
from storage.kpis import Kpi
from storage.letters import Draft, Kind
from storage.objectives import Drafted
from storage.people import Identity, Person
from storage.teams import Channel, Team

HORIZON = timedelta(days=8)

T = TypeVar("T")


@dataclass(frozen=True)
class Calendars:
    """Who works when: weekends, public holidays as admins corrected them, absences."""

    term: Term
    corrections: Sequence[Holiday]
    absences: Mapping[int, Sequence[Absence]]
    first: date
    last: date

    def of_country(self, country: str, weekend: str | None = None) -> Workdays:
        """The work days of a country, or of somebody whose weekend is not their country's."""
        known = self._known.get((country, weekend))
        if known is None:
            known = self._known[country, weekend] = self._of_country(country, weekend)
        return known

    def of_person(self, person: Person) -> Workdays:
        """The work days of somebody, absences taken out."""
        workdays = self.of_country(person.country or self.term.organisation.country, person.weekend)
        away = self.absences.get(person.id or 0, ())
        return self.without(workdays, away) if away else workdays

    def of_team(self, team: Team) -> Workdays:
        """The work days of a team."""
        return self.of_country(team.country or self.term.organisation.country, team.weekend)

    def without(self, workdays: Workdays, away: Sequence[Absence]) -> Workdays:
        """Work days less some absences."""
        off = {day for absence in away for day in self._days(absence)}
        return Workdays(workdays.weekend, workdays.off | off)

    def free_at(self, person: Person, at: datetime) -> datetime:
        """This moment, or the morning after it on which somebody works again.

        Only a guess where they are away beyond these days: planning moves it on as they pass.
        """
        calendar, zone = self.term.calendar, self.term.zone_of(person)
        return cadence.free_at(at, calendar.digest_time, zone, self.of_person(person).works)

    def at_work(self, person: Person, at: datetime) -> datetime:
        """This moment, or the next within somebody's working hours; as far a guess as above."""
        calendar, zone = self.term.calendar, self.term.zone_of(person)
        return cadence.at_work(at, calendar.digest_time, zone, self.of_person(person).works)

    @cached_property
    def _known(self) -> dict[tuple[str, str | None], Workdays]:
        return {}

    def _of_country(self, country: str, weekend: str | None) -> Workdays:
        years = range(self.first.year, self.last.year + 1)
        own = [c for c in self.corrections if c.country in (country, "")]
        off = (holidays_of(country, years) | {c.day for c in own if not c.works}) - {
            c.day for c in own if c.works
        }
        days = frozenset(int(day) for day in weekend) if weekend else weekend_of(country)
        return Workdays(days, off)

    def _days(self, absence: Absence) -> Iterator[date]:
        day = max(absence.first, self.first)
        while day <= min(absence.last, self.last):
            yield day
            day += timedelta(days=1)


def calendars(
    session: Session, term: Term, first: date, last: date, person_ids: Sequence[int] | None = None
) -> Calendars:
    """Who works when in these days, in two statements."""
    return Calendars(
        term,
        daysoff.corrections(session),
        daysoff.absences(session, first, last, person_ids),
        first,
        last,
    )


def days_ahead(session: Session, term: Term, now: datetime, person_ids: Sequence[int]) -> Calendars:
    """Who of these people works when from today on, where it may still be yesterday."""
    first, last = (now - timedelta(days=1)).date(), (now + HORIZON).date()
    return calendars(session, term, first, last, person_ids)


@dataclass(frozen=True)
class Roster:
    """People, their teams and their work days: who is asked, and when.

    In a pilot, only the pilot team and its people. Of other teams than were asked for, `members`
    holds only those who are here.
    """

    term: Term
    people: Mapping[int, Person]
    teams: Mapping[int, Team]
    members: Mapping[int, Sequence[int]]
    owners: set[int]
    calendars: Calendars

    def monday(self, week: int) -> date:
        """The first day of a week of the cycle."""
        if self.term.cycle is None:
            raise ValueError("there is no cycle")
        return cadence.first_day(self.term.cycle.starts, week)

    @cached_property
    def teams_of(self) -> Mapping[int, Sequence[Team]]:
        """The teams each person belongs to."""
        found: dict[int, list[Team]] = {}
        for team_id, members in self.members.items():
            if team_id in self.teams:
                for person_id in members:
                    found.setdefault(person_id, []).append(self.teams[team_id])
        return found

    @cached_property
    def asked(self) -> Sequence[Person]:
        """Who has a check-in: owners of key results, and members whose team has the short form."""
        return [
            person
            for person_id, person in self.people.items()
            if person_id in self.owners
            or any(t.short_form for t in self.teams_of.get(person_id, ()))
        ]

    @cached_property
    def asked_of(self) -> Mapping[int, Sequence[Person]]:
        """The members of each team who have a check-in."""
        found: dict[int, list[Person]] = {}
        for person in self.asked:
            for team in self.teams_of.get(person.id or 0, ()):
                found.setdefault(team.id or 0, []).append(person)
        return found

    def checkin_at(self, person: Person, week: int) -> datetime | None:
        """When somebody is asked; None where they are excused or the week has no check-in."""
        return self.alike(person, week, lambda: self._checkin_at(person, week))

    def alike(self, person: Person, what: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds for everybody of one zone and calendar, found once for them all."""
        if person.id in self.calendars.absences:
            return find()
        key = (what, person.zone, person.country, person.weekend)
        if key not in self._alike:
            self._alike[key] = find()
        return cast("T", self._alike[key])

    @cached_property
    def _alike(self) -> dict[Hashable, object]:
        return {}

    def _checkin_at(self, person: Person, week: int) -> datetime | None:
        if not cadence.asks_checkin(self.term.calendar, week):
            return None
        return cadence.checkin_at(
            self.term.calendar,
            self.monday(week),
            self.term.zone_of(person),
            self.calendars.of_person(person).works,
        )

    def summary_at(self, team: Team, week: int) -> datetime | None:
        """When a team's summary is posted; None where the whole week is off or without check-in."""
        alike = (week, team.zone, team.country, team.weekend)
        if alike not in self._summaries:
            self._summaries[alike] = self._summary_at(team, week)
        return self._summaries[alike]

    @cached_property
    def _summaries(self) -> dict[Hashable, datetime | None]:
        """Found once for all teams of one zone and calendar."""
        return {}

    def _summary_at(self, team: Team, week: int) -> datetime | None:
        if not cadence.asks_checkin(self.term.calendar, week):
            return None
        return cadence.summary_at(
            self.term.calendar,
            self.monday(week),
            team.zone or self.term.organisation.zone,
            self.calendars.of_team(team).works,
        )

    def first_summary_at(self, person_id: int, week: int) -> datetime | None:
        """When the first summary that somebody appears in is posted."""
        own = self.teams_of.get(person_id, ())
        return min([at for team in own if (at := self.summary_at(team, week))], default=None)


def roster(
    session: Session,
    term: Term,
    week: int,
    team_ids: Iterable[int] | None = None,
    also: Iterable[int] = (),
) -> Roster:
    """Everybody of these teams (or of all) and some others, in a week: seven statements."""
    if term.cycle is None:
        raise ValueError("there is no cycle to keep a roster of")
    wanted = None if team_ids is None else set(team_ids)
    own = teams.members(session, wanted)
    ids = {person_id for some in own.values() for person_id in some} | set(also)
    everyone = {i: p for i, p in people.people(session, ids).items() if p.active}
    members = teams.members(session, person_ids=ids)
    some = None if wanted is None else members.keys() | wanted
    monday = cadence.first_day(term.cycle.starts, week)
    return Roster(
        term,
        *_within_pilot(term, everyone, teams.active(session, some), members),
        objectives.owners(session, term.cycle_id, everyone.keys()),
        calendars(session, term, monday, monday + timedelta(days=7), sorted(ids)),
    )


def _within_pilot(
    term: Term,
    everyone: Mapping[int, Person],
    all_teams: Iterable[Team],
    members: Mapping[int, Sequence[int]],
) -> tuple[dict[int, Person], dict[int, Team], dict[int, list[int]]]:
    """Whom the bot speaks to: everybody, or in a pilot only its team and that team's people."""
    known = {team.id or 0: team for team in all_teams}
    people_here = dict(everyone)
    pilot = term.organisation.pilot_team_id
    if term.organisation.running == "pilot":
        people_here = {i: everyone[i] for i in members.get(pilot or 0, ()) if i in everyone}
        known = {i: team for i, team in known.items() if i == pilot}
    here = {i: [m for m in own if m in people_here] for i, own in members.items() if i in known}
    return people_here, known, here


@dataclass(frozen=True)
class Outlook(Roster):
    """The organisation and the weeks ahead."""

    now: datetime
    weeks: Sequence[int]
    channels: Mapping[int, Sequence[Channel]]
    identities: Mapping[int, Sequence[Identity]]
    answered: set[tuple[int, int]]
    measured: set[int]
    """The teams that have key results."""
    drafted: Sequence[Drafted] = ()
    """What the teams have planned, in weeks of planning."""
    kpis: Sequence[Kpi] = ()
    """The KPIs whose owners are asked for readings."""
    read_on: Mapping[int, date] = field(default_factory=dict)
    """The day of the newest reading of each KPI."""

    def reach(self, person_id: int) -> Destination | None:
        """Where somebody last wrote from, or None where they cannot be reached."""
        if person_id not in self._reached:
            own = self.identities.get(person_id, ())
            self._reached[person_id] = self.first_reachable(own)
        return self._reached[person_id]

    @cached_property
    def _reached(self) -> dict[int, Destination | None]:
        return {}

    def asked_at(self, person: Person, week: int, weekday: int, clock: str) -> datetime | None:
        """When somebody is asked something on that day of a week, or before it where it is off.

        Where the week only begins after that day, then on its first day of work: what is asked
        once a quarter is not left out for a holiday.
        """
        zone, works = self.term.zone_of(person), self.calendars.of_person(person).works
        return self.alike(
            person,
            ("asked", week, weekday, clock),
            lambda: (
                cadence.asked_at(self.monday(week), weekday, clock, zone, works)
                or cadence.told_at(self.monday(week), weekday, clock, zone, works)
            ),
        )

    def told_at(self, person: Person, week: int, weekday: int, clock: str) -> datetime | None:
        """When somebody is told something on that day of a week, or after it where it is off."""
        return self.alike(
            person,
            ("told", week, weekday, clock),
            lambda: cadence.told_at(
                self.monday(week), weekday, clock, self.term.zone_of(person),
                self.calendars.of_person(person).works,
            ),
        )  # fmt: skip

    def posted_at(self, team: Team, week: int, weekday: int) -> datetime | None:
        """When something is posted in a team's channel: that day, or before it where it is off."""
        return cadence.asked_at(
            self.monday(week), weekday, self.term.calendar.summary_time,
            team.zone or self.term.organisation.zone, self.calendars.of_team(team).works,
        )  # fmt: skip

    def letter(
        self, flow: str, subject: str, kind: Kind, person: Person, week: int,
        due: datetime, expires: datetime,
    ) -> Iterator[Draft]:  # fmt: skip
        """A letter to somebody, where they are; none to whom we cannot reach.

        `subject` says what it is about and for whom, and never when it is due: it is the key.
        """
        where = self.reach(person.id or 0)
        if where is not None:
            yield Draft(
                key=f"{flow}:{subject}",
                flow=flow,
                subject=subject,
                kind=kind,
                due_at=due,
                expires_at=expires,
                person_id=person.id,
                cycle_id=self.term.cycle_id,
                week=week,
                platform=where.platform,
                workspace=where.workspace,
                address=where.address,
            )

    def post(
        self, flow: str, subject: str, team: Team, week: int, due: datetime, expires: datetime
    ) -> Iterator[Draft]:
        """What is posted in each of a team's channels that can be reached."""
        for channel in self.channels.get(team.id or 0, ()):
            if not channel.unreachable:
                yield Draft(
                    key=f"{flow}:{subject}:{channel.platform}:{channel.workspace}",
                    flow=flow,
                    subject=subject,
                    kind="summary",
                    due_at=due,
                    expires_at=expires,
                    team_id=team.id,
                    cycle_id=self.term.cycle_id,
                    week=week,
                    platform=channel.platform,
                    workspace=channel.workspace,
                    address=channel.address,
                )

    @staticmethod
    def first_reachable(identities: Sequence[Identity]) -> Destination | None:
        """The first of these accounts that can be written to."""
        for identity in identities:
            if identity.address and not identity.unreachable:
                return Destination(identity.platform, identity.workspace, identity.address)
        return None


def outlook(session: Session, term: Term, now: datetime) -> Outlook:
    """The weeks that touch the next eight days; the number of statements does not grow."""
    if term.cycle is None:
        raise ValueError("there is no cycle to look out on")
    last_day = (now + HORIZON).date() + timedelta(days=1)
    weeks = [
        week
        for week in range(1, term.calendar.weeks + 1)
        if cadence.first_day(term.cycle.starts, week) <= last_day
        and cadence.first_day(term.cycle.starts, week) + timedelta(days=7) >= now.date()
    ]
    first = cadence.first_day(term.cycle.starts, weeks[0] if weeks else 1)
    everyone = {person.id or 0: person for person in people.everyone(session)}
    people_here, known, members = _within_pilot(
        term, everyone, teams.all_teams(session), teams.members(session)
    )
    return Outlook(
        term=term,
        people=people_here,
        teams=known,
        members=members,
        owners=objectives.owners(session, term.cycle_id),
        calendars=calendars(session, term, first, first + timedelta(days=7 * len(weeks) + 7)),
        now=now,
        weeks=weeks,
        channels=teams.channels(session),
        identities=people.identities(session),
        answered=checkins.closed(session, term.cycle_id, weeks),
        measured=objectives.measured(session, term.cycle_id),
        drafted=objectives.drafted(session, term.cycle_id)
        if any(cadence.plans(term.calendar, week) for week in weeks)
        else (),
        kpis=kpis.asked(session),
        read_on=kpis.last_days(session),
    )
