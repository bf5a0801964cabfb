"""Planning a week for 10,000 people, watched by a task that ticks: nobody else may be held up.

The floor is sqlite3 alone, which writes the same letters in one transaction.
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from bot.flows import flows
from storage.on_sqlite import sqlite_engine
from tests.bench.answer import bot_of
from tests.bench.company import found
from tests.bench.table import Figure, ms

PEOPLE = 10_000
AIM, STALL = 2.0, 0.100


def bench(folder: Path) -> Iterable[Figure]:
    """Once with everything to do, once with nothing."""
    flows()  # a bot that runs has read them
    company = found(folder, PEOPLE)
    bot, _ = bot_of(company)
    new, took, stall = asyncio.run(_watched(bot.duties.plan()))
    none, again, stall_again = asyncio.run(_watched(bot.duties.plan()))
    if none or not new:
        raise ValueError(f"{new} letters were planned, and then {none}")
    company.database.close()
    floor = _raw(folder / "okr.db")
    yield Figure(
        f"A week planned for {PEOPLE:,} people and {PEOPLE // 10:,} teams, {new:,} letters",
        ms(took),
        f"{ms(floor)} (sqlite3, same rows)",
        f"{took / floor:.0f}×",
        ms(AIM),
        took <= AIM,
    )
    yield Figure(
        "… the longest stall of the loop", ms(stall), aim=ms(STALL), reached=stall <= STALL
    )
    yield Figure("… planned again, nothing to do", ms(again), aim=ms(AIM), reached=again <= AIM)
    yield Figure(
        "… its longest stall", ms(stall_again), aim=ms(STALL), reached=stall_again <= STALL
    )


async def _watched(work: object) -> tuple[int, float, float]:
    """What came of it, how long it took, and the longest that the loop did not turn."""
    longest, last = 0.0, time.perf_counter()

    async def tick() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            longest, last = max(longest, now - last - 0.005), now

    ticking = asyncio.create_task(tick())
    start = time.perf_counter()
    result = await work  # type: ignore[misc] # a coroutine
    took = time.perf_counter() - start
    await asyncio.sleep(0.01)
    ticking.cancel()
    return int(result), took, longest


def _raw(file: Path) -> float:
    with closing(sqlite3.connect(file)) as read:
        rows = read.execute("SELECT * FROM letter").fetchall()
    raw: sqlite3.Connection = sqlite_engine(file).raw_connection().driver_connection  # type: ignore[assignment] # it is
    raw.execute("DELETE FROM letter")
    start = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(f"INSERT INTO letter VALUES ({', '.join('?' * len(rows[0]))})", rows)
    raw.execute("COMMIT")
    return time.perf_counter() - start
