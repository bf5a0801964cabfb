"""From which day to which, as people type it: "24.12. 2.1.", "until Friday", "3 - 7 Jan"."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.figures.days import parse_day
from bot.figures.names import WEEKS

LONGEST = 80
LONGEST_DAY = 4
"""How many words one day may have: "Thu 12 Nov 2026"."""

_UNTIL = re.compile(r"(?:until|till|til|through|bis|jusqu'au|hasta|fino al)\s+(.+)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s+(?:to|until|till|through|and|bis|au|al|[-–—→])\s+|[–—→]|(?<=\.)-", re.IGNORECASE
)
_FROM = re.compile(r"(?:from|between|von|vom|ab|du|del|dal)\s+", re.IGNORECASE)


def parse_days(text: str, locale: str, today: date) -> tuple[date, date] | None:
    """The first and the last day in a text, or None; one day alone is both.

    The last day is read as seen from the first, so that "24.12. 2.1." ends in the next year. It may
    still lie before it: whoever asks says so.
    """
    bare = text.strip()
    if not bare or len(bare) > LONGEST:
        return None
    if (ahead := WEEKS.get(bare.casefold())) is not None:
        return _week(today, ahead)
    until = _UNTIL.fullmatch(bare)
    if until:
        last = parse_day(until[1], locale, today)
        return None if last is None else (today, last)
    bare = _FROM.sub("", bare, count=1) if _FROM.match(bare) else bare
    for one, other in _readings(bare):
        first = parse_day(one, locale, today)
        last = None if first is None else parse_day(other, locale, max(first, today))
        if first is not None and last is not None:
            return (first, first) if one is other else (first, last)
    return None


def _week(today: date, ahead: int) -> tuple[date, date]:
    """A week to its Sunday, of this one what is left."""
    sunday = today + timedelta(days=6 - today.weekday() + 7 * ahead)
    return max(today, sunday - timedelta(days=6)), sunday


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """What may be the first and the last day: cut at a word that says so, one day, cut anywhere."""
    one, *others = _BETWEEN.split(text)
    if len(others) == 1:
        month = re.sub(r"[\d\s.]+", "", others[0])
        yield one, others[0]
        if month and one.strip(" .").isdecimal():
            yield f"{one} {month}", others[0]
    yield text, text
    words = text.split()
    for at in range(1, min(len(words), LONGEST_DAY + 1)):
        yield " ".join(words[:at]), " ".join(words[at:])
