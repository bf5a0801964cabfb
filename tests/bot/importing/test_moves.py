"""A target that a file moves in the middle of a quarter: both are kept, shown and graded."""

from sqlmodel import Session

from bot.cast import ALICE, BOB
from bot.importing import Outcome, apply, plan
from storage import reviews
from storage.cycles import Cycle
from tests.bot.importing.conftest import tables
from tests.flows.eyes import seen
from tests.house import House, words

CHURN = (
    "team,objective,key_result,target\n"
    "growth,Clinics love their first week with us,Cut churn in the first 90 days from 4% to 3%,{}\n"
)


async def brought(house: House, target: str, *, dry: bool = False) -> Outcome:
    files = tables({"okrs.csv": CHURN.format(target)})
    outcome = await house.database.write(
        lambda s: (plan if dry else apply)(s, files, locale="en", cycle_id=1, now=house.now),
        patience=None,
    )
    await house.bot.settle()
    assert [str(error) for error in outcome.errors] == []
    return outcome


async def test_both_targets_are_kept_shown_and_graded(house: House) -> None:
    await house.go_to("Tue 10:00")
    await house.says(BOB, "kr 2 3.6")
    dry = await brought(house, "3.2", dry=True)
    assert [(c.verb, c.why) for c in dry.changes if c.thing == "key_result"] == [
        ("change", "the quarter is running: what counted until now is graded too")
    ]
    assert "was moved" not in seen(await house.says(BOB, "why 2"))
    assert await brought(house, "3.2") == dry
    told = seen(await house.says(BOB, "why 2"))
    assert "Its target was moved" in told
    assert "Week 5: decrease from 4% to 3% → decrease from 4% to 3.2% · an import" in told
    await brought(house, "3.2")
    assert seen(await house.says(BOB, "why 2")).count("an import") == 1, "nothing was moved again"
    await house.go_to("Fri 15:30")
    summary = words(house.channel[-2].card)
    assert "decrease from 4% to 3% → decrease from 4% to 3.2%, by an import" in summary
    await house.go_to("Mon 12:00", "America/New_York", week=13)
    sheet = seen(await house.says(BOB, "grade"))
    assert "0.5" in sheet
    assert "0.4" in sheet, "against the target it began with"


async def test_a_proposal_that_waited_is_no_longer_meant(house: House) -> None:
    await house.allow(3)
    await house.go_to("Mon 12:00")
    form = await house.says(BOB, "edit 2")
    asked = await house.sends(BOB, form, target="2.5", reason="renewals")
    assert "waits for Alice Brandt" in seen(asked)
    await house.bot.settle()
    assert "2.5" in words(house.last(ALICE))
    await brought(house, "3.2")
    assert "2.5" not in words(house.last(ALICE))
    assert "4% to 3.2% · an import" in seen(await house.says(BOB, "why 2"))
    decided = await house.database.read(lambda s: reviews.of_key_results(s, [2])[2])
    assert [(row.state, row.target, row.by_id) for row in decided] == [("approved", 3.2, None)]


async def test_before_the_quarter_runs_a_target_is_simply_another(house: House) -> None:
    def plans(session: Session) -> None:
        session.get_one(Cycle, 1).calendar = '{"planning_weeks": 5}'

    await house.database.write(plans)
    await brought(house, "3.2")
    assert "was moved" not in seen(await house.says(BOB, "why 2"))
