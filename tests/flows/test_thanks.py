"""Thanks reach whom they are for, once a day; a lead says that a week was read."""

import pytest
from sqlmodel import Session

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card
from bot.chat.events import Mentioned
from bot.chat.forms import Form
from bot.chat.replies import Fix, Open
from bot.chat.who import Actor
from storage.people import Identity
from storage.teams import Team
from tests.flows.eyes import labels, seen
from tests.house import House

NPS = "Raise NPS of new clinics from 32 to 45"


def summary(house: House) -> Card:
    return next(
        m.card for m in reversed(house.channel) if m.card.title.startswith("Growth: week 5")
    )


async def test_thanks_are_told_together_and_shown_among_the_wins(house: House) -> None:
    await house.go_to("Fri 15:30")
    reply = await house.says(DANA, "thanks @Bob for kr 1: your calls did it")
    assert seen(reply).splitlines() == [
        "Thank you for saying thanks",
        "your calls did it",
        f"For: {NPS}",
        "Bob hears of it, and their team sees it among this week's wins.",
    ]
    bob = Mentioned(Actor("loopback", "", BOB.email), "@bobby")
    await house.says(CHARLIE, f"kudos @bobby, {HOSTILE}", mentions=(bob,))
    await house.go_to("Fri 15:40")
    assert seen(house.last(BOB)).splitlines() == [
        "You were thanked 2 times",
        f"Dana Weiss: “your calls did it” · for {NPS}",
        f"Charlie Rao: “{HOSTILE}”",
    ]
    told = seen(summary(house))
    assert f"- Bob Okafor, thanked by Dana Weiss: “your calls did it” ({NPS})" in told
    await house.says(ALICE, "thanks bob okafor the numbers")
    assert seen(house.last(BOB)).startswith("You were thanked 3 times\n")
    assert len([m for m in house.inbox(BOB) if m.key.startswith("thanks:")]) == 1
    assert "thanked by Alice Brandt: “the numbers”" in seen(summary(house))
    why = await house.clicks(BOB, house.last(BOB), "Why this?")
    assert "Somebody thanked you: thanks come together, once a day at most." in seen(why)


async def test_thanks_on_a_day_off_are_not_called_those_of_today(house: House) -> None:
    await house.go_to("Sat 10:00")
    form = await house.says(DANA, "thanks bob")
    assert isinstance(form, Open)
    assert all("today" not in question.hint for question in form.form.questions())
    await house.sends(DANA, form, text="the calls")
    await house.says(CHARLIE, "thanks bob the numbers")
    assert not any(m.key.startswith("thanks:") for m in house.inbox(BOB))
    await house.go_to("Mon 16:00", week=6)
    (told,) = [m for m in house.inbox(BOB) if m.key.startswith("thanks:")]
    assert told.card.title == "You were thanked 2 times"


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ("thanks", ("", "", "")),
        ("thanks everybody for the cake", ("", "everybody for the cake", "")),
        ("thanks bob", ("2", "", "")),
        ("thanks bob for kr 99 calls", ("2", "calls", "99")),
        ("danke bob für kr 1", None),
    ],
)
async def test_what_is_not_clear_is_asked_with_all_that_was_typed(
    house: House, typed: str, filled: tuple[str, str, str] | None
) -> None:
    reply = await house.says(DANA, typed)
    if filled is None:
        assert f"For: {NPS}" in seen(reply)
        return
    assert isinstance(reply, Open)
    assert tuple(question.value for question in reply.form.questions()) == filled


async def test_a_form_is_kept_once_and_its_faults_stand_beside_the_questions(house: House) -> None:
    form = await house.says(DANA, "thanks")
    assert isinstance(form, Open)
    wrong = await house.sends(DANA, form, whom="4", text="Me", key_result="kr 99")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["whom", "key-result"]
    assert isinstance(form.form, Form)
    for _ in range(2):
        reply = await house.sends(DANA, form, whom="2", text="Calls", key_result="KR 1")
    assert seen(reply).startswith("Said already")
    assert seen(await house.says(BOB, "summary")).count("thanked by Dana") == 1
    assert seen(await house.says(BOB, "thanks bob I did well")).startswith("You deserve it")


async def test_who_cannot_be_reached_is_thanked_in_the_summary_all_the_same(house: House) -> None:
    def lose(session: Session) -> None:
        row = session.get(Identity, 2)
        assert row is not None
        row.address = None

    await house.database.write(lose)
    assert "I can't reach Bob" in seen(await house.says(DANA, "thanks bob calls"))
    assert "thanked by Dana Weiss: “calls”" in seen(await house.says(DANA, "summary"))


async def test_one_tap_says_that_the_lead_has_read_the_week(house: House) -> None:
    await house.go_to("Fri 15:30")
    before = summary(house)
    told = seen(await house.clicks(BOB, before, "Read, thank you"))
    assert "It tells Growth that Alice has read the week." in told
    assert "Read by" not in seen(summary(house))
    reply = await house.clicks(ALICE, before, "Read, thank you")
    assert seen(reply).startswith("Thank you for reading")
    assert seen(summary(house)).endswith("Read by Alice Brandt")
    assert "Read, thank you" not in labels(summary(house))
    await house.clicks(ALICE, before, "Read, thank you")
    assert seen(summary(house)).count("Read by Alice") == 1

    def follow(session: Session) -> None:
        row = session.get(Team, 2)
        assert row is not None
        row.lead_id = 3

    await house.database.write(follow)
    await house.presses(CHARLIE, "digest:read:1:5:2")
    assert seen(summary(house)).endswith("Read by Alice Brandt, Charlie Rao")
