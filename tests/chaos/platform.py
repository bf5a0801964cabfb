"""A platform in a process of its own: it remembers every message, and misbehaves as it is told.

It takes a letter twice when it is sent twice, as real ones do. Its weather is what a test sets:

    taken-cut     takes the message, and the line breaks before it says so
    cut           the line breaks before it takes anything
    busy          429, try again in a moment
    failed        500 without having taken it
    taken-failed  500 although it has taken it
    slow          takes it, but only after the sender has lost patience

and `away` is all of it refusing everything; to an address in `gone` nothing can be sent any more.
"""

import asyncio
import random
import socket
import time
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from msgspec import Struct, field

KINDS = ("taken-cut", "cut", "busy", "failed", "taken-failed", "slow")
PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=2)


class Weather(Struct, kw_only=True):
    """What befalls the next messages: a `share` of the attempts meets one of the `kinds`."""

    kinds: tuple[str, ...] = ()
    share: float = 1.0
    first: int | None = None
    """It befalls no more attempts than these."""
    seconds: float = 1.0
    """How slow `slow` is."""
    retry_after: float = 0.2
    away: bool = False
    gone: tuple[str, ...] = ()
    seed: int = 7


class Message(Struct, kw_only=True):
    """One message as its readers see it; `at` is this machine's steady time in seconds."""

    id: str
    key: str
    to: str
    workspace: str
    card: Any
    at: float
    edits: int = 0


class Posting(Struct, kw_only=True):
    """What an adapter sends."""

    key: str
    to: str
    workspace: str
    card: Any
    replaces: str = ""


class State(Struct, kw_only=True):
    """All that it remembers."""

    weather: Weather = field(default_factory=Weather)
    dice: random.Random = field(default_factory=random.Random)
    messages: list[Message] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    listeners: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """What bots answered to events, where it was neither a reply nor "not saved yet"."""


class Platform:
    """Its messages, its weather, and the bots that listen."""

    def __init__(self) -> None:
        self.state = State()

    def app(self) -> web.Application:
        """What it serves: to adapters, and to tests under /test."""
        app = web.Application(client_max_size=2**26)
        app.add_routes(
            [
                web.post("/send", self._send),
                web.get("/find", self._find),
                web.put("/listeners/{name}", self._listen),
                web.delete("/listeners/{name}", self._leave),
                web.post("/test/event", self._event),
                web.post("/test/weather", self._set),
                web.post("/test/reset", self._reset),
                web.get("/test/count", self._count),
                web.get("/test/state", self._state),
            ]
        )
        return app

    # For adapters

    async def _send(self, request: web.Request) -> web.Response:
        posting = msgspec.json.decode(await request.read(), type=Posting)
        weather = self.state.weather
        self.state.attempts.append(posting.key)
        if weather.away:
            _cut(request)
        if posting.to in weather.gone:
            return web.json_response({"error": "account_inactive"}, status=410)
        match self._meets():
            case "cut":
                _cut(request)
            case "taken-cut":
                self._take(posting)
                _cut(request)
            case "busy":
                after = {"Retry-After": str(weather.retry_after)}
                return web.Response(status=429, headers=after)
            case "failed":
                return web.Response(status=500)
            case "taken-failed":
                self._take(posting)
                return web.Response(status=500)
            case "slow":
                await asyncio.sleep(weather.seconds)
        found = self._take(posting)
        return web.json_response({"id": found} if found else {"error": "message_not_found"},
                                 status=200 if found else 410)  # fmt: skip

    def _meets(self) -> str:
        """The weather of this attempt; empty where it is fair."""
        weather = self.state.weather
        if not weather.kinds or self.state.dice.random() >= weather.share:
            return ""
        if weather.first is not None:
            if not weather.first:
                return ""
            weather.first -= 1
        return self.state.dice.choice(weather.kinds)

    def _take(self, posting: Posting) -> str | None:
        messages = self.state.messages
        if posting.replaces:
            number = int(posting.replaces.removeprefix("m")) - 1
            if not 0 <= number < len(messages):
                return None
            messages[number].card = posting.card
            messages[number].edits += 1
            return posting.replaces
        name = f"m{len(messages) + 1}"
        messages.append(
            Message(id=name, key=posting.key, to=posting.to, workspace=posting.workspace,
                    card=posting.card, at=time.monotonic())
        )  # fmt: skip
        return name

    async def _find(self, request: web.Request) -> web.Response:
        weather = self.state.weather
        if weather.away:
            _cut(request)
        if "failed" in weather.kinds and self._meets() == "failed":
            return web.Response(status=500)
        key = request.query["key"]
        found = next((m.id for m in self.state.messages if m.key == key), None)
        return web.json_response({"id": found})

    async def _listen(self, request: web.Request) -> web.Response:
        self.state.listeners[request.match_info["name"]] = await request.text()
        return web.Response()

    async def _leave(self, request: web.Request) -> web.Response:
        self.state.listeners.pop(request.match_info["name"], None)
        return web.Response()

    # For tests

    async def _event(self, request: web.Request) -> web.Response:
        """Somebody did something: any bot may hear it, another if the first is dead."""
        body = await request.read()
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            for name, url in random.sample([*self.state.listeners.items()], k=self._listening):
                try:
                    async with session.post(url, data=body) as answer:
                        if answer.status not in (200, 503):
                            self.state.failed.append(f"{answer.status} {await answer.text()}")
                        return web.Response(body=await answer.read(), status=answer.status)
                except (aiohttp.ClientError, TimeoutError, OSError):
                    self.state.listeners.pop(name, None)
        return web.Response(status=502)

    @property
    def _listening(self) -> int:
        return len(self.state.listeners)

    async def _set(self, request: web.Request) -> web.Response:
        weather = msgspec.json.decode(await request.read(), type=Weather)
        self.state.weather, self.state.dice = weather, random.Random(weather.seed)  # noqa: S311 no secret
        return web.Response()

    async def _reset(self, _: web.Request) -> web.Response:
        self.state = State()
        return web.Response()

    async def _count(self, _: web.Request) -> web.Response:
        return web.json_response(len(self.state.messages))

    async def _state(self, _: web.Request) -> web.Response:
        known = self.state
        shown = {
            "messages": [msgspec.to_builtins(m) for m in known.messages],
            "attempts": known.attempts,
            "listeners": known.listeners,
            "failed": known.failed,
        }
        return web.json_response(shown)


def _cut(request: web.Request) -> None:
    """The line breaks: no answer, not even a farewell."""
    if request.transport is not None:
        request.transport.abort()
    raise web.HTTPServiceUnavailable


async def serve(sock: socket.socket) -> None:
    """Until killed."""
    runner = web.AppRunner(Platform().app(), access_log=None)
    await runner.setup()
    await web.SockSite(runner, sock).start()
    await asyncio.Event().wait()
