"""What stands around the Slack benches: a Web API, and processes that serve."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil
from aiohttp import web
from sqlmodel import Session

from tests.adapters.slack.tiers import Tiers
from tests.adapters.slack.world import BOT, BOT_ID, SCOPES, TEAM
from tests.ports import free_port


@dataclass(frozen=True)
class Server:
    """One of the two, and its process."""

    port: int
    process: psutil.Process


@dataclass
class WebApi:
    """A Web API that says yes to everything at next to no cost, as often as Slack's limits let it.

    `speed` is how much faster than Slack's its clock runs.
    """

    speed: float = 1.0
    arrived: list[float] = field(default_factory=list)
    """When messages did."""
    url: str = ""

    def __post_init__(self) -> None:
        self.tiers = Tiers(time.perf_counter, speed=self.speed)

    async def hear(self, request: web.Request) -> web.Response:
        """One call."""
        method, asked = request.path.rpartition("/")[2], await request.text()
        channel = json.loads(asked).get("channel", "") if asked.startswith("{") else ""
        if self.speed > 1 and (pause := self.tiers.refuse(method, channel)):
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429,
                                     headers={"Retry-After": str(pause)})  # fmt: skip
        if method == "chat.postMessage":
            self.arrived.append(time.perf_counter())
        return web.json_response(YES, headers={"x-oauth-scopes": SCOPES})


YES = {
    "ok": True, "url": "https://fjord.slack.com/", "team": "Fjord", "team_id": TEAM,
    "user": "okr", "user_id": BOT, "bot_id": BOT_ID, "is_enterprise_install": False,
    "channel": "D0ONE", "ts": "1770969600.000001",
}  # fmt: skip


@asynccontextmanager
async def web_api(speed: float = 1.0) -> AsyncIterator[WebApi]:
    """One that listens."""
    api, app, port = WebApi(speed), web.Application(), free_port()
    app.router.add_route("*", "/{method:.*}", api.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    api.url = f"http://127.0.0.1:{port}/api/"
    try:
        yield api
    finally:
        await runner.cleanup()


@asynccontextmanager
async def served(
    kind: str, api: str, *more: str, program: str = "tests.bench.slack_served"
) -> AsyncIterator[Server]:
    """One of those that a bench's program serves, listening."""
    port = free_port()
    words = ("-m", program, kind, str(port), api, *more)
    process = await asyncio.create_subprocess_exec(sys.executable, *words)
    try:
        await listens(port, process)
        yield Server(port, psutil.Process(process.pid))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def listens(port: int, process: asyncio.subprocess.Process) -> None:
    """Until somebody does at this port."""
    async with asyncio.timeout(60):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
    raise RuntimeError("the process ended before it listened")


def moved_to_slack(session: Session) -> None:
    """Everybody's account is in the one workspace."""
    session.connection().exec_driver_sql(
        f"UPDATE identity SET workspace = '{TEAM}', address = account"
    )
