"""Cards written at the moment they are claimed: 500 check-ins, 100 team summaries."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import msgspec
from sqlmodel import Session, col, select

from bot.flows import flows
from bot.term import term
from storage.database import Database
from storage.letters import Letter
from tests.bench.answer import bot_of
from tests.bench.company import MORNING, WEEK, found
from tests.bench.table import Figure, ms
from tests.engines import statements

PEOPLE = 1_000
FRIDAY = MORNING + timedelta(days=4, hours=9)
KINDS = (("checkin", "ask", 500, "check-in cards"), ("digest", "summary", 100, "team summaries"))


def bench(folder: Path) -> Iterable[Figure]:
    """Each kind in a batch of ten and in one of its size: as many statements for either."""
    company = found(folder, PEOPLE)
    bot, _ = bot_of(company)
    asyncio.run(bot.duties.plan())
    for flow, kind, size, what in KINDS:
        few, _ = written(company.database, flow, kind, 10)
        many, took = written(company.database, flow, kind, size)
        yield Figure(
            f"{size} {what} written",
            f"{many} statements, {ms(took / size)} a card",
            f"{few} statements for 10",
            f"{many / few:.0f}×",
            "1×",
            many == few,
        )
    company.database.close()


def written(database: Database, flow: str, kind: str, size: int) -> tuple[int, float]:
    """How many statements a batch of cards needs, and how long it takes."""

    def write(session: Session) -> float:
        batch = session.exec(
            select(Letter)
            .where(Letter.flow == flow, Letter.kind == kind, Letter.week == WEEK)
            .order_by(col(Letter.id))
            .limit(size)
        ).all()
        start = time.perf_counter()
        cards = flows()[flow].write(session, term(session, FRIDAY), batch, FRIDAY)
        shown = [msgspec.json.encode(card) for card in cards.values() if card is not None]
        if len(shown) != size:
            raise ValueError(f"{len(shown)} of {size} cards were written")
        return time.perf_counter() - start

    with statements(database) as seen:
        took = database.read_now(write, patience=None)
    return len(seen), took
