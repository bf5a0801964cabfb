"""A company whose bot is watched: by probes and Prometheus over HTTP, as in a data centre."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.operations.listener import listening
from bot.operations.metrics import Metrics
from storage.database import Database
from storage.on_sqlite import OnSqlite
from tests.house import House

HOST = "127.0.0.1"


class Watched:
    """The house with its listener; `moment` is the steady clock of its pulse."""

    def __init__(self) -> None:
        self.moment = 1000.0
        self.metrics = Metrics(lambda: self.moment)
        self.house: House
        self.port = 0

    async def get(self, path: str) -> tuple[int, Any]:
        """The status and the JSON at a path."""
        async with aiohttp.ClientSession() as session:
            reply = await session.get(f"http://{HOST}:{self.port}{path}")
            return reply.status, await reply.json()

    async def wrong(self) -> dict[str, str]:
        """What is not well, in its words; the status must agree."""
        status, said = await self.get("/readyz")
        found = {n: p["says"] for n, p in said["parts"].items() if not p["well"]}
        assert (status, said["ready"]) == ((503, False) if found else (200, True))
        return found

    async def scraped(self) -> dict[str, float]:
        """Every sample by its name and labels."""
        async with aiohttp.ClientSession() as session:
            reply = await session.get(f"http://{HOST}:{self.port}/metrics")
            assert reply.status == 200
            lines = (await reply.text()).splitlines()
        samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}

    def beat(self) -> None:
        """What the metronome says after each round."""
        self.metrics.beat("tick")
        self.metrics.beat("plan")


@asynccontextmanager
async def watched(database: Database) -> AsyncIterator[Watched]:
    """A watched house, for as long as the block lasts."""
    one = Watched()
    one.house = await House.open(database, witness=one.metrics)
    file = database.path if isinstance(database, OnSqlite) else None
    async with listening(one.house.bot, one.metrics, HOST, 0, file) as one.port:
        yield one
