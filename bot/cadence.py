"""The pure calendar of a cycle: which week it is, and at which instant each prompt is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.zones import zone_of

Phase: TypeAlias = Literal["planning", "execution", "retrospective"]
Works: TypeAlias = Callable[[date], bool]
"""Whether somebody works on a day: usually `Workdays.works`."""

DAYS_OF_WEEK = 7
DAY = timedelta(days=1)
SHORTEST_NOTICE = timedelta(hours=3)
EVENING = time(18)
"""When working hours are over, where somebody is."""


class Calendar(Struct, frozen=True, omit_defaults=True):
    """When things happen in a cycle. Monday is 0, times are "HH:MM" in the zone of whom they reach.

    A reminder goes out only if it is `reminder_gap_hours` before the team's summary. What is asked
    in weeks of planning and of the retrospective goes out at `ask_time`, what is posted to a
    channel then at `summary_time`.
    """

    weeks: int = 13
    checkin_weekday: int = 3
    checkin_time: str = "10:00"
    reminder_weekday: int = 4
    reminder_time: str = "10:00"
    reminder_gap_hours: int = 3
    summary_weekday: int = 4
    summary_time: str = "15:00"
    digest_weekday: int = 0
    digest_time: str = "09:00"
    review_week: int = 7
    planning_weeks: int = 1
    ask_time: str = "10:00"
    company_weekday: int = 0
    teams_weekday: int = 1
    people_weekday: int = 2
    drafts_weekday: int = 3
    approved_weekday: int = 4
    grades_weekday: int = 0
    survey_weekday: int = 2
    results_weekday: int = 4

    @property
    def first_execution_week(self) -> int:
        return self.planning_weeks + 1

    @property
    def retrospective_week(self) -> int:
        return self.weeks


def calendar_of(text: str) -> Calendar:
    """A stored calendar."""
    return msgspec.json.decode(text, type=Calendar)


class Workdays(Struct, frozen=True):
    """The days on which somebody works; `off` holds public holidays and absences alike."""

    weekend: frozenset[int] = frozenset({5, 6})
    off: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether this is a day of work."""
        return day.weekday() not in self.weekend and day not in self.off


@lru_cache(maxsize=16_384)
def instant(day: date, at: time, zone: str) -> datetime:
    """The first instant, in UTC, at which clocks of this zone have reached this time of this day.

    So in an overlap it is the first of the two, and where clocks skip the time, the first instant
    after the gap. ValueError in plain words for an unknown zone.
    """
    local = datetime.combine(day, at, zone_of(zone))
    first, second = local.replace(fold=0), local.replace(fold=1)
    if _offset(first) >= _offset(second):
        return first.astimezone(UTC)
    return _end_of_gap(second.astimezone(UTC), first.astimezone(UTC), zone)


def _end_of_gap(before: datetime, after: datetime, zone: str) -> datetime:
    """The first whole second of the later offset, given an instant on either side."""
    later = _offset(after.astimezone(zone_of(zone)))
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if _offset(middle.astimezone(zone_of(zone))) == later:
            after = middle
        else:
            before = middle
    return after


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def first_day(starts: date, week: int) -> date:
    """The Monday of a week of the cycle, the first week being 1."""
    return _monday(starts) + timedelta(weeks=week - 1)


def week_of(starts: date, weeks: int, day: date) -> int | None:
    """The week of the cycle that a day lies in, or None outside of it."""
    week = (day - _monday(starts)).days // DAYS_OF_WEEK + 1
    return week if 1 <= week <= weeks else None


def next_monday(after: date) -> date:
    """The first Monday later than this day."""
    return after + timedelta(days=DAYS_OF_WEEK - after.weekday())


def last_friday(calendar: Calendar, starts: date) -> date:
    """When a key result is due unless somebody says otherwise: the Friday of the last week."""
    return first_day(starts, calendar.weeks) + timedelta(days=4)


def phase(calendar: Calendar, week: int) -> Phase:
    """What a week is for."""
    if not 1 <= week <= calendar.weeks:
        raise ValueError(f"There is no week {week} in a cycle of {calendar.weeks} weeks.")
    if week == calendar.retrospective_week:
        return "retrospective"
    return "planning" if week < calendar.first_execution_week else "execution"


def asks_checkin(calendar: Calendar, week: int) -> bool:
    """Whether people are asked for a check-in in this week, the week of the review included."""
    return calendar.first_execution_week <= week < calendar.retrospective_week


def plans(calendar: Calendar, week: int | None) -> bool:
    """Whether a week is one in which the quarter is planned."""
    return week is not None and 1 <= week < calendar.first_execution_week


def last_checkin(calendar: Calendar, week: int) -> int | None:
    """The newest week up to this one that has a check-in, or None before the first."""
    return next((w for w in range(week, 0, -1) if asks_checkin(calendar, w)), None)


def last_working(monday: date, weekday: int, works: Works) -> date | None:
    """That day of the week or the last day of work before it in that week; None if there is none.

    None means excused: nobody is asked on a day off.
    """
    days = (_monday(monday) + timedelta(days=ahead) for ahead in range(weekday, -1, -1))
    return next((day for day in days if works(day)), None)


def asked_at(monday: date, weekday: int, clock: str, zone: str, works: Works) -> datetime | None:
    """When something is asked: that day or the last day of work before it in that week, or None."""
    return _at(last_working(monday, weekday, works), clock, zone)


def told_at(monday: date, weekday: int, clock: str, zone: str, works: Works) -> datetime | None:
    """When something is told: that day or the next day of work in that week, or None.

    It moves on and not back: it is read, not asked.
    """
    days = (_monday(monday) + timedelta(days=ahead) for ahead in range(weekday, DAYS_OF_WEEK))
    return _at(next((day for day in days if works(day)), None), clock, zone)


def free_at(at: datetime, clock: str, zone: str, works: Works) -> datetime:
    """This moment on a day of work; else that time of the next one, within a year."""
    first = at.astimezone(zone_of(zone)).date()
    days = (first + timedelta(days=ahead) for ahead in range(366))
    day = next(filter(works, days), first)
    return at if day == first else instant(day, _clock(clock), zone)


def at_work(at: datetime, opens: str, zone: str, works: Works) -> datetime:
    """This moment within working hours; else the next time at which they begin."""
    local = at.astimezone(zone_of(zone))
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return free_at(max(at, instant(day, _clock(opens), zone)), opens, zone, works)


def checkin_at(calendar: Calendar, monday: date, zone: str, works: Works) -> datetime | None:
    """When somebody is asked for the week's check-in; None if excused."""
    return asked_at(monday, calendar.checkin_weekday, calendar.checkin_time, zone, works)


def summary_at(calendar: Calendar, monday: date, zone: str, works: Works) -> datetime | None:
    """When a team's summary goes out: on its last day of work; None if it has none that week."""
    return asked_at(monday, calendar.summary_weekday, calendar.summary_time, zone, works)


def reminder_at(
    calendar: Calendar,
    monday: date,
    zone: str,
    works: Works,
    asked: datetime,
    before: datetime | None,
) -> datetime | None:
    """When somebody who was `asked` is reminded; None on a day off or where it would be no use.

    That is less than 3 hours after the ask, or too close to the summary, due at `before`.
    """
    day = _monday(monday) + timedelta(days=calendar.reminder_weekday)
    at = _at(day if works(day) else None, calendar.reminder_time, zone)
    if at is None or at < asked + SHORTEST_NOTICE:
        return None
    if before is not None and at > before - timedelta(hours=calendar.reminder_gap_hours):
        return None
    return at


def digest_at(calendar: Calendar, monday: date, zone: str, works: Works) -> datetime | None:
    """When the company's digest goes out: that day or the next day of work, or None."""
    return told_at(monday, calendar.digest_weekday, calendar.digest_time, zone, works)


def _at(day: date | None, clock: str, zone: str) -> datetime | None:
    return None if day is None else instant(day, _clock(clock), zone)


@lru_cache(maxsize=256)
def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _monday(day: date) -> date:
    if day.weekday() != 0:
        raise ValueError(f"{day} is not a Monday; cycles and their weeks start on Mondays.")
    return day
