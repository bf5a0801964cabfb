"""A Slack of our own on loopback: Web API, Socket Mode, signed HTTP. It fails as it is told."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from io import BytesIO
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from aiohttp import ClientConnectionError, ClientSession, WSMsgType, web

from tests.adapters.slack.methods import FORM_ONLY, METHODS, NEEDS
from tests.adapters.slack.tiers import Tiers
from tests.adapters.slack.world import (
    APP,
    BOT,
    SCOPES,
    TEAM,
    Json,
    Refused,
    Url,
    World,
)

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-okr", "xapp-okr", "8f742231b10e8888abcd99yyyzzz85a5"
ACK_WITHIN = 3.0
Fate: TypeAlias = Literal["drop before", "drop after"] | int | str | tuple[Literal["busy"], int]
"""A connection that ends, an HTTP status, an error's name, or 429 with its pause."""


class Slack:
    """Listens on a port of its own; speaks to the app by `app_url`, or by its open socket."""

    def __init__(self) -> None:
        self.world = World()
        self.worlds = {BOT_TOKEN: self.world}
        self.tokens = {BOT_TOKEN: SCOPES}
        self.app_tokens = {APP_TOKEN}
        self.revoked: dict[str, str] = {}
        self.tiers = Tiers(time.monotonic)
        self.fates: dict[str, list[Fate]] = {}
        self.slow: dict[str, float] = {}
        """Seconds that a method takes."""
        self.calls: list[tuple[str, Json]] = []
        self.app_url = ""
        self.url = ""
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.mute = False
        """While it is set new sockets say nothing and answer no ping."""
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._connected = asyncio.Event()
        self._client: ClientSession | None = None

    # For tests

    def does(self, method: str, *fates: Fate) -> None:
        """What becomes of the next calls of a method, one after another."""
        self.fates.setdefault(method, []).extend(fates)

    @asynccontextmanager
    async def during(self, fate: Fate, *methods: str) -> AsyncIterator[None]:
        """Every call of these methods meets this."""
        for method in methods:
            self.fates[method] = [fate] * 1000
        try:
            yield
        finally:
            for method in methods:
                self.fates.pop(method)

    def called(self, method: str) -> list[Json]:
        """What a method was called with."""
        return [asked for name, asked in self.calls if name == method]

    async def connected(self) -> None:
        """Until the app has opened a socket."""
        await self._connected.wait()

    # What Slack tells the app

    async def event(self, event: Json, id: str = "", retry: int = 0) -> int:
        """An event of the Events API, once; the HTTP status, or 0 where nobody acknowledged it."""
        body = self.envelope(event, id)
        return (await self._tell("events_api", body, retry=retry))[0]

    def envelope(self, event: Json, id: str = "") -> Json:
        """What stands around an event."""
        return {
            "token": "legacy", "team_id": TEAM, "api_app_id": APP, "event": event,
            "type": "event_callback", "event_id": id or f"Ev{self.world.number():08}",
            "event_time": 1770969600, "is_ext_shared_channel": False, "event_context": "4-x",
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT,
                                "is_bot": True, "is_enterprise_install": False}],
        }  # fmt: skip

    async def command(self, user: str, channel: str, text: str) -> tuple[int, Json]:
        """`/okr …`, and what it is answered at once."""
        trigger, url = self.world.trigger(user), self.answer_url(user, channel)
        return await self._tell("slash_commands", {
            "token": "legacy", "team_id": TEAM, "team_domain": "fjord", "channel_id": channel,
            "channel_name": "x", "user_id": user, "user_name": "x", "command": "/okr",
            "text": text, "api_app_id": APP, "is_enterprise_install": "false",
            "response_url": url, "trigger_id": trigger,
        })  # fmt: skip

    async def interaction(self, body: Json) -> tuple[int, Json]:
        """A button or a form, and what it is answered at once."""
        about = {"team": {"id": TEAM, "domain": "fjord"}, "api_app_id": APP, "token": "legacy",
                 "enterprise": None, "is_enterprise_install": False}  # fmt: skip
        return await self._tell("interactive", {**about, **body})

    async def post(self, body: str | bytes, kind: str, **headers: str) -> tuple[int, Json]:
        """A signed request to the app; `headers` override what Slack would send."""
        raw = body.encode() if isinstance(body, str) else body
        now = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + raw, sha256)
        sent = {
            "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={signature.hexdigest()}",
            "Content-Type": kind,
        } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
        assert self._client is not None
        try:
            async with self._client.post(self.app_url, data=BytesIO(raw), headers=sent) as answer:
                text = await answer.text()
                return answer.status, json.loads(text) if text.startswith("{") else {}
        except ClientConnectionError:
            return 0, {}

    # What the app asks of Slack

    async def api(self, request: web.Request) -> web.StreamResponse:
        method, asked = request.match_info["method"], await _asked(request)
        self.calls.append((method, asked))
        await asyncio.sleep(self.slow.get(method, 0.0))
        fates = self.fates.get(method)
        fate = fates.pop(0) if fates else None
        if fate == "drop before":
            return _dropped(request)
        if isinstance(fate, int):
            return web.Response(status=fate, text="<html>", content_type="text/html")
        pause = self.tiers.refuse(method, str(asked.get("channel", "")))
        if pause or isinstance(fate, tuple):
            body = {"ok": False, "error": "ratelimited"}
            pause = fate[1] if isinstance(fate, tuple) else pause
            return web.json_response(body, status=429, headers={"Retry-After": str(pause)})
        try:
            refused = fate if isinstance(fate, str) and fate != "drop after" else ""
            answer = {"ok": True, **self._does(method, asked, request, refused)}
        except Refused as problem:
            answer = problem.body
        if fate == "drop after":
            return _dropped(request)
        scopes = self.tokens.get(_token(request), "")
        return web.json_response(answer, headers={"x-oauth-scopes": scopes} if scopes else None)

    def _does(self, method: str, asked: Json, request: web.Request, refused: str) -> Json:
        if refused:
            raise Refused(refused)
        token = _token(request)
        if method == "apps.connections.open":
            if token not in self.app_tokens:
                raise Refused("invalid_auth")
            return {"url": f"{self.url.replace('http', 'ws')}/socket"}
        if token in self.revoked:
            raise Refused(self.revoked[token])
        if token not in self.tokens:
            raise Refused("invalid_auth")
        need, scopes = NEEDS.get(method), self.tokens[token]
        if need and need not in scopes.split(","):
            raise Refused("missing_scope", needed=need, provided=scopes)
        if method in FORM_ONLY and request.content_type == "application/json":
            raise Refused("invalid_arguments", "no JSON here")
        return METHODS[method](self.worlds.get(token, self.world), asked)

    async def respond(self, request: web.Request) -> web.Response:
        """A message by a `response_url`."""
        url = self.world.urls.get(request.match_info["id"])
        if url is None or not url.left:
            return web.Response(status=404, text="expired_url")
        url.left -= 1
        body = await request.json()
        try:
            self.world.check_message(body["text"], body["blocks"])
        except Refused:
            return web.Response(status=400, text="invalid_blocks")
        self.shown_by_url(url, body)
        return web.json_response({"ok": True})

    def shown_by_url(self, url: Url, body: Json) -> None:
        """What an answer by url, or at once, looks like to its readers."""
        message: Json = {"type": "message", "user": BOT, "text": body["text"],
                         "blocks": body["blocks"]}  # fmt: skip
        if body["response_type"] == "in_channel":
            channel = self.world.channels[url.channel]
            channel.messages.append(message | {"ts": self.world.ts()})
        else:
            self.world.whisper(url.channel, url.user, message)

    # The socket

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        mute = self.mute
        socket = web.WebSocketResponse(autoping=not mute)
        await socket.prepare(request)
        self.opened += 1
        self.sockets.append(socket)
        if not mute:
            hello = {"type": "hello", "num_connections": len(self.sockets),
                     "connection_info": {"app_id": APP},
                     "debug_info": {"host": "loopback"}}  # fmt: skip
            await socket.send_json(hello)
            self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT and not mute:
                said = json.loads(message.data)
                if waiting := self._acks.pop(said.get("envelope_id", ""), None):
                    waiting.set_result(said.get("payload") or {})
        self.sockets.remove(socket)
        if not self.sockets:
            self._connected.clear()
        return socket

    async def hang_up(self, warn: bool = False) -> None:
        """End the open sockets, as Slack does every few hours."""
        for socket in list(self.sockets):
            if warn:
                said = {"type": "disconnect", "reason": "refresh_requested",
                        "debug_info": {"host": "loopback"}}  # fmt: skip
                await socket.send_json(said)
            else:
                await socket.close()

    async def _tell(self, kind: str, body: Json, retry: int = 0) -> tuple[int, Json]:
        if not self.app_url:
            return await self._by_socket(kind, body, retry)
        headers = {"X_Slack_Retry_Num": str(retry), "X_Slack_Retry_Reason": "http_error"}
        more = headers if retry else {}
        if kind == "events_api":
            return await self.post(json.dumps(body), "application/json", **more)
        fields = body if kind == "slash_commands" else {"payload": json.dumps(body)}
        return await self.post(urlencode(fields), "application/x-www-form-urlencoded", **more)

    async def _by_socket(self, kind: str, body: Json, retry: int) -> tuple[int, Json]:
        name = f"env-{self.world.number()}"
        envelope = {"envelope_id": name, "type": kind, "payload": body,
                    "accepts_response_payload": kind != "events_api"}  # fmt: skip
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        waiting = self._acks[name] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ACK_WITHIN):
                await self.connected()
                await self.sockets[-1].send_json(envelope)
                return 200, await waiting
        except (TimeoutError, ConnectionError):
            return 0, {}

    def answer_url(self, user: str, channel: str) -> str:
        """A `response_url`."""
        name = f"r{self.world.number()}"
        self.world.urls[name] = Url(user, channel)
        return f"{self.url}/respond/{name}"


async def _asked(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    fields: dict[str, Any] = {**request.query, **dict(await request.post())}
    return {k: json.loads(v) if str(v)[:1] in "{[" else v for k, v in fields.items()}


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _dropped(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def slack() -> AsyncIterator[Slack]:
    """A Slack that listens."""
    played = Slack()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", played.api)
    app.router.add_get("/socket", played.socket)
    app.router.add_post("/respond/{id}", played.respond)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr] # aiohttp tells it nowhere else
    played.url = f"http://127.0.0.1:{port}"
    async with ClientSession() as played._client:
        try:
            yield played
        finally:
            await played.hang_up()
            await runner.cleanup()
