"""Every call to the Bot Connector: one session, one try a call, at Teams' pace, in order."""

import asyncio
import logging
from typing import Any
from urllib.parse import quote
from weakref import WeakValueDictionary

import aiohttp
from msgspec import Struct, json

from adapters.teams.login import Login
from adapters.teams.outcomes import SHUT_OUT, Trouble, refused, trouble
from adapters.teams.rates import Rates
from adapters.teams.settings import Config
from bot.chat.adapter import TryLater, Undeliverable

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
SHORT = 5.0
"""Seconds that a message may wait for its turn; what must wait longer goes back to the outbox."""
TIMES = 3
LARGEST_ANSWER = 4 * 1024 * 1024

Json = dict[str, Any]
log = logging.getLogger(__name__)


class Place(Struct, frozen=True):
    """A conversation, and where the Bot Connector answers for it."""

    tenant: str
    conversation: str
    service: str

    def path(self, *more: str) -> str:
        """Something of this conversation."""
        return "/".join(
            [
                "v3/conversations",
                quote(self.conversation, safe=""),
                *(quote(each, safe="") for each in more),
            ]
        )


class Wire:
    """Calls Teams. Two calls that concern one conversation never overlap."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._opened: aiohttp.ClientSession | None = None
        self._login = Login(config, self.session)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._rates = Rates(_now)
        self.refused = asyncio.Event()
        """Set when a whole tenant may have shut us out, or our login is refused."""

    def session(self) -> aiohttp.ClientSession:
        """The open connections."""
        if self._opened is None or self._opened.closed:
            self._opened = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._opened

    async def login(self) -> None:
        """Get a token, whatever it is needed for. Raises Trouble."""
        await self._login.token()

    async def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        if self._opened is not None:
            await self._opened.close()
        self._opened = None

    async def post(self, place: Place, method: str, path: str, body: Json | None = None) -> Json:
        """A call of the outbox, which tries again itself."""
        return await self._in_turn(place, method, path, body)

    async def ask(self, place: Place, method: str, path: str, body: Json | None = None) -> Json:
        """A call for somebody who waits: tried again where Teams is only busy."""
        for _ in range(TIMES - 1):
            try:
                return await self._in_turn(place, method, path, body)
            except Trouble as problem:
                if problem.status not in (412, 429) or problem.pause > SHORT:
                    raise
                await asyncio.sleep(problem.pause)
        return await self._in_turn(place, method, path, body)

    async def look(self, place: Place, path: str) -> Json:
        """What can be asked for again without harm, and keeps nobody else waiting."""
        for _ in range(TIMES - 1):
            try:
                return await self._call(place, "GET", path, None)
            except Trouble as problem:
                if problem.status not in (412, 429, 502, 503, 504) or problem.pause > SHORT:
                    raise
                await asyncio.sleep(problem.pause or 0.5)
        return await self._call(place, "GET", path, None)

    async def _in_turn(self, place: Place, method: str, path: str, body: Json | None) -> Json:
        """At Teams' pace and in order; put off where that is too slow to wait for."""
        wait, now = self._rates.wait(place.tenant, place.conversation), _now()
        if wait > SHORT:
            raise Trouble("pace", TryLater(wait))
        self._rates.spend(place.tenant, place.conversation)
        async with self._turns.setdefault(place.conversation, asyncio.Lock()):
            await asyncio.sleep(now + wait - _now())
            try:
                return await self._call(place, method, path, body)
            except Trouble as problem:
                if problem.status == 429:
                    self._rates.refused(place.conversation, problem.pause)
                raise

    async def _call(self, place: Place, method: str, path: str, body: Json | None) -> Json:
        try:
            return await self._once(place, method, path, body)
        except Trouble as problem:
            if problem.code != "token":
                raise self._noted(problem) from problem.__cause__
        self._login.forget()  # it may have been taken back; nothing was created
        try:
            return await self._once(place, method, path, body)
        except Trouble as problem:
            raise self._noted(problem) from problem.__cause__

    def _noted(self, problem: Trouble) -> Trouble:
        if problem.code in SHUT_OUT:
            self.refused.set()
        return problem

    async def _once(self, place: Place, method: str, path: str, body: Json | None) -> Json:
        if not place.service.startswith(self._config.service_urls):
            raise Trouble("service", Undeliverable("other_address"), place.service)
        token = await self._login.token()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.encode(body), "application/json; charset=utf-8"
        try:
            url = f"{place.service.rstrip('/')}/{path}"
            async with self.session().request(method, url, data=data, headers=headers) as answer:
                text = (await answer.content.read(LARGEST_ANSWER)).decode("utf-8", "replace")
                if answer.status not in (200, 201, 202, 204):
                    raise refused(answer.status, answer.headers, text)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise trouble(error) from error
        return _object(text)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _object(text: str) -> Json:
    """What was answered; a list under "items"."""
    try:
        said: Any = json.decode(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {"items": said}
