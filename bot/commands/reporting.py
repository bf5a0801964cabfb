"""`okr report`: what did not arrive, and what to do about it; also while the bot runs."""

from collections.abc import Callable, Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text as Line
from sqlmodel import Session

from bot.chat.cards import Block, Bullets, Card, Facts, Text
from bot.commands.rooms import looked_at
from bot.flows.report import command_line
from bot.term import term
from bot.texts import Voice, plain
from storage.database import Database


def command(now: Callable[[], datetime]) -> Callable[[], None]:
    """The function that typer calls."""

    def report() -> None:
        """Say who could not be reached and why, and what came too late or perhaps not at all."""
        with looked_at() as database:
            card = _card(database, now())
        console = Console()
        for line in _lines(card):
            console.print(line)

    return report


def _card(database: Database, now: datetime) -> Card:
    def unit(session: Session) -> Card:
        at_the_moment = term(session, now)
        ours = at_the_moment.organisation
        return command_line(session, at_the_moment, Voice(ours.language, ours.zone))

    return database.read_now(unit)


def _lines(card: Card) -> Iterator[Line]:
    yield Line(card.title, "bold")
    for block in card.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Line]:
    match block:
        case Text(spans=spans, style="heading"):
            yield Line(f"\n{plain(spans)}", "bold")
        case Text(spans=spans, style=style):
            yield Line(plain(spans), "dim" if style == "quiet" else "")
        case Bullets(items=items):
            yield from (Line(f"  - {plain(item)}") for item in items)
        case Facts(facts=facts):
            yield Line("")
            yield from (Line(f"{fact.label}: {plain(fact.value)}") for fact in facts)
        case _:
            raise TypeError(f"a report has no {type(block).__name__}")
