"""The accounts of all tenants: who they are, found in the rosters of where the app is."""

import asyncio
from urllib.parse import quote

from adapters.teams import people
from adapters.teams.outcomes import Trouble
from adapters.teams.places import Places, Reached
from adapters.teams.settings import Config
from adapters.teams.wire import Json, Place, Wire
from bot.chat.adapter import Found
from bot.chat.events import Profile

FRESH = 600.0
"""Seconds for which what a roster says is taken for true."""
MANY = 20_000
A_PAGE, MOST_PAGES = 500, 200


class Accounts:
    """Asks Teams about people."""

    def __init__(self, config: Config, wire: Wire, places: Places) -> None:
        self._config, self._wire, self._places = config, wire, places
        self._seen: dict[tuple[str, str], tuple[Json, float]] = {}
        self._rosters: dict[str, tuple[dict[str, Json], float]] = {}
        self._reading = asyncio.Lock()

    async def profile(self, tenant: str, account: str) -> Profile | None:
        """What Teams knows of an account; None where no roster has it. Raises Trouble."""
        known = await self._places.reached(tenant, account)
        member = await self._member(tenant, account, known)
        return people.profile(member, tenant, known.zone, known.locale) if member else None

    async def look_up(self, email: str) -> Found | None:
        """The account with this e-mail address, if it is a member's. Raises Trouble."""
        for tenant in sorted(self._config.tenants):
            member = await self._with(tenant, email.lower())
            account = people.account(member) if member else ""
            if not member or not account:
                continue
            known = await self._places.reached(tenant, account)
            found = people.profile(member, tenant, known.zone, known.locale)
            if not found.guest and found.email == email.lower():
                return Found(people.actor(tenant, account), people.dm(tenant, account), found)
        return None

    async def account(self, tenant: str, id: str, conversation: str) -> str:  # noqa: A002 - Teams' own word
        """The object id of whom a conversation names by an id of its own; "" where unknown."""
        place = Place(tenant, conversation, await self._places.service(tenant))
        member = await self._ask(place, id)
        return people.account(member) if member else ""

    async def _with(self, tenant: str, email: str) -> Json | None:
        """The member of any roster who has this address."""
        service = await self._places.service(tenant)
        for roster in (await self._places.rosters(tenant)).values():
            everybody = await self._everybody(Place(tenant, roster.conversation, service))
            if email in everybody:
                return everybody[email]
        return None

    async def _everybody(self, place: Place) -> dict[str, Json]:
        """A roster by e-mail address, read page by page and remembered for a while."""
        now = asyncio.get_running_loop().time()
        async with self._reading:
            known = self._rosters.get(place.conversation)
            if known is None or known[1] < now:
                known = (await self._read(place), now + FRESH)
                self._rosters[place.conversation] = known
        return known[0]

    async def _read(self, place: Place) -> dict[str, Json]:
        found: dict[str, Json] = {}
        token = ""
        for _ in range(MOST_PAGES):
            more = f"&continuationToken={quote(token, safe='')}" if token else ""
            try:
                page = await self._wire.look(
                    place, f"{place.path('pagedmembers')}?pageSize={A_PAGE}{more}"
                )
            except Trouble as problem:
                if not problem.is_final:
                    raise
                break
            for member in page.get("members") or ():
                found[people.profile(member, place.tenant).email] = member
            token = str(page.get("continuationToken") or "")
            if not token:
                break
        return found

    async def _member(self, tenant: str, account: str, known: Reached) -> Json | None:
        """Somebody, by a roster that has them."""
        service = known.service or await self._places.service(tenant)
        places = [known.conversation] if known.conversation else []
        places += [each.conversation for each in (await self._places.rosters(tenant)).values()]
        for conversation in places:
            if member := await self._ask(Place(tenant, conversation, service), known.id or account):
                return member
        return None

    async def _ask(self, place: Place, name: str) -> Json | None:
        """A member of a roster; None where they are not in it, or it is closed to us."""
        now, key = asyncio.get_running_loop().time(), (place.conversation, name)
        seen = self._seen.get(key)
        if seen is not None and seen[1] > now:
            return seen[0]
        try:
            member = await self._wire.look(place, place.path("members", name))
        except Trouble as problem:
            if problem.is_final:
                return None
            raise
        if len(self._seen) >= MANY:
            self._seen.clear()
        self._seen[key] = (member, now + FRESH)
        return member
