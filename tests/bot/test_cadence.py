"""The calendar of a cycle, and when each prompt is due."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import (
    Calendar,
    Workdays,
    asks_checkin,
    at_work,
    checkin_at,
    digest_at,
    first_day,
    instant,
    last_working,
    next_monday,
    phase,
    reminder_at,
    summary_at,
    week_of,
)
from bot.zones import zone_of

CALENDAR = Calendar()
STARTS = date(2026, 10, 5)
MONDAY = date(2026, 11, 9)
THURSDAY, FRIDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
BERLIN = "Europe/Berlin"
works = Workdays().works


def off(*weekdays: int) -> Workdays:
    return Workdays(off=frozenset(MONDAY + timedelta(days=each) for each in weekdays))


def utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def test_a_calendar_survives_json() -> None:
    changed = Calendar(weeks=12, checkin_time="09:30")
    assert msgspec.json.decode(msgspec.json.encode(changed), type=Calendar) == changed
    assert msgspec.json.decode(b"{}", type=Calendar) == CALENDAR


def test_the_phases_of_thirteen_weeks() -> None:
    phases = [phase(CALENDAR, week) for week in range(1, 14)]
    assert phases == ["planning", *["execution"] * 11, "retrospective"]
    assert phase(Calendar(planning_weeks=2), 2) == "planning"
    with pytest.raises(ValueError, match="no week 14"):
        phase(CALENDAR, 14)


def test_checkins_are_asked_in_the_weeks_of_execution() -> None:
    assert [week for week in range(1, 14) if asks_checkin(CALENDAR, week)] == list(range(2, 13))


def test_a_cycle_starts_on_a_monday() -> None:
    assert first_day(STARTS, 1) == STARTS
    assert first_day(STARTS, 13) == date(2026, 12, 28)
    for call in (lambda: first_day(FRIDAY, 1), lambda: week_of(FRIDAY, 13, FRIDAY)):
        with pytest.raises(ValueError, match="not a Monday"):
            call()


@given(st.integers(-100, 200))
def test_every_day_lies_in_its_week(days: int) -> None:
    day = STARTS + timedelta(days=days)
    week = week_of(STARTS, 13, day)
    assert (week is not None) == (0 <= days < 91)
    if week is not None:
        assert first_day(STARTS, week) <= day < first_day(STARTS, week + 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_monday_is_later_and_within_a_week(day: date) -> None:
    monday = next_monday(day)
    assert monday.weekday() == 0
    assert timedelta(0) < monday - day <= timedelta(days=7)


def test_an_ordinary_week() -> None:
    asked = checkin_at(CALENDAR, MONDAY, BERLIN, works)
    assert asked == utc(THURSDAY, 9)
    summary = summary_at(CALENDAR, MONDAY, BERLIN, works)
    assert summary == utc(FRIDAY, 14)
    assert reminder_at(CALENDAR, MONDAY, BERLIN, works, asked, summary) == utc(FRIDAY, 9)
    assert digest_at(CALENDAR, MONDAY, BERLIN, works) == utc(MONDAY, 8)


@pytest.mark.parametrize(
    ("days_off", "asked_on"),
    [((), 3), ((3,), 2), ((2, 3), 1), ((0, 1, 2, 3), None), ((4,), 3), ((0, 1, 2, 3, 4), None)],
)
def test_an_ask_moves_back_to_a_day_of_work_or_is_excused(
    days_off: tuple[int, ...], asked_on: int | None
) -> None:
    day = last_working(MONDAY, 3, off(*days_off).works)
    assert day == (None if asked_on is None else MONDAY + timedelta(days=asked_on))
    at = checkin_at(CALENDAR, MONDAY, BERLIN, off(*days_off).works)
    assert (at is None) == (asked_on is None)


def test_a_summary_goes_out_on_the_last_day_of_work() -> None:
    assert summary_at(CALENDAR, MONDAY, BERLIN, off(4).works) == utc(THURSDAY, 14)
    assert summary_at(CALENDAR, MONDAY, BERLIN, off(0, 1, 2, 3, 4).works) is None
    friday_saturday = Workdays(weekend=frozenset({4, 5}))
    at = summary_at(CALENDAR, MONDAY, "Asia/Jerusalem", friday_saturday.works)
    assert at == utc(THURSDAY, 13)


def test_a_digest_moves_on_to_the_next_day_of_work() -> None:
    assert digest_at(CALENDAR, MONDAY, BERLIN, off(0, 1).works) == utc(
        MONDAY + timedelta(days=2), 8
    )
    assert digest_at(CALENDAR, MONDAY, BERLIN, off(0, 1, 2, 3, 4).works) is None


def test_no_reminder_on_a_day_off_or_too_soon_or_too_late() -> None:
    asked = utc(THURSDAY, 9)
    at = utc(FRIDAY, 9)

    def reminded(workdays: Workdays, asked: datetime, before: datetime | None) -> datetime | None:
        return reminder_at(CALENDAR, MONDAY, BERLIN, workdays.works, asked, before)

    assert reminded(Workdays(), asked, None) == at
    assert reminded(off(4), asked, None) is None
    assert reminded(Workdays(), at - timedelta(hours=3), None) == at
    assert reminded(Workdays(), at - timedelta(hours=3, seconds=-1), None) is None
    assert reminded(Workdays(), asked, at + timedelta(hours=3)) == at
    assert reminded(Workdays(), asked, at + timedelta(hours=3, seconds=-1)) is None


def test_far_west_of_the_team_a_reminder_would_come_after_its_summary() -> None:
    west = "America/Los_Angeles"
    asked = checkin_at(CALENDAR, MONDAY, west, works)
    summary = summary_at(CALENDAR, MONDAY, BERLIN, works)
    assert asked is not None
    assert reminder_at(CALENDAR, MONDAY, west, works, asked, summary) is None


@pytest.mark.parametrize(
    ("day", "at", "zone", "due"),
    [
        (date(2026, 3, 29), time(2, 30), BERLIN, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), BERLIN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(3, 0), BERLIN, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (
            date(2011, 12, 30),
            time(10, 0),
            "Pacific/Apia",
            datetime(2011, 12, 30, 10, 0, tzinfo=UTC),
        ),
    ],
)
def test_gaps_and_overlaps(day: date, at: time, zone: str, due: datetime) -> None:
    assert instant(day, at, zone) == due


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "x" * 10_000, "a\0b"])
def test_an_unknown_zone_is_said_in_plain_words(zone: str) -> None:
    with pytest.raises(ValueError, match="There is no time zone"):
        instant(MONDAY, time(10), zone)


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ("2026-11-05 08:59", "2026-11-05 09:00"),
        ("2026-11-05 09:00", "2026-11-05 09:00"),
        ("2026-11-05 17:59", "2026-11-05 17:59"),
        ("2026-11-05 18:00", "2026-11-06 09:00"),
        ("2026-11-06 22:15", "2026-11-09 09:00"),
        ("2026-11-07 12:00", "2026-11-09 09:00"),
    ],
)
def test_news_come_in_working_hours(told: str, heard: str) -> None:
    zone = "America/New_York"
    there = zone_of(zone)
    at, then = (datetime.fromisoformat(text).replace(tzinfo=there) for text in (told, heard))
    assert at_work(at.astimezone(UTC), "09:00", zone, Workdays().works) == then
