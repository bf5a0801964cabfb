"""`okr init`: asks what the bot must know at its first start, and writes `.env`."""

import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from bot import cadence
from bot.chat.settings import in_words
from bot.settings import DAYS, NOT_UTF_8, Settings
from bot.texts import Voice

HEAD = "# Written by okr init. Every setting is explained in .env.example.\n"


def command(now: Callable[[], datetime]) -> Callable[[], None]:
    """The function that typer calls."""

    def init() -> None:
        """Ask for the organisation, its first admin and its calendar, and write .env."""
        path, console = Path(".env"), Console()
        kept = _kept(path)
        if "OKR_ORGANISATION=" in kept and not typer.confirm(
            ".env is there already. Ask again and change it?"
        ):
            raise typer.Exit(1)
        monday = cadence.next_monday(now().date() - timedelta(days=1))
        given = {
            "organisation": _ask("organisation", "Name of the organisation"),
            "admin_name": _ask("admin_name", "Your name (you become the first admin)"),
            "admin_email": _ask("admin_email", "Your e-mail address"),
            "language": _ask("language", "Language (en, en-GB, de-DE, …)", "en"),
            "country": _ask("country", "Country of your public holidays (DE, US, …)", ""),
            "zone": _ask("zone", "Time zone", _here()),
            "checkin_day": _ask("checkin_day", "Day of the weekly check-in", "Thursday"),
            "week_one": _ask("week_one", "Monday of week 1", monday.isoformat()),
        }
        _replace(path, _with(kept, given))
        console.print(Text("\n.env is written. What comes next:"))
        console.print(Text("  okr import --example company   writes files to fill in"))
        console.print(
            Text("  okr import company/*.csv       shows what would change; then --apply")
        )
        go = Voice(given["language"]).line("setup.typed_go")
        console.print(Text(f"  okr run                        starts the bot; type {go} there"))

    return init


def _kept(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError:
        raise ValueError(NOT_UTF_8) from None


def _replace(path: Path, text: str) -> None:
    """Write it whole or not at all: it holds tokens and passwords that stand nowhere else."""
    path = path.resolve()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".env.")  # only its owner reads it
    new = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(number)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _ask(name: str, question: str, default: str | None = None) -> str:
    """Ask until the answer is one that the settings take."""
    while True:
        answer = str(typer.prompt(question, default=default)).strip()
        problem = _problem(name, answer)
        if problem is None:
            return answer
        typer.echo(problem)


def _problem(name: str, answer: str) -> str | None:
    if name in ("organisation", "admin_name") and not answer:
        return "Please give a name."
    if name == "admin_email" and ("@" not in answer or " " in answer):
        return "That is no e-mail address."
    if name == "checkin_day" and answer.title() not in DAYS[:5]:
        return "Please give a day from Monday to Friday."
    try:
        Settings.model_validate({name: answer})
    except ValidationError as wrong:
        return in_words(wrong.errors()[0])
    return None


def _with(kept: str, given: dict[str, str]) -> str:
    """The file with these settings, whatever else stood in it left as it was."""
    names = {f"OKR_{name.upper()}" for name in given}
    others = [line for line in kept.splitlines() if line.split("=")[0].strip() not in names]
    lines = [f"OKR_{name.upper()}={_quoted(value)}" for name, value in given.items()]
    head = [] if kept else [HEAD.strip()]
    return "\n".join([*head, *others, *lines]) + "\n"


def _quoted(value: str) -> str:
    if not value or value.replace("-", "").replace("/", "").isalnum():
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _here() -> str:
    """This machine's zone, if it says."""
    link = Path("/etc/localtime")
    if link.is_symlink() and "zoneinfo/" in str(link.readlink()):
        return str(link.readlink()).split("zoneinfo/")[-1]
    return "Europe/Berlin"
