"""`okr import`: shows what files would change, and with --apply changes it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from bot.commands.rooms import database_file, make_folder
from bot.figures import format_number
from bot.figures.locales import known_locale
from bot.importing import Change, Outcome, RowError, Tables, apply, plan, read, write_examples
from bot.importing.rows import Kind
from bot.settings import Settings, read_settings
from bot.zones import zone_of
from storage.cycles import current
from storage.handing import Payload, ask, socket_of
from storage.organisation import organisation

T = TypeVar("T")
MOST_LINES = 300
_USUAL = (("active", True), ("short_form", True), ("weight", 1.0), ("curve", "linear"))


class Store(Protocol):
    """A database, as far as an import goes."""

    def write_now(self, unit: Callable[[Session], T], *, patience: float | None = ...) -> T: ...
    def read_now(self, unit: Callable[[Session], T], *, patience: float | None = ...) -> T: ...


def command(
    opened: Callable[[], AbstractContextManager[Store]],
    clock: Callable[[], datetime],
    only: Kind | None = None,
) -> Callable[..., None]:
    """The function that typer calls, for a database that is opened only when it is needed."""

    def importing(
        files: Annotated[
            list[Path] | None,
            typer.Argument(help="people.csv teams.csv okrs.csv kpis.csv, or one YAML file."),
        ] = None,
        write: Annotated[
            bool, typer.Option("--apply", help="Make the changes instead of showing them.")
        ] = False,
        locale: Annotated[
            str | None,
            typer.Option(help="How numbers and days are written, such as de-DE."),
        ] = None,
        example: Annotated[
            Path | None,
            typer.Option(metavar="DIR", help="Write example files into this directory."),
        ] = None,
    ) -> None:
        """Import people, teams, objectives and KPIs; a dry run unless --apply is given."""
        console = Console()
        if locale is not None and not known_locale(locale):
            console.print(Text(f"There is no locale '{locale}'; write one such as de-DE."))
            raise typer.Exit(2)
        if example is not None:
            raise typer.Exit(examples(example, locale or read_settings().language, console))
        if not files:
            console.print("Name the files to import, or --example DIR to see what they look like.")
            raise typer.Exit(2)
        settings, paths = read_settings(), [str(path.absolute()) for path in files]
        asked = {"files": paths, "write": write, "locale": locale, "width": console.width}
        asked["only"] = only
        done = _by_the_bot(settings, {**asked, "colour": console.is_terminal})
        if done is not None:
            console.file.write(done["shown"])
            raise typer.Exit(done["code"])
        with opened() as store:
            raise typer.Exit(
                run(files, store, clock(), write=write, locale=locale, console=console, only=only)
            )

    return importing


def command_for_readings(
    opened: Callable[[], AbstractContextManager[Store]], clock: Callable[[], datetime]
) -> Callable[..., None]:
    """The function that typer calls for `okr kpi import`."""
    importing = command(opened, clock, only="readings")

    def kpi_import(
        files: Annotated[
            list[Path], typer.Argument(help="CSV files with the columns kpi, day, value.")
        ],
        write: Annotated[
            bool, typer.Option("--apply", help="Keep the readings instead of showing them.")
        ] = False,
        locale: Annotated[
            str | None,
            typer.Option(help="How numbers and days are written, such as de-DE."),
        ] = None,
    ) -> None:
        """Import readings of KPIs; a dry run unless --apply is given."""
        importing(files, write, locale, None)

    return kpi_import


def _by_the_bot(settings: Settings, payload: Payload) -> Payload | None:
    """Have the bot do it that holds the file; None where none runs."""
    file = database_file(settings)
    return ask(socket_of(file), "import", payload) if file else None


def examples(directory: Path, locale: str, console: Console) -> int:
    """Write the example files; 2 if the directory will not have them."""
    try:
        make_folder(directory)
        written = write_examples(directory, locale)
    except (FileExistsError, NotADirectoryError) as wrong:
        console.print(Text(str(wrong)))
        return 2
    for path in written:
        console.print(Text(str(path)))
    console.print(Text(f"Either the CSV files or company.yaml: both say the same ({locale})."))
    return 0


def run(
    files: Sequence[Path],
    store: Store,
    now: datetime,
    *,
    write: bool,
    locale: str | None,
    console: Console,
    only: Kind | None = None,
) -> int:
    """Show or make the changes; 1 if anything is wrong with the files."""

    def terms(session: Session) -> tuple[str, int | None]:
        """The locale and the cycle that files are read for."""
        ours = organisation(session)
        zone = zone_of(ours.zone) if ours else UTC
        cycle = current(session, now.astimezone(zone).date())
        own = "-".join(filter(None, (ours.language, ours.country))) if ours else "en"
        return locale or own, cycle.id if cycle else None

    spoken, cycle_id = store.read_now(terms, patience=None)
    tables = read(files, spoken)
    if only is not None:
        tables = _only(tables, only)

    def dry(session: Session) -> Outcome:
        return plan(session, tables, locale=spoken, cycle_id=cycle_id, now=now)

    def wet(session: Session) -> Outcome:
        return apply(session, tables, locale=spoken, cycle_id=cycle_id, now=now)

    outcome = store.write_now(wet, patience=None) if write else store.read_now(dry, patience=None)
    show(tables, outcome, spoken, write, console)
    return 1 if outcome.errors else 0


def _only(tables: Tables, kind: Kind) -> Tables:
    """The rows of one kind; that there are others is an error."""
    others = [(row.file, there) for there in tables.rows for row in tables.of(there)[:1]]
    errors = [
        RowError(file, 0, "", f"These are {there}, not {kind}: use okr import for them.")
        for file, there in others
        if there != kind
    ]
    return replace(tables, errors=(*tables.errors, *errors))


def show(tables: Tables, outcome: Outcome, locale: str, written: bool, console: Console) -> None:
    """What was read, what is wrong or changes, and what to do next."""
    for file in tables.files:
        rows = f"{file.rows} row" if file.rows == 1 else f"{file.rows} rows"
        console.print(Text(f"{file.file}: {rows} of {file.kind} ({file.written})"))
    if outcome.notices:
        console.print(_places("Worth a look", outcome.notices))
    if outcome.errors:
        console.print(_places("Wrong", outcome.errors))
        count = len(outcome.errors)
        console.print(f"{count} {'error' if count == 1 else 'errors'}; nothing was changed.")
        return
    told = [change for change in outcome.changes if change.verb != "same"]
    if told:
        console.print(_changes(told[:MOST_LINES], locale))
    if len(told) > MOST_LINES:
        console.print(f"... and {len(told) - MOST_LINES} more.")
    counts = (
        f"{outcome.count('add')} to add, {outcome.count('change')} to change, "
        f"{outcome.count('same')} unchanged"
    )
    if written:
        counts = counts.replace("to add", "added").replace("to change", "changed")
    kept = outcome.count("kept")
    console.print(counts + (f", {kept} kept as they are." if kept else "."))
    if not written and any(change.verb in ("add", "change") for change in told):
        console.print("Nothing was changed yet: the same command with --apply does it.")


def _places(title: str, errors: Sequence[RowError]) -> Table:
    table = Table("File", "Row", "Column", title, title_justify="left")
    for error in errors[:MOST_LINES]:
        row = str(error.row) if error.row else ""
        table.add_row(Text(error.file), row, Text(error.column), Text(error.text))
    if len(errors) > MOST_LINES:
        table.add_row("...", "", "", f"and {len(errors) - MOST_LINES} more")
    return table


def _changes(changes: Sequence[Change], locale: str) -> Table:
    table = Table("", "What", "Which", "Change")
    for change in changes:
        lines = [
            _line(name, change, value, locale)
            for name, value in change.after.items()
            if change.verb != "add" or not _usual(name, value)
        ]
        if change.why:
            lines.append(f"({change.why})")
        thing = change.thing.replace("_", " ")
        table.add_row(change.verb, thing, Text(change.key), Text("\n".join(lines)))
    return table


def _usual(name: str, value: Any) -> bool:
    """Whether a field of a new thing is not worth a line: its key, or what it is unless said."""
    return name in ("email", "slug", "reference") or value is False or (name, value) in _USUAL


def _line(name: str, change: Change, value: Any, locale: str) -> str:
    label = name.replace("_", " ")
    now = _shown(value, locale)
    if name not in change.before:
        return f"{label}: {now}"
    return f"{label}: {_shown(change.before[name], locale)} → {now}"


def _shown(value: Any, locale: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, (int, float)):
        return format_number(value, locale)
    return "none" if value in (None, "") else str(value)
