"""Slack by a socket that we open: no public address. A watchdog replaces one that has died."""

import asyncio
import logging
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack.outcomes import Trouble
from adapters.slack.workspace import SOCKET, Workspace

PING = 5.0
"""Seconds between two signs of life that are asked for."""
MISSED = 3
"""So many looks in a row find the socket dead before it is replaced: the SDK may mend it first."""
PATIENCE = 15.0
LONGEST_PAUSE = 60.0

log = logging.getLogger(__name__)


class Socket:
    """Keeps one workspace's socket open.

    An envelope is acknowledged after it was heard, by whichever socket is open then; what was not
    acknowledged Slack sends again, so nothing is lost when one takes another's place.
    """

    def __init__(self, workspace: Workspace, app: AsyncApp, ping: float = PING) -> None:
        self._workspace, self._app, self._ping = workspace, app, ping
        self._handler: AsyncSocketModeHandler | None = None
        self._greeted = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; `close` afterwards lets go of the socket."""
        pause = 1.0
        while True:
            try:
                await self._open()
                pause = 1.0
                await self._watch()
                log.warning("slack_socket_died workspace=%s", self._workspace.access.name)
            except (Trouble, TimeoutError) as problem:
                why = problem or "it did not open in time"
                log.warning("slack_socket workspace=%s %s", self._workspace.access.name, why)
                await self.close()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            await self.close()

    async def close(self) -> None:
        """Let go of the socket."""
        handler, self._handler = self._handler, None
        if handler is not None:
            await handler.close_async()  # type: ignore[no-untyped-call] # Bolt names no types here

    async def _open(self) -> None:
        """A new socket that Slack has greeted. Raises Trouble or TimeoutError."""
        token = self._workspace.access.app_token
        answer = await self._workspace.ask(
            SOCKET, lambda client: client.apps_connections_open(app_token=token)
        )
        self._greeted.clear()
        self._handler = AsyncSocketModeHandler(
            self._app, token, web_client=self._workspace.client, ping_interval=self._ping
        )
        self._handler.client.wss_uri = answer["url"]
        self._handler.client.on_message_listeners.append(self._heard)
        async with asyncio.timeout(PATIENCE):
            await self._handler.connect_async()  # type: ignore[no-untyped-call] # the same
            await self._greeted.wait()
        log.info("slack_socket_open workspace=%s", self._workspace.access.name)

    async def _heard(self, _: Any) -> None:
        self._greeted.set()

    async def _watch(self) -> None:
        """Until the socket is dead for so long that the SDK will not bring it back."""
        missed = 0
        while missed < MISSED:
            await asyncio.sleep(self._ping)
            missed = 0 if await self._is_alive() else missed + 1

    async def _is_alive(self) -> bool:
        if self._handler is None:
            return False
        client = self._handler.client
        hands = (client.message_receiver, client.message_processor)
        if any(hand is None or hand.done() for hand in hands):
            return False
        return bool(await client.is_connected())
