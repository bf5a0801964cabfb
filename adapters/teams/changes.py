"""People and channels that come, go and are renamed → what the bot is told of it."""

from msgspec.structs import replace

from adapters.teams import people
from adapters.teams.accounts import Accounts
from adapters.teams.events import account
from adapters.teams.payloads import Activity
from adapters.teams.places import Places, Reached
from bot.chat.events import Arrived, Event, Left, PlaceChanged, ProfileChanged
from bot.chat.who import Destination

REMOVED, LEFT = "app_removed", "left_team"
CHANNELS = {
    "channelRenamed": "renamed",
    "channelDeleted": "removed",
    "channelRestored": "joined",
}
TEAMS = {
    "teamRenamed": "renamed",
    "teamArchived": "archived",
    "teamUnarchived": "joined",
    "teamRestored": "joined",
    "teamDeleted": "removed",
    "teamHardDeleted": "removed",
}


class Changes:
    """What Teams tells beside what people say, and what can be learnt from how they say it."""

    def __init__(self, places: Places, accounts: Accounts) -> None:
        self._places, self._accounts = places, accounts

    async def learn(self, said: Activity) -> bool:
        """Keep where somebody is reached; whether their zone or language is new."""
        tenant, who = said.tenant, account(said)
        await self._places.answers_at(tenant, said.service_url)
        if not said.is_personal:
            await self._seen_in(said)
        if not who or not said.from_.aad_object_id:
            return False
        before = await self._places.reached(tenant, who)
        zone, locale = _zone(said) or before.zone, said.locale or before.locale
        now = Reached(
            said.conversation.id if said.is_personal else before.conversation,
            said.service_url,
            said.from_.id,
            zone,
            locale,
            said.from_.name or before.name,
        )
        if now != before:
            await self._places.keep(tenant, who, now)
        return (zone, locale) != (before.zone, before.locale)

    async def news(self, said: Activity) -> Event | None:
        """What is to be told of who has just said something."""
        tenant, who = said.tenant, account(said)
        profile = await self._accounts.profile(tenant, who)
        if profile is None:
            return None
        return ProfileChanged(people.actor(tenant, who), f"{said.id}:profile", profile)

    async def events(self, said: Activity) -> list[Event]:
        """What an update of a conversation or of an installation means."""
        if said.type == "installationUpdate":
            return await (self._own(said) if said.is_personal else self._team(said))
        data = said.channel_data
        kind = data.event_type if data else None
        if kind in CHANNELS or kind in TEAMS:
            return await self._place(said, str(kind))
        if said.is_personal:
            return await self._own(said) if _bots(said.members_added, said) else []
        if _bots(said.members_added, said) or _bots(said.members_removed, said):
            return await self._team(said)
        return [
            event for each in said.members_removed or () for event in await self._gone(said, each)
        ]

    async def _own(self, said: Activity) -> list[Event]:
        """Somebody has added or removed the app."""
        tenant, who = said.tenant, account(said)
        actor = people.actor(tenant, who)
        if (said.action or "add").startswith("remove"):
            return [Left(actor, said.id, REMOVED)]
        known = await self._places.reached(tenant, who)
        now = replace(
            known,
            conversation=said.conversation.id,
            service=said.service_url,
            id=said.from_.id or known.id,
        )
        await self._places.keep(tenant, who, now)
        profile = await self._accounts.profile(tenant, who)
        if profile is None:
            return []
        return [Arrived(actor, people.dm(tenant, who), said.id, profile)]

    async def _team(self, said: Activity) -> list[Event]:
        """The app was added to, or removed from, a team or a group chat."""
        tenant, name = said.tenant, _team(said)
        gone = (said.action or "").startswith("remove") or bool(_bots(said.members_removed, said))
        if not gone:
            await self._seen_in(said)
            return [PlaceChanged(_at(tenant, name), said.id, "joined")]
        channels = {name, *await self._places.is_out(tenant, name)}
        return [
            PlaceChanged(_at(tenant, each), f"{said.id}:{each}", "removed")
            for each in sorted(channels)
        ]

    async def _place(self, said: Activity, kind: str) -> list[Event]:
        data, tenant = said.channel_data, said.tenant
        if kind in CHANNELS:
            channel = data.channel if data and data.channel else None
            if channel is None or not channel.id:
                return []
            return [_changed(_at(tenant, channel.id), said.id, CHANNELS[kind], channel.name or "")]
        name = _team(said)
        if kind == "teamRenamed":
            team = data.team if data and data.team else None
            renamed = (team.name if team else None) or ""
            return [_changed(_at(tenant, name), said.id, "renamed", renamed)] if renamed else []
        roster = (await self._places.rosters(tenant)).get(name)
        channels = {name, *(roster.channels if roster else ())}
        return [
            _changed(_at(tenant, each), f"{said.id}:{each}", TEAMS[kind])
            for each in sorted(channels)
        ]

    async def _gone(self, said: Activity, member: object) -> list[Event]:
        """Somebody left a team: they are still reached where they have added the app themselves."""
        who = (getattr(member, "aad_object_id", None) or "").lower()
        if not who or (await self._places.reached(said.tenant, who)).conversation:
            return []
        return [Left(people.actor(said.tenant, who), f"{said.id}:{who}", LEFT)]

    async def _seen_in(self, said: Activity) -> None:
        data = said.channel_data
        channel = data.channel.id if data and data.channel else ""
        await self._places.is_in(said.tenant, _team(said), _team(said), channel)


def _changed(at: Destination, id: str, change: str, name: str = "") -> PlaceChanged:  # noqa: A002 - the event's own word
    match change:
        case "renamed":
            return PlaceChanged(at, id, "renamed", name=name)
        case "archived":
            return PlaceChanged(at, id, "archived")
        case "joined":
            return PlaceChanged(at, id, "joined")
        case _:
            return PlaceChanged(at, id, "removed")


def _bots(members: object, said: Activity) -> bool:
    """Whether the bot itself is among those who came or went."""
    some = members if isinstance(members, list) else []
    return any(member.id == said.recipient.id for member in some)


def _team(said: Activity) -> str:
    """A team by its first channel, whose id is the team's own; a group chat by itself."""
    team = said.channel_data.team if said.channel_data else None
    return (team and team.id) or said.conversation.id.partition(";")[0]


def _at(tenant: str, channel: str) -> Destination:
    return Destination(people.NAME, tenant, channel)


def _zone(said: Activity) -> str:
    """The zone of what somebody uses just now."""
    if said.local_timezone:
        return said.local_timezone
    for entity in said.entities or ():
        if entity.get("type") == "clientInfo":
            return str(entity.get("timezone") or "")
    return ""
