"""2,000 people asked at once in Slack: how much of the permitted rate is kept.

The Web API counts as Slack does; its clock, and the rate that is asked of us, run ten times as
fast.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Session

from adapters.slack.rates import A_SECOND
from bot.clock import Clock
from bot.running import Bot
from tests.adapters.slack.tiers import MESSAGES
from tests.bench.company import MORNING, WEEK, found
from tests.bench.slack_stage import WebApi, moved_to_slack, served, web_api
from tests.bench.table import Figure

WAVE, SPEED, KEPT = 2_000, 10, 0.95


def bench(folder: Path) -> Iterable[Figure]:
    """Everybody asked at once, with Slack's clock, and ours, so many times as fast."""
    company = found(folder, WAVE, platform="slack")
    company.database.write_now(moved_to_slack, patience=None)
    bot = Bot(company.database, {}, Clock(lambda: MORNING), "bench")
    asyncio.run(bot.duties.plan())
    company.database.write_now(_all_due, patience=None)
    company.database.close()
    api = asyncio.run(_sent(f"sqlite:///{folder / 'okr.db'}"))
    rate = (len(api.arrived) - 1) / (api.arrived[-1] - api.arrived[0]) / SPEED
    refused = sum(api.tiers.refused.values())
    yield Figure(
        f"Slack: {WAVE:,} people asked, told from {SPEED}-fold speed",
        f"{rate:.2f} a second, refused {refused} times",
        f"{A_SECOND:.0f} a second (SLACK_RATE; Slack takes {MESSAGES} a minute here)",
        f"{rate / A_SECOND:.0%}",
        f"{KEPT:.0%}",
        rate >= KEPT * A_SECOND and refused <= 1,
    )


async def _sent(database: str) -> WebApi:
    rate = str(A_SECOND * SPEED)
    async with web_api(SPEED) as api, served("okr", api.url, database, rate):
        async with asyncio.timeout(4 * WAVE / A_SECOND / SPEED):
            while True:
                await asyncio.sleep(0.1)
                if len(api.arrived) >= WAVE:
                    return api


def _all_due(session: Session) -> None:
    """Nothing but the questions of this week, and all of them now."""
    run = session.connection().exec_driver_sql
    run(f"DELETE FROM letter WHERE kind <> 'ask' OR week <> {WEEK}")
    run("UPDATE letter SET due_at = ?", (MORNING.strftime("%Y-%m-%d %H:%M:%S.%f"),))
