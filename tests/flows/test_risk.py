"""What is at risk, and what is in the way, of my teams or another."""

from datetime import date
from functools import partial

from sqlmodel import Session, col, select

from bot import cast
from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from storage.checkins import Blocker
from storage.cycles import Cycle
from storage.database import Database
from storage.objectives import KeyResult, Milestone, Objective
from storage.teams import Team
from tests.flows.eyes import labels, seen
from tests.house import House


async def test_the_furthest_behind_comes_first_and_what_is_well_is_left_out(house: House) -> None:
    reply = await house.says(DANA, "at-risk")
    assert seen(reply).splitlines() == [
        "Growth: at risk",
        (
            "1 of 4 key results: behind pace, little believed in, or without news. The furthest"
            " behind first."
        ),
        (
            "- 2 Cut churn in the first 90 days from 4% to 3%: 4.1%, target 3% · -10%"
            " · far behind pace · confidence 9 of 10, on track · Bob Okafor"
        ),
        "why 2 shows the story of a number.",
    ]
    await house.go_to("Mon 10:00", week=7)
    told = seen(await house.says(DANA, "at-risk growth"))
    assert "4 of 4 key results" in told, "a week without any news makes all of them stale"
    assert "no news since week 4" in told
    await house.database.write(_finish)
    assert "4 New guided" not in seen(await house.says(DANA, "at-risk growth"))


def _finish(session: Session) -> None:
    """The last milestone: nothing is left to do."""
    row = session.get(Milestone, 2)
    assert row is not None
    row.done_on = date(2026, 11, 13)


async def test_leads_see_all_below_and_everybody_another_team(house: House) -> None:
    def plant(session: Session) -> None:
        session.add(Team(id=4, slug="calls", name="Calls", parent_id=1))
        session.flush()
        session.add(Objective(id=9, cycle_id=1, team_id=4, title="Calls are short"))
        session.flush()
        for n in range(14):
            session.add(
                KeyResult(objective_id=9, title=f"Ours {n}", baseline=0, target=9,
                          due=cast.NPS.due)
            )  # fmt: skip

    await house.go_to("Fri 10:00")
    await house.database.write(plant)
    first = await house.says(ALICE, "at-risk")
    assert seen(first).startswith("My teams: at risk\n15 of 18 key results")
    assert "Bob Okafor (Growth)" in seen(first)
    second = await house.clicks(ALICE, first, "More")
    assert seen(second).count("\n- ") == 3
    assert labels(second) == ["Back", "What is in the way"]
    assert seen(await house.clicks(ALICE, second, "Back")) == seen(first)
    assert seen(await house.says(DANA, "at-risk calls")).startswith("Calls: at risk\n14 of 14")


async def test_what_nothing_was_said_of_is_not_called_well(database: Database) -> None:
    def plant(session: Session) -> None:
        cycle = session.exec(select(Cycle).order_by(col(Cycle.starts).desc())).first()
        assert cycle is not None
        assert cycle.id is not None
        session.add(Objective(id=99, cycle_id=cycle.id, team_id=2, title="Calls are short"))
        session.flush()
        for title in ("A rota", "A phone"):
            session.add(KeyResult(objective_id=99, title=title, kind="done", due=cycle.ends))

    house = await House.open_to_plan(database)
    none = "No key result here is approved yet. plan shows the drafts, add makes one."
    assert none in seen(await house.says(BOB, "at-risk growth"))
    assert none in seen(await house.says(BOB, "heatmap growth"))
    await house.database.write(plant)
    reply = await house.says(BOB, "at-risk growth")
    assert "nothing was said yet of the 2 key results here" in seen(reply)
    assert "Nothing was said of the key results yet." in seen(await house.says(BOB, "company"))
    assert "Nothing was said of them yet." in seen(await house.says(BOB, "quarter"))


async def test_all_means_the_company_and_all_below_it(house: House) -> None:
    everything = seen(await house.says(BOB, "at-risk Harbour"))
    assert seen(await house.says(BOB, "at-risk all")) == everything
    assert seen(await house.says(BOB, "at-risk company")) == everything


async def test_a_wrong_name_gets_the_nearest(house: House) -> None:
    reply = await house.says(BOB, "at-risk grwoth")
    assert seen(reply) == "I don't know that team\nThere is no team “grwoth”. Did you mean:"
    assert seen(await house.clicks(BOB, reply, "Growth")).startswith("Growth: at risk")
    assert HOSTILE[:40].rstrip() in seen(await house.says(BOB, f"blockers {HOSTILE}"))


def _block(session: Session, *, week: int, who: int, text: str, by: date | None = None) -> None:
    session.add(
        Blocker(cycle_id=1, week=week, person_id=who, text=text, helper_id=3, by=by,
                changed_at=cast.FRIDAY)
    )  # fmt: skip


async def test_what_is_in_the_way_is_taken_and_solved_from_the_list(house: House) -> None:
    assert "Nothing is in anybody's way" in seen(await house.says(DANA, "blockers"))
    late = partial(_block, week=3, who=2, text="No figures", by=date(2026, 10, 28))
    await house.database.write(late)
    await house.database.write(partial(_block, week=4, who=4, text=HOSTILE))
    reply = await house.says(ALICE, "blockers growth")
    assert seen(reply).splitlines() == [
        "Growth: in the way",
        "2 things are in people's way, 1 of them overdue. The oldest first.",
        "Bob Okafor: No figures",
        "Charlie Rao could help · overdue since Wed 28 Oct · open for 2 weeks",
        f"Dana Weiss: {HOSTILE}",
        "Charlie Rao could help · open for a week",
    ]
    await house.clicks(CHARLIE, reply, "I can help", about="No figures")
    taken = await house.says(ALICE, "blockers")
    assert "Charlie Rao is helping · overdue" in seen(taken)
    assert labels(taken) == ["Solved", "I can help", "Solved"]
    await house.clicks(CHARLIE, taken, "Solved", about="No figures")
    assert "No figures" not in seen(await house.says(ALICE, "blockers"))
