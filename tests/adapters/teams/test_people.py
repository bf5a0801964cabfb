"""Who people are, where they are reached, and what becomes of teams and channels."""

from typing import Any

import pytest

from bot.chat.events import Arrived, Left, PlaceChanged, ProfileChanged
from bot.chat.replies import Unsaved
from bot.chat.who import Actor, Destination
from tests.adapters.stages import NOT_SAVED, Ear, Memory
from tests.adapters.teams.bench import ALICE, BOB, GROWTH, TEAM, Bench
from tests.adapters.teams.loopback import Fate
from tests.adapters.teams.world import APP, ELSEWHERE, TENANT, Json

GUESTS: dict[str, Json] = {
    "a guest": {"userPrincipalName": "eve_other.org#EXT#@fjord.onmicrosoft.com"},
    "of another tenant": {"tenantId": ELSEWHERE},
    "by their role": {"userRole": "guest"},
}
EVE = "e4e00000-0000-4000-8000-000000000009"


@pytest.mark.parametrize("name", GUESTS)
async def test_guests_are_told_apart(office: Bench, name: str) -> None:
    office.teams.world.hire(EVE, "Eve", "eve@other.org", **GUESTS[name])
    office.teams.world.places[GROWTH].members.add(EVE)
    profile = await office.adapter.profile(Actor("teams", TENANT, EVE))
    assert profile is not None
    assert profile.guest
    assert profile.email == ""
    assert await office.adapter.look_up("eve@other.org") is None


async def test_principal_name_stands_for_a_missing_address(office: Bench) -> None:
    office.teams.world.people[BOB]["email"] = None
    profile = await office.adapter.profile(Actor("teams", TENANT, BOB))
    assert profile is not None
    assert profile.email == "bob@example.org"


async def test_zone_and_language_are_learnt_from_what_they_send(
    office: Bench, ear: Ear, memory: Memory
) -> None:
    office.alice.more = {"locale": "de-DE", "localTimezone": "Europe/Berlin"}
    await office.alice.types("hi", office.alice.dm)
    assert {type(event).__name__ for event in ear.heard} == {"Typed", "ProfileChanged"}
    (changed,) = [event for event in ear.heard if isinstance(event, ProfileChanged)]
    assert changed.actor == office.alice.actor
    assert (changed.profile.zone, changed.profile.locale) == ("Europe/Berlin", "de-DE")
    assert changed.profile.email == "alice@example.org"
    await office.alice.types("hi", office.alice.dm)
    assert len(ear.heard) == 3, "what is known is not told again"
    client = {"type": "clientInfo", "locale": "de-DE", "timezone": "America/New_York"}
    office.alice.more = {"entities": [client], "locale": "de-DE"}
    await office.alice.types("hi", office.alice.dm)
    moved = ear.heard[-1] if isinstance(ear.heard[-1], ProfileChanged) else ear.heard[-2]
    assert isinstance(moved, ProfileChanged)
    assert moved.profile.zone == "America/New_York"
    profile = await office.adapter.profile(office.alice.actor)
    assert profile is not None
    assert profile.zone == "America/New_York"
    assert any(ALICE in key for key in memory.kept)


async def test_newest_service_url_is_kept(office: Bench, ear: Ear, memory: Memory) -> None:
    await office.alice.types("hi", office.alice.dm)
    assert memory.kept[f"service:{TENANT}"] == office.teams.service
    assert office.teams.service in memory.kept[f"person:{TENANT}:{ALICE}"]


async def happens(office: Bench, kind: str, **more: Any) -> int:
    said = office.teams.activity(ALICE, TEAM, type="conversationUpdate")
    said["channelData"] |= {"eventType": kind, **more}
    return (await office.teams.tell(said))[0]


def at(channel: str) -> Destination:
    return Destination("teams", TENANT, channel)


CHANNEL = {"channel": {"id": GROWTH, "name": "growth-new"}}
RENAMED = {"team": {"id": TEAM, "name": "Fjord new"}}


@pytest.mark.parametrize(
    ("kind", "more", "channel", "change", "name"),
    [
        ("channelRenamed", CHANNEL, GROWTH, "renamed", "growth-new"),
        ("channelDeleted", CHANNEL, GROWTH, "removed", ""),
        ("channelRestored", CHANNEL, GROWTH, "joined", ""),
        ("teamRenamed", RENAMED, TEAM, "renamed", "Fjord new"),
    ],
)
async def test_channels_change(
    office: Bench, ear: Ear, kind: str, more: Json, channel: str, change: str, name: str
) -> None:
    assert await happens(office, kind, **more) == 200
    (event,) = ear.heard
    assert isinstance(event, PlaceChanged)
    assert (event.at, event.change, event.name) == (at(channel), change, name)


@pytest.mark.parametrize(
    ("kind", "change"), [("teamDeleted", "removed"), ("teamArchived", "archived")]
)
async def test_team_s_end_is_that_of_its_channels(
    office: Bench, ear: Ear, kind: str, change: str
) -> None:
    await office.alice.types("hi", office.channel)
    ear.heard.clear()
    assert await happens(office, kind) == 200
    changed = {(e.at, e.change) for e in ear.heard if isinstance(e, PlaceChanged)}
    assert changed == {(at(TEAM), change), (at(GROWTH), change)}
    assert len({event.id for event in ear.heard}) == 2


async def test_bot_that_is_thrown_out_says_so(office: Bench, ear: Ear) -> None:
    await office.alice.types("hi", office.channel)
    ear.heard.clear()
    said = office.teams.activity(
        ALICE, TEAM, type="conversationUpdate", membersRemoved=[{"id": f"28:{APP}"}]
    )
    await office.teams.tell(said)
    gone = {e.at for e in ear.heard if isinstance(e, PlaceChanged) and e.change == "removed"}
    assert gone == {at(TEAM), at(GROWTH)}
    assert await office.adapter.look_up("alice@example.org") is None


async def test_who_left_the_team_is_gone_unless_they_have_the_app(office: Bench, ear: Ear) -> None:
    await office.alice.types("hi", office.alice.dm)
    ear.heard.clear()
    left = [{"id": f"29:{who}", "aadObjectId": who} for who in (ALICE, BOB)]
    said = office.teams.activity(ALICE, TEAM, type="conversationUpdate", membersRemoved=left)
    await office.teams.tell(said)
    (event,) = ear.heard
    assert isinstance(event, Left)
    assert event.actor == office.bob.actor


async def test_who_adds_the_app_while_teams_says_nothing_of_them_is_heard_later(
    office: Bench, ear: Ear
) -> None:
    dropped: list[Fate] = ["drop before"] * 12  # aiohttp asks once more by itself, now and then
    office.teams.does("members", *dropped)
    await office.bob.installs()
    assert office.bob.status == 503
    assert ear.heard == []
    office.teams.fates.clear()
    await office.bob.installs()
    assert isinstance(ear.heard[0], Arrived)


async def test_what_could_not_be_stored_is_heard_when_it_is_sent_again(
    office: Bench, ear: Ear
) -> None:
    said = office.teams.activity(ALICE, TEAM, type="conversationUpdate")
    said["channelData"] |= {"eventType": "channelDeleted", **CHANNEL}
    ear.answers = [Unsaved(NOT_SAVED)]
    assert (await office.teams.tell(said))[0] == 503
    assert (await office.teams.tell(said))[0] == 200
    assert len(ear.heard) == 2
    assert (await office.teams.tell(said))[0] == 200
    assert len(ear.heard) == 2
