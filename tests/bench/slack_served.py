"""What the Slack bench measures, each a process of its own: the bot, and an app that only acks.

`python -m tests.bench.slack_served okr|bare PORT API [DATABASE [RATE]]`
"""

import asyncio
import logging
import re
import sys
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.adapter import Slack
from adapters.slack.manifest import PATH
from adapters.slack.rates import A_SECOND
from adapters.slack.settings import Access, Config
from bot.clock import Clock
from bot.running import Bot, Kept
from storage.engine import open_database
from tests.adapters.slack.loopback import BOT_TOKEN, SECRET
from tests.bench.company import MORNING


def main(kind: str, port: str, api: str, database: str = "", rate: str = "") -> None:
    """Serve until ended."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    logging.basicConfig(level=logging.ERROR)
    if kind == "okr":
        asyncio.run(_okr(int(port), api, database, float(rate or A_SECOND)))
    else:
        web.run_app(_bare(api).web_app(path=PATH, port=int(port)), host="127.0.0.1",
                    port=int(port), print=None, access_log=None)  # fmt: skip


async def _okr(port: int, api: str, url: str, rate: float) -> None:
    """The whole bot on its database, which lives on one Monday morning."""
    access = Access("", BOT_TOKEN, signing_secret=SECRET)
    adapter = Slack(Config((access,), port=port, rate=rate, api_url=api))
    bot = Bot(open_database(url), {"slack": adapter}, Clock(lambda: MORNING), "bench")
    if rate == A_SECOND:
        await bot.run()
    bot.delivery.wake()  # a wave alone: whoever plans would put its letters back to their times
    kept = Kept(bot.database, "slack", bot.clock)
    await asyncio.gather(bot.delivery.run(), adapter.run(partial(bot.hear, adapter), kept))


def _bare(api: str) -> AsyncApp:
    """Slack's own kit as its documentation shows it: signatures checked, everything acked."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=api)
    app = AsyncApp(client=client, signing_secret=SECRET)

    async def ack_alone(ack: Any) -> None:
        await ack()

    app.view(re.compile("checkin:"))(ack_alone)
    app.command("/okr")(ack_alone)
    return app


if __name__ == "__main__":
    main(*sys.argv[1:])
