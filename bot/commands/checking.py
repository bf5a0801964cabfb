"""`okr doctor`: what is well, what is not, and what to do about it."""

import asyncio
import json
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from bot.chat.adapter import Adapter, Finding, Gate
from bot.chat.stage import Stage
from bot.clock import Clock
from bot.commands.rooms import database_file, what_to_do
from bot.settings import Settings, read_settings
from bot.stage import Company
from bot.texts import Voice
from storage import cycles, organisation, people, teams
from storage.database import Database, StorageError
from storage.engine import mark_of, open_database
from storage.handing import ask, socket_of
from storage.migrating import current, head, migrate
from storage.people import Identity

SAFE_SQLITE = (3, 51, 3)
ENOUGH_ROOM = 200 * 1024 * 1024
MARKS = {"good": "[green]well[/]", "warn": "[yellow]look[/]", "bad": "[red]mend[/]"}


def command(
    load: Callable[[str, Stage], Adapter | Gate], now: Callable[[], datetime]
) -> Callable[[], None]:
    """The function that typer calls."""

    def doctor() -> None:
        """Look at everything the bot needs and say what to do; exit code 1 if one is wrong."""
        findings = examine(load, now)
        table = Table("", "What", "What to do", show_lines=False)
        for finding in findings:
            table.add_row(MARKS[finding.level], Text(finding.text), Text(finding.remedy))
        Console().print(table)
        raise typer.Exit(1 if any(finding.level == "bad" for finding in findings) else 0)

    return doctor


def examine(
    load: Callable[[str, Stage], Adapter | Gate], now: Callable[[], datetime]
) -> list[Finding]:
    """Everything that was found, in the order of what depends on what."""
    try:
        settings = read_settings()
    except ValueError as wrong:
        return [
            Finding("bad", f"Settings: {line}", "Correct .env.") for line in str(wrong).split("\n")
        ]
    findings = [Finding("good", "The settings can be read.")]
    try:
        served = _served(settings)
        running = _running(settings) or (served.process if served.same else 0)
        if running:
            findings.append(Finding("good", f"The bot is running (process {running})."))
        elif served.process:
            findings.append(_another(settings, served.process))
        findings += _machine(settings)
        at = current(settings.database_url)
        if not at:
            return [*findings, _schema(settings, at), *_before_the_first_run(load, settings, now)]
        if at != head():
            return [*findings, _schema(settings, at)]
        database = open_database(settings.database_url, read_only=True)
    except (StorageError, OSError) as problem:
        return [*findings, Finding("bad", f"Database: {problem}", "Look at DATABASE_URL.")]
    try:
        findings.append(Finding("good", f"The database ({database.dialect}) answers, at {at}."))
        findings += database.read_now(lambda session: list(_organisation(session, now())))
        findings += _platforms(load, settings, database, now)
        findings += _ops(settings, served)
    finally:
        database.close()
    return [_ours(finding, running) for finding in findings]


def _running(settings: Settings) -> int:
    """The process of the bot that runs on this SQLite file, or 0."""
    file = database_file(settings)
    reply = ask(socket_of(file), "alive", {}, patience=5) if file is not None else None
    return int(reply["process"]) if reply else 0


class Served(NamedTuple):
    """Which process answers on the port of /healthz, and whether it serves this database."""

    process: int = 0
    same: bool = False


def _served(settings: Settings) -> Served:
    """The bot that holds the port of /healthz, on whatever database; one of nobody's is 0."""
    if not settings.ops_port:
        return Served()
    line = HTTPConnection(settings.ops_host, settings.ops_port, timeout=2)
    try:
        line.request("GET", "/livez")
        said = json.loads(line.getresponse().read(64 * 1024))
        return Served(int(said["process"]), said["serves"] == mark_of(settings.database_url))
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return Served()
    finally:
        line.close()


def _another(settings: Settings, process: int) -> Finding:
    file = database_file(settings)
    ours = str(file) if file is not None else "the one of DATABASE_URL"
    return Finding(
        "warn",
        f"The bot that runs here (process {process}) serves another database than this: {ours}.",
        "Call okr where that bot was started, beside its .env, or stop it first.",
    )


def _ops(settings: Settings, served: Served) -> Iterator[Finding]:
    host, port = settings.ops_host, settings.ops_port
    if not port:
        return
    try:
        with socket.create_connection((host, port), timeout=2):
            whose = f", by the bot of process {served.process}" if served.process else ""
            text = f"Port {port} of /healthz is taken{whose}."
            remedy = "Stop who holds it, or choose another with OKR_OPS_PORT."
            yield Finding("bad", text, remedy, port)
    except OSError:
        yield Finding("good", f"/healthz and /metrics will be at http://{host}:{port}.")


def _ours(finding: Finding, running: int) -> Finding:
    """A port is not taken where the running bot holds it; it would not run without it."""
    if not finding.port or not running:
        return finding
    return Finding("good", f"Port {finding.port} is the running bot's.")


def _schema(settings: Settings, at: str) -> Finding:
    if not at:
        file = database_file(settings)
        return Finding(
            "warn", f"There is no database {file or ''}".rstrip() + " yet.", what_to_do(settings)
        )
    return Finding("bad", f"The database is at {at}, this version needs {head()}.", "okr migrate")


def _machine(settings: Settings) -> Iterator[Finding]:
    file = database_file(settings)
    if file is None:
        return
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "good",
            f"SQLite {sqlite3.sqlite_version} is safe while nothing but okr writes to the file.",
        )
    folder = next(p for p in (file.absolute(), *file.absolute().parents) if p.is_dir())
    free = shutil.disk_usage(folder).free
    if free < ENOUGH_ROOM:
        yield Finding("bad", f"Only {free // 1024**2} MB are free in {folder}.", "Make room.")
    else:
        yield Finding("good", f"There is room on the disk ({free // 1024**3} GB).")


def _organisation(session: Session, now: datetime) -> Iterator[Finding]:
    ours = organisation.organisation(session)
    if ours is None:
        yield Finding("warn", "There is no organisation yet.", "okr init, then okr run")
        return
    count = len(people.everyone(session))
    yield Finding("good", f"{ours.name}: {count} {'person' if count == 1 else 'people'}.")
    voice = Voice(ours.language)
    go = f"Type {voice.line('setup.typed_go')} to the bot."
    states = {
        "waiting": Finding("warn", "Nothing is sent unasked yet.", go),
        "paused": Finding("warn", "The bot is paused.", go),
        "pilot": Finding("good", "The bot runs for a pilot team."),
        "on": Finding("good", "The bot runs for everybody."),
    }
    yield states[ours.running]
    if cycles.current(session, now.date()) is None:
        remedy = f"Type {voice.line('setup.typed_cycle')} and its first Monday."
        yield Finding("bad", "There is no cycle.", remedy)
    if not people.admins(session):
        yield Finding("bad", "There is no admin.", "Set OKR_ADMIN_EMAIL, and import that person.")
    channels = teams.channels(session)
    without = [t.name for t in teams.all_teams(session) if t.id not in channels]
    if without:
        yield Finding(
            "warn", f"No channel for: {', '.join(without)}.", "Name one in the import's teams file."
        )
    reached = people.identities(session)
    lost = [p.name for p in people.everyone(session) if not _reachable(reached.get(p.id or 0, ()))]
    if lost:
        shown = ", ".join(lost[:10]) + (f" and {len(lost) - 10} more" if len(lost) > 10 else "")
        yield Finding("warn", f"Cannot be reached: {shown}.", "okr run looks for their accounts.")


def _reachable(identities: Sequence[Identity]) -> bool:
    return any(row.address and not row.unreachable for row in identities)


def _before_the_first_run(
    load: Callable[[str, Stage], Adapter | Gate], settings: Settings, now: Callable[[], datetime]
) -> list[Finding]:
    """The platforms, which are tried before there is a database: on one that is thrown away."""
    if not settings.organisation or not settings.admin_email:
        return []
    with tempfile.TemporaryDirectory(prefix="okr-doctor-") as room:
        url = f"sqlite:///{Path(room) / 'okr.db'}"
        migrate(url)
        database = open_database(url)
        try:
            return list(_platforms(load, settings, database, now))
        finally:
            database.close()


def _platforms(
    load: Callable[[str, Stage], Adapter | Gate],
    settings: Settings,
    database: Database,
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    for name in settings.platforms:
        try:
            adapter = load(name, Company(database, Clock(now)))
        except ValueError as wrong:
            yield Finding("bad", f"{name}: {wrong}", "Correct .env.")
            continue
        yield from asyncio.run(_check(adapter))


async def _check(adapter: Adapter | Gate) -> list[Finding]:
    return await adapter.check()
