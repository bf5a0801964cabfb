"""Where people and channels are reached: kept, since Teams says it only when they speak."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from weakref import WeakValueDictionary

import msgspec
from msgspec import Struct

from adapters.teams.kit import Connector
from adapters.teams.people import dm
from adapters.teams.settings import Config
from adapters.teams.wire import Place
from bot.chat.adapter import Keep
from bot.chat.who import Destination

REMEMBERED = 20_000
MOST_ROSTERS = 500


class Reached(Struct, frozen=True, omit_defaults=True):
    """How somebody is reached, and what came with what they said last."""

    conversation: str = ""
    service: str = ""
    id: str = ""
    zone: str = ""
    locale: str = ""
    name: str = ""


class Roster(Struct, frozen=True):
    """A team or a group chat whose members can be asked for; `channels` are those seen in it."""

    conversation: str
    channels: tuple[str, ...] = ()


class Places:
    """What is kept of people, teams and services, of all tenants."""

    def __init__(self, config: Config, connector: Connector, keep: Callable[[], Keep]) -> None:
        self._config, self._connector, self._keep = config, connector, keep
        self._known: OrderedDict[str, str] = OrderedDict()
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def place(self, to: Destination) -> Place:
        """The conversation behind an address; a person's is opened at first. Raises Trouble."""
        if is_group(to.address):
            return Place(to.workspace, to.address, await self.service(to.workspace))
        lock = self._opening.setdefault(f"{to.workspace}:{to.address}", asyncio.Lock())
        async with lock:
            known = await self.reached(to.workspace, to.address)
            service = known.service or await self.service(to.workspace)
            if not known.conversation:
                at = Place(to.workspace, to.address, service)
                opened = await self._connector.open(at, to.address)
                known = msgspec.structs.replace(known, conversation=opened, service=service)
                await self.keep(to.workspace, to.address, known)
        return Place(to.workspace, known.conversation, service)

    async def reached(self, tenant: str, account: str) -> Reached:
        """What is known of an account."""
        text = await self._get(f"person:{tenant}:{account}")
        return msgspec.json.decode(text, type=Reached) if text else Reached()

    async def keep(self, tenant: str, account: str, known: Reached) -> None:
        """Keep this of an account, where it is new."""
        await self._put(f"person:{tenant}:{account}", msgspec.json.encode(known).decode())

    async def forget(self, to: Destination) -> None:
        """An account's conversation is gone: the next message opens another."""
        if not is_group(to.address):
            known = await self.reached(to.workspace, to.address)
            gone = msgspec.structs.replace(known, conversation="")
            await self.keep(to.workspace, to.address, gone)

    def forget_all(self) -> None:
        """Something else keeps it from now on."""
        self._known.clear()

    async def service(self, tenant: str) -> str:
        """Where the Bot Connector answered for this tenant last."""
        known = await self._get(f"service:{tenant}")
        if known and known.startswith(self._config.service_urls):
            return known
        first = self._config.service_urls[0]
        return f"{first}teams/" if "smba.trafficmanager.net" in first else first

    async def answers_at(self, tenant: str, service: str) -> None:
        """Teams says where it answers with everything that it sends."""
        await self._put(f"service:{tenant}", service)

    async def rosters(self, tenant: str) -> dict[str, Roster]:
        """The teams and group chats where the app is, by their id."""
        text = await self._get(f"rosters:{tenant}")
        return msgspec.json.decode(text, type=dict[str, Roster]) if text else {}

    async def is_in(self, tenant: str, id: str, conversation: str, channel: str = "") -> None:  # noqa: A002 - the team's own word
        """The app is in this team or group chat, which has this channel."""
        known = await self.rosters(tenant)
        before = known.get(id)
        channels = before.channels if before else ()
        channels = channels if not channel or channel in channels else (*channels, channel)
        if before is None or channels != before.channels:
            more = {**known, id: Roster(before.conversation if before else conversation, channels)}
            await self._rosters(tenant, dict(list(more.items())[-MOST_ROSTERS:]))

    async def is_out(self, tenant: str, id: str) -> tuple[str, ...]:  # noqa: A002 - the team's own word
        """The app is no longer there; the channels that were seen in it."""
        known = await self.rosters(tenant)
        gone = known.pop(id, None)
        if gone is not None:
            await self._rosters(tenant, known)
        return gone.channels if gone else ()

    async def _rosters(self, tenant: str, some: dict[str, Roster]) -> None:
        await self._put(f"rosters:{tenant}", msgspec.json.encode(some).decode())

    async def _get(self, key: str) -> str:
        if key not in self._known:
            self._remember(key, await self._keep().get(key) or "")
        return self._known[key]

    async def _put(self, key: str, value: str) -> None:
        """What is known already is not written again."""
        if await self._get(key) != value:
            await self._keep().put(key, value)
            self._remember(key, value)

    def _remember(self, key: str, value: str) -> None:
        self._known[key] = value
        self._known.move_to_end(key)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def is_group(address: str) -> bool:
    """Whether this names a channel or a group chat, not a person."""
    return address.startswith("19:")


def is_channel(address: str) -> bool:
    """Whether this names a channel of a team, where every message begins a thread."""
    return address.endswith(("@thread.tacv2", "@thread.skype"))


def own(tenant: str, account: str, conversation: str) -> Destination:
    """Where something was said, as the bot is told: a person, or a channel without its thread."""
    channel = conversation.partition(";")[0]
    return Destination("teams", tenant, channel) if is_group(channel) else dm(tenant, account)
