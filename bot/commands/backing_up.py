"""`okr backup`, `okr restore` and `okr migrate`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.commands.rooms import database_file, existing, prepare
from bot.settings import read_settings
from storage import restoring
from storage.database import CannotBackUp
from storage.engine import open_database
from storage.migrating import current, head
from storage.on_sqlite import put_back

STATES = {
    "on": "When okr run starts it, the bot is switched on for everybody, as it was then.",
    "pilot": "When okr run starts it, the bot is switched on for the pilot team, as it was then.",
    "paused": "When okr run starts it, the bot is paused, as it was then.",
    "waiting": "When okr run starts it, nothing is sent unasked, as it was then.",
}


def backup(
    path: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
) -> None:
    """Copy the whole database into one file, also while the bot runs."""
    database = existing(read_settings())
    try:
        database.backup(path)
    finally:
        database.close()
    said = f"The backup is {path}. To go back to it, stop the bot: okr restore {path}"
    Console().print(Text(said))


def restore(
    path: Annotated[Path, typer.Argument(help="A file that okr backup made.")],
) -> None:
    """Go back to a backup, while the bot is stopped; the database of now is kept beside it."""
    file = database_file(read_settings())
    if file is None:
        raise CannotBackUp("PostgreSQL is restored by its own tool: pg_restore into a new database")
    if not path.is_file():
        raise CannotBackUp(f"{path} is no file.")
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = put_back(path, file)
    console = Console()
    said = f"The database is {path} again; what was sent since is looked up before sending."
    console.print(Text(said))
    database = open_database(read_settings().database_url, read_only=True)
    try:
        console.print(STATES.get(database.read_now(restoring.running), STATES["waiting"]))
    finally:
        database.close()
    if kept is not None:
        console.print(Text(f"The database of until now is {kept}."))


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
        console.print(Text(f"A copy from before is {copy}."))
