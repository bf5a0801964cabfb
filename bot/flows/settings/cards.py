"""Settings as facts, and the forms that change them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot import cast, figures
from bot.chat.cards import Card, Fact, Facts, Words
from bot.chat.forms import Choice, Choices, Form, Option, Page, ShortText
from bot.chat.stage import Example
from bot.figures.locales import locale_of
from bot.flow import Term, action, opens
from bot.texts import Voice, brief, language_of, languages
from bot.workdays import country_name, weekend_of
from storage.people import Person
from storage.teams import Team

FORMATS = (
    *("en-GB", "en-US", "en-IE", "en-IN", "en-AU", "en-CA", "en-ZA", "en-DE", "en-AT", "en-CH"),
    *("en-NL", "en-SE", "en-DK", "en-FI"),
    *("de-DE", "de-AT", "de-CH", "fr-FR", "fr-CH", "es-ES", "es-MX", "it-IT", "nl-NL", "pl-PL"),
    *("pt-PT", "pt-BR", "sv-SE", "da-DK", "nb-NO", "fi-FI", "cs-CZ", "ja-JP"),
)
SAMPLE = 1234.5
SAMPLE_DAY = date(2026, 12, 24)
TEAMS_SHOWN = 5
LONGEST_ON_BUTTON = 19


def mine(
    voice: Voice,
    term: Term,
    person: Person,
    led: Sequence[Team],
    now: datetime,
    *,
    saved: bool = False,
) -> Card:
    """All that is set for somebody, and a button for each team they lead."""
    facts = (
        _fact(voice, "language", _language(language_of(voice.locale))),
        _fact(voice, "formats", _sample(voice, voice.locale)),
        _fact(
            voice, "zone", voice.line("settings.zone_now", zone=voice.zone, time=voice.time(now))
        ),
        _fact(voice, "country", _country(voice, term, person.country)),
        _fact(voice, "workdays", _workdays(voice, _weekend(term, person))),
    )
    buttons = (
        opens(voice.line("settings.change"), action("settings", "open"), primary=True),
        *(
            opens(
                voice.line("settings.team", name=brief(team.name, LONGEST_ON_BUTTON)),
                action("settings", "team", team.id or 0),
                about=team.name,
            )
            for team in led[:TEAMS_SHOWN]
        ),
    )
    title = voice.line("settings.saved_title" if saved else "settings.title")
    return Card(title, (Facts(facts), *voice.blocks("settings.means")), buttons)


def form(voice: Voice, term: Term, person: Person) -> Form:
    """All of my settings on one page."""
    known = dict.fromkeys((voice.locale, *FORMATS))
    questions = (
        Choice(
            id="language",
            label=voice.line("settings.language"),
            options=tuple(Option(name, _language(name)) for name in languages()),
            value=language_of(voice.locale),
            required=True,
        ),
        Choice(
            id="formats",
            label=voice.line("settings.formats"),
            hint=voice.line("settings.formats_hint"),
            options=tuple(Option(tag, _sample(voice, tag)) for tag in known),
            value=voice.locale,
            required=True,
        ),
        _zone(voice, person.zone or voice.zone),
        _country_question(voice, person.country),
        Choices(
            id="workdays",
            label=voice.line("settings.workdays"),
            hint=voice.line("settings.workdays_hint"),
            options=tuple(
                Option(str(day), figures.format_weekday(day, voice.locale)) for day in range(7)
            ),
            value=tuple(str(day) for day in range(7) if day not in _weekend(term, person)),
            required=True,
        ),
    )
    title = voice.line("settings.form_title")
    return _form(voice, title, action("settings", "save"), questions)


def team(voice: Voice, term: Term, team: Team) -> Card:
    """A team's settings, as they were saved."""
    short = "short_form_on" if team.short_form else "short_form_off"
    zone = team.zone or voice.line("settings.inherited", value=term.organisation.zone)
    facts = (
        _fact(voice, "team_name", team.name),
        _fact(voice, "short_form", voice.line(f"settings.{short}")),
        _fact(voice, "language", _language(language_of(term.voice_to(team).locale))),
        _fact(voice, "zone", zone),
        _fact(voice, "country", _country(voice, term, team.country)),
    )
    change = opens(voice.line("settings.change"), action("settings", "team", team.id or 0))
    return Card(voice.line("settings.team_saved_title"), (Facts(facts),), (change,))


def team_form(voice: Voice, term: Term, team: Team) -> Form:
    """The short settings of a team."""
    questions = (
        Choice(
            id="short-form",
            label=voice.line("settings.short_form"),
            hint=voice.line("settings.short_form_hint"),
            options=(
                Option("on", voice.line("settings.short_form_on")),
                Option("off", voice.line("settings.short_form_off")),
            ),
            value="on" if team.short_form else "off",
            required=True,
        ),
        Choice(
            id="language",
            label=voice.line("settings.language"),
            hint=voice.line("settings.team_language_hint"),
            options=tuple(Option(name, _language(name)) for name in languages()),
            value=language_of(team.locale or term.organisation.language),
            required=True,
        ),
        _zone(voice, team.zone or term.organisation.zone),
        _country_question(voice, team.country),
    )
    title = voice.line("settings.team_title", name=brief(team.name, LONGEST_ON_BUTTON))
    return _form(voice, title, action("settings", "team", team.id or 0), questions)


def _form(
    voice: Voice, title: str, meaning: str, questions: tuple[Choice | Choices | ShortText, ...]
) -> Form:
    save = voice.line("settings.save")
    return Form(title, meaning, (Page("", questions),), save, voice.locale)


def _zone(voice: Voice, zone: str) -> ShortText:
    return ShortText(
        id="zone",
        label=voice.line("settings.zone"),
        hint=voice.line("settings.zone_hint"),
        value=zone,
        required=True,
    )


def _country_question(voice: Voice, country: str | None) -> ShortText:
    return ShortText(
        id="country",
        label=voice.line("settings.country"),
        hint=voice.line("settings.country_hint"),
        value=country or "",
    )


def _fact(voice: Voice, name: str, value: str) -> Fact:
    return Fact(voice.line(f"settings.{name}"), (Words(value),))


def _language(name: str) -> str:
    """A language in its own words."""
    locale = locale_of(name)
    return str(locale.get_display_name() or name)


def _sample(voice: Voice, tag: str) -> str:
    name = str(locale_of(tag).get_display_name(locale_of(voice.locale)) or tag)
    number = figures.format_number(SAMPLE, tag)
    return voice.line(
        "settings.sample", name=name, number=number, day=figures.format_day(SAMPLE_DAY, tag)
    )


def _country(voice: Voice, term: Term, country: str | None) -> str:
    if country:
        return country_name(country, voice.locale)
    if not term.organisation.country:
        return voice.line("settings.country_none")
    inherited = country_name(term.organisation.country, voice.locale)
    return voice.line("settings.inherited", value=inherited)


def _weekend(term: Term, person: Person) -> frozenset[int]:
    if person.weekend:
        return frozenset(int(day) for day in person.weekend)
    return weekend_of(person.country or term.organisation.country)


def _workdays(voice: Voice, weekend: frozenset[int]) -> str:
    days = [day for day in range(7) if day not in weekend]
    return ", ".join(figures.format_weekday(day, voice.locale) for day in days)


def examples(voice: Voice) -> Iterable[Example]:
    """Bob's own, and the team that Alice leads."""
    odd = cast.GROWTH.model_copy(update={"name": cast.HOSTILE, "short_form": False})
    shown = (
        ("mine", mine(voice, cast.TERM, cast.BOB, [], cast.FRIDAY)),
        ("mine, as a lead", mine(voice, cast.TERM, cast.ALICE, [cast.GROWTH, odd], cast.FRIDAY)),
        ("saved", mine(voice, cast.TERM, cast.BOB, [], cast.FRIDAY, saved=True)),
        ("form", form(voice, cast.TERM, cast.BOB)),
        ("team", team(voice, cast.TERM, cast.GROWTH)),
        ("team with hostile name", team(voice, cast.TERM, odd)),
        ("team form", team_form(voice, cast.TERM, cast.GROWTH)),
    )
    return (Example("settings", name, card) for name, card in shown)
