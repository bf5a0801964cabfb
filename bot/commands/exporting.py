"""`okr export`: all that is kept, as JSON or as a file for each table."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.commands.rooms import looked_at, make_folder
from bot.outside import exporting


def command(now: Callable[[], datetime]) -> Callable[..., None]:
    """The function that typer calls."""

    def export(
        form: Annotated[
            Literal["csv", "json"], typer.Option("--format", help="csv: one file for each table.")
        ] = "json",
        out: Annotated[
            Path | None,
            typer.Option(metavar="DIR", help="Write into this directory; JSON else is printed."),
        ] = None,
    ) -> None:
        """Export objectives, key results, what was said of them, KPIs, reviews and grades."""
        if form == "csv" and out is None:
            raise ValueError("CSV has a file for each table: say where with --out DIR.")
        with looked_at() as database:
            files = database.read_now(
                lambda session: (
                    list(exporting.as_csv(session))
                    if form == "csv"
                    else [("okr.json", exporting.as_json(session, now()))]
                ),
                patience=None,
            )
        if out is None:
            typer.echo(files[0][1].decode())
            return
        make_folder(out)
        for name, body in files:
            (out / name).write_bytes(body)
            typer.echo(str(out / name))

    return export
