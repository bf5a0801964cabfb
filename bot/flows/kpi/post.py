"""Letters of KPIs: readings that are due, where no other message asks them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, time, timedelta

from sqlmodel import Session

from bot import cadence, outlook
from bot.cadence import DAY
from bot.chat.cards import Card
from bot.flow import Term
from bot.flows.kpi import cards
from bot.kpis import readings, watch
from bot.method import health
from bot.outlook import Outlook
from bot.quarter import planning
from storage import kpis, people
from storage.kpis import Kpi
from storage.letters import Draft, Letter
from storage.people import Person

SHORTEST = timedelta(hours=8)
SATURDAY = 5


def plan(view: Outlook) -> Iterator[Draft]:
    """One ask for each owner and day on which readings are due and no other message asks them.

    They are a part of the check-in, of what planning asks, and of the question for grades.
    """
    own: dict[int, list[Kpi]] = {}
    for kpi in view.kpis:
        own.setdefault(kpi.owner_id or 0, []).append(kpi)
    checked = {person.id for person in view.asked} if own else set()
    joined = planning.days(view) if own else {}
    for number, mine in own.items():
        person = view.people.get(number)
        for week in view.weeks if person is not None else ():
            if person is not None:
                joins = joined.get(number, ())
                yield from _of_week(view, person, mine, week, joins, checks=number in checked)


def _of_week(
    view: Outlook,
    person: Person,
    own: Sequence[Kpi],
    week: int,
    joins: Collection[date],
    *,
    checks: bool,
) -> Iterator[Draft]:
    calendar, monday = view.term.calendar, view.monday(week)
    works = view.calendars.of_person(person).works
    graded = _graded_on(view, person, week)
    asked: dict[date, bool] = {}
    for kpi in own:
        for day in readings.asked_on(calendar, kpi, monday, works):
            known = view.read_on.get(kpi.id or 0)
            joined = day in joins or (graded and (day == graded or kpi.cadence != "daily"))
            if not joined and health.wanted(kpi.cadence, known, day):
                asked[day] = asked.get(day, False) or kpi.cadence != "daily"
    if checks and cadence.asks_checkin(calendar, week):
        asked.pop(cadence.last_working(monday, calendar.checkin_weekday, works) or monday, None)
    zone, clock = view.term.zone_of(person), time.fromisoformat(calendar.checkin_time)
    for day, lasts in asked.items():
        due = cadence.instant(day, clock, zone)
        end = max(day + DAY, monday + timedelta(days=SATURDAY)) if lasts else day + DAY
        expires = max(cadence.instant(end, time(), zone), due + SHORTEST)
        subject = readings.ask_subject(person.id or 0, day)
        yield from view.letter("kpi", subject, "ask", person, week, due, expires)


def _graded_on(view: Outlook, person: Person, week: int) -> date | None:
    """The day in the last week on which somebody is asked for grades, and what is due with them."""
    calendar = view.term.calendar
    if week != calendar.retrospective_week or person.id not in view.owners:
        return None
    at = view.asked_at(person, week, calendar.grades_weekday, calendar.ask_time)
    return at and view.term.day_of(person, at)


def write(session: Session, term: Term, batch: Sequence[Letter]) -> dict[int, Card | None]:
    """What is due and what was given; the number of statements does not grow with them."""
    known = people.people(session, [letter.person_id or 0 for letter in batch])
    days = {
        letter.id or 0: date.fromisoformat(letter.subject.rpartition(":")[2]) for letter in batch
    }
    first = min(days.values()) - timedelta(days=6)
    last = max(days.values()) + timedelta(days=6)
    off = outlook.calendars(session, term, first, last, sorted(known))
    own: dict[int, list[Kpi]] = {}
    for kpi in kpis.asked(session, known):
        own.setdefault(kpi.owner_id or 0, []).append(kpi)
    every = [kpi for mine in own.values() for kpi in mine]
    looks = {look.id: look for look in watch.look(session, term, every)}
    written: dict[int, Card | None] = {letter.id or 0: None for letter in batch}
    for letter in batch:
        person, day = known.get(letter.person_id or 0), days[letter.id or 0]
        if person is None:
            continue
        monday, works = day - timedelta(days=day.weekday()), off.of_person(person).works
        asked = [
            readings.asked(kpi, looks[kpi.id or 0].dots, day, term.today, term.today)
            for kpi in own.get(person.id or 0, ())
            if day in readings.asked_on(term.calendar, kpi, monday, works)
        ]
        wanted = any(one.given is None for one in asked)
        if asked and (wanted or letter.replaces is not None):
            written[letter.id or 0] = cards.ask(term.voice_of(person), person, asked, looks)
    return written
