"""The command line: one file per verb; errors in plain words, exit code 1, or 2 for wrong usage."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import cast

import typer
from rich.console import Console
from rich.text import Text

from bot.chat.adapter import Adapter, Gate
from bot.chat.stage import Stage
from bot.term import NotSetUp
from storage.database import StorageError

Load = Callable[[str, Stage], Adapter | Gate]
Now = Callable[[], datetime]
Verb = Callable[[Load, Now], Callable[..., None]]
Platforms = Mapping[str, Callable[[], Mapping[str, Callable[..., None]]]]
"""The verbs that a platform brings itself, by its name; read when they are asked for."""


def command_line(load: Load, now: Now, platforms: Platforms | None = None) -> Callable[[], None]:
    """The command `okr`."""
    app = typer.Typer(
        name="okr",
        help="Runs the OKR cadence in chat: planning, weekly check-ins, summaries.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    asked = [verb for verb in sys.argv[1:2] if verb in (*VERBS, *GROUPS)]
    for verb in asked or VERBS:
        if verb in VERBS:
            app.command(verb)(VERBS[verb](load, now))
    for name in asked or GROUPS:
        if name in GROUPS:
            about, own = GROUPS[name]
            app.add_typer(_group(about, own(load, now)), name=name)
    for name, verbs in () if asked else (platforms or {}).items():
        app.add_typer(_of_platform(name, verbs()), name=name)
    app.callback()(_nothing)

    def command() -> None:
        try:
            app()
        except (StorageError, NotSetUp, ValueError, OSError) as problem:
            Console(stderr=True).print(Text(_plainly(problem)))
            sys.exit(1)

    return command


def _of_platform(name: str, verbs: Mapping[str, Callable[..., None]]) -> typer.Typer:
    """`okr slack …`: a platform's own verbs under its name."""
    return _group(f"Set up {name.capitalize()}.", verbs)


def _group(about: str, verbs: Mapping[str, Callable[..., None]]) -> typer.Typer:
    """Verbs of one noun."""
    app = typer.Typer(help=about, no_args_is_help=True)
    for verb, command in verbs.items():
        app.command(verb)(command)
    app.callback()(_nothing)
    return app


def _of(file: str, *, adapters: bool = True) -> Verb:
    """The verb of a file, which is loaded when it is asked for: a start loads no other's."""

    def verb(load: Load, now: Now) -> Callable[..., None]:
        command = import_module(f"bot.commands.{file}").command
        return cast("Callable[..., None]", command(load, now) if adapters else command(now))

    return verb


def _import(_: Load, now: Now) -> Callable[..., None]:
    from bot.commands import importing
    from bot.commands.rooms import opened

    return importing.command(partial(opened, now, first=True), now)


def _kpi(_: Load, now: Now) -> Mapping[str, Callable[..., None]]:
    from bot.commands import importing
    from bot.commands.rooms import opened

    return {"import": importing.command_for_readings(partial(opened, now), now)}


def _backing_up(verb: str) -> Verb:
    """Verbs that need neither an adapter nor a clock."""

    def found(*_: object) -> Callable[..., None]:
        return cast("Callable[..., None]", getattr(import_module("bot.commands.backing_up"), verb))

    return found


def _grouped(file: str) -> Callable[[Load, Now], Mapping[str, Callable[..., None]]]:
    """The verbs of a noun, in a file that is loaded when they are asked for."""

    def verbs(_: Load, now: Now) -> Mapping[str, Callable[..., None]]:
        commands = import_module(f"bot.commands.{file}").commands(now)
        return cast("Mapping[str, Callable[..., None]]", commands)

    return verbs


VERBS: dict[str, Verb] = {
    "init": _of("initialising", adapters=False),
    "run": _of("serving"),
    "demo": _of("demonstrating"),
    "import": _import,
    "rehearse": _of("rehearsing", adapters=False),
    "doctor": _of("checking"),
    "report": _of("reporting", adapters=False),
    "export": _of("exporting", adapters=False),
    "backup": _backing_up("backup"),
    "restore": _backing_up("restore"),
    "migrate": _backing_up("migrate"),
}


GROUPS: dict[str, tuple[str, Callable[[Load, Now], Mapping[str, Callable[..., None]]]]] = {
    "kpi": ("Readings of KPIs.", _kpi),
    "token": ("Keys for your own systems: make, list and revoke them.", _grouped("tokens")),
    "person": ("What is kept of a person: export it, or erase it.", _grouped("persons")),
}
"""Nouns with verbs of their own: `okr kpi import`."""


def _nothing() -> None:
    """Without a callback, typer takes a verb that is alone for the whole command."""


def _plainly(problem: Exception) -> str:
    """An error in words, without Python's own."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}: {problem.filename}" if problem.filename else problem.strerror
    return str(problem) or type(problem).__name__
