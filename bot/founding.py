"""The first start: an organisation, its first admin and its first cycle, out of the settings."""

from datetime import date, datetime, timedelta

import msgspec
from sqlmodel import Session

from bot import cadence
from bot.cadence import Calendar
from bot.settings import Settings
from bot.term import NotSetUp, open_cycle
from storage import audit, organisation, people
from storage.organisation import Organisation
from storage.people import Person

FURTHEST = timedelta(days=366)


def found(session: Session, settings: Settings, now: datetime) -> bool:
    """Make the organisation unless there is one; whether it was made. Raises NotSetUp."""
    if organisation.organisation(session) is not None:
        return False
    if not settings.organisation or not settings.admin_email:
        raise NotSetUp
    _look_at(settings, now)
    ours = Organisation(
        name=settings.organisation,
        language=settings.language,
        country=settings.country,
        zone=settings.zone,
        calendar=msgspec.json.encode(calendar_of(settings)).decode(),
        changed_at=now,
    )
    session.add(ours)
    session.flush()
    audit.note(session, now, "organisation", 1, how="init", after=audit.fields(ours))
    _admin(session, settings, now)
    open_cycle(session, settings.week_one or _next_monday(now.date()), now)
    return True


def _look_at(settings: Settings, now: datetime) -> None:
    """Raises ValueError, in words for an admin, where a setting could only be mended by hand."""
    email, first = settings.admin_email.strip(), settings.week_one
    if "@" not in email or " " in email:
        raise ValueError(f"OKR_ADMIN_EMAIL: “{email[:60]}” is no e-mail address.")
    if first is not None and abs(first - now.date()) > FURTHEST:
        raise ValueError(
            f"OKR_WEEK_ONE: {first} is more than a year from today. "
            "Give the Monday of this quarter's first week, or of the next one's."
        )


def calendar_of(settings: Settings) -> Calendar:
    """The default calendar, moved to the organisation's own check-in day.

    Reminder and summary follow on the next day, or on the same day where that is a weekend.
    """
    day = settings.checkin_weekday
    after = day + 1 if day < 4 else day
    if after == day:
        return Calendar(
            checkin_weekday=day,
            checkin_time="09:00",
            reminder_weekday=day,
            reminder_time="12:00",
            summary_weekday=day,
            summary_time="16:00",
        )
    return Calendar(checkin_weekday=day, reminder_weekday=after, summary_weekday=after)


def _admin(session: Session, settings: Settings, now: datetime) -> None:
    email = settings.admin_email.strip().lower()
    person = people.by_email(session, email) or Person(
        email=email, name=settings.admin_name or email.split("@")[0].title(), since=now
    )
    person.admin = True
    session.add(person)
    session.flush()
    audit.note(session, now, "person", person.id, how="init", after=audit.fields(person))


def _next_monday(today: date) -> date:
    return today if not today.weekday() else cadence.next_monday(today - timedelta(days=1))
