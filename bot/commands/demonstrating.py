"""`okr demo`: a sample company on this machine, with a clock to move."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.chat.adapter import Adapter, Gate
from bot.chat.stage import Stage
from bot.clock import Clock
from bot.commands.logs import keep_log
from bot.commands.rooms import prepare
from bot.commands.serving import until_stopped, worker
from bot.demo.show import SETTINGS, START_WEEK, Show
from bot.stage import Company
from storage.engine import open_database

FOLDER = Path("data/demo")
YEARS = range(2000, 2101)


def command(
    load: Callable[[str, Stage], Adapter | Gate], now: Callable[[], datetime]
) -> Callable[..., None]:
    """The function that typer calls."""

    def demo(
        keep: Annotated[
            bool, typer.Option("--keep", help="Go on where the last demo stopped.")
        ] = False,
        on: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="A day of the week to start in; else today."),
        ] = None,
        week: Annotated[
            int, typer.Option(min=1, max=13, help="The week of the quarter to start in.")
        ] = START_WEEK,
    ) -> None:
        """Start a sample company in the middle of a quarter, on this machine only."""
        if on is not None and on.year not in YEARS:
            raise typer.BadParameter(
                f"{on.date()} is too far away: a year from {YEARS[0]} to {YEARS[-1]} will do.",
                param_hint="--on",
            )
        keep_log("warning")
        FOLDER.mkdir(parents=True, exist_ok=True)
        if (FOLDER / "okr.db").exists():
            open_database(f"sqlite:///{FOLDER / 'okr.db'}").close()  # refused where one is running
        if not keep:
            for old in (*FOLDER.glob("okr.db*"), *FOLDER.glob("web.db*")):
                old.unlink()
        settings = SETTINGS.model_copy(
            update={"database_url": f"sqlite:///{FOLDER / 'okr.db'}", "platforms": ("web",)}
        )
        os.environ["OKR_WEB_STORE"] = str(FOLDER / "web.db")
        prepare(settings)
        database = open_database(settings.database_url)
        clock = Clock(now)
        company = Company(database, clock)
        try:
            adapter = load("web", company)
            if isinstance(adapter, Gate):
                raise TypeError("nobody can chat through a gate")
            show = Show(database, clock, adapter, worker())
            company.hands = show

            async def perform() -> None:
                if not (keep and await show.resume()):
                    await show.open((on or now()).date(), week)
                Console().print(Text(_welcome()))
                await until_stopped(show.bot, settings)

            asyncio.run(perform())
        finally:
            database.close()

    return demo


def _welcome() -> str:
    port = os.environ.get("OKR_WEB_PORT", "8420")
    return (
        f"\n  The sample company is open: http://127.0.0.1:{port}/"
        "\n  Choose who you are, answer your check-in, then press “Next day”."
        "\n  Stop it with Ctrl+C.\n"
    )
