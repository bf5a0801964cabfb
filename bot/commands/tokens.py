"""`okr token …`: keys for a company's own systems."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.commands.rooms import looked_at
from bot.commands.short import done
from bot.outside.tokens import SCOPES
from storage import tokens
from storage.tokens import Token

NAME = Annotated[str, typer.Argument(help="What uses it, such as data-warehouse.")]


def commands(now: Callable[[], datetime]) -> Mapping[str, Callable[..., None]]:
    """What `okr token` can do, by word."""

    def make(
        name: NAME,
        scope: Annotated[
            list[str],
            typer.Option(help=f"What it may do: {', '.join(SCOPES)}. May be given several times."),
        ],
    ) -> None:
        """Make a token and show it, this once."""
        secret = done("token make", {"name": name, "scopes": list(scope)}, now)["secret"]
        typer.echo(secret)  # alone on stdout, for scripts
        Console(stderr=True).print("Keep it now: it is not shown again, only its hash is stored.")

    def revoke(name: NAME) -> None:
        """Take a token back for good."""
        done("token revoke", {"name": name}, now)
        typer.echo(f"{name} is revoked: whatever uses it is refused from now on.")

    def show() -> None:
        """Show every token: what it may do, and when it was used last."""
        with looked_at() as database:
            _show(database.read_now(tokens.tokens))

    return {"make": make, "list": show, "revoke": revoke}


def _show(every: Sequence[Token]) -> None:
    if not every:
        typer.echo("There are no tokens: okr token make NAME --scope values")
        return
    table = Table("Name", "May", "Made", "Used last", "Revoked")
    for token in every:
        table.add_row(
            Text(token.name),
            token.scopes.replace(" ", ", "),
            *(_moment(at) for at in (token.made_at, token.used_at, token.revoked_at)),
        )
    Console().print(table)


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
