"""Who is asked for a retrospective and when, and when its results are posted."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import cadence
from bot.flows.retro import survey
from bot.outlook import Outlook
from storage.letters import Draft, Letter
from storage.people import Person

FLOW = "retro"
RESULTS_FOR = timedelta(days=3)
LEAST_TIME = timedelta(hours=8)
AFTER_THE_TEAMS = timedelta(minutes=30)


def drafts(outlook: Outlook, week: int) -> Iterable[Draft]:
    """The asks and reminders of the retrospective week, and what is posted at its end."""
    due = {
        number: survey.due(outlook.term, team, outlook.calendars)
        for number, team in outlook.teams.items()
        if outlook.members.get(number)
        and (number in outlook.measured or outlook.asked_of.get(number))
    }
    for number, person in outlook.people.items():
        own = [due[t.id] for t in outlook.teams_of.get(number, ()) if t.id in due]
        if own:
            yield from _of_person(outlook, person, week, min(own), max(own))
    yield from _results(outlook, week, due)


def _of_person(
    outlook: Outlook, person: Person, week: int, first: datetime, last: datetime
) -> Iterable[Draft]:
    """One ask, whatever the number of their teams, and one reminder before the first results."""
    calendar, about = outlook.term.calendar, f"{outlook.term.cycle_id}:{person.id}"
    asked = outlook.asked_at(person, week, calendar.survey_weekday, calendar.ask_time)
    if asked is None:
        return
    until = max(last, asked + LEAST_TIME)
    yield from outlook.letter(FLOW, f"ask:{about}", "ask", person, week, asked, until)
    reminded = outlook.alike(
        person, ("retro", week, first), lambda: _reminded(outlook, person, week, asked, first)
    )
    if reminded is not None:
        yield from outlook.letter(
            FLOW, f"remind:{about}", "reminder", person, week, reminded, first
        )


def _reminded(
    outlook: Outlook, person: Person, week: int, asked: datetime, first: datetime
) -> datetime | None:
    """In the morning of the results' day, or of the day before where that would be too late."""
    calendar, zone = outlook.term.calendar, outlook.term.zone_of(person)
    works = outlook.calendars.of_person(person).works
    latest = first - timedelta(hours=calendar.reminder_gap_hours)
    for weekday in (calendar.results_weekday, calendar.results_weekday - 1):
        at = cadence.asked_at(
            outlook.monday(week), max(weekday, 0), calendar.reminder_time, zone, works
        )
        if at is not None and asked + cadence.SHORTEST_NOTICE <= at <= latest:
            return at
    return None


def _results(outlook: Outlook, week: int, due: Mapping[int, datetime]) -> Iterable[Draft]:
    """Each team's results in its channels; then the company's, once all teams' are there."""
    for number, at in due.items():
        about = survey.subject(outlook.term.cycle_id, number)
        team = outlook.teams[number]
        yield from outlook.post(FLOW, about, team, week, at, at + RESULTS_FOR)
    last = max(due.values(), default=None)
    for number, team in outlook.teams.items():
        if team.level == "company" and last is not None:
            at = last + AFTER_THE_TEAMS
            about = f"company:{outlook.term.cycle_id}:{number}"
            yield from outlook.post(FLOW, about, team, week, at, at + RESULTS_FOR)


def everything(results: Letter, now: datetime) -> Draft:
    """All that was said, in the thread of results that have arrived.

    Its key holds no row's number: after a backup is put back, another letter may have that.
    """
    return Draft(
        key=f"retro:said:{results.subject}:{results.platform}:{results.workspace}",
        flow=FLOW,
        subject=results.subject.replace("result:", "said:", 1),
        kind="notice",
        due_at=now,
        expires_at=now + RESULTS_FOR,
        team_id=results.team_id,
        cycle_id=results.cycle_id,
        week=results.week,
        platform=results.platform,
        workspace=results.workspace,
        address=results.address,
        under=results.replaces or results.id,
    )
