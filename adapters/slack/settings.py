"""Tokens and how Slack reaches us, from the environment (`SLACK_…`)."""

import re
from typing import Annotated

from msgspec import Struct
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from adapters.slack.manifest import PATH
from bot.chat.settings import in_words

NAME = re.compile(r"[a-z][a-z0-9_]*")


class Settings(BaseSettings):
    """One workspace needs a bot token, and an app token or a signing secret."""

    model_config = SettingsConfigDict(
        env_prefix="SLACK_", env_file=".env", extra="ignore", populate_by_name=True
    )

    bot_token: str = Field(default="", description="The app's bot token, xoxb-….")
    app_token: str = Field(
        default="", description="The app-level token, xapp-…, for Socket Mode: no public address."
    )
    signing_secret: str = Field(
        default="", description="The signing secret, for HTTP instead: for several replicas."
    )
    workspaces: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Several workspaces: main,labs reads SLACK_BOT_TOKEN_MAIN and so on for each.",
    )
    host: str = Field(
        default="127.0.0.1", description="Where HTTP listens, behind your reverse proxy."
    )
    port: int = Field(default=8422, ge=0, le=65535, description="The port of HTTP.")
    rate: float = Field(
        default=4.0, gt=0, le=20, description="Messages a second to one workspace, at most."
    )
    api_url: str = Field(default="https://slack.com/api/", description="Slack's Web API.")

    @field_validator("workspaces", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip().lower() for name in value.split(",") if name.strip())
        return value

    @field_validator("workspaces")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not NAME.fullmatch(name) or value.count(name) > 1:
                raise ValueError(f"{name!r} must be one short word of its own, such as labs.")
        return value


class Access(Struct, frozen=True):
    """How to speak to one workspace, and how it speaks to us: by socket where there is a token."""

    name: str
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""

    @property
    def by_socket(self) -> bool:
        """Whether Socket Mode is used; HTTP otherwise."""
        return bool(self.app_token)

    @property
    def path(self) -> str:
        """Where HTTP expects this workspace's requests."""
        return f"/slack/{self.name}/events" if self.name else PATH

    def __repr__(self) -> str:
        """Without its secrets, which have no place in a log."""
        return f"Access({self.name!r})"


class Config(Struct, frozen=True):
    """All settings, read and found to be whole."""

    accesses: tuple[Access, ...]
    host: str = "127.0.0.1"
    port: int = 8422
    rate: float = 4.0
    api_url: str = "https://slack.com/api/"


def read() -> Config:
    """The settings; raises ValueError, in words for an admin, where one is missing or wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = (_plainly(str(fault["loc"][0]), in_words(fault)) for fault in error.errors())
        raise ValueError("\n".join(faults)) from None
    accesses = tuple(_access(name) for name in settings.workspaces) or (_only(settings),)
    if faulty := [fault for access in accesses for fault in _faults(access)]:
        raise ValueError("\n".join(faulty))
    return Config(accesses, settings.host, settings.port, settings.rate, settings.api_url)


def _only(settings: Settings) -> Access:
    return _stripped("", settings.bot_token, settings.app_token, settings.signing_secret)


def _access(name: str) -> Access:
    """One of several workspaces: its settings end in its name."""

    class Named(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="SLACK_", env_file=".env", extra="ignore")

        bot_token: str = Field(default="", validation_alias=f"SLACK_BOT_TOKEN_{name.upper()}")
        app_token: str = Field(default="", validation_alias=f"SLACK_APP_TOKEN_{name.upper()}")
        signing_secret: str = Field(
            default="", validation_alias=f"SLACK_SIGNING_SECRET_{name.upper()}"
        )

    named = Named()
    return _stripped(name, named.bot_token, named.app_token, named.signing_secret)


def _stripped(name: str, *tokens: str) -> Access:
    return Access(name, *(token.strip() for token in tokens))


def _faults(access: Access) -> list[str]:
    end = f"_{access.name.upper()}" if access.name else ""
    faults = []
    if not access.bot_token.startswith("xoxb-"):
        faults.append(f"SLACK_BOT_TOKEN{end}: the bot token, which starts with xoxb-, is needed.")
    if access.app_token and not access.app_token.startswith("xapp-"):
        faults.append(f"SLACK_APP_TOKEN{end}: an app-level token starts with xapp-.")
    if not access.app_token and not access.signing_secret:
        faults.append(
            f"SLACK_APP_TOKEN{end}: the app-level token is needed for Socket Mode, "
            f"or SLACK_SIGNING_SECRET{end} for HTTP."
        )
    return faults


def _plainly(setting: str, message: str) -> str:
    return f"SLACK_{setting.upper()}: {message}"
