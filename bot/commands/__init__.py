"""The command line: one file per verb; errors in plain words, exit code 1, or 2 for wrong usage."""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial

import typer
from rich.console import Console
from rich.text import Text

from bot.chat.adapter import Adapter
from bot.chat.stage import Stage
from bot.commands import backing_up, checking, demonstrating, importing, initialising, serving
from bot.commands.rooms import opened
from bot.term import NotSetUp
from storage.database import StorageError

Load = Callable[[str, Stage], Adapter]
Now = Callable[[], datetime]


def command_line(load: Load, now: Now) -> Callable[[], None]:
    """The command `okr`."""
    app = typer.Typer(
        name="okr",
        help="Runs the OKR cadence in Slack, Microsoft Teams and on a page of its own.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.command("init")(initialising.command(now))
    app.command("run")(serving.command(load, now))
    app.command("demo")(demonstrating.command(load, now))
    app.command("import")(importing.command(partial(opened, now), now))
    app.command("doctor")(checking.command(load, now))
    app.command("backup")(backing_up.backup)
    app.command("migrate")(backing_up.migrate)

    def command() -> None:
        try:
            app()
        except (StorageError, NotSetUp, ValueError, OSError) as problem:
            Console(stderr=True).print(Text(_plainly(problem)))
            sys.exit(1)

    return command


def _plainly(problem: Exception) -> str:
    """An error in words, without Python's own."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}: {problem.filename}" if problem.filename else problem.strerror
    return str(problem) or type(problem).__name__
