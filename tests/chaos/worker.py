"""The bot as a process of its own, which a test may kill, freeze, cut off and move in time."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import time_machine
from msgspec import Struct
from sqlalchemy import text
from sqlmodel import Session

from bot import courier, deliver, duties
from bot.clock import Clock
from bot.commands.logs import keep_log
from bot.deliver import Delivery
from bot.running import Bot
from storage.database import Database
from storage.engine import open_database
from tests.chaos.failpoints import arm
from tests.chaos.far import Control, Far

HURRIED: tuple[tuple[Any, str], ...] = (
    (courier, "PATIENCE"),
    (courier, "AGAIN"),
    (courier, "LOOK_UP_AFTER"),
    (courier, "LOOK_UP_AT_LEAST_EVERY"),
    (courier, "EDIT_AGAIN"),
    (courier, "PAUSE"),
    (deliver, "LEASE"),
    (deliver, "REWRITE_AFTER"),
    (deliver, "TICK"),
    (deliver, "PAUSE"),
    (duties, "LEASE"),
)
"""All the bot's waiting. It is made shorter together, so that what must outlast what still does."""


class Orders(Struct, kw_only=True, omit_defaults=True):
    """What a worker is told at its start."""

    url: str
    platform: str
    name: str
    serves: tuple[str, ...] = ("loopback",)
    start: datetime | None = None
    """Business time; the real one where there is none."""
    hurry: float = 20.0
    """How many times shorter all waiting is."""
    rate: float = 200.0
    looks_up: bool = True
    deliveries: int = 1
    doom: str = ""


def work(orders: Orders) -> None:
    """Run until SIGTERM, or until it strikes."""
    keep_log("info")
    for module, name in HURRIED:
        setattr(module, name, getattr(module, name) / orders.hurry)
    if orders.doom:
        arm(orders.doom)
    database = open_database(orders.url)
    try:
        asyncio.run(_run(orders, database))
    finally:
        database.close()


async def _run(orders: Orders, database: Database) -> None:
    controls: dict[str, Control] = {"clock": _move_clock, "pages": _quota(database)}
    adapters = {
        name: Far(name, orders.platform, rate=orders.rate, looks_up=orders.looks_up,
                  listens_as=f"{orders.name}-{name}", controls=controls)
        for name in orders.serves
    }  # fmt: skip
    clock = Clock(lambda: datetime.now(UTC), orders.start)
    life = f"{orders.name}:{os.getpid()}"
    bot = Bot(database, adapters, clock, life)
    bot.delivery = Delivery(database, adapters, clock, life, deliver.LEASE, bot.witness)
    others = [
        Delivery(database, adapters, clock, f"{life}:{n}", deliver.LEASE)
        for n in range(1, orders.deliveries)
    ]
    running = asyncio.create_task(bot.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    beside = [asyncio.create_task(other.run()) for other in others]
    for other in others:
        other.wake()
    with suppress(asyncio.CancelledError):
        await running
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)


async def _move_clock(seconds: str) -> str:
    """The machine's wall clock is moved, as everything in this process sees it."""
    time_machine.travel(time.time() + float(seconds), tick=True).start()
    return ""


def _quota(database: Database) -> Control:
    """The database may grow by so many pages and no more; by as many as it likes where negative."""

    async def set_quota(more: str) -> str:
        def unit(session: Session) -> str:
            connection = session.connection()
            used = connection.execute(text("PRAGMA page_count")).scalar_one()
            most = used + int(more) if int(more) >= 0 else 2**30
            return str(connection.execute(text(f"PRAGMA max_page_count={most}")).scalar_one())

        return await database.write(unit, patience=None)

    return set_quota
