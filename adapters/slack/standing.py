"""Tells the bot when a workspace shuts it out and when it is let in again, over restarts too."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from adapters.slack.outcomes import Trouble
from adapters.slack.workspace import NAME, Workspace
from bot.chat.adapter import Handle, Keep
from bot.chat.events import WorkspaceChanged
from bot.chat.replies import Unsaved

KNOCK = 60.0
"""Seconds between two looks whether a workspace lets us in again."""
LOST = " lost"

log = logging.getLogger(__name__)


class Standing:
    """Watches one workspace. What the bot was told last is kept."""

    def __init__(self, workspace: Workspace, handle: Handle, keep: Callable[[], Keep]) -> None:
        self._workspace, self._handle, self._keep = workspace, handle, keep

    async def run(self) -> None:
        """Until cancelled."""
        await self._knock()
        while True:
            self._workspace.turned.clear()
            try:
                await self._tell()
            except Unsaved:
                log.warning("slack_standing_not_saved workspace=%s", self._workspace.access.name)
            except Exception:  # it must go on watching
                log.exception("slack_standing workspace=%s", self._workspace.access.name)
            try:
                async with asyncio.timeout(KNOCK):
                    await self._workspace.turned.wait()
            except TimeoutError:
                await self._knock()

    async def _knock(self) -> None:
        """Ask who we are where that is not known, or not known any more."""
        if self._workspace.gone or self._workspace.known is None:
            with suppress(Trouble):
                await (
                    self._workspace.introduce() if self._workspace.known else self._workspace.who()
                )

    async def _tell(self) -> None:
        key, is_lost, known = (
            f"workspace:{self._workspace.access.name}",
            bool(self._workspace.gone),
            self._workspace.known,
        )
        told = await self._keep().get(key) or ""
        id = known.id if known else told.removesuffix(LOST)  # noqa: A001 - the event's own word
        if not id or (known is None and not is_lost):
            return  # nothing is known yet
        if is_lost != told.endswith(LOST):
            await self._handle(self._changed(id, is_lost=is_lost))
        now = f"{id}{LOST}" if is_lost else id
        if now != told:
            await self._keep().put(key, now)

    def _changed(self, id: str, *, is_lost: bool) -> WorkspaceChanged:  # noqa: A002 - the same
        known, change = self._workspace.known, "lost" if is_lost else "regained"
        return WorkspaceChanged(
            NAME,
            id,
            f"{change}:{id}",
            "lost" if is_lost else "regained",
            known.name if known else "",
            self._workspace.gone_by,
        )
