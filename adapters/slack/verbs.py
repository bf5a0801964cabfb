"""What `okr slack …` can do."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from adapters.slack.manifest import PATH, manifest

HTTP = typer.Option(metavar="URL", help=f"For HTTP: the public address; {PATH} is added to it.")
NAME = typer.Option(help="What the app is called in Slack.")


def show_manifest(
    http: Annotated[str | None, HTTP] = None, name: Annotated[str, NAME] = "okr"
) -> None:
    """Print the app's manifest, for Socket Mode unless an address is given."""
    typer.echo(json.dumps(manifest(name, http), indent=2))


VERBS: Mapping[str, Callable[..., None]] = {"manifest": show_manifest}
