"""Public holidays and weekends of countries, by the `holidays` library."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from bot.figures.locales import locale_of

SATURDAY_SUNDAY = frozenset({5, 6})


def known_country(text: str) -> bool:
    """Whether this is the code of a country ("DE") or of a part of one ("DE-BY")."""
    country, _, part = _code(text).partition("-")
    known = holidays.utils.list_supported_countries(include_aliases=True)
    return country in known and (not part or part in known[country])


def holidays_of(country: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of a country in these years; none where the country is not known."""
    return frozenset().union(*(_of_year(_code(country), year) for year in set(years)))


@lru_cache(maxsize=512)
def weekend_of(country: str) -> frozenset[int]:
    """The weekend days of a country, Monday being 0; Saturday and Sunday where it is not known."""
    calendar = _calendar(_code(country), None)
    return SATURDAY_SUNDAY if calendar is None else frozenset(calendar.weekend)


def public_holidays(country: str, first: date, last: date, locale: str) -> list[tuple[date, str]]:
    """The public holidays of a country in these days, as this reader calls them.

    Where the library does not know the reader's language, they have the names they have there.
    """
    calendar = _calendar(_code(country), (first.year, last.year), locale)
    found = () if calendar is None else calendar.items()
    return sorted((day, name) for day, name in found if first <= day <= last)


def country_code(text: str, locale: str) -> str | None:
    """The country that a text names ("de", "DE-BY", "Germany" in the reader's words), or None."""
    if known_country(text):
        return _code(text)
    for tag in (locale, "en"):
        for code, name in locale_of(tag).territories.items():
            if name.casefold() == text.strip().casefold() and known_country(code):
                return str(code)
    return None


def country_name(code: str, locale: str) -> str:
    """A country's name as this reader calls it: "Germany (DE-BY)"; the code where it has none."""
    country, _, part = _code(code).partition("-")
    name = locale_of(locale).territories.get(country, country)
    return f"{name} ({_code(code)})" if part else str(name)


@lru_cache(maxsize=2048)
def _of_year(code: str, year: int) -> frozenset[date]:
    calendar = _calendar(code, year)
    return frozenset() if calendar is None else frozenset(calendar)


def _calendar(
    code: str, years: int | tuple[int, ...] | None, locale: str = "en"
) -> holidays.HolidayBase | None:
    """The library's calendar; that of the whole country where its part is not known."""
    country, _, part = code.partition("-")
    if not known_country(country):
        return None
    return holidays.country_holidays(
        country,
        subdiv=part if known_country(code) and part else None,
        years=years,
        expand=False,
        language=_language(country, locale),
    )


@lru_cache(maxsize=512)
def _language(country: str, locale: str) -> str | None:
    """The library's tag of the reader's language; without one it would ask the machine's locale."""
    calendar = holidays.country_holidays(country)
    spoken = locale.replace("_", "-").partition("-")[0]
    known = (tag for tag in calendar.supported_languages if tag.partition("_")[0] == spoken)
    return next(known, calendar.default_language)


def _code(text: str) -> str:
    return text.strip().upper()
