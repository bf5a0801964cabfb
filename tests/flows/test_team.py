"""Teams, as everybody sees them."""

from datetime import date
from functools import partial

from sqlmodel import Session

from bot import cast
from bot.cast import ALICE, BOB, DANA, HOSTILE
from storage.daysoff import Absence
from storage.objectives import KeyResult, Objective
from storage.teams import Membership, Team
from tests.flows.eyes import labels, seen
from tests.house import House


async def test_a_team_with_its_objectives_and_key_results(house: House) -> None:
    reply = await house.says(DANA, "team growth")
    assert seen(reply) == (
        "Growth\n"
        "progress 33%, expected 40%, on pace · 0 of 4 answered this week · led by Alice Brandt\n"
        "Clinics love their first week with us · 27% · on pace · Alice Brandt\n"
        "- 1 Raise NPS of new clinics from 32 to 45: 36, target 45 points · 31% · on pace"
        " · Bob Okafor\n"
        "- 2 Cut churn in the first 90 days from 4% to 3%: 4.1%, target 3% · -10%"
        " · far behind pace · Bob Okafor\n"
        "- 4 New guided set-up in clinics' hands: 1 of 2 milestones · 50% · on pace"
        " · Bob Okafor\n"
        "Booking never lets a patient down · 50% · Bob Okafor\n"
        "- 3 Keep booking available 99.9% of the time: 99.2%, keep at 99.9% or more"
        " · inside in 50% of weeks"
        " · Bob Okafor\n"
        "This quarter: 0% of 12 check-ins in time, 12 missed"
    )
    assert labels(reply) == ["At risk", "What is in the way", "Tree", "Harbour"]
    assert seen(await house.says(DANA, "team")) == seen(reply)
    assert seen(await house.says(DANA, "teams GROWTH")) == seen(reply)


async def test_participation_grows_with_each_answer_of_those_who_are_there(house: House) -> None:
    await house.go_to("Thu 10:00")
    await house.clicks(DANA, house.last(DANA), "Nothing to report")
    assert "1 of 4 answered this week" in seen(await house.says(DANA, "team"))
    week = Absence(
        person_id=3, first=date(2026, 11, 2), last=date(2026, 11, 6), said_at=cast.FRIDAY
    )
    await house.database.write(lambda session: session.add(week))
    assert "1 of 3 answered this week" in seen(await house.says(DANA, "team"))


async def test_the_mean_of_an_objective_follows_the_weights(house: House) -> None:
    def weigh(session: Session) -> None:
        row = session.get(KeyResult, 4)
        assert row is not None
        row.weight = 3

    await house.database.write(weigh)
    told = seen(await house.says(BOB, "team"))
    assert "Clinics love their first week with us · 36% · on pace" in told


async def test_the_tree_from_the_company_down(house: House) -> None:
    def plant(session: Session) -> None:
        session.add(Team(id=3, slug="care", name="Care", level="department", parent_id=1))
        session.flush()
        session.add(Team(id=4, slug="calls", name="Calls", parent_id=3))
        session.flush()
        session.add(Objective(id=9, cycle_id=1, team_id=4, title="Calls are short"))
        session.flush()
        session.add(
            KeyResult(objective_id=9, title="Minutes", baseline=9, target=4, due=cast.NPS.due)
        )

    await house.database.write(plant)
    reply = await house.says(BOB, "team harbour")
    assert seen(reply).splitlines() == [
        "Harbour",
        "progress 33%, expected 40%, on pace · 0 of 4 answered this week · led by Alice Brandt",
        "Teams",
        "Care: no values yet",
        "› Calls: no values yet",
        "- Calls are short · no values yet",
        "Growth: progress 33%, expected 40%, on pace · 0 of 4 answered this week",
        "- Clinics love their first week with us · 27% · on pace",
        "- Booking never lets a patient down · 50%",
    ]
    calls = await house.clicks(BOB, await house.clicks(BOB, reply, "Care"), "Calls")
    assert "- 5 Minutes: no value yet, target 4" in seen(calls)
    assert labels(calls) == ["At risk", "What is in the way", "Tree", "Care"]


async def test_several_teams_of_mine_on_one_card(house: House) -> None:
    await house.database.write(lambda session: session.add(Membership(team_id=1, person_id=2)))
    told = seen(await house.says(BOB, "team"))
    assert told.startswith("My teams\nGrowth\n")
    assert "\nHarbour\n" in told


async def test_a_wrong_name_gets_the_nearest(house: House) -> None:
    reply = await house.says(BOB, "team grwoth")
    assert seen(reply) == "I don't know that team\nThere is no team “grwoth”. Did you mean:"
    assert seen(await house.clicks(BOB, reply, "Growth")).startswith("Growth\n")
    assert HOSTILE[:40].rstrip() in seen(await house.says(BOB, f"team {HOSTILE}"))


async def test_who_belongs_to_none_may_choose(house: House) -> None:
    def leave(session: Session) -> None:
        for person in (2, 1):
            row = session.get(Membership, (2, person))
            assert row is not None
            session.delete(row)

    await house.database.write(leave)
    assert labels(await house.says(BOB, "team")) == ["Harbour", "Growth"]
    assert seen(await house.says(ALICE, "team")).startswith("My teams\n")


async def test_many_key_results_say_how_many_more(house: House) -> None:
    await house.database.write(partial(_more, count=60))
    assert "- … and 43 more key results." in seen(await house.says(BOB, "team"))


def _more(session: Session, *, count: int) -> None:
    for n in range(count):
        session.add(
            KeyResult(objective_id=1, owner_id=2, title=f"Ours {n}", baseline=0, target=10,
                      due=cast.NPS.due)
        )  # fmt: skip
