"""The adapter for the platform that is a process of its own: HTTP, with a session."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import msgspec
from aiohttp import web

from bot.chat.adapter import (
    Finding,
    Found,
    Handle,
    Keep,
    Outcome,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
)
from bot.chat.cards import Card
from bot.chat.events import Event, Profile
from bot.chat.replies import Unsaved, encode
from bot.chat.who import Actor, Destination

UNHEARD = 0.2
"""Seconds until a platform that does not listen at all is called again."""

Control = Callable[[str], Awaitable[str]]


class Far:
    """Tells apart what was never taken, what cannot be taken, and what nobody knows."""

    def __init__(
        self,
        name: str,
        platform: str,
        *,
        rate: float,
        looks_up: bool,
        listens_as: str,
        controls: Mapping[str, Control],
    ) -> None:
        self.name = name
        self.rate = rate
        self.looks_up = looks_up
        self._platform = platform
        self._listens_as = listens_as
        self._controls = controls
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """One for all, of the loop that runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(self._platform)
        return self._session

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Hear events that the platform sends here, and what tests tell this process to do."""

        async def hear(request: web.Request) -> web.Response:
            event: Event = msgspec.json.decode(await request.read(), type=Event)
            try:
                return web.Response(text=encode(await handle(event)))
            except Unsaved as unsaved:
                return web.Response(text=msgspec.json.encode(unsaved.card).decode(), status=503)

        async def control(request: web.Request) -> web.Response:
            work = self._controls[request.match_info["what"]]
            return web.Response(text=await work(await request.text()))

        app = web.Application()
        app.add_routes([web.post("/", hear), web.post("/control/{what}", control)])
        # aiohttp can wait in vain for a connection that is kept open; the adapters do as this does
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=4)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            await self.session.put(f"/listeners/{self._listens_as}", data=f"http://{host}:{port}/")
            await asyncio.Event().wait()
        finally:
            await self.session.delete(f"/listeners/{self._listens_as}")
            await runner.cleanup()
            await self.session.close()

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        body = msgspec.json.encode(
            {"key": key, "to": to.address, "workspace": to.workspace, "card": card,
             "replaces": replaces}
        )  # fmt: skip
        try:
            async with self.session.post("/send", data=body) as answer:
                match answer.status:
                    case 200:
                        return Sent((await answer.json())["id"])
                    case 429:
                        return TryLater(float(answer.headers["Retry-After"]))
                    case 410:
                        return Undeliverable((await answer.json())["error"])
                    case _:
                        return Unknown()
        except aiohttp.ClientConnectorError:
            return TryLater(UNHEARD)
        except aiohttp.ClientError:
            return Unknown()

    async def find(self, to: Destination, key: str) -> str | None:
        async with self.session.get("/find", params={"key": key}, raise_for_status=True) as answer:
            found: str | None = (await answer.json())["id"]
            return found

    async def profile(self, actor: Actor) -> Profile | None:
        return None

    async def look_up(self, email: str) -> Found | None:
        return None

    async def check(self) -> list[Finding]:
        return []
