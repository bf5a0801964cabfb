"""The answer path on PostgreSQL: a check-in of five key results, by ten tasks.

The floor is psycopg alone, which writes the very rows that each answer left, in a copy of the
database: ten connections, one transaction an answer. The server comes out of a wheel and does not
wait for the disk, for either.
"""

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from storage.engine import open_database
from tests.bench.answer import (
    TASKS,
    Heard,
    Written,
    answers,
    asked,
    bot_of,
    timed,
    written_by,
)
from tests.bench.answer import heard as all_heard
from tests.bench.company import Company, found_at
from tests.bench.table import Figure, middle, ms
from tests.engines import Server

PEOPLE = 2_000
ROUNDS, A_ROUND = 6, 100
LEAST, PATIENCE = 25, 0.050


def bench(folder: Path) -> Iterable[Figure]:
    """Ours and psycopg's in turn."""
    server = Server()
    try:
        yield from _figures(server, folder)
    finally:
        server.close()


def _figures(server: Server, folder: Path) -> Iterable[Figure]:
    url = server.empty(folder)
    company = found_at(url, PEOPLE)
    bot, _ = bot_of(company)
    asyncio.run(bot.duties.plan())
    company.database.write_now(asked, patience=None)
    company.database.close()
    raw = server.copy_of(url)
    company = Company(open_database(url), PEOPLE)
    ours, floor = _in_turn(company, raw)
    company.database.close()
    rate, least = middle(h.rate for h in ours), middle(h.rate for h in floor)
    slowest = middle(max(h.latencies) for h in ours)
    yield Figure(
        f"The same on PostgreSQL, {TASKS} at once, {PEOPLE:,} people",
        f"{rate:,.0f} a second",
        f"{least:,.0f} a second (psycopg, same rows)",
        f"1/{least / rate:.0f}",
        f"1/{LEAST}",
        least / rate <= LEAST,
    )
    yield Figure(
        f"… the slowest of {A_ROUND}, in the middle one of {ROUNDS} rounds",
        ms(slowest),
        f"with {middle(h.share for h in ours):.0%} of a processor",
        aim=ms(PATIENCE),
        reached=slowest <= PATIENCE,
    )


def _in_turn(company: Company, raw: str) -> tuple[list[Heard], list[Heard]]:
    bot, platform = bot_of(company)
    asyncio.run(all_heard(bot, platform, answers(company, 1, 40)))
    ours, floor = [], []
    with ThreadPoolExecutor(TASKS) as threads, ExitStack() as open_ones:
        connections = [open_ones.enter_context(_connected(raw)) for _ in range(TASKS)]
        for number in range(ROUNDS):
            with written_by(company.database) as written:
                events = list(answers(company, 100 + number * A_ROUND, A_ROUND))
                others_first = (each for n in range(4) for each in events[n::4])
                ours.append(asyncio.run(all_heard(bot, platform, others_first)))
            shares = [written[n::TASKS] for n in range(TASKS)]
            heard = Heard(latencies=[0.0] * len(written))
            with timed(heard):
                list(threads.map(_replayed, connections, shares))
            floor.append(heard)
    return ours, floor


def _connected(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _replayed(raw: psycopg.Connection, answers: Sequence[Written]) -> None:
    with raw.cursor() as cursor:
        for written in answers:
            with raw.transaction():
                for said, values, many in written:
                    cursor.executemany(said, values) if many else cursor.execute(said, values)
