"""What platforms tell by and by is kept, and only what nobody has set is filled in."""

from datetime import date

import pytest
from sqlmodel import select

from bot.cast import DANA
from bot.chat.events import Arrived, Event, Left, PlaceChanged, Profile, ProfileChanged
from bot.chat.who import Actor, Destination
from storage import people, teams
from storage.daysoff import Absence
from storage.people import Identity, Person
from storage.teams import Channel
from tests.house import CHANNEL, House, set_person

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ACTOR = Actor("loopback", "", DANA.email)
HERE = Destination("loopback", "", CHANNEL)


async def learns(house: House, event: Event) -> None:
    """An event, and the planning that it may bring about."""
    await house.bot.hear(house.platform, event)
    await house.bot.duties.plan(at_once=True)


async def dana(house: House) -> Person:
    found = await house.database.read(lambda s: people.person(s, 4))
    assert found is not None
    return found


async def account(house: House) -> Identity:
    return (await house.database.read(lambda s: people.identities(s, [4])))[4][0]


async def channel(house: House) -> Channel:
    return (await house.database.read(lambda s: teams.channels(s, [2])))[2][0]


async def absences(house: House) -> list[tuple[date, date, str]]:
    found = await house.database.read(lambda s: s.exec(select(Absence)).all())
    return [(row.first, row.last, row.source) for row in found]


async def test_a_renamed_channel(house: House) -> None:
    await learns(house, PlaceChanged(HERE, "1", "renamed", name="growth\ud83d-team"))
    assert ((await channel(house)).name, (await channel(house)).address) == ("growth-team", CHANNEL)


async def test_a_moved_channel_gets_the_summary(house: House) -> None:
    await learns(house, PlaceChanged(HERE, "1", "moved", to="channel:new"))
    await learns(house, PlaceChanged(HERE, "2", "moved", to="channel:new"))  # told twice
    await house.go_to("Fri 16:00")
    assert house.platform.to("channel:new")
    assert not [m for m in house.channel if m.card.title.startswith("Growth: week 5")]


@pytest.mark.parametrize("change", ["archived", "removed"])
async def test_an_archived_channel_gets_nothing_until_the_bot_is_back(
    house: House, change: str
) -> None:
    before = len(house.channel)
    await learns(house, PlaceChanged(HERE, "1", change))  # type: ignore[arg-type] # one of these
    assert (await channel(house)).unreachable == change
    await house.go_to("Fri 15:00")
    assert len(house.channel) == before
    await learns(house, PlaceChanged(HERE, "2", "joined"))
    assert (await channel(house)).unreachable is None
    await house.bot.settle()
    assert len(house.channel) > before  # late, and not too late


async def test_who_left_is_not_written_to_until_they_arrive_again(house: House) -> None:
    await learns(house, Left(ACTOR, "1", "account_deactivated"))
    assert (await account(house)).unreachable == "account_deactivated"
    await house.go_to("Thu 10:00")
    assert house.inbox(DANA) == []
    profile = Profile("Dana Weiss", DANA.email, "Europe/Berlin")
    await learns(house, Arrived(ACTOR, Destination("loopback", "", "dm:anew"), "2", profile))
    await house.bot.settle()
    assert [m.card.title for m in house.platform.to("dm:anew")] == ["Week 5 check-in"]


async def test_a_profile_fills_only_what_nobody_has_set(house: House) -> None:
    profile = Profile("Someone Else", DANA.email, "Asia/Tokyo", "ja-JP")
    await learns(house, ProfileChanged(ACTOR, "1", profile))
    now = await dana(house)
    assert (now.name, now.zone, now.locale) == ("Dana Weiss", "Europe/Berlin", "ja-JP")
    await house.database.write(set_person(DANA, zone=None))
    await learns(house, ProfileChanged(ACTOR, "2", profile))
    assert (await dana(house)).zone == "Asia/Tokyo"


async def test_a_zone_that_does_not_exist_is_not_taken(house: House) -> None:
    await house.database.write(set_person(DANA, zone=None))
    await learns(house, ProfileChanged(ACTOR, "1", Profile("D", DANA.email, "Moon/Base")))
    assert (await dana(house)).zone is None


async def test_a_status_is_an_absence_as_long_as_it_says_so(house: House) -> None:
    def away(id: str, until: str) -> ProfileChanged:
        return ProfileChanged(ACTOR, id, Profile("D", DANA.email, away_until=until))

    await learns(house, away("1", "2026-11-06"))
    assert await absences(house) == [(date(2026, 11, 2), date(2026, 11, 6), "status")]
    await house.go_to("Wed 09:00")
    assert house.inbox(DANA) == []
    await learns(house, away("2", "2026-11-13"))
    assert await absences(house) == [(date(2026, 11, 2), date(2026, 11, 13), "status")]
    await learns(house, away("3", ""))
    assert await absences(house) == [(date(2026, 11, 2), date(2026, 11, 3), "status")]
    await learns(house, away("4", ""))
    await house.go_to("Thu 10:00")
    assert [m.card.title for m in house.inbox(DANA)] == ["Week 5 check-in"]


@pytest.mark.parametrize("until", ["2026-11-01", "tomorrow", ""])
async def test_a_status_of_the_past_or_that_says_nothing_is_no_absence(
    house: House, until: str
) -> None:
    profile = Profile("D", DANA.email, away_until=until)
    await learns(house, ProfileChanged(ACTOR, "1", profile))
    assert await absences(house) == []


async def test_a_status_taken_back_on_its_first_day_leaves_nothing(house: House) -> None:
    for number, until in (("1", "2026-11-06"), ("2", "")):
        profile = Profile("D", DANA.email, away_until=until)
        await learns(house, ProfileChanged(ACTOR, number, profile))
    assert await absences(house) == []


async def test_a_platform_that_knows_of_no_absences_ends_none(house: House) -> None:
    for number, until in (("1", "2026-11-06"), ("2", None)):
        profile = Profile("D", DANA.email, away_until=until)
        await learns(house, ProfileChanged(ACTOR, number, profile))
    assert await absences(house) == [(date(2026, 11, 2), date(2026, 11, 6), "status")]


async def test_a_status_does_not_end_what_was_said_in_chat(house: House) -> None:
    await house.says(DANA, "away 2026-11-05 2026-11-06")
    await learns(house, ProfileChanged(ACTOR, "1", Profile("D", DANA.email, away_until="")))
    assert await absences(house) == [(date(2026, 11, 5), date(2026, 11, 6), "chat")]


async def test_what_strangers_platforms_tell_is_not_kept(house: House) -> None:
    nobody = Actor("loopback", "", "U99")
    at = Destination("loopback", "", "dm:x")
    for event in (
        Left(nobody, "1", "gone"),
        ProfileChanged(nobody, "2", Profile("N", "n@elsewhere.example", "Asia/Tokyo")),
        Arrived(nobody, at, "3", Profile("N", "n@elsewhere.example")),
        PlaceChanged(Destination("loopback", "", "channel:other"), "4", "renamed", name="x"),
    ):
        await learns(house, event)
    everyone = await house.database.read(lambda s: s.exec(select(Identity)).all())
    assert len(everyone) == 4
