"""A person, as colleagues see them."""

from datetime import date

from bot import cast
from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.events import Mentioned
from bot.chat.who import Actor
from storage.daysoff import Absence
from storage.people import Person
from tests.flows.eyes import labels, seen
from tests.house import House


async def test_what_somebody_works_on(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    await house.sends(BOB, form, value_1="38,5", blocker="No figures", next_0="Ask Nord")
    told = seen(await house.says(DANA, "@bob"))
    assert told.startswith("Bob Okafor\nGrowth\nWeek 5: answered\nIn the way: No figures\n")
    assert "Means to do:\n- Ask Nord" in told
    assert "Raise NPS of new clinics from 32 to 45: 38.5, target 45 points · 50% · on pace" in told


async def test_the_line_of_the_week_and_days_away(house: House) -> None:
    await house.go_to("Thu 10:00")
    form = await house.clicks(DANA, house.last(DANA), "Check in")
    await house.sends(DANA, form, line=HOSTILE)
    await house.database.write(
        lambda session: session.add(
            Absence(person_id=4, first=date(2026, 11, 5), last=date(2026, 11, 6),
                    said_at=cast.FRIDAY)
        )
    )  # fmt: skip
    told = seen(await house.says(BOB, "@Dana Weiss"))
    assert told == (
        f"Dana Weiss\nAway until Fri 6 Nov.\nGrowth\nWeek 5: {HOSTILE}\n"
        "Owns no key results this quarter."
    )


async def test_a_mention_of_the_platform_is_enough(house: House) -> None:
    said = Mentioned(Actor("loopback", "", ALICE.email), "@A. Brandt")
    reply = await house.says(BOB, "@A. Brandt", mentions=(said,))
    assert seen(reply).startswith("Alice Brandt\n")


async def test_a_name_of_two_is_asked_about(house: House) -> None:
    await house.database.write(
        lambda session: session.add(
            Person(email="bobby@harbour.example", name="Bob Marsh", since=cast.FRIDAY)
        )
    )
    reply = await house.says(DANA, "@bob")
    assert seen(reply) == "Whom do you mean?\nThere is more than one “bob”:"
    assert sorted(labels(reply)) == ["Bob Marsh", "Bob Okafor"]
    shown = await house.clicks(DANA, reply, "Bob Okafor")
    assert seen(shown).startswith("Bob Okafor\n")


async def test_a_wrong_name_gets_the_nearest(house: House) -> None:
    reply = await house.says(DANA, "@Chalie")
    assert labels(reply)[0] == "Charlie Rao"
    assert seen(await house.clicks(DANA, reply, "Charlie Rao")).startswith("Charlie Rao\n")
    assert "Nobody here is called “<b>hi</b>" in seen(await house.says(DANA, f"@{HOSTILE}"))
    assert labels(await house.says(CHARLIE, "@%")) == []


async def test_letters_of_all_scripts_in_any_case(house: House) -> None:
    await house.database.write(
        lambda session: session.add(
            Person(email="o@harbour.example", name="Özlem Ärlig", since=cast.FRIDAY)
        )
    )
    assert seen(await house.says(DANA, "@özlem")).startswith("Özlem Ärlig\n")
    assert seen(await house.says(DANA, "@ÄRLIG")).startswith("Özlem Ärlig\n")


async def test_at_alone_says_how(house: House) -> None:
    assert "like @Alice" in seen(await house.says(DANA, "@"))


async def test_a_team_behind_the_sign_is_one_tap_away(house: House) -> None:
    reply = await house.says(BOB, "@growth")
    assert "Do you mean the team Growth?" in seen(reply)
    assert seen(await house.clicks(BOB, reply, "Growth")).startswith("Growth")
