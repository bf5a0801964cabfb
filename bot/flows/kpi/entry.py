"""What was typed behind "kpi": which KPI, and perhaps a value and its day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from bot.figures import parse_day, parse_number, split_unit
from bot.texts import Voice
from storage.kpis import Kpi

LONGEST_VALUE = 4
"""A value takes at most so many words: "1 000 000 points"."""
WEEK = 7

Trouble = Literal["no_number", "other_unit", "no_day", "future"]


class Named(NamedTuple):
    """A KPI, and what else was said."""

    kpi: Kpi
    rest: str


class Entry(NamedTuple):
    """A value of a day."""

    value: float
    day: date


class Misread(NamedTuple):
    """What cannot be read, and why not."""

    why: Trouble
    typed: str


def named(text: str, known: Sequence[Kpi]) -> Named | None:
    """The KPI whose name or short name begins a text; the longest of them."""
    words = text.split()
    for length in range(len(words), 0, -1):
        said = " ".join(words[:length]).casefold().strip("“”\"'`,:;.")
        for kpi in known:
            if said in (kpi.slug.casefold(), " ".join(kpi.name.split()).casefold()):
                return Named(kpi, " ".join(words[length:]))
    return None


def read(voice: Voice, kpi: Kpi, text: str, today: date) -> Entry | Misread:
    """The value at the start of a text and the day after it: today's, where none is named."""
    words = text.split()
    trouble = Misread("no_number", text)
    for length in range(min(LONGEST_VALUE, len(words)), 0, -1):
        start = " ".join(words[:length]).rstrip(",;:")
        value = _number(voice, kpi, start)
        if value is None:
            parted = split_unit(start, voice.locale)
            if parted is not None and length == len(words):
                trouble = Misread("other_unit", parted[1])
            continue
        rest = " ".join(words[length:])
        day = _day(voice, rest, today) if rest else today
        if day is not None:
            return Entry(value, day) if day <= today else Misread("future", voice.day(day))
        trouble = Misread("no_day", rest)
    return trouble


def _number(voice: Voice, kpi: Kpi, text: str) -> float | None:
    value = None if text.endswith("%") else parse_number(text, voice.locale)
    if value is not None:
        return value
    parted = split_unit(text, voice.locale)
    same = parted is not None and parted[1].casefold() == kpi.unit.casefold()
    return parted[0] if parted is not None and same else None


def _day(voice: Voice, text: str, today: date) -> date | None:
    """A weekday is the last such day: readings are of the past."""
    day = parse_day(text, voice.locale, today)
    bare = not any(letter.isdigit() for letter in text)
    if day is not None and bare and 1 < (day - today).days < WEEK:
        return day - timedelta(days=WEEK)
    return day
