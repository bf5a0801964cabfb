"""The app's registration and how Teams reaches us, from the environment (`TEAMS_…`)."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Struct
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.chat.settings import in_words

ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SERVICES = (
    "https://smba.trafficmanager.net/",
    "https://smba.infra.gcc.teams.microsoft.com/",
)
"""Where Teams' Bot Connector answers: the world, and the American government's community cloud."""
LOGIN = "https://login.microsoftonline.com"
KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
MACHINE = "http://169.254.169.254/metadata/identity/oauth2/token"
PLAYGROUND = "http://localhost:56150"
"""Where Microsoft 365 Agents Playground stands in for Teams."""


class Settings(BaseSettings):
    """One app registration, and one of three ways to prove that we are it."""

    model_config = SettingsConfigDict(
        env_prefix="TEAMS_", env_file=".env", extra="ignore", populate_by_name=True
    )

    app_id: str = Field(default="", description="The bot's application (client) id.")
    app_password: str = Field(default="", description="Its client secret.")
    certificate: str = Field(
        default="", description="Instead of the secret: a PEM file with certificate and key."
    )
    managed_identity: bool = Field(
        default=False, description="Instead of both: this machine's user-assigned identity."
    )
    tenant_id: str = Field(default="", description="The directory (tenant) id of the app.")
    tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Whose people may use it: tenant ids; empty: the app's own."
    )
    service_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        default=SERVICES, description="Where Teams may say that it answers; rarely changed."
    )
    host: str = Field(
        default="127.0.0.1", description="Where we listen, behind your reverse proxy."
    )
    port: int = Field(default=8423, ge=0, le=65535, description="The port we listen at.")
    rate: float = Field(
        default=20.0, gt=0, le=50, description="Messages a second to one tenant, at most."
    )
    login_url: str = Field(default=LOGIN, description="Where tokens are given.")
    keys_url: str = Field(default=KEYS, description="Where Teams' signing keys are published.")
    identity_url: str = Field(default=MACHINE, description="Where this machine's identity is told.")
    development: bool = Field(
        default=False,
        description="Without an app, for the Agents Playground: believe whoever asks, here alone.",
    )

    @field_validator("tenants", "service_urls", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


class Config(Struct, frozen=True, kw_only=True):
    """All settings, read and found to be whole. Without an app id anybody here is believed."""

    app_id: str = ""
    app_password: str = ""
    certificate: str = ""
    managed_identity: bool = False
    tenant_id: str = ""
    tenants: frozenset[str] = frozenset()
    service_urls: tuple[str, ...] = SERVICES
    host: str = "127.0.0.1"
    port: int = 8423
    rate: float = 20.0
    login_url: str = LOGIN
    keys_url: str = KEYS
    identity_url: str = MACHINE

    @property
    def bot_id(self) -> str:
        """How Teams names the bot."""
        return f"28:{self.app_id}"

    def __repr__(self) -> str:
        """Without its secrets, which have no place in a log."""
        return f"Config({self.app_id!r})"


def read() -> Config:
    """The settings; raises ValueError, in words for an admin, where one is missing or wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = (_plainly(str(fault["loc"][0]), in_words(fault)) for fault in error.errors())
        raise ValueError("\n".join(faults)) from None
    if settings.development and not settings.app_id.strip() and settings.service_urls == SERVICES:
        settings.service_urls = (PLAYGROUND,)
    if faulty := _faults(settings):
        raise ValueError("\n".join(faulty))
    tenants = {tenant.lower() for tenant in settings.tenants or (settings.tenant_id,) if tenant}
    return Config(
        app_id=settings.app_id.strip(),
        app_password=settings.app_password.strip(),
        certificate=settings.certificate.strip(),
        managed_identity=settings.managed_identity,
        tenant_id=settings.tenant_id.strip(),
        tenants=frozenset(tenants),
        service_urls=tuple(f"{url.rstrip('/')}/" for url in settings.service_urls),
        host=settings.host,
        port=settings.port,
        rate=settings.rate,
        login_url=settings.login_url.rstrip("/"),
        keys_url=settings.keys_url,
        identity_url=settings.identity_url,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _faults(settings: Settings) -> list[str]:
    if not settings.app_id.strip():
        return _without_app(settings)
    faults = []
    if not ID.fullmatch(settings.app_id.strip()):
        faults.append("TEAMS_APP_ID: an application id looks like 1b4e28ba-2fa1-11d2-883f-….")
    if not ID.fullmatch(settings.tenant_id.strip()):
        faults.append("TEAMS_TENANT_ID: the directory (tenant) id of the app is needed.")
    faults += [
        f"TEAMS_TENANTS: {t} is no tenant id." for t in settings.tenants if not ID.fullmatch(t)
    ]
    ways = (settings.app_password.strip(), settings.certificate.strip(), settings.managed_identity)
    if sum(map(bool, ways)) != 1:
        faults.append(
            "TEAMS_APP_PASSWORD: one of the client secret, TEAMS_CERTIFICATE and "
            "TEAMS_MANAGED_IDENTITY is needed."
        )
    if settings.certificate and not Path(settings.certificate).is_file():
        faults.append(f"TEAMS_CERTIFICATE: there is no file {settings.certificate}.")
    for url in settings.service_urls:
        if urlsplit(url).scheme != "https" and not is_loopback(urlsplit(url).hostname or ""):
            faults.append(f"TEAMS_SERVICE_URLS: {url} is no https address.")
    return faults


def _without_app(settings: Settings) -> list[str]:
    if not settings.development:
        return ["TEAMS_APP_ID: the bot's application id is needed."]
    if not is_loopback(settings.host):
        return ["TEAMS_DEVELOPMENT: without an app okr listens on this machine alone: 127.0.0.1."]
    others = [u for u in settings.service_urls if not is_loopback(urlsplit(u).hostname or "")]
    if others:
        return [
            f"TEAMS_SERVICE_URLS: without an app okr speaks to {PLAYGROUND} and the like alone."
        ]
    return []


def _plainly(setting: str, message: str) -> str:
    return f"TEAMS_{setting.upper()}: {message}"
