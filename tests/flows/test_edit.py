"""Objectives and key results changed in chat."""

from datetime import timedelta

from sqlmodel import col, select

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.replies import Fix, Open, Reply, Say
from storage import audit
from storage.objectives import Milestone
from tests.house import House, words


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


async def test_a_new_target_is_kept_beside_the_old_one(house: House) -> None:
    form = await house.says(ALICE, "edit 2")
    saved = await house.sends(ALICE, form, target="2.5", title=HOSTILE, reason="renewals")
    assert "Measured: decrease from 4% to 2.5%" in text(saved)
    assert "Before: decrease from 4% to 3%." in text(saved)
    assert HOSTILE in text(saved)
    _, entry = await house.database.read(lambda s: audit.of_thing(s, "key_result", 2))
    assert '"target":3.0' in (entry.before or "")
    assert '"target":2.5' in (entry.after or "")
    assert entry.by_id == ALICE.id


async def test_what_was_asked_shows_the_change(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    await house.sends(ALICE, await house.says(ALICE, "edit kr 1"), title="NPS, all clinics")
    assert "NPS, all clinics" in words(house.last(BOB))
    assert house.inbox(BOB)[-1].edits == 1


async def test_the_same_problems_as_when_it_was_made(house: House) -> None:
    wrong = await house.sends(BOB, await house.says(BOB, "edit 2"), target="4", reason="x")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["target"]


async def test_two_who_change_the_same_field(house: House) -> None:
    bobs = await house.says(BOB, "edit 2")
    await house.go_to(house.now + timedelta(minutes=5))
    await house.sends(ALICE, await house.says(ALICE, "edit 2"), target="2", weight="3", reason="x")
    conflict = await house.sends(BOB, bobs, target="2.5", reason="y")
    assert isinstance(conflict, Fix)
    said = {p.question: p.text for p in conflict.problems}
    assert said.keys() == {"target", "weight"}
    assert "Alice Brandt changed this at 01:05" in said["target"]
    assert "It is now 2%. Send again to keep yours." in said["target"]
    saved = await house.sends(BOB, conflict, target="2.5", reason="y")
    assert "to become “decrease from 4% to 2.5%”, waits for Alice Brandt" in text(saved)


async def test_ones_own_change_from_another_device_is_no_conflict(house: House) -> None:
    phone, desk = await house.says(BOB, "edit 2"), await house.says(BOB, "edit 2")
    await house.go_to(house.now + timedelta(minutes=5))
    await house.sends(BOB, phone, weight="2")
    assert title(await house.sends(BOB, desk, weight="1")) == "Changed: key result 2"


async def test_dropped_and_taken_back(house: House) -> None:
    saved = await house.sends(BOB, await house.says(BOB, "edit 4"))
    gone = await house.clicks(BOB, saved, "Drop")
    assert title(gone) == "Dropped: key result 4"
    await house.go_to("Thu 10:00", "America/New_York")
    assert "guided set-up" not in words(house.last(BOB))
    assert title(await house.says(BOB, "edit 4")) == "I can't find that"
    assert title(await house.clicks(BOB, gone, "Take it back")) == "Back again: key result 4"
    await house.bot.settle()
    assert "guided set-up" in words(house.last(BOB))


async def test_milestones_keep_what_is_done(house: House) -> None:
    form = await house.says(BOB, "edit 4")
    assert isinstance(form, Open)
    now = {q.id: q.value for q in form.form.questions()}["milestones"]
    assert now == "Tried with 5 clinics; 1; 2026-10-30\nLive for new clinics; 1; 2026-11-27"
    lines = "Agreed\nTried with 5 clinics; 2; 2026-10-30\nLive for all clinics; 1; 2026-11-27"
    await house.sends(BOB, form, milestones=lines)
    rows = await house.database.read(
        lambda s: [
            (m.title, m.weight, m.done_on is not None)
            for m in s.exec(
                select(Milestone)
                .where(Milestone.key_result_id == 4)
                .order_by(col(Milestone.position))
            )
        ]
    )
    assert ("Tried with 5 clinics", 2.0, True) in rows
    assert [row[0] for row in rows] == ["Agreed", "Tried with 5 clinics", "Live for all clinics"]
    fewer = await house.says(BOB, "edit 4")
    await house.sends(BOB, fewer, milestones="Live for all clinics")
    left = await house.database.read(
        lambda s: [m.title for m in s.exec(select(Milestone).where(Milestone.key_result_id == 4))]
    )
    assert left == ["Live for all clinics"]


async def test_others_are_told_whom_to_ask(house: House) -> None:
    refused = await house.says(CHARLIE, "edit 2")
    assert text(refused) == "Please ask Alice Brandt, Bob Okafor, or an admin."
    assert title(await house.presses(CHARLIE, "edit:drop:2")) == "That is somebody else's"
    assert title(await house.says(CHARLIE, "edit objective 1")) == "That is somebody else's"
    assert title(await house.says(CHARLIE, "edit 99")) == "I can't find that"
    assert title(await house.says(CHARLIE, "edit objective x")) == "I can't find that"
    await house.submits(CHARLIE, "edit:kr:2:0", {"title": "mine now"})
    await house.go_to("Thu 10:00", "America/New_York")
    assert "mine now" not in words(house.last(BOB))


async def test_an_objective_changes_too(house: House) -> None:
    form = await house.says(ALICE, "edit objective 1")
    saved = await house.sends(ALICE, form, title="Clinics stay", commitment="committed")
    assert "Objective: Clinics stay" in text(saved)
    assert "Ambition: Committed: we reach it in full" in text(saved)


async def test_the_list_shows_what_is_mine(house: House) -> None:
    mine = await house.says(BOB, "edit")
    assert "#2 Cut churn in the first 90 days from 4% to 3%" in text(mine)
    about = "Booking never lets a patient down"
    assert isinstance(await house.clicks(BOB, mine, "Edit", about), Open)
    assert title(await house.says(DANA, "edit")) == "Nothing to change yet"
