"""The names of months and weekdays, from Unicode's CLDR, and words such as "tomorrow"."""

from functools import lru_cache

from babel import Locale

WEEKS = {
    "diese woche": 0,
    "this week": 0,
    "esta semana": 0,
    "cette semaine": 0,
    "questa settimana": 0,
    "nächste woche": 1,
    "kommende woche": 1,
    "next week": 1,
    "la próxima semana": 1,
    "la semaine prochaine": 1,
    "la prossima settimana": 1,
}
"""Weeks from this one: no two languages mean different ones by the same words."""
RELATIVE = {
    language: {yesterday: -1, today: 0, tomorrow: 1}
    for language, yesterday, today, tomorrow in (
        ("de", "gestern", "heute", "morgen"),
        ("en", "yesterday", "today", "tomorrow"),
        ("es", "ayer", "hoy", "mañana"),
        ("fr", "hier", "aujourd'hui", "demain"),
        ("it", "ieri", "oggi", "domani"),
        ("nl", "gisteren", "vandaag", "morgen"),
        ("pl", "wczoraj", "dzisiaj", "jutro"),
        ("pt", "ontem", "hoje", "amanhã"),
    )
}
FILLERS = frozenset({"de", "of", "the", "st", "nd", "rd", "th", "den", "der", "el", "le", "am"})


@lru_cache(maxsize=64)
def months(locale: Locale) -> dict[str, int]:
    """The number of each month's name and short name, in the locale and in English.

    An English one that is a weekday there is left out: "mar." is Tuesday in French.
    """
    english = _numbers("months", Locale.parse("en"))
    spoken = {name: english[name] for name in english.keys() - weekdays(locale).keys()}
    return spoken | _numbers("months", locale)


@lru_cache(maxsize=64)
def weekdays(locale: Locale) -> dict[str, int]:
    """The number of each weekday's name and short name, Monday being 0."""
    return _numbers("days", Locale.parse("en")) | _numbers("days", locale)


def _numbers(what: str, locale: Locale) -> dict[str, int]:
    names = getattr(locale, what)
    return {
        name.casefold().strip("."): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated", "short")
        for number, name in names[context].get(width, {}).items()
    }
