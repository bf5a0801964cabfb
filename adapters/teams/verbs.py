"""What `okr teams …` can do."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.teams.manifest import App, endpoint
from adapters.teams.package import package

URL = typer.Option(metavar="URL", help="The bot's public address: https://okr.example.com.")
OUT = typer.Option(metavar="FILE", help="Where to write the package.")
ID = typer.Option(metavar="ID", help="The bot's application id; otherwise TEAMS_APP_ID.")
NAME = typer.Option(help="What the app is called in Teams.")
DEVELOPER = typer.Option(help="Whose app it is.")
WEBSITE = typer.Option(metavar="URL", help="A page about the app; otherwise the bot's address.")
PRIVACY = typer.Option(metavar="URL", help="Your privacy statement; otherwise the website.")
TERMS = typer.Option(metavar="URL", help="Your terms of use; otherwise the website.")
PREVIEW = typer.Option(help="With slash commands, which Teams is only trying out yet.")


class Named(BaseSettings):
    """Which app this is, as `okr run` reads it too."""

    model_config = SettingsConfigDict(env_prefix="TEAMS_", env_file=".env", extra="ignore")

    app_id: str = ""


def write_package(
    url: Annotated[str, URL],
    out: Annotated[Path, OUT] = Path("okr-teams.zip"),
    app_id: Annotated[str, ID] = "",
    name: Annotated[str, NAME] = "OKR",
    developer: Annotated[str, DEVELOPER] = "okr",
    website: Annotated[str, WEBSITE] = "",
    privacy: Annotated[str, PRIVACY] = "",
    terms: Annotated[str, TERMS] = "",
    preview: Annotated[bool, PREVIEW] = False,
) -> None:
    """Write the app package that an admin uploads to Teams."""
    app = App(
        id=app_id or Named().app_id,
        url=url,
        name=name,
        developer=developer,
        website=website,
        privacy=privacy,
        terms=terms,
        version=version("okr-cadence"),
    )
    out.write_bytes(package(app, preview=preview))
    typer.echo(
        f"{out} is written: upload it in the Teams admin center, or in Teams under Apps.\n"
        f"In Azure, the bot's messaging endpoint is {endpoint(url)}."
    )


VERBS: Mapping[str, Callable[..., None]] = {"package": write_package}
