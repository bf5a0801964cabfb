"""Where the page listens and what it remembers, from the environment (`OKR_WEB_…`)."""

from ipaddress import ip_address
from pathlib import Path

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.settings import in_words


class Settings(BaseSettings):
    """The web page's settings."""

    model_config = SettingsConfigDict(env_prefix="OKR_WEB_", env_file=".env", extra="ignore")

    host: str = Field(default="127.0.0.1", description="Loopback only: one may choose who one is.")
    port: int = Field(default=8420, ge=0, le=65535, description="The page's port.")
    store: Path = Field(default=Path("data/web.db"), description="Where the page keeps messages.")

    @field_validator("host")
    @classmethod
    def only_loopback(cls, host: str) -> str:
        """On any other address everybody could be anybody."""
        if not is_loopback(host):
            raise ValueError(
                f"{host!r} is not this machine alone. On the page one may choose who one is, "
                "so it listens on loopback only: leave OKR_WEB_HOST out, or use 127.0.0.1."
            )
        return host


def is_loopback(host: str) -> bool:
    """Whether this names the machine itself and nothing else."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read() -> Settings:
    """The settings; raises ValueError, in words for an admin, where one is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        faults = (_plainly(str(fault["loc"][0]), in_words(fault)) for fault in error.errors())
        raise ValueError("\n".join(faults)) from None


def _plainly(setting: str, message: str) -> str:
    return f"OKR_WEB_{setting.upper()}: {message}"
