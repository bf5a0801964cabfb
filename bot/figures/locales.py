"""Locales by the tags that platforms send."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

LONGEST_TAG = 40


@lru_cache(maxsize=256)
def locale_of(tag: str) -> Locale:
    """The locale of a tag such as "de-DE" or "de_DE"; an unknown one is its language, then English.

    "en" alone has no country, and is English.
    """
    name = tag.strip().replace("-", "_")[:LONGEST_TAG]
    for candidate in (name, name.partition("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


def known_locale(tag: str) -> bool:
    """Whether there is a locale of this tag."""
    try:
        Locale.parse(tag.strip().replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def calendar_locale_of(tag: str) -> Locale:
    """The locale by which days and hours are written.

    English without a country has the day before the month and 24 hours ("Thu 12 Nov, 14:05"): most
    of the world that reads English as a second language writes so, and "en-US" still is American.
    """
    locale = locale_of(tag)
    return Locale.parse("en_GB") if str(locale) == "en" else locale
