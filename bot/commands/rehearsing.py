"""`okr rehearse`: the weeks to come, played on a copy of one's own data. Nothing is sent."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot.commands.logs import keep_log
from bot.rehearsal.account import Account
from bot.rehearsal.page import may_write, page
from bot.rehearsal.play import Answers, Rehearsal
from bot.rehearsal.printing import show
from bot.settings import read_settings
from storage.copying import copy_of

WEEKS, MOST_WEEKS = 13, 26


def command(now: Callable[[], datetime]) -> Callable[..., None]:
    """The function that typer calls."""

    def rehearse(
        weeks: Annotated[
            int, typer.Option(min=1, max=MOST_WEEKS, help="How many weeks to play.")
        ] = WEEKS,
        answers: Annotated[
            Answers,
            typer.Option(
                help="none: nobody answers, so every reminder goes out. typical: most in time, "
                "some late, a few never. silent: everybody at once with “No change”."
            ),
        ] = "typical",
        html: Annotated[
            Path | None,
            typer.Option(
                help="Write everything as one page: each message by its title, and to whom."
            ),
        ] = None,
        each: Annotated[
            bool,
            typer.Option(
                "--each", help="Print each message by its title, not only how many a day."
            ),
        ] = False,
    ) -> None:
        """Play the coming weeks on a copy of your data, and show what would be sent.

        Nothing is sent, and your data stay as they are. It prints how many messages of which sort
        go out on which day, how many people get a week, who has more than their budget, and who
        cannot be reached.
        """
        keep_log("error")
        if html is not None:
            may_write(html)
        settings = read_settings()
        with tempfile.TemporaryDirectory(prefix="okr-rehearsal-") as room:
            copy = copy_of(settings.database_url, Path(room) / "okr.db")
            try:
                rehearsal = Rehearsal(
                    copy, now(), platform=(settings.chats or ("web",))[0], answers=answers
                )
                found = asyncio.run(_played(rehearsal, now(), weeks))
            finally:
                copy.close()
        if html is not None:  # first, for whoever reads the rest may stop reading
            html.write_text(page(found, rehearsal.assumed, answers, weeks), "utf-8")
        show(found, rehearsal.assumed, answers, weeks, Console(), each=each)
        if html is not None:
            Console().print(Text(f"\nEvery message is in {html}."))

    return rehearse


async def _played(rehearsal: Rehearsal, start: datetime, weeks: int) -> Account:
    """With a bar on the terminal; Ctrl+C ends it with what was played up to there."""
    loop = asyncio.get_running_loop()
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("week {task.fields[week]} of {task.total}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        bar = progress.add_task("Rehearsing", total=weeks, week=1)

        def tell(moment: datetime) -> None:
            gone = (moment - start) / timedelta(weeks=1)
            progress.update(bar, completed=gone, week=min(int(gone) + 1, weeks))

        def stop() -> None:
            loop.remove_signal_handler(signal.SIGINT)  # a second time ends it at once
            progress.update(bar, description="Stopping")
            rehearsal.passage.stop()

        loop.add_signal_handler(signal.SIGINT, stop)
        try:
            return await rehearsal.play(weeks, tell)
        finally:
            loop.remove_signal_handler(signal.SIGINT)
