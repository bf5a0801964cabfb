"""Every prompt of every week around every change of clocks, 2024 to 2030, in all zones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.cadence import (
    Calendar,
    Workdays,
    checkin_at,
    digest_at,
    first_day,
    instant,
    summary_at,
)

FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
WEEK = timedelta(weeks=1)
NOONS = [
    datetime.combine(FIRST + timedelta(days=day), time(12), UTC)
    for day in range((LAST - FIRST).days + 1)
]
CLOCKS = ("00:00", "00:30", "01:00", "01:30", "02:00", "02:15", "02:30", "03:00", "10:00", "23:30")
works = Workdays(weekend=frozenset()).works


@cache
def changes(zone: str) -> tuple[date, ...]:
    """The days by whose noon, in UTC, the offset differs from the day before."""
    offsets = [noon.astimezone(ZoneInfo(zone)).utcoffset() for noon in NOONS]
    pairs = zip(NOONS[1:], offsets, offsets[1:], strict=False)
    return tuple(noon.date() for noon, before, after in pairs if before != after)


@cache
def zones() -> tuple[str, ...]:
    """All zones that there are, under one of the names by which the same data are known."""
    names = sorted(available_timezones() - {"localtime"})
    return tuple({_data(name): name for name in names}.values())


def _data(zone: str) -> bytes:
    """What is known of a zone; its name, where only the machine knows it."""
    try:
        return (files("tzdata.zoneinfo") / zone).read_bytes()
    except FileNotFoundError:
        return zone.encode()


def mondays(day: date) -> Iterator[date]:
    """The week before that of a change, its own, and the two after it."""
    monday = day - timedelta(days=day.weekday())
    return (monday + WEEK * ahead for ahead in (-1, 0, 1, 2))


def first_reading(day: date, at: time, zone: str) -> datetime:
    """The first minute whose wall clock reads this time or later, found by looking at each."""
    wanted = datetime.combine(day, at)
    minute = (wanted - timedelta(hours=30)).replace(tzinfo=UTC)
    tz = ZoneInfo(zone)
    while minute.astimezone(tz).replace(tzinfo=None) < wanted:
        left = wanted - minute.astimezone(tz).replace(tzinfo=None)
        minute += timedelta(hours=1) if left > timedelta(hours=4) else timedelta(minutes=1)
    return minute


def test_there_are_changes_to_sweep() -> None:
    assert len(available_timezones()) > 400
    assert len(changes("Europe/Berlin")) == 14
    assert len(changes("Africa/Casablanca")) >= 12
    assert len(zones()) > 250
    assert sum(len(changes(zone)) for zone in zones()) > 1000


def test_each_prompt_has_one_instant_a_week_later_than_the_last() -> None:
    for zone in zones():
        for day in changes(zone):
            for clock in CLOCKS:
                sweep_prompts(zone, day, clock)


def sweep_prompts(zone: str, day: date, clock: str) -> None:
    weekday = day.weekday()
    calendar = Calendar(
        checkin_weekday=weekday,
        checkin_time=clock,
        summary_weekday=weekday,
        summary_time=clock,
        digest_weekday=weekday,
        digest_time=clock,
    )
    last = None
    for monday in mondays(day):
        asked = checkin_at(calendar, monday, zone, works)
        assert asked is not None
        assert asked == summary_at(calendar, monday, zone, works)
        assert asked == digest_at(calendar, monday, zone, works)
        assert last is None or asked > last, (zone, monday, clock)
        last = asked


def test_the_wall_clock_reads_what_was_asked_except_in_gaps() -> None:
    gaps = overlaps = 0
    for zone in zones():
        tz = ZoneInfo(zone)
        for change in changes(zone):
            for day in (change - timedelta(days=1), change):
                for clock in CLOCKS:
                    at = time.fromisoformat(clock)
                    due = instant(day, at, zone)
                    local = due.astimezone(tz)
                    assert due.tzinfo is UTC
                    if local.replace(tzinfo=None) != datetime.combine(day, at):
                        gaps += 1
                        assert due == first_reading(day, at, zone), (zone, day, clock)
                        before = (due - timedelta(seconds=1)).astimezone(tz)
                        assert before.replace(tzinfo=None) < datetime.combine(day, at)
                        assert before.utcoffset() != local.utcoffset()
                    elif local.utcoffset() != local.replace(fold=1).utcoffset():
                        overlaps += 1
                        assert local.fold == 0
                        assert due == first_reading(day, at, zone), (zone, day, clock)
    assert gaps > 100
    assert overlaps > 100


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"])
def test_a_whole_quarter_has_thirteen_of_each(zone: str) -> None:
    starts = date(2026, 1, 5)
    mondays_of_it = [first_day(starts, week) for week in range(1, 14)]
    due = [checkin_at(Calendar(), monday, zone, works) for monday in mondays_of_it]
    known = [at for at in due if at is not None]
    assert len(known) == 13
    walls = {
        (at.astimezone(ZoneInfo(zone)).weekday(), at.astimezone(ZoneInfo(zone)).time())
        for at in known
    }
    assert walls == {(3, time(10))}
