"""The answer path: a check-in of five key results heard, stored and answered, by ten tasks.

The slowest of a hundred is taken round by round, for a machine that others use as well makes one
round in ten as slow as it likes; beside it stands how much of a processor the bench was given.

The floor is sqlite3 alone, which stores the rows that as many answers left: the same statements
with the same values, one connection, the same pragmas, one transaction an answer. They are other
people's answers, for whoever looks at statements holds them up.
"""

import asyncio
import itertools
import sqlite3
import time
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, event
from sqlmodel import Session

from bot.chat.events import Submitted
from bot.chat.replies import Quiet, Reply, Say, Unsaved
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.running import Bot
from storage.database import Database
from storage.letters import LETTER
from storage.on_sqlite import sqlite_engine
from tests.bench.company import MORNING, PLATFORM, WEEK, Company, email, found
from tests.bench.table import Figure, middle, ms
from tests.loopback import Loopback

PEOPLE = 10_000
TASKS = 10
ROUNDS, A_ROUND = 10, 100
AIM, LEAST, PATIENCE = 15, 25, 0.050

Written: TypeAlias = list[tuple[str, Any, bool]]
"""The statements of one answer that write, their values, and whether these are many rows."""


def bench(folder: Path) -> Iterable[Figure]:
    """Alone, and while a plan for everybody runs."""
    company = found(folder, PEOPLE)
    bot, platform = bot_of(company)
    asyncio.run(bot.duties.plan())
    company.database.write_now(asked, patience=None)
    asyncio.run(heard(bot, platform, answers(company, 1, 40)))
    alone, floor = _against_raw(folder, company, bot, platform)
    busy = asyncio.run(_while_planning(bot, platform, company))
    company.database.close()
    rate = middle(f.rate for f in floor)
    ratio = rate / middle(h.rate for h in alone)
    work = middle(h.work for h in alone) / middle(f.work for f in floor)
    slowest = middle(max(h.latencies) for h in alone)
    busiest = percentile(busy.latencies, 0.99)
    yield Figure(
        f"Check-ins with 5 key results answered, {TASKS} at once, {PEOPLE:,} people",
        f"{middle(h.rate for h in alone):,.0f} a second",
        f"{rate:,.0f} a second (sqlite3, same rows)",
        f"1/{ratio:.0f}",
        f"1/{AIM}",
        ratio <= AIM,
    )
    yield Figure("… the least that will do", "", "", f"1/{ratio:.0f}", f"1/{LEAST}", ratio <= LEAST)
    yield Figure(
        "… processor time of one answer",
        ms(middle(h.work for h in alone)),
        f"{ms(middle(f.work for f in floor))} (sqlite3, same rows)",
        f"1/{work:.0f}",
        f"1/{AIM}",
        work <= AIM,
    )
    yield Figure(
        f"… the slowest of {A_ROUND}, in the middle one of {ROUNDS} rounds",
        ms(slowest),
        f"with {middle(h.share for h in alone):.0%} of a processor",
        aim=ms(PATIENCE),
        reached=slowest <= PATIENCE,
    )
    yield Figure(
        f"… while the plan for {PEOPLE:,} people is made",
        f"{ms(busiest)}, {busy.rate:,.0f} a second",
        f"with {busy.share:.0%} of a processor",
        aim=ms(PATIENCE),
        reached=busiest <= PATIENCE,
    )


@dataclass
class Heard:
    """How a number of answers went."""

    seconds: float = 0.0
    worked: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds, each."""

    @property
    def share(self) -> float:
        """How much of a processor this process had: it can use one, and others may take it."""
        return self.worked / self.seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def work(self) -> float:
        """Seconds of a processor that an answer took."""
        return self.worked / len(self.latencies)


def percentile(latencies: Iterable[float], share: float) -> float:
    """The time within which this share was answered."""
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def bot_of(company: Company) -> tuple[Bot, Loopback]:
    """The bot of a company, and the platform it speaks on."""
    platform = Loopback()
    return Bot(company.database, {PLATFORM: platform}, Clock(lambda: MORNING), "bench"), platform


def asked(session: Session) -> None:
    """As if everybody had been asked in this week and the last."""
    rest = ", ".join(f'"{c.name}"' for c in LETTER.c if c.name not in ("id", "key", "week"))
    sent = "SET state = 'sent', message_id = 'm' || id, sent_at = due_at"
    before = f"(key, week, {rest}) SELECT key || ':before', week - 1, {rest}"
    those = f"WHERE kind = 'ask' AND week = {WEEK}"
    session.connection().exec_driver_sql(f"UPDATE letter {sent} {those}")
    session.connection().exec_driver_sql(f"INSERT INTO letter {before} FROM letter {those}")


def answers(company: Company, first: int, count: int) -> Iterator[Submitted]:
    """New answers of different people for this week and the last, each then edited."""
    people = range(first, first + count // 4)
    once = itertools.product(people, (WEEK, WEEK - 1), (30, 31))
    return (answer(company, *which, f"a{first}-{n}") for n, which in enumerate(once))


def answer(company: Company, person: int, week: int, value: int, id: str) -> Submitted:
    """What a platform sends when somebody submits the form."""
    values: dict[str, str | tuple[str, ...]] = {}
    for kr in company.owned(person):
        values |= {f"value-{kr}": f"{value}.5", f"confidence-{kr}": "7", f"note-{kr}": "calls"}
    values |= {"meant": ("0",), "blocker": "", "helper": "", "by": "", "next-0": "Ask Nord"}
    opened = int(MORNING.timestamp()) - 40
    return Submitted(
        Actor(PLATFORM, "", email(person)),
        Destination(PLATFORM, "", f"dm:{email(person)}"),
        id,
        f"checkin:answer:1:{week}:{opened}",
        values,
    )


async def hear(bot: Bot, platform: Loopback, events: Iterator[Submitted], heard: Heard) -> None:
    """One task: each event as soon as the one before was answered."""
    for each in events:
        start = time.perf_counter()
        reply: Reply = Quiet()
        with suppress(Unsaved):  # as slow as people's patience: it counts as that
            reply = await bot.hear(platform, each)
        heard.latencies.append(time.perf_counter() - start)
        if not isinstance(reply, Say | Quiet):
            raise TypeError(f"this is no answer: {reply}")


async def heard(
    bot: Bot, platform: Loopback, events: Iterator[Submitted], tasks: int = TASKS
) -> Heard:
    """How ten tasks, or so many, are answered that share these events."""
    found = Heard()
    with timed(found):
        await asyncio.gather(*(hear(bot, platform, events, found) for _ in range(tasks)))
    return found


@contextmanager
def timed(heard: Heard) -> Iterator[None]:
    """Tell it how long this takes, and how long a processor works meanwhile."""
    start, worked = time.perf_counter(), time.process_time()
    yield
    heard.seconds = time.perf_counter() - start
    heard.worked = time.process_time() - worked


def _against_raw(
    folder: Path, company: Company, bot: Bot, platform: Loopback
) -> tuple[list[Heard], list[Heard]]:
    """Ours and sqlite3's in turn, so that whatever else the machine does slows both."""
    copy = folder / "raw.db"
    company.database.backup(copy)
    raw = sqlite_engine(copy).raw_connection()
    alone, floor = [], []
    for number in range(ROUNDS):
        events = answers(company, 100 + number * A_ROUND, A_ROUND)
        alone.append(asyncio.run(heard(bot, platform, events)))
        with written_by(company.database) as written:
            others = answers(company, 2_500 + number * A_ROUND, A_ROUND)
            asyncio.run(heard(bot, platform, others, tasks=1))  # each in its own transaction
        floor.append(_replayed(raw.driver_connection, written))  # type: ignore[arg-type] # it is sqlite3's
    raw.close()
    return alone, floor


@contextmanager
def written_by(database: Database) -> Iterator[list[Written]]:
    """What each answer writes, as the driver is told it; what is rolled back is not among it."""
    written: list[Written] = []

    def begin(connection: Connection) -> None:
        connection.info["written"] = []
        written.append(connection.info["written"])

    def see(
        connection: Connection, _: object, said: str, values: Any, _x: object, many: bool
    ) -> None:
        if said.startswith(("INSERT", "UPDATE", "DELETE")):
            connection.info["written"].append((said, values, many))

    def forget(connection: Connection) -> None:
        written.remove(connection.info["written"])

    engine = database.engines[0]
    event.listen(engine, "begin", begin)
    event.listen(engine, "rollback", forget)
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield written
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "rollback", forget)
        event.remove(engine, "before_cursor_execute", see)


def _replayed(raw: sqlite3.Connection, answers: list[Written]) -> Heard:
    """How sqlite3 writes the same."""
    heard = Heard()
    with timed(heard):
        for written in answers:
            start = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            for said, values, many in written:
                raw.executemany(said, values) if many else raw.execute(said, values).fetchall()
            raw.execute("COMMIT")
            heard.latencies.append(time.perf_counter() - start)
    return heard


async def _while_planning(bot: Bot, platform: Loopback, company: Company) -> Heard:
    """Answers from the first to the last moment of a plan that has everything to do."""
    await company.database.write(_forget_plan, patience=None)
    plan = asyncio.create_task(bot.duties.plan())
    heard = Heard()

    def until_planned() -> Iterator[Submitted]:
        for each in answers(company, 5_000, 20_000):
            if plan.done():
                return
            yield each

    events = until_planned()
    tasks: list[Awaitable[None]] = [hear(bot, platform, events, heard) for _ in range(TASKS)]
    with timed(heard):
        await asyncio.gather(*tasks)
    await plan
    return heard


def _forget_plan(session: Session) -> None:
    session.connection().exec_driver_sql("DELETE FROM letter WHERE state = 'planned'")
