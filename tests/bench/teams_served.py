"""What the Teams bench measures, each a process of its own: the bot, and a stock adapter.

`python -m tests.bench.teams_served okr|stock PORT TEAMS [DATABASE STALLS]`
"""

import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web

from adapters.teams.adapter import Teams
from adapters.teams.server import PATH
from adapters.teams.settings import Config
from bot.clock import Clock
from bot.running import Bot
from storage.engine import open_database
from tests.adapters.teams.loopback import SECRET
from tests.adapters.teams.world import APP, TENANT
from tests.bench.company import MORNING

STEP = 0.005


def main(kind: str, port: str, teams: str, *more: str) -> None:
    """Serve until ended."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    logging.basicConfig(level=logging.CRITICAL)
    if kind == "okr":
        asyncio.run(_okr(int(port), teams, *more))
    else:
        web.run_app(_stock(teams), host="127.0.0.1", port=int(port), print=None, access_log=None)


async def _okr(port: int, teams: str, url: str, stalls: str) -> None:
    """The whole bot on its database, which lives on one Monday morning."""
    adapter = Teams(Config(
        app_id=APP, app_password=SECRET, tenant_id=TENANT, tenants=frozenset({TENANT}),
        service_urls=(f"{teams}/emea/",), port=port, login_url=teams, keys_url=f"{teams}/openid",
    ))  # fmt: skip
    bot = Bot(open_database(url), {"teams": adapter}, Clock(lambda: MORNING), "bench")
    watching = asyncio.create_task(_watch(Path(stalls)))
    await bot.run()
    watching.cancel()


async def _watch(file: Path) -> None:
    """Write into a file whenever the loop stands still for long: when, and for how many seconds."""
    with file.open("a", buffering=1) as told:
        while True:
            since = time.perf_counter()
            await asyncio.sleep(STEP)
            stood = time.perf_counter() - since - STEP
            if stood > STEP:
                told.write(f"{time.time()} {stood}\n")


def _stock(teams: str) -> web.Application:
    """botbuilder's own adapter as its samples show it: the token checked, nothing said or kept."""
    from botbuilder.integration.aiohttp import (  # an optional dependency of the bench
        CloudAdapter,
        ConfigurationBotFrameworkAuthentication,
    )
    from botframework.connector.auth import ChannelValidation

    ChannelValidation.open_id_metadata_endpoint = f"{teams}/openid"
    configuration = type("Settings", (), {"APP_ID": APP, "APP_PASSWORD": SECRET})()
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(configuration))

    class Bare:
        async def on_turn(self, _: Any) -> None:
            """A message was taken."""

    async def hear(request: web.Request) -> web.Response:
        answer: web.Response = await adapter.process(request, Bare())
        return answer

    app = web.Application()
    app.router.add_post(PATH, hear)
    return app


if __name__ == "__main__":
    main(*sys.argv[1:])
