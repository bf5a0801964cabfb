"""Who is asked what in weeks of planning, and when.

Everybody gets one question and, near the end, one message about what is still a draft.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from bot import cadence
from bot.flows.plan.crew import Crew
from bot.leads import Lines
from bot.outlook import Outlook
from storage.letters import Draft, Kind
from storage.people import Person

NAME = "plan"
POSTED_FOR = timedelta(days=3)
TOLD_FOR = timedelta(days=7)
SATURDAY = 5
AFTER = timedelta(minutes=5)
"""What is missing in a posted plan is told when one can see it."""


def asks(outlook: Outlook) -> Iterable[Draft]:
    """Leads are asked from the top down, then people, in the first week; the rest in the last."""
    last = outlook.term.calendar.planning_weeks
    if last < 1:
        return
    crew = Crew(Lines(outlook.teams), outlook.people)
    if 1 in outlook.weeks:
        yield from _leads(outlook, crew)
        yield from _people(outlook, crew)
    if last in outlook.weeks:
        yield from _drafts(outlook, crew, last)
        yield from _posts(outlook, last)
        yield from _told(outlook, crew, last)


def asked_on(outlook: Outlook, crew: Crew, person: Person) -> datetime | None:
    """When somebody is asked to plan: company leads first, then leads, then everybody else."""
    calendar, led = outlook.term.calendar, crew.led.get(person.id or 0, ())
    if any(team.level == "company" for team in led):
        return _moment(outlook, person, 1, calendar.company_weekday)
    return _moment(outlook, person, 1, calendar.teams_weekday if led else calendar.people_weekday)


def _moment(outlook: Outlook, person: Person, week: int, weekday: int) -> datetime | None:
    """That day, a working day before it, or else one after it: a quarter must be planned."""
    clock = outlook.term.calendar.ask_time
    at = outlook.asked_at(person, week, weekday, clock)
    return at or outlook.told_at(person, week, weekday, clock)


def _leads(outlook: Outlook, crew: Crew) -> Iterator[Draft]:
    """One message to each lead, with all teams that they plan."""
    for number in crew.led:
        person = outlook.people.get(number)
        due = asked_on(outlook, crew, person) if person else None
        if person and due:
            yield from _letter(outlook, "lead", "ask", person, 1, due)


def _people(outlook: Outlook, crew: Crew) -> Iterator[Draft]:
    """Everybody else: where people plan for themselves, or their team has planned something."""
    everybody = outlook.term.organisation.individual_okrs
    planned = {each.team_id for each in outlook.drafted}
    for number, person in outlook.people.items():
        own = {team.id for team in outlook.teams_of.get(number, ())}
        if number in crew.led or not own or not (everybody or own & planned):
            continue
        due = asked_on(outlook, crew, person)
        if due:
            yield from _letter(outlook, "people", "ask", person, 1, due)


def _drafts(outlook: Outlook, crew: Crew, week: int) -> Iterator[Draft]:
    """To leads what waits for their word, to owners their drafts; a reminder where is nothing."""
    waiting = _waiting(outlook, crew)
    planned = {each.team_id for each in outlook.drafted}
    idle = {t.lead_id for i, t in outlook.teams.items() if t.lead_id and i not in planned}
    for number in sorted(waiting | idle):
        person = outlook.people.get(number)
        due = _drafts_at(outlook, crew, person, week) if person else None
        if person and due:
            what: tuple[str, Kind] = (
                ("drafts", "ask") if number in waiting else ("idle", "reminder")
            )
            yield from _letter(outlook, *what, person, week, due)


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


def _waiting(outlook: Outlook, crew: Crew) -> set[int]:
    """Whom drafts wait for: their owners, and the leads of their teams."""
    found: set[int] = set()
    for each in outlook.drafted:
        if each.open and each.team_id in outlook.teams:
            lead = crew.lead_of.get(each.team_id)
            found |= {each.owner_id or 0, each.key_result_owner_id or 0}
            found |= {lead.id or 0} if lead else set()
    return found


def _posts(outlook: Outlook, week: int) -> Iterator[Draft]:
    """What a team and those below it have planned, in its channels."""
    lines, weekday = Lines(outlook.teams), outlook.term.calendar.approved_weekday
    planned = {each.team_id for each in outlook.drafted}
    shown = {team.id for number in planned for team in lines.up(number)}
    for number, team in outlook.teams.items():
        due = outlook.posted_at(team, week, weekday) if number in shown else None
        if due:
            subject = f"posted:{outlook.term.cycle_id}:{number}"
            yield from outlook.post(NAME, subject, team, week, due, due + POSTED_FOR)


def _told(outlook: Outlook, crew: Crew, week: int) -> Iterator[Draft]:
    """What is not approved when the plan is posted: to whom it concerns, after it was posted."""
    calendar = outlook.term.calendar
    told: dict[int, datetime] = {}
    for each in outlook.drafted:
        team = outlook.teams.get(each.team_id)
        posted = outlook.posted_at(team, week, calendar.approved_weekday) if team else None
        owners = (each.owner_id, each.key_result_owner_id)
        for number in crew.concerned(each.team_id, owners) if each.open and team else ():
            person = outlook.people.get(number)
            at = _told_at(outlook, person, week, posted) if person else None
            if at:
                told[number] = max(at, told.get(number, at))
    for number, due in sorted(told.items(), key=lambda each: (each[1], each[0])):
        yield from _letter(
            outlook, "told", "notice", outlook.people[number], week, due + AFTER, TOLD_FOR
        )


def _told_at(
    outlook: Outlook, person: Person, week: int, posted: datetime | None
) -> datetime | None:
    calendar = outlook.term.calendar
    own = outlook.told_at(person, week, calendar.approved_weekday, calendar.summary_time)
    own = own or outlook.asked_at(person, week, calendar.approved_weekday, calendar.summary_time)
    return max(own, posted) if own and posted else own or posted


def _letter(
    outlook: Outlook, what: str, kind: Kind, person: Person, week: int, due: datetime,
    lasts: timedelta | None = None,
) -> Iterator[Draft]:  # fmt: skip
    """It makes sense until the week's work is over, and half a day at least."""
    saturday = outlook.monday(week) + timedelta(days=SATURDAY)
    over = cadence.instant(saturday, time.min, outlook.term.zone_of(person))
    expires = due + lasts if lasts else max(over, due + timedelta(hours=8))
    subject = f"{what}:{outlook.term.cycle_id}:{person.id}"
    yield from outlook.letter(NAME, subject, kind, person, week, due, expires)
