"""A lead hears on the same day where somebody's confidence fell."""

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card
from tests.house import House, buttons_of, words
from tests.loopback import Message

CHURN = "Cut churn in the first 90 days from 4% to 3%"
NPS = "Raise NPS of new clinics from 32 to 45"


def flags(house: House) -> list[Message]:
    return [m for m in house.inbox(ALICE) if m.key.startswith("flag:")]


async def bob_says(house: House, **answers: str) -> None:
    form = await house.says(BOB, "checkin")
    await house.sends(BOB, form, **answers)


def about(card: Card) -> list[str]:
    """What its buttons are about, but for the one that says why it came."""
    return [button.about for button in buttons_of(card) if button.about]


async def test_a_fall_is_told_within_minutes_with_who_and_why(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6", note_2="Nord did not renew")
    assert flags(house) == []
    await house.go_to("Wed 12:05")
    (flag,) = flags(house)
    assert flag.card.title == "One key result may need you"
    assert words(flag.card).splitlines()[1] == (
        f"{CHURN}: confidence 9 → 6 of 10, at risk · “Nord did not renew” · Bob Okafor"
    )
    assert [(b.label, b.action) for b in buttons_of(flag.card)] == [
        ("Show details", "why:show:2"),
        ("Why this?", "why:letter:flag:1:2026-11-04"),
    ]
    assert [m for p in (BOB, CHARLIE, DANA) for m in house.inbox(p)] == []


async def test_a_small_fall_is_no_flag(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="7", confidence_1="5")
    await house.go_to("Wed 20:00")
    assert flags(house) == []


async def test_all_flags_of_a_day_share_one_message(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Wed 13:00")
    await bob_says(house, confidence_2="6", confidence_1="2")
    await house.go_to("Wed 14:00")
    (flag,) = flags(house)
    assert flag.edits >= 1
    assert flag.card.title == "2 key results may need you"
    assert about(flag.card) == [NPS, CHURN]


async def test_what_is_put_right_at_once_is_never_told(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="1")
    await house.go_to("Wed 12:02")
    await bob_says(house, confidence_2="8")
    await house.go_to("Wed 12:30")
    assert flags(house) == []
    await bob_says(house, confidence_2="2")
    await house.go_to("Wed 12:40")
    (flag,) = flags(house)
    assert "confidence 9 → 2 of 10, off track" in words(flag.card)


async def test_what_is_put_right_later_is_put_right_there_too(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="1")
    await house.go_to("Wed 12:30")
    await bob_says(house, confidence_2="8")
    (flag,) = flags(house)
    assert flag.card.title == "Nothing is flagged any more"


async def test_another_day_is_another_message(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Thu 12:00")
    await bob_says(house, confidence_2="6", confidence_1="2")
    await house.go_to("Thu 12:10")
    first, second = flags(house)
    assert about(first.card) == [CHURN]
    assert about(second.card) == [NPS]


async def test_the_day_is_the_leads_day(house: House) -> None:
    """Bob answers on Wednesday at 18:30 in New York, 23:30 UTC: it is Thursday where Alice is."""
    await house.go_to("Wed 18:30", "America/New_York")
    await bob_says(house, confidence_2="6")
    await house.go_to("Wed 18:40", "America/New_York")
    (flag,) = flags(house)
    assert flag.key == "flag:1:2026-11-05"
    assert about(flag.card) == [CHURN]


async def test_what_people_type_arrives_as_typed(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="2", note_2=HOSTILE)
    await house.go_to("Wed 12:10")
    assert f"“{HOSTILE}”" in words(flags(house)[0].card)
