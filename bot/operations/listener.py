"""A small listener of its own for probes and Prometheus, on loopback unless told otherwise."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from math import inf
from pathlib import Path

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlmodel import Session

from bot.operations.health import Part, alive, ready
from bot.operations.metrics import Metrics
from bot.running import Bot
from storage import missed
from storage.backlog import Backlog, backlog
from storage.database import Unavailable

KEPT = 5.0
"""Seconds for which what the database said is said again to whoever scrapes."""

log = structlog.get_logger()


@asynccontextmanager
async def listening(
    bot: Bot, metrics: Metrics, host: str, port: int, file: Path | None, serves: str = ""
) -> AsyncIterator[int]:
    """Answer probes while the block lasts; gives the port. `file` is SQLite's database.

    `serves` is the mark of the database, by which `okr doctor` knows whose bot this is.
    """
    app = Listener(bot, metrics, file, serves).app()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    watching = asyncio.create_task(metrics.watch())
    try:
        await _listen(runner, host, port)
        number = int(runner.addresses[0][1])
        at = f"http://{f'[{host}]' if ':' in host else host}:{number}"
        log.info("operations.listening", health=f"{at}/healthz", metrics=f"{at}/metrics")
        yield number
    finally:
        watching.cancel()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"Port {port} is taken, by another okr perhaps. Stop that one, or "
            "choose another port with OKR_OPS_PORT (0 for none)",
        }.get(error.errno or 0, f"OKR_OPS_HOST: {host!r} is no address of this machine")
        raise OSError(error.errno, why) from None


class Listener:
    """/livez, /readyz and /healthz as JSON, with 503 where something is not well; /metrics."""

    def __init__(self, bot: Bot, metrics: Metrics, file: Path | None, serves: str = "") -> None:
        self.bot = bot
        self.metrics = metrics
        self.file = file
        self.serves = serves
        self._found: Backlog | None = None
        self._looked_at = -inf
        self._looking = asyncio.Lock()

    def app(self) -> web.Application:
        """Its routes."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/livez", self.livez),
                web.get("/readyz", self.readyz),
                web.get("/healthz", self.healthz),
                web.get("/metrics", self.scraped),
            ]
        )
        return app

    async def livez(self, _: web.Request) -> web.Response:
        """Whether the process should be left alone."""
        about = {"process": os.getpid(), "serves": self.serves}
        return _said(about, live=alive(self.metrics))

    async def readyz(self, _: web.Request) -> web.Response:
        """Whether it does what it is there for."""
        return _said({}, ready=await ready(self.bot, self.metrics, self.file))

    async def healthz(self, _: web.Request) -> web.Response:
        """Both."""
        parts = await ready(self.bot, self.metrics, self.file)
        return _said({}, live=alive(self.metrics), ready=parts)

    async def scraped(self, _: web.Request) -> web.Response:
        """What Prometheus reads; also while the database is away."""
        page = self.metrics.page(await self._backlog(), self.bot.clock.now())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _backlog(self) -> Backlog | None:
        async with self._looking:
            if self.metrics.steady() - self._looked_at >= KEPT:
                self._found = await self._look()
                self._looked_at = self.metrics.steady()
            return self._found

    async def _look(self) -> Backlog | None:
        """What only the database knows, in two statements at most."""
        now, answers = self.bot.clock.now(), self.metrics.unmeasured

        def unit(session: Session) -> tuple[Backlog, Mapping[tuple[int, int, int], datetime]]:
            asked = missed.first_asked(session, [answer[:3] for answer in answers])
            return backlog(session, now, self.bot.adapters), asked

        try:
            found, asked = await self.bot.database.read(unit)
        except Unavailable as problem:
            log.warning("operations.database_away", why=str(problem))
            self.metrics.away("metrics", problem)
            return None
        self.metrics.measured(answers, asked)
        return found


def _said(about: Mapping[str, object], **states: Sequence[Part]) -> web.Response:
    well = {name: all(part.well for part in parts) for name, parts in states.items()}
    parts = [part for own in states.values() for part in own]
    body = {**about, **well} | {"parts": {p.name: {"well": p.well, "says": p.says} for p in parts}}
    return web.json_response(body, status=200 if all(well.values()) else 503)
