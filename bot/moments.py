"""One person's next moments: when they are asked, and until when an answer counts."""

from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot import cadence, outlook
from bot.flow import Term
from storage import checkins, objectives, teams
from storage.people import Person

WEEK = timedelta(days=7)


def answerable(session: Session, term: Term, person: Person, week: int, now: datetime) -> bool:
    """Whether a week's check-in can be answered: until the next week's question goes out."""
    if term.cycle is None or term.week is None or week not in (term.week, term.week - 1):
        return False
    if not cadence.asks_checkin(term.calendar, week):
        return False
    return week == term.week or now < closes_at(session, term, person, week)


def closes_at(session: Session, term: Term, person: Person, week: int) -> datetime:
    """Until when a week can be answered: the next week's question, or else that week's end."""
    monday = _monday(term, week) + WEEK
    asked = asked_at(session, term, person, week + 1)
    zone = term.zone_of(person)
    return cadence.instant(monday + WEEK, time(), zone) if asked is None else asked


def asked_at(session: Session, term: Term, person: Person, week: int) -> datetime | None:
    """When somebody is asked in a week; None where they are excused or the week has no check-in."""
    if not cadence.asks_checkin(term.calendar, week):
        return None
    monday = _monday(term, week)
    works = works_of(session, term, person, monday, monday + WEEK).works
    return cadence.checkin_at(term.calendar, monday, term.zone_of(person), works)


def works_of(
    session: Session, term: Term, person: Person, first: date, last: date
) -> cadence.Workdays:
    """On which of these days somebody works."""
    return outlook.calendars(session, term, first, last, [person.id or 0]).of_person(person)


def next_ask(session: Session, term: Term, person: Person, now: datetime) -> datetime | None:
    """When somebody is asked next in this cycle; None where nothing is planned to ask them."""
    if term.cycle is None or not is_asked(session, term, person):
        return None
    weeks = range(term.week or 1, term.calendar.weeks)
    answered = checkins.closed(session, term.cycle_id, weeks)
    works = works_of(session, term, person, term.cycle.starts, term.cycle.ends).works
    for week in weeks:
        if not cadence.asks_checkin(term.calendar, week) or (week, person.id) in answered:
            continue
        at = cadence.checkin_at(term.calendar, _monday(term, week), term.zone_of(person), works)
        if at is not None and at > now:
            return at
    return None


def open_week(session: Session, term: Term, person: Person, now: datetime) -> int | None:
    """The week that somebody was asked about, has not answered, and still can answer."""
    weeks = [week for week in (term.week or 0, (term.week or 0) - 1) if week > 0]
    answered = checkins.closed(session, term.cycle_id, weeks)
    for week in weeks:
        asked = None if (week, person.id) in answered else asked_at(session, term, person, week)
        if asked is not None and asked <= now < closes_at(session, term, person, week):
            return week
    return None


def is_asked(session: Session, term: Term, person: Person) -> bool:
    """Whether somebody has a check-in: running, in the pilot, an owner or with the short form."""
    own = teams.of_person(session, person.id or 0)
    match term.organisation.running:
        case "on":
            pass
        case "pilot" if term.organisation.pilot_team_id in {team.id for team in own}:
            pass
        case _:
            return False
    return any(team.short_form for team in own) or person.id in objectives.owners(
        session, term.cycle_id
    )


def _monday(term: Term, week: int) -> date:
    if term.cycle is None:
        raise ValueError("there is no cycle")
    return cadence.first_day(term.cycle.starts, week)
