"""The moments to which a question can be put off."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot import cadence, figures, moments
from bot.flow import Turn

AFTERNOON = time(15)
MORNING = time(9)
LOOK_AHEAD = timedelta(days=14)

_HOURS = re.compile(
    r"(?:in\s+)?(?:(\d{1,3})\s*(?:h|hrs?|hours?)\.?)?\s*(?:(\d{1,4})\s*(?:m|min|mins|minutes?)\.?)?",
    re.IGNORECASE,
)


def offered(turn: Turn, week: int) -> Mapping[str, datetime]:
    """In an hour, this afternoon, on the next morning of work: those that come before it closes."""
    works = moments.works_of(
        turn.session, turn.term, turn.person, turn.today, turn.today + LOOK_AHEAD
    ).works
    morning = turn.today + timedelta(days=1)
    while not works(morning) and morning < turn.today + LOOK_AHEAD:
        morning += timedelta(days=1)
    found = {"hour": turn.now + timedelta(hours=1), "morning": _at(turn, morning, MORNING)}
    if works(turn.today):
        found["afternoon"] = _at(turn, turn.today, AFTERNOON)
    closes = moments.closes_at(turn.session, turn.term, turn.person, week)
    inside = {name: at for name, at in found.items() if turn.now < at < closes}
    return dict(sorted(inside.items(), key=lambda item: item[1]))


def read(turn: Turn, text: str) -> datetime | None:
    """The moment in a text: "2h", "30m", "15:00", "tomorrow", "fri 9:00"; None if there is none."""
    bare = text.strip()
    hours = _HOURS.fullmatch(bare)
    if hours and (hours[1] or hours[2]):
        return turn.now + timedelta(hours=int(hours[1] or 0), minutes=int(hours[2] or 0))
    clock = figures.parse_time(bare)
    if clock is not None:
        today = _at(turn, turn.today, clock)
        return today if today > turn.now else _at(turn, turn.today + timedelta(days=1), clock)
    day, at = _day_and_time(turn, bare)
    return None if day is None else _at(turn, day, at)


def _day_and_time(turn: Turn, text: str) -> tuple[date | None, time]:
    """A day, with or without a time after it; "tomorrow" is the next day of work."""
    words = text.split()
    for cut in range(len(words), 0, -1):
        day = figures.parse_day(" ".join(words[:cut]), turn.voice.locale, turn.today)
        rest = " ".join(words[cut:]).removeprefix("at ").removeprefix("um ")
        at = figures.parse_time(rest) if rest else MORNING
        if day is not None and at is not None:
            return _working(turn, day), at
    return None, MORNING


def _working(turn: Turn, day: date) -> date:
    """The first day of work from this one on; one that no check-in reaches may be of any year."""
    day = max(turn.today - LOOK_AHEAD, min(day, turn.today + LOOK_AHEAD))
    works = moments.works_of(turn.session, turn.term, turn.person, day, day + LOOK_AHEAD).works
    days = (day + timedelta(days=ahead) for ahead in range(LOOK_AHEAD.days))
    return next((each for each in days if works(each)), day)


def _at(turn: Turn, day: date, clock: time) -> datetime:
    return cadence.instant(day, clock, turn.voice.zone)
