"""`okr backup` and `okr migrate`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.rooms import prepare
from bot.settings import read_settings
from storage.engine import open_database
from storage.migrating import current, head


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
) -> None:
    """Copy the whole database into one file, also while the bot runs."""
    database = open_database(read_settings().database_url, read_only=True)
    try:
        database.backup(path)
    finally:
        database.close()
    Console().print(f"The backup is {path}. To restore it, stop the bot and put it in place.")


def migrate() -> None:
    """Bring the database up to date; a copy is kept first. `okr run` does it by itself."""
    settings = read_settings()
    before = current(settings.database_url)
    copy = prepare(settings)
    console = Console()
    if before == head():
        console.print(f"The database is up to date ({before}).")
        return
    console.print(f"The database is at {head()} now; it was at {before or 'nothing'}.")
    if copy is not None:
        console.print(f"A copy from before is {copy}.")
