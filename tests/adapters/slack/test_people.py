"""Who Slack's people are, when they are away, and what happens to channels."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.people import profile
from adapters.slack.workspace import Self
from bot.chat.adapter import Found
from bot.chat.events import Arrived, Event, Left, PlaceChanged, Profile, ProfileChanged
from bot.chat.who import Actor, Destination
from tests.adapters.slack.bench import ALICE, Bench
from tests.adapters.slack.world import BOT, ENTERPRISE, TEAM, Json, World
from tests.adapters.stages import Ear

OURS = Self(TEAM, BOT)
WHO, AT = Actor("slack", TEAM, ALICE), Destination("slack", TEAM, ALICE)
C1 = Destination("slack", TEAM, "C1")


def somebody(**more: Any) -> Json:
    return World().hire("U1", "Alice Berg", "Alice@Example.org") | more


def away(text: str, emoji: str, ends: int, zone: str = "Europe/Oslo") -> str:
    user = somebody(tz=zone)
    user["profile"] |= {"status_text": text, "status_emoji": emoji, "status_expiration": ends}
    return profile(user, OURS).away_until or ""


def moment(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type] # year, month, …


def test_a_member_is_known_by_name_address_zone_and_language() -> None:
    assert profile(somebody(locale="de-DE"), OURS) == Profile(
        "Alice Berg", "alice@example.org", "Europe/Oslo", "de-DE", ""
    )


@pytest.mark.parametrize(
    "sign",
    [
        {"is_restricted": True},
        {"is_restricted": True, "is_ultra_restricted": True},
        {"is_stranger": True},
        {"is_bot": True},
        {"team_id": "T0OTHER"},
        {"id": "USLACKBOT"},
    ],
    ids=str,
)
def test_guests_bots_and_strangers_are_guests_without_an_address(sign: Json) -> None:
    known = profile(somebody(**sign), OURS)
    assert known.guest
    assert known.email == ""


def test_a_colleague_of_the_same_organisation_is_no_guest() -> None:
    grid = Self(TEAM, BOT, enterprise=ENTERPRISE, is_grid=True)
    user = somebody(team_id="T0SISTER", enterprise_user={"enterprise_id": ENTERPRISE})
    assert not profile(user, grid).guest
    assert profile(user, OURS).guest


def test_an_address_that_slack_has_not_confirmed_is_none() -> None:
    assert profile(somebody(is_email_confirmed=False), OURS).email == ""


@pytest.mark.parametrize(
    ("text", "emoji", "ends", "until"),
    [
        ("Vacationing", ":palm_tree:", moment(2026, 2, 20, 22, 59, 59), "2026-02-20"),
        ("Vacationing", ":palm_tree:", moment(2026, 2, 20, 23, 0), "2026-02-20"),
        ("Out sick", ":face_with_thermometer:", moment(2026, 2, 20, 7, 0), "2026-02-19"),
        ("Im Urlaub bis Montag", ":smile:", moment(2026, 2, 20, 22, 59), "2026-02-20"),
        ("OOO", "", moment(2026, 2, 20, 22, 59), "2026-02-20"),
        ("Vacationing", ":palm_tree:", 0, ""),
        ("In a meeting", ":spiral_calendar_pad:", moment(2026, 2, 20, 12, 0), ""),
        ("Working remotely", ":house_with_garden:", moment(2026, 2, 20, 22, 59), ""),
        ("Vacationing", ":palm_tree:", 2**40, ""),
    ],
)
def test_a_status_of_absence_counts_while_it_has_an_end(
    text: str, emoji: str, ends: int, until: str
) -> None:
    assert away(text, emoji, ends) == until


def test_the_last_day_is_a_day_of_their_own_zone() -> None:
    ends = moment(2026, 2, 20, 15, 0)
    assert away("Vacationing", ":palm_tree:", ends, "Asia/Tokyo") == "2026-02-20"
    assert away("Vacationing", ":palm_tree:", ends, "America/Los_Angeles") == "2026-02-19"
    assert away("Vacationing", ":palm_tree:", ends, "Nowhere/Else") == "2026-02-20"


@pytest.mark.parametrize("sign", ["deleted", "is_restricted", "is_stranger", "is_bot"])
async def test_who_is_no_member_is_not_found_by_address(office: Bench, sign: str) -> None:
    found = await office.adapter.look_up("alice@example.org")
    assert found == Found(
        WHO, AT, Profile("Alice Berg", "alice@example.org", "Europe/Oslo", "en-GB", "")
    )
    office.slack.world.users[ALICE][sign] = True
    assert await office.adapter.look_up("alice@example.org") is None


async def test_a_rate_limit_does_not_make_somebody_a_stranger(office: Bench) -> None:
    office.slack.does("users.lookupByEmail", ("busy", 0))
    assert await office.adapter.look_up("alice@example.org") is not None
    office.slack.does("users.info", "internal_error")
    with pytest.raises(Exception, match="internal_error"):
        await office.adapter.profile(WHO)


async def test_a_whole_company_is_looked_up_in_a_few_calls(office: Bench) -> None:
    for n in range(450):
        office.slack.world.hire(f"U{n}", f"Person {n}", f"p{n}@example.org")
    office.slack.world.users["U7"]["is_restricted"] = True
    found = [await office.adapter.look_up(f"P{n}@example.org") for n in range(450)]
    assert [n for n, each in enumerate(found) if each is None] == [7]
    assert found[449] == Found(
        Actor("slack", TEAM, "U449"),
        Destination("slack", TEAM, "U449"),
        Profile("Person 449", "p449@example.org", "Europe/Oslo", "en-GB", ""),
    )
    assert await office.adapter.look_up("nobody@example.org") is None
    assert len(office.slack.called("users.lookupByEmail")) == 8
    assert len(office.slack.called("users.list")) == 3


EVENTS: list[tuple[Json, Event]] = [
    ({"type": "channel_rename", "channel": {"id": "C1", "name": "new", "created": 1}},
     PlaceChanged(C1, "Ev1", "renamed", name="new")),
    ({"type": "group_rename", "channel": {"id": "C1", "name": "new", "created": 1}},
     PlaceChanged(C1, "Ev1", "renamed", name="new")),
    ({"type": "channel_archive", "channel": "C1", "user": ALICE},
     PlaceChanged(C1, "Ev1", "archived")),
    ({"type": "channel_unarchive", "channel": "C1", "user": ALICE},
     PlaceChanged(C1, "Ev1", "joined")),
    ({"type": "channel_deleted", "channel": "C1"}, PlaceChanged(C1, "Ev1", "removed")),
    ({"type": "channel_left", "channel": "C1"}, PlaceChanged(C1, "Ev1", "removed")),
    ({"type": "group_left", "channel": "C1"}, PlaceChanged(C1, "Ev1", "removed")),
    ({"type": "member_joined_channel", "channel": "C1", "user": BOT},
     PlaceChanged(C1, "Ev1", "joined")),
    ({"type": "member_left_channel", "channel": "C1", "user": BOT},
     PlaceChanged(C1, "Ev1", "removed")),
    ({"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"},
     PlaceChanged(C1, "Ev1", "moved", to="C2")),
]  # fmt: skip


@pytest.mark.parametrize(("event", "meant"), EVENTS, ids=lambda each: str(each)[10:30])
async def test_what_happens_to_a_channel_is_told(
    office: Bench, ear: Ear, event: Json, meant: Event
) -> None:
    assert await office.slack.event(event, "Ev1") == 200
    assert ear.heard == [meant]


async def test_who_else_joins_or_leaves_a_channel_is_left_alone(office: Bench, ear: Ear) -> None:
    for kind in ("member_joined_channel", "member_left_channel"):
        assert await office.slack.event({"type": kind, "channel": "C1", "user": ALICE}) == 200
    assert ear.heard == []


async def test_what_happens_to_people_is_told(office: Bench, ear: Ear) -> None:
    user = office.slack.world.users[ALICE]
    known = Profile("Alice Berg", "alice@example.org", "Europe/Oslo", away_until="")
    await office.slack.event({"type": "team_join", "user": user}, "Ev1")
    await office.slack.event({"type": "user_change", "user": user}, "Ev2")
    await office.slack.event({"type": "user_change", "user": user | {"deleted": True}}, "Ev3")
    await office.slack.event({"type": "user_change", "user": user | {"is_restricted": True}}, "Ev4")
    assert ear.heard == [
        Arrived(WHO, AT, "Ev1", known),
        ProfileChanged(WHO, "Ev2", known),
        Left(WHO, "Ev3", "account_inactive"),
        Left(WHO, "Ev4", "guest_or_bot"),
    ]
