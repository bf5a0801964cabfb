"""Who is asked what in weeks of planning, and when.

Everybody gets one question and, near the end, one message about what is still a draft; then what
was approved is posted.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from bot import cadence
from bot.leads import Lines
from bot.outlook import Outlook
from bot.quarter import planning
from bot.quarter.crew import Crew
from bot.quarter.planning import Call
from storage.letters import Draft
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
    for call in planning.calls(outlook):
        yield from _letter(outlook, call)
    if last in outlook.weeks:
        yield from _posts(outlook, last)
        yield from _told(outlook, planning.crew_of(outlook), last)


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
        person = outlook.people[number]
        call = Call("told", "notice", person, week, outlook.calendars.at_work(person, due + AFTER))
        yield from _letter(outlook, call, TOLD_FOR)


def _told_at(
    outlook: Outlook, person: Person, week: int, posted: datetime | None
) -> datetime | None:
    calendar = outlook.term.calendar
    own = outlook.told_at(person, week, calendar.approved_weekday, calendar.summary_time)
    own = own or outlook.asked_at(person, week, calendar.approved_weekday, calendar.summary_time)
    return max(own, posted) if own and posted else own or posted


def _letter(outlook: Outlook, call: Call, lasts: timedelta | None = None) -> Iterator[Draft]:
    """It makes sense until the week's work is over, and half a day at least."""
    person, week, due = call.person, call.week, call.due
    saturday = outlook.monday(week) + timedelta(days=SATURDAY)
    over = cadence.instant(saturday, time.min, outlook.term.zone_of(person))
    expires = due + lasts if lasts else max(over, due + timedelta(hours=8))
    subject = f"{call.what}:{outlook.term.cycle_id}:{person.id}"
    yield from outlook.letter(NAME, subject, call.kind, person, week, due, expires)
