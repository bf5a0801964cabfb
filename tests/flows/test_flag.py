"""A lead hears on the same day where somebody's confidence fell."""

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card, Chart
from bot.chat.replies import Say
from tests.house import House, buttons_of, words
from tests.loopback import Message

CHURN = "Cut churn in the first 90 days from 4% to 3%"
UPTIME = "Keep booking available 99.9% of the time"
ANSWER = "Time to first answer"
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


async def test_on_days_off_nothing_and_then_what_still_stands(house: House) -> None:
    await house.says(ALICE, "away wed - sun")
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6", confidence_1="2")
    await house.go_to("Thu 12:00")
    await bob_says(house, confidence_1="7", confidence_3="3")
    await house.go_to("Mon 09:04", week=6)
    assert flags(house) == []
    await house.go_to("Mon 09:05", week=6)
    (flag,) = flags(house)
    assert flag.card.title == "2 key results may need you"
    assert about(flag.card) == [CHURN, UPTIME]
    assert words(flag.card).startswith("Said since Wed 4 Nov in your team.")


async def test_what_comes_later_on_the_first_day_back_joins(house: House) -> None:
    await house.go_to("Sat 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Mon 12:00", week=6)
    await bob_says(house, confidence_1="2")
    await house.go_to("Mon 12:10", week=6)
    (flag,) = flags(house)
    assert about(flag.card) == [NPS, CHURN]
    await house.go_to("Tue 12:00", week=6)
    await bob_says(house, confidence_3="1")
    await house.go_to("Tue 12:10", week=6)
    first, second = flags(house)
    assert (about(first.card), about(second.card)) == ([NPS, CHURN], [UPTIME])


async def test_what_was_put_right_meanwhile_is_never_told(house: House) -> None:
    await house.says(ALICE, "away wed - 15.11.")
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Thu 12:00", week=6)
    await bob_says(house, confidence_2="9")
    await house.go_to("Mon 12:00", week=7)
    assert flags(house) == []


async def test_who_leaves_at_once_is_spared_and_who_comes_back_early_hears(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Wed 12:02")
    await house.says(ALICE, "away until fri")
    await house.go_to("Thu 12:00")
    assert flags(house) == []
    await house.says(ALICE, "back")
    await house.go_to("Thu 12:05")
    (flag,) = flags(house)
    assert about(flag.card) == [CHURN]


async def test_who_stays_away_longer_hears_later(house: House) -> None:
    await house.says(ALICE, "away wed")
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.says(ALICE, "away thu - 20.11.")
    await house.go_to("Sun 12:00", week=7)
    assert flags(house) == []
    await house.go_to("Mon 09:05", week=8)
    (flag,) = flags(house)
    assert about(flag.card) == [CHURN]


async def test_a_public_holiday_is_a_day_off(house: House) -> None:
    await house.says(ALICE, "setup holiday 4.11. all")
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Wed 23:00")
    assert flags(house) == []
    await house.go_to("Thu 09:05")
    assert len(flags(house)) == 1


async def test_falls_and_breaches_of_a_day_are_one_message(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.says(CHARLIE, "kpi support-time 4.6 h")
    await house.go_to("Wed 12:30")
    (flag,) = flags(house)
    assert house.inbox(ALICE)[-1] is flag
    assert flag.card.title == "1 key result and 1 KPI may need you"
    assert about(flag.card) == [CHURN, ANSWER]
    assert any(isinstance(block, Chart) for block in flag.card.blocks)
    why = await house.clicks(ALICE, flag.card, "Why this?")
    assert isinstance(why, Say)
    assert "or a KPI that you own, or that belongs to such a team, left its range" in words(
        why.card
    )
    await bob_says(house, confidence_2="8")
    await house.go_to("Wed 13:00")
    assert [m.card.title for m in flags(house)] == ["A KPI left its range"]
    await house.says(CHARLIE, "kpi support-time 3.6 h")
    assert "Since then: 3.6" in words(flags(house)[0].card)


async def test_a_breach_joins_what_was_told_that_day_and_what_waits(house: House) -> None:
    await house.go_to("Wed 12:00")
    await bob_says(house, confidence_2="6")
    await house.go_to("Wed 13:00")
    await house.says(CHARLIE, "kpi support-time 4.6 h")
    await house.go_to("Wed 14:00")
    (flag,) = flags(house)
    assert about(flag.card) == [CHURN, ANSWER]


async def test_days_off_gather_falls_and_breaches_alike(house: House) -> None:
    await house.says(ALICE, "away wed - sun")
    await house.go_to("Wed 12:00")
    await house.says(CHARLIE, "kpi support-time 4.6 h")
    await house.go_to("Thu 12:00")
    await bob_says(house, confidence_1="2")
    await house.go_to("Mon 09:05", week=6)
    (flag,) = flags(house)
    assert about(flag.card) == [NPS, ANSWER]
    assert flag.key == "flag:1:2026-11-04"
    await house.says(CHARLIE, "kpi support-time 3 yesterday")
    assert "Since then: 3" in words(flags(house)[0].card)


async def test_a_pause_is_silent_for_what_waits(house: House) -> None:
    await house.go_to("Sat 12:00")
    await bob_says(house, confidence_2="6")
    await house.says(ALICE, "setup pause")
    await house.go_to("Mon 12:00", week=6)
    assert flags(house) == []
