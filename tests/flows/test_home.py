"""My home, on the days of a week."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from bot import cast
from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.events import Typed
from bot.chat.replies import Open, Say
from bot.chat.who import Actor, Destination
from storage.checkins import Blocker, Commitment
from storage.daysoff import Absence, Holiday
from storage.kpis import Kpi, Reading
from storage.objectives import KeyResult, Objective
from storage.organisation import Organisation
from storage.people import Person
from storage.teams import Membership
from tests.engines import statements
from tests.flows.eyes import labels, seen
from tests.house import House, buttons_of

DM = Destination("loopback", "", f"dm:{BOB.email}")


async def test_a_home_says_what_to_do_what_is_mine_and_what_comes(house: House) -> None:
    await house.go_to("Tue 10:00")
    reply = await house.opens(BOB)
    home = seen(reply)
    assert home == seen(await house.says(BOB, "")) == seen(await house.says(BOB, "home"))
    assert home.startswith("Hello Bob\nTo do\n")
    assert "Week 5 check-in: I ask you Thu 5 Nov, 10:00, and you can answer now." in home
    assert "Week 4 check-in: you can still answer it." in home
    assert "Raise NPS of new clinics from 32 to 45: 36, target 45 points · 31% · on pace" in home
    assert "- Growth: progress 33%, expected 40%, on pace · 0 of 4 answered this week" in home
    assert "- Thu 5 Nov, 10:00: your check-in\n- Fri 6 Nov, 09:00: Growth summary" in home
    form = await house.clicks(BOB, reply, "Check in", "Week 5")
    assert isinstance(form, Open)
    assert form.form.title == "Week 5 check-in"


async def test_what_is_answered_is_no_longer_to_do(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    home = seen(await house.says(BOB, "home"))
    assert "Week 5 check-in is open." in home
    assert "Week 4" not in home
    await house.clicks(BOB, house.last(BOB), "No change at all")
    home = seen(await house.says(BOB, "home"))
    assert "Week 5 is answered, thank you. Nothing is waiting for you." in home
    assert "1 of 4 answered this week" in home
    assert "- Thu 5 Nov" not in home
    assert "- Thu 12 Nov, 10:00: your check-in" in home


async def test_help_that_i_am_asked_for_and_what_i_meant_to_do(house: House) -> None:
    def say(session: Session) -> None:
        session.add(
            Blocker(cycle_id=1, week=5, person_id=2, text="No figures", helper_id=3,
                    by=date(2026, 11, 11), changed_at=cast.FRIDAY)
        )  # fmt: skip
        for position, done in enumerate((True, None)):
            session.add(
                Commitment(cycle_id=1, week=4, person_id=3, position=position,
                           text=f"{HOSTILE}{position}", done=done)
            )  # fmt: skip

    await house.database.write(say)
    reply = await house.says(CHARLIE, "home")
    home = seen(reply)
    assert "Bob Okafor asks for your help: No figures (by Wed 11 Nov)" in home
    assert f"- ✓ {HOSTILE}0 (done)\n- {HOSTILE}1" in home
    await house.clicks(CHARLIE, reply, "I can help")
    reply = await house.says(CHARLIE, "home")
    assert "You are helping Bob Okafor: No figures" in seen(reply)
    await house.clicks(CHARLIE, reply, "Solved")
    assert "No figures" not in seen(await house.says(CHARLIE, "home"))


async def test_days_away_and_holidays_are_respected(house: House) -> None:
    await house.go_to("Tue 10:00")

    def off(session: Session) -> None:
        session.add(
            Absence(person_id=2, first=date(2026, 11, 3), last=date(2026, 11, 9),
                    said_at=cast.FRIDAY)
        )  # fmt: skip
        session.add(Holiday(country="DE", day=date(2026, 11, 5), name="Ours"))

    await house.database.write(off)
    reply = await house.says(BOB, "home")
    assert "You are away until Mon 9 Nov. I ask you nothing until then." in seen(reply)
    assert "I'm back" in labels(reply)
    assert "- Mon 2 Nov" not in seen(reply)
    home = seen(await house.says(DANA, "home"))
    assert "- Wed 4 Nov, 10:00: your check-in" in home


async def test_who_leads_sees_when_the_company_is_told_in_short(house: House) -> None:
    await house.go_to("Tue 10:00")
    home = seen(await house.says(ALICE, "home"))
    assert "- Mon 9 Nov, 09:00: the company in short" in home
    assert "the company in short" not in seen(await house.says(DANA, "home"))


async def test_who_is_excused_has_nothing_to_do(house: House) -> None:
    await house.database.write(
        lambda session: session.add(
            Absence(person_id=4, first=date(2026, 10, 26), last=date(2026, 11, 8),
                    said_at=cast.FRIDAY)
        )
    )  # fmt: skip
    home = seen(await house.says(DANA, "home"))
    assert "Nothing is waiting for you." in home
    assert "Check in" not in labels(await house.says(DANA, "home"))


@pytest.mark.parametrize(
    ("running", "text"), [("waiting", "I'm not switched on yet"), ("paused", "I'm paused")]
)
async def test_before_it_is_switched_on(house: House, running: str, text: str) -> None:
    await house.database.write(lambda session: _run(session, running))
    home = seen(await house.says(BOB, "home"))
    assert text in home
    assert "setup go" not in home
    assert "Next" not in home
    assert "type setup go" in seen(await house.says(ALICE, "home"))


async def test_outside_the_pilot(house: House) -> None:
    await house.database.write(lambda session: _run(session, "pilot", 1))
    assert "Another team is trying me out first" in seen(await house.says(BOB, "home"))
    await house.database.write(lambda session: _run(session, "pilot", 2))
    assert "Another team" not in seen(await house.says(BOB, "home"))


def _run(session: Session, running: str, pilot: int | None = None) -> None:
    row = session.get(Organisation, 1)
    assert row is not None
    row.running, row.pilot_team_id = running, pilot


async def test_a_kpi_says_how_its_newest_reading_stands(house: House) -> None:
    await house.go_to("Tue 10:00")
    home = seen(await house.says(BOB, "home"))
    assert "Time to first answer: 5.5 h on Fri 30 Oct, outside its range once (4 h or less)" in home

    def more(session: Session) -> None:
        session.add(Reading(kpi_id=1, day=date(2026, 11, 3), value=4, by_id=3, at=cast.FRIDAY))
        session.add(Kpi(id=2, slug="b", name="Visits", team_id=2))
        session.add(Kpi(id=3, slug="c", name="Load", team_id=2, low=1, high=9, warn_high=8))
        session.flush()
        for number, day, value in ((3, 2, 8.5), (2, 2, 1)):
            session.add(
                Reading(kpi_id=number, day=date(2026, 11, day), value=value, at=cast.FRIDAY)
            )

    await house.database.write(more)
    home = seen(await house.says(BOB, "home"))
    assert "Time to first answer: 4 h on Tue 3 Nov, healthy (4 h or less) · ↘ down 1.5 h" in home
    assert "Visits: 1 on Mon 2 Nov, no range is set" in home
    assert "Load: 8.5 on Mon 2 Nov, keep an eye on it (1 to 9)" in home
    await house.go_to("Tue 10:00", week=8)
    home = seen(await house.says(BOB, "home"))
    assert "Time to first answer: 4 h on Tue 3 Nov, too old to tell" in home


async def test_what_the_budget_held_back_waits_here(house: House) -> None:
    await house.allow(0)
    await house.database.write(lambda session: _give_digest(session.get(Person, 1)))
    await house.go_to("Mon 12:00")
    assert house.inbox(ALICE) == []
    reply = await house.says(ALICE, "home")
    assert "Kept here so that you get fewer messages: Harbour: week 4 in short" in seen(reply)
    read = await house.clicks(ALICE, reply, "Read")
    assert isinstance(read, Say)
    assert seen(read).startswith("Harbour: week 4 in short")
    assert isinstance(reply, Say)
    action = next(b.action for b in buttons_of(reply.card) if b.label == "Read")
    assert "Nothing to read any more" in seen(await house.presses(BOB, action))


def _give_digest(row: Person | None) -> None:
    assert row is not None
    row.digest = True


@pytest.mark.parametrize("word", ["home", "team", "mine", "@bob", "why 1", "kr 1"])
async def test_sixty_key_results_and_many_people_take_as_many_statements(
    house: House, word: str
) -> None:
    await house.go_to("Tue 10:00")
    counts = []
    for add in (6, 50):
        await house.database.write(partial(_grow, count=add))
        event = Typed(Actor("loopback", "", BOB.email), DM, f"count {add}", word)
        with statements(house.database) as asked:
            await house.bot.hear(house.platform, event)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert counts[0] <= 40


async def test_sixty_key_results_fit_a_home(house: House) -> None:
    await house.database.write(partial(_grow, count=56))
    assert "… and 55 more: mine shows all." in seen(await house.says(BOB, "home"))


def _grow(session: Session, *, count: int) -> None:
    objective = Objective(cycle_id=1, team_id=2, title="More")
    session.add(objective)
    session.flush()
    for n in range(count):
        session.add(
            KeyResult(objective_id=objective.id or 0, owner_id=2, title=f"Ours {n}", baseline=0,
                      target=10, due=cast.NPS.due)
        )  # fmt: skip
        person = Person(
            email=f"p{count}-{n}@harbour.example", name=f"Person {count} {n}", zone="UTC",
            since=cast.FRIDAY - timedelta(days=90),
        )  # fmt: skip
        session.add(person)
        session.flush()
        session.add(Membership(team_id=2, person_id=person.id or 0))
