"""What is in somebody's way is asked after until it is gone."""

from datetime import date, timedelta

from sqlmodel import Session

from bot import cast
from bot.cast import BOB, CHARLIE
from storage import checkins
from storage.checkins import Blocker
from storage.cycles import Cycle
from storage.database import Database
from tests.engines import statements
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


async def test_what_was_left_behind_in_an_older_quarter_comes_along_too(house: House) -> None:
    def left_behind(session: Session) -> None:
        for number, starts in ((7, date(2026, 4, 6)), (8, date(2026, 7, 6))):
            ends = starts + timedelta(days=90)
            session.add(
                Cycle(id=number, name=f"C {number}", starts=starts, ends=ends, state="closed")
            )
        session.flush()
        for cycle, week, state, text in (
            (7, 12, "open", "No figures"),
            (7, 11, "solved", "No room"),
            (8, 3, "taken", "No budget"),
            (1, 12, "open", "No time"),
        ):
            session.add(
                Blocker(cycle_id=cycle, week=week, person_id=2, text=text, state=state,
                        changed_at=cast.FRIDAY)
            )  # fmt: skip

    await house.database.write(left_behind)
    assert "No figures" not in seen(await house.says(BOB, "blockers growth"))
    await house.go_to("Mon 09:00", week=14)
    told = seen(await house.says(BOB, "blockers growth"))
    figures, budget, late = (told.index(text) for text in ("No figures", "No budget", "No time"))
    assert figures < budget < late, "the oldest first"
    assert "open for 28 weeks" in told[figures:budget]
    assert "open for 24 weeks" in told[budget:late]
    assert "open for 2 weeks" in told[late:]
    assert "No room" not in told
    await house.go_to("Fri 15:30", week=15)
    (summary,) = [m.card for m in house.channel if "No figures" in seen(m.card)][:1]
    assert seen(summary).count("open since an earlier quarter") == 3
    await house.clicks(BOB, summary, "Solved", about="No figures")
    assert "No figures" not in seen(await house.says(BOB, "blockers growth"))


async def test_coming_along_takes_as_many_statements_however_many_are_open(
    database: Database,
) -> None:
    await House.open(database)
    counts = []
    for number in range(1, 5):

        def go_on(session: Session, number: int = number) -> int:
            cycle = session.get_one(Cycle, 1)
            starts = cycle.starts - timedelta(weeks=13 * number)
            session.add(
                Cycle(id=90 + number, name=f"C {number}", starts=starts,
                      ends=starts + timedelta(days=90), state="closed")
            )  # fmt: skip
            session.flush()
            for person in (1, 2, 3, 4)[:number]:
                session.add(
                    Blocker(cycle_id=90 + number, week=5, person_id=person, text="No time",
                            changed_at=cast.FRIDAY)
                )  # fmt: skip
            session.flush()
            with statements(database) as seen:
                checkins.go_on(session, cycle)
            return len(seen)

        counts.append(await database.write(go_on))
    assert len(set(counts)) == 1
