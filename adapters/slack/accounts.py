"""The accounts of one workspace: who they are, and how they are called."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from adapters.slack import people
from adapters.slack.outcomes import Trouble
from adapters.slack.rates import BURST
from adapters.slack.workspace import Self, Workspace
from bot.chat.adapter import Found
from bot.chat.events import Profile

FRESH = 3600.0
A_MOMENT = 0.7
"""Seconds that a name may take; the account's own id stands for it otherwise."""
MANY = 20_000
A_MINUTE, A_PAGE, LISTED = 60.0, 200, 600.0
UNKNOWN = {"user_not_found", "users_not_found", "user_not_visible"}


class Accounts:
    """Asks Slack about people."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._names: dict[str, tuple[str, float]] = {}
        self._asked: list[float] = []
        self._listed: dict[str, Found] = {}
        self._listed_until = 0.0

    async def profile(self, account: str) -> Profile | None:
        """What Slack knows of an account; None where there is none. Raises Trouble."""
        try:
            ours = await self._workspace.who()
            answer = await self._workspace.ask(
                "users.info", lambda client: client.users_info(user=account, include_locale=True)
            )
        except Trouble as problem:
            if problem.code in UNKNOWN:
                return None
            raise
        known = people.profile(answer["user"], ours)
        self._call(account, known.name)
        return known

    async def look_up(self, email: str) -> Found | None:
        """The account with this e-mail address, if it is a member's. Raises Trouble.

        Slack answers few such questions a minute, so of many at once it is asked for everybody.
        """
        now, email = asyncio.get_running_loop().time(), email.lower()
        self._asked = [at for at in self._asked if at > now - A_MINUTE] + [now]
        if now >= self._listed_until and len(self._asked) > BURST:
            self._listed = await self._everybody()
            self._listed_until = asyncio.get_running_loop().time() + LISTED
        if now < self._listed_until:
            return self._listed.get(email)
        return await self._look_up(email)

    async def _look_up(self, email: str) -> Found | None:
        try:
            answer = await self._workspace.patiently(
                "users.lookupByEmail", lambda client: client.users_lookupByEmail(email=email)
            )
        except Trouble as problem:
            if problem.code in UNKNOWN:
                return None
            raise
        account = str(answer["user"]["id"])
        known = await self.profile(account)
        found = self._found(account, known, await self._workspace.who()) if known else None
        return found if found and found.profile.email == email else None

    async def _everybody(self) -> dict[str, Found]:
        """All members by address."""
        ours, cursor, found = await self._workspace.who(), "", dict[str, Found]()
        while True:
            answer = await self._workspace.patiently(
                "users.list",
                lambda client, at=cursor: client.users_list(  # type: ignore[misc] # bound now
                    limit=A_PAGE, cursor=at or None, include_locale=True
                ),
            )
            for user in answer["members"]:
                member = self._found(str(user["id"]), people.profile(user, ours), ours)
                if member is not None:
                    found[member.profile.email] = member
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    def _found(self, account: str, known: Profile, ours: Self) -> Found | None:
        """A member who can be written to and has a verified address."""
        if known.guest or not known.active or not known.email:
            return None
        return Found(people.actor(ours.id, account), people.dm(ours.id, account), known)

    async def names(self, accounts: Iterable[str]) -> dict[str, str]:
        """How these are called, as far as Slack says so in good time."""
        now, asked = asyncio.get_running_loop().time(), set(accounts)
        wanted = [each for each in asked if self._names.get(each, ("", 0.0))[1] < now]
        with suppress(TimeoutError):
            async with asyncio.timeout(A_MOMENT):
                await asyncio.gather(*map(self.profile, wanted), return_exceptions=True)
        return {each: self._names[each][0] for each in asked if each in self._names}

    def _call(self, account: str, name: str) -> None:
        if len(self._names) >= MANY:
            self._names.clear()
        self._names[account] = (name, asyncio.get_running_loop().time() + FRESH)
