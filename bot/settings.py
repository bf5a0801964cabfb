"""The organisation's settings, from the environment or `.env`. Platforms keep their own."""

import logging
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.chat.settings import in_words
from bot.figures.locales import known_locale
from bot.workdays import known_country
from bot.zones import zone_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NOT_UTF_8 = ".env cannot be read: save it as UTF-8 in your editor."


class Settings(BaseSettings):
    """Every setting has a default but the organisation and its first admin."""

    model_config = SettingsConfigDict(
        env_prefix="OKR_", env_file=".env", extra="ignore", populate_by_name=True
    )

    organisation: str = Field(default="", description="The organisation's name.")
    admin_email: str = Field(default="", description="The first admin's e-mail address.")
    admin_name: str = Field(default="", description="The first admin's name.")
    language: str = Field(
        default="en", description="Language and number format: en, en-GB, de-DE, …"
    )
    country: str = Field(default="", description="Country of public holidays: DE, US, DE-BY, …")
    zone: str = Field(default="UTC", description="Time zone of the organisation: Europe/Berlin, …")
    checkin_day: str = Field(default="Thursday", description="The day of the weekly check-in.")
    week_one: date | None = Field(
        default=None, description="Monday of week 1; empty: the next Monday."
    )
    platforms: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("web",),
        description="Where the bot lives, separated by commas: web, slack, teams, api.",
    )
    database_url: str = Field(
        default="sqlite:///data/okr.db",
        validation_alias="DATABASE_URL",
        description="SQLite file, or postgresql://user@host/name for several replicas.",
    )
    durable: bool = Field(
        default=False, description="Survive a power cut without losing the last second (slower)."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    ops_host: str = Field(
        default="127.0.0.1", description="Where /healthz and /metrics listen: this machine only."
    )
    ops_port: int = Field(
        default=8421, ge=0, le=65535, description="The port of /healthz and /metrics; 0 for none."
    )

    @field_validator("platforms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            names = (name.strip().lower() for name in value.split(","))
            return tuple(dict.fromkeys(filter(None, names)))
        return value

    @field_validator("ops_port", mode="before")
    @classmethod
    def _off(cls, value: object) -> object:
        return value or 0

    @field_validator("week_one", mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        return value or None

    @field_validator("week_one")
    @classmethod
    def _monday(cls, value: date | None) -> date | None:
        if value is not None and value.weekday():
            raise ValueError(f"{value} is no Monday; a cycle starts on a Monday.")
        return value

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        if not known_locale(value):
            raise ValueError(f"{value!r} is no language I know; use one such as en-GB or de-DE.")
        return value

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        zone_of(value)
        return value

    @field_validator("country")
    @classmethod
    def _country(cls, value: str) -> str:
        if value and not known_country(value):
            raise ValueError(f"{value!r} is no country I know; use a code such as DE or US.")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError(f"{value!r} is no level; use debug, info, warning or error.")
        return value

    @field_validator("checkin_day")
    @classmethod
    def _day(cls, value: str) -> str:
        if value.title() not in DAYS:
            raise ValueError(f"{value!r} is no weekday; use Monday to Friday.")
        return value.title()

    @property
    def chats(self) -> tuple[str, ...]:
        """Those of the platforms where people read: nothing is sent to the API."""
        return tuple(name for name in self.platforms if name != "api")

    @property
    def checkin_weekday(self) -> int:
        """The weekday of the check-in, Monday 0."""
        return DAYS.index(self.checkin_day)


def read_settings() -> Settings:
    """The settings; raises ValueError, in words for an admin, where one is wrong."""
    try:
        return Settings()
    except UnicodeDecodeError:
        raise ValueError(NOT_UTF_8) from None
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = str(fault["loc"][0])
            name = name if name.isupper() else f"OKR_{name.upper()}"
            lines.append(f"{name}: {in_words(fault)}")
        raise ValueError("\n".join(lines)) from None
