"""What is in somebody's way is asked after until it is gone."""

from datetime import date

from sqlmodel import Session

from bot import cast
from bot.cast import BOB, CHARLIE
from storage.checkins import Blocker
from tests.flows.eyes import labels, seen
from tests.house import House


def late(session: Session) -> None:
    session.add(
        Blocker(cycle_id=1, week=4, person_id=2, text="No figures", helper_id=3,
                by=date(2026, 11, 3), changed_at=cast.FRIDAY)
    )  # fmt: skip


async def test_owner_and_helper_are_asked_and_the_summary_says_since_when(house: House) -> None:
    await house.database.write(late)
    await house.go_to("Thu 10:30", zone="America/New_York")
    asked = house.last(BOB)
    assert "Overdue since Tue 3 Nov, is it out of your way? No figures" in seen(asked)
    helping = house.last(CHARLIE)
    assert "Overdue since Tue 3 Nov, Bob Okafor hopes for your help: No figures" in seen(helping)
    await house.clicks(CHARLIE, helping, "I can help")
    again = next(m.card for m in house.inbox(CHARLIE) if m.card.title == "Week 5 check-in")
    assert "I can help" not in labels(again)
    assert "Solved" in labels(again), "who helps may close it from their own card"
    await house.go_to("Fri 15:30")
    summary = house.channel[-2]
    assert "No figures · Charlie Rao is helping · overdue since Tue 3 Nov" in seen(summary.card)
    await house.clicks(CHARLIE, again, "Solved", about="No figures")
    assert "overdue" not in seen(house.channel[-2].card)
    told = [m.card for m in house.inbox(BOB) if m.card.title.startswith("Week 5")]
    assert not any("Overdue" in seen(card) for card in told)


async def test_what_is_not_due_yet_is_left_in_peace(house: House) -> None:
    await house.go_to("Mon 09:00")
    await house.database.write(late)
    await house.go_to("Tue 09:00")
    told = seen(await house.says(CHARLIE, "summary growth"))
    assert "by Tue 3 Nov" in told
    assert "overdue" not in told


async def test_what_outlives_its_quarter_is_still_in_the_way(house: House) -> None:
    def lasting(session: Session) -> None:
        session.add(
            Blocker(cycle_id=1, week=12, person_id=2, text="No figures", helper_id=3,
                    by=date(2026, 12, 23), changed_at=cast.FRIDAY)
        )  # fmt: skip
        session.add(
            Blocker(cycle_id=1, week=11, person_id=2, text="No room", state="solved",
                    changed_at=cast.FRIDAY)
        )  # fmt: skip

    await house.database.write(lasting)
    await house.go_to("Mon 09:00", week=14)
    told = seen(await house.says(BOB, "blockers growth"))
    assert "Bob Okafor: No figures" in told
    assert "overdue since Wed 23 Dec · open for 2 weeks" in told
    assert "No room" not in told
    counted = "2 things in the way, 1 solved."
    assert counted in seen(await house.says(BOB, "quarter last"))
    await house.go_to("Thu 10:30", zone="America/New_York", week=15)
    assert "Overdue since Wed 23 Dec, is it out of your way? No figures" in seen(house.last(BOB))
    await house.go_to("Fri 15:30", week=15)
    place, summary = [(n, m) for n, m in enumerate(house.channel) if "No fig" in seen(m.card)][-1]
    assert "overdue since Wed 23 Dec · open since an earlier quarter" in seen(summary.card)
    await house.clicks(BOB, summary.card, "Solved", about="No figures")
    assert "No figures" not in seen(house.channel[place].card)
    assert "Nothing is in anybody's way." in seen(await house.says(BOB, "blockers growth"))
    assert counted in seen(await house.says(BOB, "quarter last"))
