"""A week of conversations, with everything going wrong, at log level debug: see test_logs.

`python -m tests.operations.talkative URL` logs to standard error and crashes in the end. Whatever
must never be logged holds the word MARKED.
"""

import asyncio
import itertools
import logging
import sys
from typing import Any

import structlog
from sqlmodel import Session

from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.adapter import Outcome, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.replies import Unsaved
from bot.chat.who import Destination
from bot.commands.logs import keep_log
from bot.flows import flows
from bot.operations.metrics import Metrics
from storage.checkins import Update
from storage.cycles import Cycle
from storage.database import Database, StorageError
from storage.engine import open_database
from tests.house import House
from tests.loopback import Loopback

MARKED = "MARKED-7f3a"


def moody(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
    """Every outcome there is, and a kit whose exceptions quote the card and its token."""
    fates: list[Outcome | None] = [Unknown(), TryLater(5), Undeliverable("is_archived"), None]
    if platform.attempts % 7 == 3:
        raise ValueError(f"{MARKED} xoxb-{MARKED}: cannot post {card}")
    if platform.attempts % 5 == 1:
        return fates[platform.attempts % 4]
    return None


async def a_week(database: Database) -> None:
    house = await House.open(database, witness=Metrics())
    house.platform.fate = moody
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.says(BOB, "checkin")
    await house.sends(BOB, form, value_1=MARKED)
    notes = {f"note_{n}": f"{MARKED} {n}" for n in (1, 2, 3, 4)}
    await house.sends(BOB, form, confidence_2="2", next_1=MARKED, **notes)
    for person in (BOB, CHARLIE, DANA):
        for text in (f"{MARKED}?", f"why {MARKED}", f"kr 2 5 {MARKED}", f"summary {MARKED}"):
            await house.says(person, text)
    house.platform.fate = None
    await house.go_to("Fri 18:00")
    await house.go_to("Mon 12:00", week=6)


async def looking_back(database: Database) -> None:
    """Answers without names, taken and not taken, in a quarter that for a day ends this week."""
    house = House(database)
    house._ids = (f"back{n}" for n in itertools.count())

    def ends(session: Session, calendar: str) -> None:
        cycle = session.get_one(Cycle, 1)
        cycle.calendar = calendar
        session.add(cycle)

    await database.write(lambda s: ends(s, '{"weeks": 6, "results_weekday": 0}'))
    await house.go_to("Mon 13:00", week=6)
    for person, much in ((ALICE, 1), (BOB, 1), (CHARLIE, 1), (DANA, 1000)):
        form = await house.presses(person, "retro:open:1:2")
        await house.sends(person, form, achieved=MARKED * much, rhythm="1")
        await house.sends(person, form, learned=MARKED)
    await house.submits(BOB, "retro:answer:1:2:named", {"achieved": MARKED, "few": MARKED})
    await house.go_to("Mon 16:00", week=6)
    assert MARKED in str(house.channel[-1].card)
    await database.write(lambda s: ends(s, "{}"))


async def trouble(database: Database) -> None:
    """Exceptions with values in them, on every way that ends in a log."""
    house = House(database)
    log = structlog.get_logger()

    def refused(session: Session) -> None:
        session.add(
            Update(cycle_id=1, week=1, key_result_id=1, note=MARKED, confidence=99, at=house.now)
        )
        session.flush()

    for logged in (log, logging.getLogger("storage.handing"), logging.getLogger("aiohttp.server")):
        try:
            await database.write(refused)
        except Exception:
            logged.exception("it failed")
    house.bot._soon(lambda: database.write(refused))
    await asyncio.sleep(0.3)

    async def forgotten() -> None:
        raise ValueError(MARKED)

    task = asyncio.create_task(forgotten())
    await asyncio.sleep(0)
    del task
    url = f"postgresql://okr:{MARKED}@127.0.0.1:1/okr"
    away = open_database(url)
    try:
        await away.read(lambda session: session.connection())
    except StorageError as problem:
        log.warning("away", why=str(problem), url=url)
        log.exception("away")
    away.close()
    log.warning("away", url=f"postgresql://okr:half@{MARKED}/@host/okr")
    for wrong in (f"postgresql://okr:{MARKED}/x@host/okr", f"mysql://okr:{MARKED}@host/okr"):
        try:
            open_database(wrong)
        except StorageError:
            log.exception("wrong")


async def unwritten(database: Database) -> None:
    """A flow that stumbles over what somebody wrote."""
    house = House(database)
    flow: Any = flows()["digest"]
    write = flow.write

    def stumble(*_: object) -> None:
        raise KeyError(MARKED)

    flow.write = stumble
    await house.go_to("Fri 18:00", week=6)
    flow.write = write
    database.close()
    try:
        await house.says(BOB, "mine")
    except Unsaved:
        structlog.get_logger().exception("unsaved")


def main(url: str) -> None:
    keep_log("debug")
    database = open_database(url)
    asyncio.run(a_week(database))
    asyncio.run(looking_back(database))
    asyncio.run(trouble(database))
    asyncio.run(unwritten(database))
    raise RuntimeError(MARKED)  # the last words of a crash


if __name__ == "__main__":
    main(sys.argv[1])
