"""One workspace: its tokens, its own name for itself, and every call to Slack's Web API."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

import aiohttp
from msgspec import Struct
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.outcomes import OUR_ACCESS, PAUSES, WORKSPACE_AGAIN, Trouble, trouble
from adapters.slack.rates import A_SECOND, POST, Rates
from adapters.slack.settings import Access
from bot.chat.adapter import TryLater

NAME = "slack"
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
SOCKET = "apps.connections.open"
"""The one method that goes by another token: what it says is not said of the bot's."""
SHORT = 5.0
"""Seconds that a call may wait for Slack's leave while others wait for it."""
AT_ONCE = 0.5
"""Seconds that a letter may wait where another could go meanwhile."""
A_WHILE = 60.0
CAN_WAIT = {POST, "chat.postEphemeral", "views.publish"}
"""Answers that are as good after a while; a modal's trigger is dead by then."""
TIMES = 3

Ask: TypeAlias = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]

log = logging.getLogger(__name__)


class Self(Struct, frozen=True):
    """What Slack calls the workspace and the app in it."""

    team: str
    user: str
    bot: str = ""
    enterprise: str = ""
    is_grid: bool = False
    name: str = ""
    url: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The workspace in our addresses: the whole organisation where the app belongs to it."""
        return self.enterprise if self.is_grid else self.team


class Workspace:
    """Calls Slack, one try a call; remembers for how long it must not, and why."""

    def __init__(self, access: Access, api_url: str, rate: float = A_SECOND) -> None:
        self.access = access
        self.gone = self.gone_by = ""
        self.turned = asyncio.Event()
        """Set when it shuts us out, and when it lets us in again."""
        self._api_url = api_url
        self._client: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None
        self._self: Self | None = None
        self._first = asyncio.Lock()
        self._gone_until = 0.0
        self._rates = Rates(lambda: asyncio.get_running_loop().time(), rate)

    @property
    def client(self) -> AsyncWebClient:
        """The SDK's client. It retries nothing: the outbox does, and knows what arrived."""
        if self._client is None or self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
            self._client = AsyncWebClient(
                token=self.access.bot_token,
                base_url=self._api_url,
                session=self._session,
                retry_handlers=[],
            )
        return self._client

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections that are open, for what is no method of the Web API."""
        return cast(aiohttp.ClientSession, self.client.session)

    @property
    def known(self) -> Self | None:
        """What `who` has learnt, if it has."""
        return self._self

    async def who(self) -> Self:
        """The workspace and the app in it, asked once. Raises Trouble."""
        async with self._first:
            if self._self is None:
                self._self = await self.introduce()
            return self._self

    async def introduce(self) -> Self:
        """The same, asked anew, also of a workspace that has shut us out."""
        self._gone_until = 0.0
        answer = await self._call("auth.test", lambda client: client.auth_test())
        said = cast("dict[str, Any]", answer.data)
        scopes = str(answer.headers.get("x-oauth-scopes", ""))
        return Self(
            said["team_id"],
            said["user_id"],
            said.get("bot_id") or "",
            said.get("enterprise_id") or "",
            bool(said.get("is_enterprise_install")),
            said.get("team") or "",
            said.get("url") or "",
            tuple(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )

    async def post(self, method: str, ask: Ask, channel: str = "", key: str = "") -> dict[str, Any]:
        """A call of the outbox: at Slack's pace, and put off where that is too slow to wait for.

        By its key a letter that was put off keeps its place before later ones of its channel.
        """
        everyone = self._rates.wait(method)
        wait = self._rates.turn(method, channel, key) if key else self._rates.wait(method, channel)
        others_could = bool(key) and (method != POST or wait > everyone + AT_ONCE)
        if wait > (AT_ONCE if others_could else SHORT):
            raise Trouble("pace", TryLater(wait))
        self._rates.went(method, channel, key)
        await asyncio.sleep(wait)
        try:
            return await self._answer(method, ask)
        except Trouble as problem:
            if problem.code in PAUSES:
                self._rates.refused(method, problem.pause, channel, key)
            raise

    async def patiently(self, method: str, ask: Ask) -> dict[str, Any]:
        """A call that nobody waits for: at Slack's pace, however long that takes."""
        for _ in range(TIMES):
            wait = self._rates.wait(method)
            self._rates.went(method)
            await asyncio.sleep(wait)
            try:
                return await self._answer(method, ask)
            except Trouble as problem:
                if problem.code != "ratelimited":
                    raise
        return await self._answer(method, ask)

    async def ask(self, method: str, ask: Ask, channel: str = "") -> dict[str, Any]:
        """A call for somebody who waits: before all that the outbox has."""
        patience = A_WHILE if method in CAN_WAIT else SHORT
        for _ in range(TIMES):
            pause = self._rates.paused(method)
            if pause > patience:
                raise Trouble("ratelimited", TryLater(pause))
            await asyncio.sleep(pause)
            self._rates.spend(method, channel)
            try:
                return await self._answer(method, ask)
            except Trouble as problem:
                if problem.code != "ratelimited" or problem.pause > patience:
                    raise
        return await self._answer(method, ask)

    def lose(self, code: str) -> None:
        """The app may do nothing here any more, until an admin has seen to it."""
        reason = OUR_ACCESS.get(code, code)
        if not self.gone:
            log.error(
                "slack_workspace_lost workspace=%s code=%s %s", self.access.name, code, reason
            )
            self.turned.set()
        self.gone, self.gone_by = reason, code
        self._gone_until = asyncio.get_running_loop().time() + WORKSPACE_AGAIN

    async def close(self) -> None:
        """Let go of the connections; the next call opens new ones."""
        if self._session is not None:
            await self._session.close()
        self._session = self._client = None

    async def _answer(self, method: str, ask: Ask) -> dict[str, Any]:
        return cast("dict[str, Any]", (await self._call(method, ask)).data)

    async def _call(self, method: str, ask: Ask) -> AsyncSlackResponse:
        if left := self._left():
            raise Trouble("lost", TryLater(left), self.gone)
        try:
            answer = await ask(self.client)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = trouble(error)
            if problem.is_access and method != SOCKET:
                self.lose(problem.code)
            if problem.code in PAUSES:
                self._rates.refused(method, problem.pause)
            if problem.code == "ratelimited":
                self._rates.learn(method)
            raise problem from error
        if self.gone and method != SOCKET:
            log.info("slack_workspace_regained workspace=%s", self.access.name)
            self.gone = self.gone_by = ""
            self.turned.set()
        return answer

    def _left(self) -> float:
        """Seconds for which nothing is asked of a workspace that has shut us out."""
        left = self._gone_until - asyncio.get_running_loop().time()
        return max(0.0, left) if self.gone else 0.0
