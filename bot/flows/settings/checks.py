"""What was chosen, checked: zones, countries, work days, languages."""

from dataclasses import asdict, dataclass
from typing import TypeAlias

from babel import Locale, UnknownLocaleError

from bot.chat.forms import Problem, Read
from bot.flow import Turn
from bot.texts import brief, language_of
from bot.workdays import country_code, weekend_of
from bot.zones import named_zone, nearest_zone
from storage.people import Person
from storage.teams import Team

Row: TypeAlias = Person | Team
WEEK = frozenset(range(7))
ECHOED = 60


@dataclass(frozen=True)
class Mine:
    """My own settings."""

    locale: str | None
    zone: str | None
    country: str | None
    weekend: str | None

    def fields(self) -> dict[str, object]:
        """By the names of the row's columns."""
        return asdict(self)


@dataclass(frozen=True)
class OfTeam:
    """A team's short settings."""

    short_form: bool
    locale: str | None
    zone: str | None
    country: str | None

    def fields(self) -> dict[str, object]:
        """By the names of the row's columns."""
        return asdict(self)


def mine(turn: Turn, read: Read) -> tuple[Mine | None, list[Problem]]:
    """My settings, or what is wrong with them."""
    problems: list[Problem] = []
    zone = _zone(turn, read, problems)
    country = _country(turn, read, problems)
    weekend = _weekend(turn, read, country, problems)
    locale = locale_with(read.text("language"), read.text("formats"))
    if locale is None:
        spoken = turn.voice.line("settings.no_such_format", language=read.text("language"))
        problems.append(Problem("formats", spoken))
    if problems or read.faults or locale is None:
        return None, problems
    own = None if locale == turn.term.organisation.language else locale
    return Mine(own, zone, country, weekend), problems


def team(turn: Turn, read: Read) -> tuple[OfTeam | None, list[Problem]]:
    """A team's settings, or what is wrong with them."""
    problems: list[Problem] = []
    zone, country = _zone(turn, read, problems), _country(turn, read, problems)
    if problems or read.faults:
        return None, problems
    ours, language = turn.term.organisation.language, read.text("language")
    locale = None if language == language_of(ours) else locale_with(language, ours) or language
    return OfTeam(read.text("short-form") == "on", locale, zone, country), problems


def locale_with(language: str, formats: str) -> str | None:
    """A locale that speaks a language and writes figures as another does; None if there is none."""
    if not language or language_of(formats) == language:
        return formats
    territory = formats.replace("_", "-").partition("-")[2]
    tag = f"{language}-{territory}"
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    return tag


def _zone(turn: Turn, read: Read, problems: list[Problem]) -> str | None:
    typed = read.text("zone")
    zone = named_zone(typed) if typed else None
    if typed and zone is None:
        near = nearest_zone(typed) or ""
        text = turn.voice.line("settings.unknown_zone", typed=brief(typed, ECHOED), near=near)
        problems.append(Problem("zone", text))
    return zone


def _country(turn: Turn, read: Read, problems: list[Problem]) -> str | None:
    typed = read.text("country")
    code = country_code(typed, turn.voice.locale) if typed else None
    if typed and code is None:
        text = turn.voice.line("settings.unknown_country", typed=brief(typed, ECHOED))
        problems.append(Problem("country", text))
    return code


def _weekend(turn: Turn, read: Read, country: str | None, problems: list[Problem]) -> str | None:
    """The digits of the days off; None where they are those of the country."""
    off = WEEK - {int(day) for day in read.chosen("workdays")}
    if not off:
        problems.append(Problem("workdays", turn.voice.line("settings.no_day_off")))
    if off == weekend_of(country or turn.term.organisation.country):
        return None
    return "".join(map(str, sorted(off)))
