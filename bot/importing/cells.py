"""One row read cell by cell: what is said, or else what was there before.

An empty cell says nothing and leaves things as they are; a lone "-" clears.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import available_timezones

from babel.core import Locale, UnknownLocaleError
from rapidfuzz import fuzz, process

from bot.figures import doubt_of, format_number, parse_day, parse_number, split_unit
from bot.importing.headings import nearest, plain
from bot.importing.rows import Row, RowError
from bot.texts import brief
from bot.workdays import known_country

NOTHING = ("-", "–", "—")
HIGHEST = 1e15
_WEEK = re.compile(
    r"(?:week|wk|w|woche|semaine|semana|settimana)\s*([-−]?\s*\d{1,3})\.?", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"().]{2,}")
_YES = {"yes", "y", "true", "1", "x", "on", "ja", "j", "wahr", "oui", "si", "done", "erledigt"}
_NO = {"no", "n", "false", "0", "off", "nein", "falsch", "non", "open", "offen"}


class Weeks(Protocol):
    """A cycle, as far as days and weeks go."""

    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date: ...


@dataclass
class Reader:
    """What reading a cell takes, and where what is wrong is collected."""

    locale: str
    today: date
    cycle: Weeks | None = None
    errors: list[RowError] = field(default_factory=list)
    notices: list[RowError] = field(default_factory=list)


class Cells:
    """The cells of one row."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self.row = row
        self.reader = reader

    def wrong(self, column: str, text: str) -> None:
        """Keep what is wrong with a cell."""
        self.reader.errors.append(self.row.error(column, text))

    def odd(self, column: str, text: str) -> None:
        """Keep what is worth saying of a cell."""
        self.reader.notices.append(self.row.error(column, text))

    def raw(self, column: str) -> str:
        """The cell as it was typed, "" where there is none."""
        return self.row.values.get(column, "").strip()

    def said(self, column: str) -> bool:
        """Whether the cell says anything, be it "-"."""
        return bool(self.raw(column))

    def cleared(self, column: str) -> bool:
        """Whether the cell says that there is none."""
        return self.raw(column) in NOTHING

    def text(self, column: str, was: str, longest: int = 200) -> str:
        """A text of at most so many characters."""
        text = self.raw(column)
        if not text:
            return was
        if self.cleared(column):
            return ""
        if len(text) > longest:
            self.wrong(column, f"The text has {len(text):,} characters; {longest:,} is the most.")
            return was
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self.wrong(column, "The text holds half a character; type it again.")
            return was
        return text

    def number(self, column: str, was: float | None, unit: str = "") -> float | None:
        """A number as people of the locale write it, with or without its unit."""
        text = self.raw(column)
        if not text:
            return was
        if self.cleared(column):
            return None
        value = self._number(column, text, unit)
        if value is None:
            example = format_number(1234.5, self.reader.locale)
            self.wrong(
                column,
                f"'{_short(text)}' is not a number in the locale {self.reader.locale}. "
                f"Write it like {example}.",
            )
            return was
        if not math.isfinite(value) or abs(value) > HIGHEST:
            self.wrong(column, f"'{_short(text)}' is too large a number.")
            return was
        return self._with_fitting_signs(column, text, value, was)

    def _with_fitting_signs(
        self, column: str, text: str, value: float, was: float | None
    ) -> float | None:
        """The number, unless its signs are those of another locale."""
        doubt = "" if column in self.row.plain else doubt_of(text, self.reader.locale)
        locale = self.reader.locale
        if doubt == "swapped":
            example = format_number(1234.5, locale)
            self.wrong(
                column,
                f"The signs in '{_short(text)}' do not fit the locale {locale}. "
                f"Write it like {example}, or name the locale of the file with --locale.",
            )
            return was
        if doubt == "thousands":
            self.odd(
                column,
                f"'{_short(text)}' is {format_number(value, locale)} in the locale {locale}. "
                f"If you mean thousands, write them like {format_number(1234, locale)}.",
            )
        return value

    def _number(self, column: str, text: str, unit: str) -> float | None:
        if column in self.row.plain:
            return float(text)
        value = parse_number(text, self.reader.locale)
        if value is None and (split := self._split(text)):
            value = split[0] if not unit or plain(split[1]) == plain(unit) else None
        if value is None and unit and unit in text:
            value = parse_number(text.replace(unit, "").strip(), self.reader.locale)
        return value

    def _split(self, text: str) -> tuple[float, str] | None:
        """A number and its unit. A letter right after a digit is a slip ("3O") and no unit."""
        glued = re.search(r"\d[^\W\d_]", text)
        return None if glued else split_unit(text, self.reader.locale)

    def unit(self, columns: Sequence[str]) -> str:
        """The unit that is written beside a number in one of these cells."""
        for column in columns:
            split = self._split(self.raw(column))
            if split and split[1] and column not in self.row.plain:
                return split[1]
        return ""

    def flag(self, column: str, was: bool) -> bool:
        """Yes or no."""
        text = self.raw(column).casefold()
        if not text:
            return was
        if text in _YES:
            return True
        if text in _NO or self.cleared(column):
            return False
        self.wrong(column, f"'{_short(text)}' is neither yes nor no.")
        return was

    def choice(self, column: str, was: str, words: Mapping[str, Sequence[str]]) -> str:
        """One of a few words, or of their synonyms."""
        text = self.raw(column)
        if not text:
            return was
        spelt = plain(text)
        for word, synonyms in words.items():
            if spelt in (plain(word), *map(plain, synonyms)):
                return word
        near = nearest(text, [*words, *(s for more in words.values() for s in more)], 70)
        hint = f" Did you mean '{near}'?" if near else ""
        self.wrong(column, f"'{_short(text)}' is none of {', '.join(words)}.{hint}")
        return was

    def emails(self, column: str) -> list[str]:
        """The names in a cell, separated by commas, semicolons or lines; spaces part e-mails."""
        text = self.raw(column)
        parts = re.split(r"[,;\n]+" if text.count("@") < 2 else r"[,;\s]+", text)
        return [] if self.cleared(column) else [part.strip() for part in parts if part.strip()]

    def email(self, column: str) -> str:
        """An e-mail address in lower case, "" (and an error) if it is none."""
        text = self.raw(column).removeprefix("mailto:").casefold()
        if not text:
            self.wrong(column, "The e-mail address is missing.")
        elif len(text) > 254 or not _EMAIL.fullmatch(text):
            self.wrong(column, f"'{_short(text)}' is not an e-mail address.")
            return ""
        return text

    def zone(self, was: str | None) -> str | None:
        """An IANA time zone, in its right case."""
        text = self.raw("zone")
        if not text or self.cleared("zone"):
            return None if text else was
        zones = _zones()
        exact = zones.get(text.replace(" ", "_").casefold())
        if exact:
            return exact
        near = _near_zone(text)
        hint = f"Did you mean '{near}'?" if near else "Write one such as Europe/Berlin."
        self.wrong("zone", f"There is no time zone '{_short(text)}'. {hint}")
        return was

    def locale(self, was: str | None) -> str | None:
        """A locale such as de-DE."""
        text = self.raw("locale")
        if not text or self.cleared("locale"):
            return None if text else was
        try:
            return str(Locale.parse(text.replace("-", "_"))).replace("_", "-")
        except (UnknownLocaleError, ValueError, TypeError):
            near = _languages().get(plain(text))
            hint = f" Did you mean '{near}'?" if near else " Write one such as de-DE or en-US."
            self.wrong("locale", f"There is no locale '{_short(text)}'.{hint}")
            return was

    def country(self, was: str | None) -> str | None:
        """A country's two letters; its name is understood too."""
        text = self.raw("country")
        if not text or self.cleared("country"):
            return None if text else was
        names = _countries(self.reader.locale)
        code = names.get(plain(text), text.upper())
        if known_country(code):
            return code
        near = process.extractOne(plain(text), list(names), scorer=fuzz.ratio, score_cutoff=75)
        hint = (
            f" Did you mean '{names[near[0]]}'?" if near else " Write two letters such as DE or US."
        )
        self.wrong("country", f"There is no country '{_short(text)}'.{hint}")
        return was

    def day(self, column: str, was: date | None) -> date | None:
        """A day as people of the locale write it, or "week 9", which is its Friday."""
        text = self.raw(column)
        if not text:
            return was
        if self.cleared(column):
            return None
        day, problem = read_day(text, self.reader)
        if problem:
            self.wrong(column, problem)
        return day or was


def read_day(text: str, reader: Reader) -> tuple[date | None, str]:
    """The day in a text, or what is wrong with it."""
    week = _WEEK.fullmatch(text.strip())
    if week is None:
        day = parse_day(text, reader.locale, reader.today)
        wrong = (
            f"'{_short(text)}' is not a day. Write it like {reader.today.isoformat()} or week 9."
        )
        return (day, "") if day else (None, wrong)
    if reader.cycle is None:
        return None, "A week counts from the start of a cycle, and there is none yet."
    return friday(reader.cycle, int(re.sub(r"\s", "", week[1]).replace("−", "-"))), ""


def is_week(text: str) -> bool:
    """Whether a day is told as a week of the cycle."""
    return bool(_WEEK.fullmatch(text.strip()))


def friday(cycle: Weeks, week: int) -> date:
    """The Friday of a week of the cycle; week 0 is the one before it starts."""
    return cycle.starts + timedelta(weeks=week - 1, days=4)


def _short(text: str) -> str:
    return brief(text, 60)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    """Zone names that are places. "EST" is none: it knows no summer time, and few mean that."""
    names = (name for name in available_timezones() if "/" in name or name == "UTC")
    return {name.casefold(): name for name in names if not name.startswith(("Etc/", "posix"))}


def _near_zone(text: str) -> str:
    usual = {"EST": "America/New_York", "EDT": "America/New_York", "CST": "America/Chicago"}
    usual |= {"PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "IST": "Asia/Kolkata"}
    usual |= {"CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin"}
    usual |= {"MST": "America/Denver", "BST": "Europe/London", "GMT": "Europe/London"}
    if text.upper() in usual:
        return usual[text.upper()]
    names = sorted(_zones().values())
    city = process.extractOne(
        text.rpartition("/")[2].casefold(),
        [name.rpartition("/")[2].replace("_", " ").casefold() for name in names],
        scorer=fuzz.ratio,
        score_cutoff=75,
    )
    return names[city[2]] if city else ""


@lru_cache(maxsize=8)
def _countries(locale: str) -> dict[str, str]:
    """Country codes by their names in the locale's language and in those that okr speaks."""
    found: dict[str, str] = {"uk": "GB", "usa": "US", "england": "GB", "holland": "NL"}
    for language in dict.fromkeys(("en", "de", re.split("[-_]", locale)[0])):
        try:
            names = Locale.parse(language).territories
        except (UnknownLocaleError, ValueError):
            continue
        found |= {plain(name): code for code, name in names.items() if len(code) == 2}
    return {name: code for name, code in found.items() if name and known_country(code)}


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Locales by the names of their languages."""
    found: dict[str, str] = {}
    for language in ("en", "de", "fr", "es", "it", "nl", "pl", "pt"):
        locale = Locale.parse(language)
        found |= {plain(name): code for code, name in Locale.parse("en").languages.items()}
        found |= {plain(locale.get_display_name(locale) or ""): language}
    return found
