"""Where the API listens, from the environment (`OKR_API_…`)."""

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.settings import in_words


class Settings(BaseSettings):
    """The API's settings. Its tokens are made by `okr token make`."""

    model_config = SettingsConfigDict(env_prefix="OKR_API_", env_file=".env", extra="ignore")

    host: str = Field(
        default="127.0.0.1", description="Where the API listens, behind your reverse proxy."
    )
    port: int = Field(default=8424, ge=0, le=65535, description="The API's port.")


def read() -> Settings:
    """The settings; raises ValueError, in words for an admin, where one is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        faults = (
            f"OKR_API_{str(fault['loc'][0]).upper()}: {in_words(fault)}" for fault in error.errors()
        )
        raise ValueError("\n".join(faults)) from None
