"""My key results, as their owner sees them."""

from functools import partial

from sqlmodel import Session

from bot import cast
from bot.cast import BOB, CHARLIE
from bot.chat.replies import Open
from storage.objectives import KeyResult
from tests.flows.eyes import labels, seen
from tests.house import House


async def test_what_is_mine_with_what_i_said_last(house: House) -> None:
    reply = await house.says(BOB, "mine")
    told = seen(reply)
    assert told.startswith(
        "My key results\n4 key results, progress 33%, on pace.\n"
        "Clinics love their first week with us\n"
        "Raise NPS of new clinics from 32 to 45: 36, target 45 points · 31% · on pace\n"
        "kr 1 · confidence 7 of 10, at risk\n"
    )
    assert "kr 2 · confidence 9 of 10, on track · “the big group renews next week”" in told
    assert "My progress against pace: Progress 33%, expected pace 40%." in told
    form = await house.clicks(BOB, reply, "Update", "Cut churn in the first 90 days from 4% to 3%")
    assert isinstance(form, Open)
    assert form.form.title == "Update key result 2"
    why = await house.clicks(BOB, reply, "Why?", "Cut churn in the first 90 days from 4% to 3%")
    assert seen(why).startswith("Why? Key result 2")


async def test_what_went_stale_says_so_instead_of_its_confidence(house: House) -> None:
    await house.go_to("Tue 10:00", week=6)
    told = seen(await house.says(BOB, "mine"))
    assert "kr 1 · no news since week 4" in told
    assert "kr 2 · no news since week 4" in told
    assert "confidence 9 of 10" not in told


async def test_sixty_come_in_pages_and_none_is_lost(house: House) -> None:
    await house.database.write(partial(_more, count=56))
    reply = await house.says(BOB, "mine")
    found = []
    for page in range(1, 9):
        assert seen(reply).startswith(f"My key results ({page} of 8)")
        found += [line for line in seen(reply).splitlines() if line.startswith("kr ")]
        if "More" in labels(reply):
            reply = await house.clicks(BOB, reply, "More")
    assert len({line.split(" · ")[0] for line in found}) == 60
    assert "More" not in labels(reply)
    assert seen(await house.clicks(BOB, reply, "Back")).startswith("My key results (7 of 8)")


def _more(session: Session, *, count: int) -> None:
    for n in range(count):
        session.add(
            KeyResult(objective_id=1, owner_id=2, title=f"Ours {n}", baseline=0, target=10,
                      due=cast.NPS.due)
        )  # fmt: skip


async def test_who_owns_none_is_shown_the_way(house: House) -> None:
    reply = await house.says(CHARLIE, "mine")
    assert "No approved key result of this quarter is yours." in seen(reply)
    assert seen(await house.clicks(CHARLIE, reply, "My team")).startswith("Growth\n")
