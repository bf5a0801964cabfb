"""The app's manifest: what Teams is told of the bot, in English, and in German beside it."""

import re
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

Json: TypeAlias = dict[str, Any]

VERSION, PREVIEW = "1.24", "1.29"
"""The first schema with twelve commands a list, and the first with slash commands."""
SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v{}/MicrosoftTeams.{}schema.json"
PATH = "/api/messages"
LONGEST_NAME = 30
LONGEST_DEVELOPER = 32


class Command(Struct, frozen=True):
    """A word that Teams offers: what it does, in both languages; not `in_groups` only in a DM."""

    word: str
    english: str
    german: str
    in_groups: bool = False


COMMANDS = (
    Command("checkin", "This week's questions", "Die Fragen dieser Woche", in_groups=True),
    Command("mine", "My key results", "Meine Schlüsselergebnisse", in_groups=True),
    Command("team", "A team's objectives", "Die Ziele eines Teams", in_groups=True),
    Command("summary", "My team's week", "Die Woche meines Teams", in_groups=True),
    Command("why", "How a figure came about", "Wie eine Zahl entstanden ist", in_groups=True),
    Command("kr", "One value: kr 12 42", "Ein Wert: kr 12 42"),
    Command("add", "A new objective or key result", "Ein neues Ziel oder Schlüsselergebnis"),
    Command("edit", "Change a key result: edit 12", "Ein Schlüsselergebnis ändern: edit 12"),
    Command("snooze", "Ask me later", "Später fragen"),
    Command("away", "Days off", "Freie Tage"),
    Command("settings", "My time zone and language", "Meine Zeitzone und Sprache"),
    Command("help", "All that I can do", "Alles, was ich kann", in_groups=True),
)

HOME: Json = {
    "id": "home",
    "type": "action",
    "title": "My week",
    "description": "What is to do, and how my key results stand",
    "context": ["compose", "commandBox"],
    "fetchTask": True,
}
"""What opens a person's home in a dialog, from wherever they are in Teams."""


class App(Struct, frozen=True, kw_only=True):
    """What an admin says of the app. `url` is the bot's public address."""

    id: str
    url: str
    name: str = "OKR"
    developer: str = "okr"
    website: str = ""
    privacy: str = ""
    terms: str = ""
    version: str = "1.0.0"


def manifest(app: App, *, preview: bool = False) -> Json:
    """The manifest; with `preview` also slash commands. Raises ValueError, in words for an admin.

    The app has the bot's own id, so that a new package takes the place of an old one.
    """
    host = _host(app.url)
    home = f"https://{host}/"
    version = PREVIEW if preview else VERSION
    targeted: Json = {"supportsTargetedMessages": True} if preview else {}
    return {
        "$schema": SCHEMA.format(version, ""),
        "manifestVersion": version,
        "version": _semantic(app.version),
        "id": _guid(app.id),
        "developer": {
            "name": _fitting(app.developer, LONGEST_DEVELOPER, "developer's name"),
            "websiteUrl": _page(app.website or home),
            "privacyUrl": _page(app.privacy or app.website or home),
            "termsOfUseUrl": _page(app.terms or app.website or home),
        },
        "name": {"short": _fitting(app.name, LONGEST_NAME, "app's name")},
        "description": {
            "short": "Runs the OKR cadence: planning, weekly check-ins, summaries.",
            "full": "Asks you once a week how your key results stand, tells your team, and "
            "reminds nobody who has answered. Write “help” to see all that it can do.",
        },
        "localizationInfo": {
            "defaultLanguageTag": "en",
            "additionalLanguages": [{"languageTag": "de", "file": "de.json"}],
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1F3A5F",
        "bots": [
            {
                "botId": _guid(app.id),
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                **targeted,
                "commandLists": list(_lists(preview=preview)),
            }
        ],
        "composeExtensions": [{"botId": _guid(app.id), "commands": [HOME]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host],
        "defaultInstallScope": "personal",
    }


def endpoint(url: str) -> str:
    """Where Teams sends what people do; of an address without a path the bot's own is taken."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{PATH}"


def german(app: App) -> Json:
    """The same in German, as far as people read it."""
    said = {
        f"bots[0].commandLists[{at}].commands[{place}].description": command.german
        for at, listed in enumerate((_every(), _in_groups()))
        for place, command in enumerate(listed)
    }
    return {
        "$schema": SCHEMA.format(VERSION, "Localization."),
        "name.short": app.name,
        "description.short": "Führt durch den OKR-Zyklus: Planung, Check-ins, Berichte.",
        "description.full": "Fragt dich einmal in der Woche, wie deine Schlüsselergebnisse stehen, "
        "sagt es deinem Team und erinnert niemanden, der schon geantwortet hat. "
        "Schreib „help“, um alles zu sehen.",
        "composeExtensions[0].commands[0].title": "Meine Woche",
        "composeExtensions[0].commands[0].description": "Was ansteht, und wie es läuft",
        **said,
    }  # fmt: skip


def _lists(*, preview: bool) -> list[Json]:
    groups: Json = {"triggers": ["mention", "slash"]} if preview else {}
    return [
        {"scopes": ["personal"], "commands": _commands(_every())},
        {"scopes": ["team", "groupChat"], **groups, "commands": _commands(_in_groups())},
    ]


def _every() -> tuple[Command, ...]:
    return COMMANDS


def _in_groups() -> tuple[Command, ...]:
    return tuple(command for command in COMMANDS if command.in_groups)


def _commands(listed: tuple[Command, ...]) -> list[Json]:
    return [{"title": command.word, "description": command.english} for command in listed]


def _guid(text: str) -> str:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise ValueError(
            "Teams needs the bot's application id in TEAMS_APP_ID or --app-id, such as "
            f"00000000-0000-0000-0000-000000000000, not {text!r}."
        ) from None


def _host(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
        raise ValueError(f"Teams needs a public address such as https://okr.example.com, not {url}")
    return parts.netloc


def _page(url: str) -> str:
    if not url.startswith("https://") or not urlsplit(url).hostname:
        raise ValueError(f"A page of the developer's must begin with https://, not {url}")
    return url


def _fitting(text: str, most: int, what: str) -> str:
    if not 1 <= len(text.strip()) <= most:
        raise ValueError(f"The {what} must have 1 to {most} characters.")
    return text.strip()


def _semantic(version: str) -> str:
    """Three numbers: Teams takes a package in place of another only with a version of this form."""
    found = re.match(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    numbers = [part or "0" for part in found.groups()] if found else ["1", "0", "0"]
    return ".".join(numbers)
