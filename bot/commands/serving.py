"""`okr run`: the bot, until it is told to stop."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.chat.adapter import Adapter, Gate
from bot.chat.stage import Stage
from bot.clock import Clock
from bot.commands.logs import keep_log
from bot.commands.rooms import database_file, prepare
from bot.founding import found
from bot.running import Bot
from bot.settings import Settings, read_settings
from bot.stage import Company
from bot.term import NotSetUp
from storage.database import Database
from storage.engine import mark_of, open_database
from storage.handing import Payload, Refused, serve, socket_of


def command(
    load: Callable[[str, Stage], Adapter | Gate], now: Callable[[], datetime]
) -> Callable[[], None]:
    """The function that typer calls."""

    def run() -> None:
        """Run the bot until it is stopped (Ctrl+C, or SIGTERM)."""
        settings = read_settings()
        keep_log(settings.log_level)
        copy = prepare(settings)
        if copy is not None:
            Console().print(Text(f"The database was upgraded; a copy from before is {copy}."))
        database = open_database(settings.database_url, durable=settings.durable)
        try:
            database.write_now(lambda session: found(session, settings, now()), patience=None)
            clock = Clock(now)
            company = Company(database, clock)
            ways = {name: load(name, company) for name in settings.platforms}
            asyncio.run(_greet(company, ways))
            asyncio.run(_serve(database, ways, clock, settings))
        finally:
            database.close()

    return run


async def _serve(
    database: Database, ways: dict[str, Adapter | Gate], clock: Clock, settings: Settings
) -> None:
    """Run, watched by those who asked for that."""
    gates = {name: way for name, way in ways.items() if isinstance(way, Gate)}
    adapters = {name: way for name, way in ways.items() if not isinstance(way, Gate)}
    if not settings.ops_port:
        await until_stopped(Bot(database, adapters, clock, worker(), gates=gates), settings)
        return
    from bot.operations.listener import listening  # takes a while to load, and not all want it
    from bot.operations.metrics import Metrics

    metrics = Metrics()
    bot = Bot(database, adapters, clock, worker(), witness=metrics, gates=gates)
    where = (settings.ops_host, settings.ops_port)
    file, mark = database_file(settings), mark_of(settings.database_url)
    async with listening(bot, metrics, *where, file, mark):
        await until_stopped(bot, settings)


async def _greet(company: Company, ways: dict[str, Adapter | Gate]) -> None:
    """Say where the bot can be found, and what is not well."""
    console = Console()
    console.print(Text(f"okr runs for {company.organisation} on {', '.join(ways)}."))
    for way in ways.values():
        for finding in await way.check():
            console.print(Text(f"{finding.text} {finding.remedy}".strip()))


def worker() -> str:
    """A name for this life of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


async def until_stopped(bot: Bot, settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM; raises what an adapter fails with at its start."""
    loop, task = asyncio.get_running_loop(), asyncio.create_task(bot.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    async with _taking_work(bot, settings):
        with suppress(asyncio.CancelledError):
            try:
                await task
            except ExceptionGroup as several:
                raise several.exceptions[0] from several


@asynccontextmanager
async def _taking_work(bot: Bot, settings: Settings) -> AsyncIterator[None]:
    """On SQLite, do what verbs of the command line ask for while the bot holds the file."""
    file = database_file(settings)
    if file is None:
        yield
        return

    async def take(verb: str, payload: Payload) -> Payload:
        match verb:
            case "import":
                return await _import(bot, payload)
            case "alive":
                return {"process": os.getpid()}
            case "token make" | "token revoke" | "person erase":
                return await _write(bot, verb, payload)
            case _:
                raise Refused(f"The running bot cannot do {verb!r}: stop it first.")

    async with serve(socket_of(file), take):
        yield


async def _write(bot: Bot, verb: str, payload: Payload) -> Payload:
    from bot.commands.short import WRITING  # loaded by the first of them, not by every start

    now = bot.clock.now()
    try:
        done = await bot.database.write(
            lambda session: WRITING[verb](session, payload, now), patience=None
        )
    except (ValueError, NotSetUp) as problem:
        raise Refused(str(problem)) from problem
    await bot.duties.plan(at_once=True)
    return done


async def _import(bot: Bot, payload: dict[str, Any]) -> Payload:
    from bot.commands import importing  # loaded by the first import, not by every start

    out = StringIO()
    console = Console(file=out, width=payload["width"], force_terminal=payload["colour"])
    code = await asyncio.to_thread(
        importing.run,
        [Path(file) for file in payload["files"]],
        bot.database,
        bot.clock.now(),
        write=payload["write"],
        locale=payload["locale"],
        console=console,
        only=payload.get("only"),
    )
    if payload["write"] and code == 0:
        await bot.duties.rollup()
        await bot.duties.plan()
    return {"shown": out.getvalue(), "code": code}
