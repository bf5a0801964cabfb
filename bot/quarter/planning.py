"""Whom planning asks what, and when: everybody once, from the top down, and once near the end.

Shared by the conversation that asks and by those whose own questions join it on the same day.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.leads import Lines
from bot.outlook import Outlook
from bot.quarter.crew import Crew
from storage.letters import Kind
from storage.people import Person


class Call(NamedTuple):
    """One message to somebody: what it is about, when it is due, and whether it surely goes."""

    what: str
    kind: Kind
    person: Person
    week: int
    due: datetime
    sure: bool = True


def crew_of(outlook: Outlook) -> Crew:
    """Who plans which teams."""
    return Crew(Lines(outlook.teams), outlook.people)


def calls(outlook: Outlook) -> Iterator[Call]:
    """Leads are asked from the top down, then people, in the first week; drafts in the last."""
    crew, last = crew_of(outlook), outlook.term.calendar.planning_weeks
    if last and 1 in outlook.weeks:
        yield from _leads(outlook, crew)
        yield from _people(outlook, crew)
    if last and last in outlook.weeks:
        yield from _drafts(outlook, crew, last)


def days(outlook: Outlook) -> Mapping[int, set[date]]:
    """The days on which somebody surely gets a message of planning: what else is due joins it."""
    found: dict[int, set[date]] = {}
    for call in calls(outlook):
        if call.sure:
            zone = ZoneInfo(outlook.term.zone_of(call.person))
            found.setdefault(call.person.id or 0, set()).add(call.due.astimezone(zone).date())
    return found


def asked_on(outlook: Outlook, crew: Crew, person: Person) -> datetime | None:
    """When somebody is asked to plan: company leads first, then leads, then everybody else."""
    calendar, led = outlook.term.calendar, crew.led.get(person.id or 0, ())
    weekday = calendar.teams_weekday if led else calendar.people_weekday
    if any(team.level == "company" for team in led):
        weekday = calendar.company_weekday
    return outlook.asked_at(person, 1, weekday, calendar.ask_time)


def _leads(outlook: Outlook, crew: Crew) -> Iterator[Call]:
    """One message to each lead, with all teams that they plan."""
    for number in crew.led:
        person = outlook.people.get(number)
        due = asked_on(outlook, crew, person) if person else None
        if person and due:
            yield Call("lead", "ask", person, 1, due)


def _people(outlook: Outlook, crew: Crew) -> Iterator[Call]:
    """Everybody else: where people plan for themselves, or their team has planned something."""
    everybody = outlook.term.organisation.individual_okrs
    planned = {each.team_id for each in outlook.drafted}
    for number, person in outlook.people.items():
        own = {team.id for team in outlook.teams_of.get(number, ())}
        if number in crew.led or not own or not (everybody or own & planned):
            continue
        due = asked_on(outlook, crew, person)
        if due:
            yield Call("people", "ask", person, 1, due)


def _drafts(outlook: Outlook, crew: Crew, week: int) -> Iterator[Call]:
    """To leads what waits for their word, to owners their drafts; a reminder where is nothing.

    Whether there is anything to be said to an owner is known when it is written.
    """
    leads, owners = _waiting(outlook, crew)
    planned = {each.team_id for each in outlook.drafted}
    idle = {t.lead_id for i, t in outlook.teams.items() if t.lead_id and i not in planned}
    for number in sorted(leads | owners | idle):
        person = outlook.people.get(number)
        due = _drafts_at(outlook, crew, person, week) if person else None
        if person and due and number in leads | owners:
            yield Call("drafts", "ask", person, week, due, number in leads)
        elif person and due:
            yield Call("idle", "reminder", person, week, due, sure=False)


def _drafts_at(outlook: Outlook, crew: Crew, person: Person, week: int) -> datetime | None:
    """On a later day than the question: two messages of one day would be one too many."""
    weekday, clock = outlook.term.calendar.drafts_weekday, outlook.term.calendar.ask_time
    asked = asked_on(outlook, crew, person)
    for at in (
        outlook.asked_at(person, week, weekday, clock),
        outlook.told_at(person, week, weekday, clock),
    ):
        if at is not None and (asked is None or at > asked):
            return at
    return None


def _waiting(outlook: Outlook, crew: Crew) -> tuple[set[int], set[int]]:
    """Whom drafts wait for: the leads of their teams, and their owners."""
    leads: set[int] = set()
    owners: set[int] = set()
    for each in outlook.drafted:
        if each.open and each.team_id in outlook.teams:
            lead = crew.lead_of.get(each.team_id)
            owners |= {each.owner_id or 0, each.key_result_owner_id or 0}
            leads |= {lead.id or 0} if lead else set()
    return leads, owners
