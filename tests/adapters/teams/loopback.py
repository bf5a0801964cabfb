"""A Teams of our own on loopback: Bot Connector, login, signing keys. It fails as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any, Literal, TypeAlias

from aiohttp import ClientConnectionError, ClientSession, web

from tests.adapters.teams import signing
from tests.adapters.teams.world import APP, BOT, TENANT, Json, Refused, World

SECRET = "loopback-client-secret"
Fate: TypeAlias = (
    Literal["well", "drop before", "drop after", "slow"] | int | Refused | tuple[int, int]
)
"""A connection that ends, a status with a page of HTML, a refusal, a status and its pause."""
SLOW = 0.3


class Teams:
    """Listens on a port of its own; speaks to the app by `app_url`."""

    def __init__(self) -> None:
        self.world = World()
        self.fates: dict[str, list[Fate]] = {}
        self.calls: list[tuple[str, str, Json]] = []
        """What the app asked for: the method, the path, and the body."""
        self.tokens: set[str] = set()
        self.asked_for_keys = 0
        self.asked_for_token: list[Json] = []
        self.kid = "one"
        self.published = ["one"]
        self.endorsements: tuple[str, ...] = ("msteams", "webchat")
        self.app_url = ""
        self.url = ""
        self._busy: set[str] = set()
        self._client: ClientSession | None = None

    @property
    def service(self) -> str:
        """What we say that we are called."""
        return f"{self.url}/emea/"

    # For tests

    def does(self, what: str, *fates: Fate) -> None:
        """What becomes of the next calls, one after another: "post", "edit", "create", …"""
        self.fates.setdefault(what, []).extend(fates)

    @asynccontextmanager
    async def during(self, fate: Fate, *whats: str) -> AsyncIterator[None]:
        """Every call of these kinds meets this."""
        for what in whats:
            self.fates[what] = [fate] * 1000
        try:
            yield
        finally:
            for what in whats:
                self.fates.pop(what)

    def called(self, method: str, end: str = "") -> list[Json]:
        """What was asked for by this method, with a path that ends so."""
        return [body for m, path, body in self.calls if m == method and path.endswith(end)]

    # What Teams tells the app

    async def tell(self, activity: Json, **claims: Any) -> tuple[int, Json]:
        """An activity, signed; the status, and what is answered."""
        signed = signing.token(APP, self.service, self.kid, **claims)
        return await self.send(json.dumps(activity).encode(), f"Bearer {signed}")

    async def send(self, body: bytes, authorization: str = "") -> tuple[int, Json]:
        """Any bytes, with any token."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if authorization:
            headers["Authorization"] = authorization
        assert self._client is not None
        try:
            sent = self._client.post(self.app_url, data=BytesIO(body), headers=headers)
            async with sent as answer:
                text = await answer.text()
                return answer.status, json.loads(text) if text.startswith("{") else {}
        except ClientConnectionError:
            return 0, {}

    def activity(self, account: str, conversation: str, **more: Any) -> Json:
        """What stands in everything that somebody does."""
        place = self.world.places[conversation.partition(";")[0]]
        who = self.world.people[account]
        data: Json = {"tenant": {"id": TENANT}}
        if place.kind == "channel":
            data |= {"team": {"id": place.team}, "channel": {"id": place.id}}
        return {
            "id": f"f:{self.world.number()}", "timestamp": "2026-02-13T08:00:00.000Z",
            "channelId": "msteams", "serviceUrl": self.service, "channelData": data,
            "from": {"id": who["id"], "name": who["name"], "aadObjectId": account},
            "recipient": {"id": BOT, "name": "okr"},
            "conversation": {"id": conversation, "conversationType": place.kind,
                             "tenantId": TENANT, "isGroup": place.kind != "personal"},
        } | more  # fmt: skip

    # What the app asks of Teams

    async def login(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        self.asked_for_token.append({**form, "tenant": request.match_info["tenant"]})
        if (fate := self._fate("login")) == "slow":
            await asyncio.sleep(SLOW)
        elif isinstance(fate, int):
            return web.Response(status=fate, text="<html>", content_type="text/html")
        right = form.get("client_secret") == SECRET or "client_assertion" in form
        if form.get("client_id") != APP or not right:
            body = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client "
                    "secret provided. Trace ID: 0 Correlation ID: 0"}  # fmt: skip
            return web.json_response(body, status=401)
        return web.json_response(self._new_token())

    async def identity(self, request: web.Request) -> web.Response:
        """A machine's own identity."""
        assert request.headers["Metadata"] == "true"
        self.asked_for_token.append(dict(request.query))
        return web.json_response(self._new_token())

    async def openid(self, _: web.Request) -> web.Response:
        self.asked_for_keys += 1
        if (fate := self._fate("keys")) == "slow":
            await asyncio.sleep(SLOW)
        elif isinstance(fate, int):
            return web.Response(status=fate, text="<html>", content_type="text/html")
        return web.json_response({"issuer": signing.ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response(signing.published(*self.published, endorsements=self.endorsements))

    async def connector(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        raw = await request.read()
        body: Json = json.loads(raw) if raw else {}
        self.calls.append((request.method, path, body))
        fate = self._fate(_kind(request.method, path))
        if fate == "drop before":
            return _dropped(request)
        if isinstance(fate, int):
            return web.Response(status=fate, text="<html>oops</html>", content_type="text/html")
        if isinstance(fate, tuple):
            told = {"error": {"code": "TooManyRequests", "message": "Slower."}}
            pause = {"Retry-After": str(fate[1])}
            return web.json_response(told, status=fate[0], headers=pause)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return web.json_response({"message": "Authorization has been denied."}, status=401)
        place = path.split("/")[1].partition(";")[0] if "/activities" in path else ""
        if place in self._busy:
            told = {"error": {"code": "PreconditionFailed", "message": "It is being changed."}}
            return web.json_response(told, status=412)
        self._busy |= {place} - {""}
        await asyncio.sleep(0.001)
        try:
            if isinstance(fate, Refused):
                raise fate
            status, answer = self._does(request, path, body)
        except Refused as refused:
            return web.json_response(refused.body, status=refused.status)
        finally:
            self._busy.discard(place)
        if fate == "drop after":
            return _dropped(request)
        return web.json_response(answer, status=status)

    def _does(self, request: web.Request, path: str, body: Json) -> tuple[int, Any]:
        parts = path.split("/")
        match (request.method, parts):
            case ("POST", ["conversations"]):
                return 201, self._create(body)
            case ("POST", ["conversations", place, "activities", *above]):
                target = ""
                if request.query.get("isTargetedActivity") == "true":
                    target = body["recipient"]["id"]
                under = above[0] if above else ""
                return 201, {"id": self.world.post(place, body, under, target)["id"]}
            case ("PUT", ["conversations", place, "activities", id]):
                self._edit(place, id, body)
                return 200, {"id": id}
            case ("DELETE", ["conversations", place, "activities", id]):
                message = self.world.message(place, id)
                self.world.place(place).messages.remove(message)
                return 200, {}
            case ("GET", ["conversations", place, "pagedmembers"]):
                return 200, self._page(place, request.query)
            case ("GET", ["conversations", place, "members", name]):
                person = self.world.person(name)
                if person["aadObjectId"] not in self._members(place):
                    raise Refused(404, "MemberNotFoundInConversation")
                return 200, person
            case _:
                raise Refused(404, "NotFound", path)

    def _create(self, body: Json) -> Json:
        world = self.world
        if body["bot"]["id"] != BOT or body["tenantId"] != TENANT:
            raise Refused(400, "BadSyntax")
        if body["isGroup"]:
            message = world.post(body["channelData"]["channel"]["id"], body["activity"])
            thread = f"{body['channelData']['channel']['id']};messageid={message['id']}"
            return {"id": thread, "activityId": message["id"], "serviceUrl": self.service}
        (member,) = body["members"]
        try:
            account = world.person(member["id"])["aadObjectId"]
        except Refused:
            raise Refused(404, "UserNotFound") from None
        reached = [p for p in world.places.values() if account in p.members and p.has_bot]
        if not reached:
            raise Refused(403, "ForbiddenOperationException")
        return {"id": world.dm(account).id}

    def _edit(self, place: str, id: str, body: Json) -> None:
        message = self.world.message(place, id)
        if message["from"]["id"] != BOT:
            raise Refused(403, "NotEnoughPermissions")
        kept = {name: message[name] for name in ("id", "from", "root", "target")}
        message.clear()
        message.update({**body, **kept, "edited": self.world.number()})

    def _page(self, place: str, asked: Mapping[str, str]) -> Json:
        """At most two at a time, so that there are several."""
        assert 50 <= int(asked["pageSize"]) <= 500
        everybody = sorted(self._members(place))
        start = int(asked.get("continuationToken") or 0)
        page: Json = {"members": [self.world.people[each] for each in everybody[start : start + 2]]}
        left = len(everybody) > start + 2
        return page | ({"continuationToken": str(start + 2)} if left else {})

    def _members(self, place: str) -> set[str]:
        found = self.world.place(place)
        team = [p.members for p in self.world.places.values() if p.team and p.team == found.team]
        return found.members.union(*team)

    def _fate(self, what: str) -> Fate | None:
        fates = self.fates.get(what)
        return fates.pop(0) if fates else None

    def _new_token(self) -> Json:
        made = f"token-{self.world.number()}"
        self.tokens.add(made)
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": made}


def _kind(method: str, path: str) -> str:
    if path == "conversations":
        return "create"
    if "members" in path:
        return "members"
    return {"POST": "post", "PUT": "edit", "DELETE": "take"}.get(method, "other")


def _dropped(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def teams() -> AsyncIterator[Teams]:
    """A Teams that listens."""
    played = Teams()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_post("/{tenant}/oauth2/v2.0/token", played.login)
    app.router.add_get("/identity", played.identity)
    app.router.add_get("/openid", played.openid)
    app.router.add_get("/keys", played.keys)
    app.router.add_route("*", "/emea/v3/{path:.+}", played.connector)
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
            await runner.cleanup()
