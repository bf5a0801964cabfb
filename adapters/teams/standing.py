"""Tells the bot when a tenant shuts it out and when it is let in again, over restarts too.

Teams says it of single calls, and may mean one person by it. So it is asked for something harmless
before anything is told: our own token, then a roster.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from adapters.teams.outcomes import SHUT_OUT, Trouble
from adapters.teams.people import NAME
from adapters.teams.places import Places
from adapters.teams.settings import Config
from adapters.teams.wire import Place, Wire
from bot.chat.adapter import Handle, Keep
from bot.chat.events import WorkspaceChanged
from bot.chat.replies import Unsaved

KNOCK = 60.0
"""Seconds between two looks whether a tenant lets us in again."""
IN = "in"

log = logging.getLogger(__name__)


class Standing:
    """Watches all tenants. What the bot was told last is kept."""

    def __init__(
        self,
        config: Config,
        wire: Wire,
        places: Places,
        handle: Handle,
        keep: Callable[[], Keep],
    ) -> None:
        self._config, self._wire, self._places = config, wire, places
        self._handle, self._keep = handle, keep
        self._gone: dict[str, str] = {}

    async def run(self) -> None:
        """Until cancelled; each tenant is looked at once, and whenever there is reason to."""
        while True:
            for tenant in sorted(self._config.tenants):
                await self._look(tenant)
            self._wire.refused.clear()  # by the look itself, perhaps
            with suppress(TimeoutError):
                async with asyncio.timeout(KNOCK if self._gone else None):
                    await self._wire.refused.wait()

    async def _look(self, tenant: str) -> None:
        try:
            await self._tell(tenant, await self._knock(tenant))
        except Unsaved:
            self._gone.setdefault(tenant, "")  # so that it is looked at again
            log.warning("teams_standing_not_saved tenant=%s", tenant)
        except Exception:  # it must go on watching
            self._gone.setdefault(tenant, "")
            log.exception("teams_standing tenant=%s", tenant)

    async def _knock(self, tenant: str) -> str | None:
        """Why the tenant shuts us out; "" where it does not, None where nobody knows."""
        try:
            await self._wire.login()
            for roster in list((await self._places.rosters(tenant)).values())[:1]:
                place = Place(tenant, roster.conversation, await self._places.service(tenant))
                await self._wire.look(place, f"{place.path('pagedmembers')}?pageSize=50")
        except Trouble as problem:
            if problem.code in SHUT_OUT:
                return SHUT_OUT[problem.code]
            return "" if problem.is_final else None
        return ""

    async def _tell(self, tenant: str, reason: str | None) -> None:
        if reason is None:
            return
        key = f"standing:{tenant}"
        before, now = await self._keep().get(key) or IN, reason or IN
        if (before == IN) != (now == IN):
            if reason:
                log.error("teams_tenant_lost tenant=%s reason=%s", tenant, reason)
            await self._handle(self._changed(tenant, reason))
        if before != now:
            await self._keep().put(key, now)
        if reason:
            self._gone[tenant] = reason
        else:
            self._gone.pop(tenant, None)

    def _changed(self, tenant: str, reason: str) -> WorkspaceChanged:
        several = len(self._config.tenants) > 1
        name = f"Microsoft Teams ({tenant})" if several else "Microsoft Teams"
        change = "lost" if reason else "regained"
        return WorkspaceChanged(
            NAME, tenant, f"{change}:{tenant}", "lost" if reason else "regained", name, reason
        )
