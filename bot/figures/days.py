"""Days and hours as people of a locale write them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import permutations

from babel import Locale
from babel.dates import format_interval, format_skeleton
from babel.dates import format_time as babel_time

from bot.figures.locales import calendar_locale_of
from bot.figures.names import FILLERS, RELATIVE, months, weekdays
from bot.zones import zone_of

LONGEST = 64
LOOK_BACK = 60
YEARS_TO_LEAP_DAY = 8
HALF_DAY = 12

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h|uhr)?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOKEN = re.compile(r"\d+|[^\d\s,،./()\-–\u200e\u200f年月日]+")


def format_day(day: date, locale: str) -> str:
    """A day with its weekday, without its year: "Thu 12 Nov"."""
    return format_skeleton("MMMEd", day, locale=calendar_locale_of(locale))


def format_dated(day: date, locale: str) -> str:
    """A day with its weekday and its year: "Sun 28 Nov 2027"."""
    return format_skeleton("yMMMEd", day, locale=calendar_locale_of(locale))


def format_days(first: date, last: date, locale: str) -> str:
    """The days from first to last: "12–16 Nov"."""
    if first == last:
        return format_day(first, locale)
    return format_interval(first, last, "MMMd", locale=calendar_locale_of(locale))


def format_short_day(day: date, locale: str) -> str:
    """A day as one may type it: "24 Dec", "24. Dez."."""
    return format_skeleton("MMMd", day, locale=calendar_locale_of(locale))


def format_time(at: datetime, zone: str, locale: str) -> str:
    """The time of day in a zone: "14:05"."""
    return babel_time(
        at.astimezone(zone_of(zone)), format="short", locale=calendar_locale_of(locale)
    )


def format_moment(at: datetime, zone: str, locale: str) -> str:
    """The day and time in a zone: "Thu 12 Nov, 14:05"."""
    day = format_day(at.astimezone(zone_of(zone)).date(), locale)
    pattern = str(calendar_locale_of(locale).datetime_formats["medium"])
    return pattern.replace("{1}", day).replace("{0}", format_time(at, zone, locale))


def parse_day(text: str, locale: str, today: date) -> date | None:
    """The day in a text ("2026-12-24", "24.12.", "24 Dec", "Freitag", "tomorrow"), or None.

    A weekday is the next such day, today included. A day without a year is the nearest one that is
    not more than 60 days past. "3/4" is read in the locale's order, "24/12" in the only possible.
    """
    bare = text.strip().casefold() if len(text) <= LONGEST else ""
    if _ISO.fullmatch(bare):
        return _day(*(int(part) for part in bare.split("-")))
    tokens = _TOKEN.findall(bare)
    numbers = [int(token) for token in tokens if token.isdecimal()]
    words = [token for token in tokens if not token.isdecimal()]
    spoken = calendar_locale_of(locale)
    if not numbers:
        return _named(" ".join(words), spoken, today)
    return _written(numbers, words, spoken, today)


def _named(word: str, locale: Locale, today: date) -> date | None:
    """The day of a word such as "tomorrow" or "Friday"."""
    ahead = (RELATIVE["en"] | RELATIVE.get(locale.language, {})).get(word)
    if ahead is None and (weekday := weekdays(locale).get(word)) is not None:
        ahead = (weekday - today.weekday()) % 7
    try:
        return None if ahead is None else today + timedelta(days=ahead)
    except OverflowError:
        return None


def _written(numbers: list[int], words: list[str], locale: Locale, today: date) -> date | None:
    """The day of numbers, with or without the name of its month."""
    named = _months(words, locale)
    others = {word for word in words if word not in months(locale)}
    if len(named) > 1 or others - FILLERS - weekdays(locale).keys():
        return None
    for order in _orders(len(numbers) + len(named), locale):
        parts = dict(
            zip((part for part in order if part != "m" or not named), numbers, strict=True)
        )
        if named:
            parts["m"] = named[0]
        day = _dated(parts.get("y"), parts["m"], parts["d"], today)
        if day is not None:
            return day
    return None


def _months(words: list[str], locale: Locale) -> list[int]:
    """The months that are named; in "mar 24 nov" the first word is a weekday."""
    named = [word for word in words if word in months(locale)]
    if len(named) > 1:
        named = [word for word in named if word not in weekdays(locale)] or named[-1:]
    return [months(locale)[word] for word in named]


def _orders(count: int, locale: Locale) -> Iterator[str]:
    """The orders in which day, month and year can stand, the locale's own first."""
    letters = re.findall(r"[dMy]", str(locale.date_formats["short"].pattern))
    own = "".join(dict.fromkeys(letters)).lower()
    if count == len("dm"):
        yield own.replace("y", "")
        yield own.replace("y", "")[::-1]
    elif count == len("dmy"):
        yield own
        yield "ymd"
        yield from sorted({"".join(order) for order in permutations("dmy")} & {"dmy", "mdy"})


def _dated(year: int | None, month: int, day: int, today: date) -> date | None:
    """The day of these numbers; without a year, the first that is not long past."""
    if year is not None:
        return _day(year if year >= 100 else today.year // 100 * 100 + year, month, day)
    for candidate in range(today.year - 1, today.year + YEARS_TO_LEAP_DAY + 1):
        found = _day(candidate, month, day)
        if found is not None and found.toordinal() >= today.toordinal() - LOOK_BACK:
            return found
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def format_weekday(weekday: int, locale: str) -> str:
    """The name of a weekday, Monday being 0: "Thursday"."""
    return str(calendar_locale_of(locale).days["stand-alone"]["wide"][weekday])


def parse_time(text: str) -> time | None:
    """The time of day in a text ("9:00", "15.30", "3 pm", "15h"), or None."""
    found = _CLOCK.fullmatch(text.strip().casefold())
    if found is None:
        return None
    hours, minutes, half = int(found[1]), int(found[2] or 0), found[3] or ""
    if half in ("am", "pm"):
        if not 1 <= hours <= HALF_DAY:
            return None
        hours = hours % HALF_DAY + (HALF_DAY if half == "pm" else 0)
    elif not found[2] and not half:
        return None
    try:
        return time(hours, minutes)
    except ValueError:
        return None
