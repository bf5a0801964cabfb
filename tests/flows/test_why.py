"""Where the numbers come from, as people read it."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from bot import cast
from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.cards import Chart, Table
from bot.chat.events import Typed
from bot.chat.replies import Say
from bot.chat.who import Actor, Destination
from bot.flow import Flow
from bot.flows import flows
from bot.flows.why.formulas import _points
from bot.texts import Voice
from storage.checkins import Update
from storage.objectives import KeyResult, Milestone
from tests.flows.eyes import labels, seen
from tests.house import CHANNEL, House


async def test_the_formula_with_its_numbers_who_gave_them_and_when(house: House) -> None:
    await house.go_to("Tue 10:00")
    await house.says(BOB, "kr 1 41 calls pay off")
    reply = await house.says(DANA, "why 1")
    told = seen(reply)
    assert "(41 − 32) ÷ (45 − 32) = 69%" in told
    assert "- Start 32 points: set when the key result was made" in told
    assert "- Now 41 points: Bob Okafor, Tue 3 Nov, 10:00 (week 5)" in told
    assert "Week 4 of 13 (due Fri 1 Jan): 4 ÷ 13 = 31%. A week counts from its" in told
    assert "Progress is 38 points over that: on pace." in told
    assert "More than 16.5 points under is behind pace, more than 33 far behind." in told
    assert "5 | 41 points | – | calls pay off | Bob Okafor | Tue 3 Nov, 10:00" in told
    assert "3 | 35 points | 7 | first calls with every new clinic | Bob Okafor" in told
    assert isinstance(reply, Say)
    kinds = [type(block) for block in reply.card.blocks]
    assert (kinds.count(Table), kinds.count(Chart)) == (1, 1)
    assert labels(reply) == ["The whole team"]


async def test_the_objective_is_the_mean_of_its_key_results(house: House) -> None:
    await house.says(BOB, "kr 1 41")
    told = seen(await house.says(BOB, "why 1"))
    assert "(69% + 0% + 50%) ÷ 3 = 40%: the mean of its key results. Each counts from" in told


async def test_weights_are_shown_where_they_differ(house: House) -> None:
    await house.database.write(lambda session: _weigh(session.get(KeyResult, 1)))
    told = seen(await house.says(BOB, "why 1"))
    assert "(31% × 3 + 0% × 1 + 50% × 1) ÷ 5 = 28%" in told


def _weigh(row: KeyResult | None) -> None:
    assert row is not None
    row.weight = 3


async def test_a_value_that_was_changed_later_says_so(house: House) -> None:
    await house.go_to("Tue 10:00")
    await house.says(BOB, "kr 1 41")
    assert "changed" not in seen(await house.says(BOB, "why 1"))
    await house.says(ALICE, "kr 1 42")
    told = seen(await house.says(BOB, "why 1"))
    assert "| Alice Brandt | Tue 3 Nov, 04:00 (changed once)" in told


@pytest.mark.parametrize(
    ("kr", "values", "formula", "pace"),
    [
        (
            {"kind": "decrease", "baseline": 100, "target": 60},
            [90, 80],
            "(80 − 100) ÷ (60 − 100) = 50%",
            "4 ÷ 13 = 31%",
        ),
        (
            {"kind": "increase", "baseline": None, "target": 50},
            [40, 45],
            "(45 − 40) ÷ (50 − 40) = 50%",
            "4 ÷ 13 = 31%",
        ),
        (
            {"kind": "increase", "baseline": None, "target": 50},
            [50, 51],
            "The first value was the target already. It is still reached: 100%.",
            "4 ÷ 13 = 31%",
        ),
        (
            {"kind": "increase", "baseline": 0, "target": 10, "curve": "late"},
            [1],
            "(1 − 0) ÷ (10 − 0) = 10%",
            "(4 ÷ 13)² = 9%",
        ),
        (
            {"kind": "within", "low": 2, "high": 4},
            [3, 5, 4],
            "2 of 3 values between 2 and 4: 2 ÷ 3 = 67%. A week without a value does not count.",
            "None: staying in a range has no pace.",
        ),
        ({"kind": "done"}, [0], "Not done yet: 0%.", "None before its day, Fri 1 Jan."),
        ({"kind": "done"}, [0, 1], "Done: 100%.", "None before its day, Fri 1 Jan."),
        (
            {"kind": "increase", "baseline": None, "target": 50},
            [],
            "Nothing to count yet: no value was given. The first one becomes the start.",
            "4 ÷ 13 = 31%",
        ),
        (
            {"kind": "increase", "baseline": 5, "target": None},
            [6],
            "It has values but no target yet",
            "4 ÷ 13 = 31%",
        ),
    ],
)
async def test_every_kind_in_plain_words(
    house: House, kr: dict[str, Any], values: list[float], formula: str, pace: str
) -> None:
    def add(session: Session) -> int:
        row = KeyResult(objective_id=2, owner_id=2, title="Ours", due=cast.NPS.due, **kr)
        session.add(row)
        session.flush()
        for week, value in enumerate(values, 2):
            session.add(
                Update(cycle_id=1, week=week, key_result_id=row.id or 0, value=value,
                       confidence=5, by_id=2, at=cast.FRIDAY)
            )  # fmt: skip
        return row.id or 0

    number = await house.database.write(add)
    told = seen(await house.says(BOB, f"why {number}"))
    assert formula in told
    assert pace in told


async def test_milestones_by_their_weights(house: House) -> None:
    def weigh(session: Session) -> None:
        row = session.get(Milestone, 2)
        assert row is not None
        row.weight = 3

    await house.database.write(weigh)
    told = seen(await house.says(BOB, "why 4"))
    assert "Weight finished ÷ weight of all: 1 ÷ 4 = 25%." in told
    assert "Weight of the milestones due by now ÷ weight of all: 1 ÷ 4 = 25%." in told
    assert "- Tried with 5 clinics: finished on Thu 29 Oct, weight 1" in told
    assert "- Live for new clinics: due on Fri 27 Nov, weight 3" in told


@pytest.mark.parametrize(
    ("kr", "eve", "day"),
    [
        ({}, "Weight of the milestones due by now ÷ weight of all: 1 ÷ 2 = 50%.", "2 ÷ 2 = 100%."),
        ({"kind": "increase", "baseline": 0, "target": 2}, "1 ÷ 2 = 50%.", "2 ÷ 2 = 100%."),
        ({"kind": "done"}, "None before its day, Fri 27 Nov.", "It was due on Fri 27 Nov: 100%."),
    ],
)
async def test_nothing_is_expected_before_its_own_day(
    house: House, kr: dict[str, Any], eve: str, day: str
) -> None:
    def make(session: Session) -> None:
        row = session.get(KeyResult, 4)
        assert row is not None
        row.sqlmodel_update(kr | {"due": date(2026, 11, 27)})

    await house.database.write(make)
    await house.go_to("Thu 23:59", week=8)
    assert eve in seen(await house.says(BOB, "why 4"))
    assert "far behind pace" not in seen(await house.says(BOB, "kr 4"))
    await house.go_to("Fri 00:00", week=8)
    assert day in seen(await house.says(BOB, "why 4"))


async def test_without_a_number_mine_to_choose_from(house: House) -> None:
    reply = await house.says(BOB, "why")
    assert "- 1 Raise NPS of new clinics from 32 to 45: 36, target 45 points" in seen(reply)
    told = await house.clicks(BOB, reply, "Raise NPS of new…")
    assert seen(told).startswith("Why? Key result 1")
    assert "There is no key result “99” this quarter." in seen(await house.says(BOB, "why 99"))
    assert "No approved key result of this quarter" in seen(await house.says(CHARLIE, "why"))


async def test_why_alone_explains_my_last_messages_and_how_to_get_fewer(house: House) -> None:
    assert "I have sent you nothing unasked yet." in seen(await house.says(BOB, "why"))
    await house.go_to("Fri 10:30", zone="America/New_York")
    told = seen(await house.says(BOB, "why"))
    assert told.splitlines()[:5] == [
        "Why?",
        "My last messages",
        (
            "- Week 5 check-in · Thu 5 Nov, 10:00: You own key results, or belong to a team that is"
            " asked each week."
        ),
        (
            "This week I have sent you 1 of at most 2 questions, digests, reminders and news. What"
            " does not fit waits under home."
        ),
        "My key results",
    ]
    for typed in ("why this?", "why message", "warum", "why nachrichten"):
        assert "My last messages" in seen(await house.says(BOB, typed))
    await house.go_to("Mon 09:30", week=6)
    digest = house.last(ALICE)
    reply = await house.clicks(ALICE, digest, "Why this?")
    assert seen(reply).splitlines() == [
        "Why did you get this?",
        "Harbour: week 5 in short · Mon 9 Nov, 09:00",
        "You lead the company or a department, or asked for this overview.",
        (
            "Day and hour stand in the quarter's calendar, which admins change with setup. Who gets"
            " it follows from who leads what."
        ),
        (
            "This week I have sent you 1 of at most 2 questions, digests, reminders and news. What"
            " does not fit waits under home."
        ),
        "To get fewer: ask an admin to lower how many messages a week anybody gets.",
    ]
    stolen = await house.presses(BOB, "why:letter:digest:company:1:6:1")
    assert "overview" not in seen(stolen), "another's message is nobody else's business"


async def test_why_in_a_channel_explains_what_was_posted_there(house: House) -> None:
    await house.go_to("Fri 15:30")
    at = Destination("loopback", "", CHANNEL)
    actor = Actor("loopback", "", DANA.email)
    told = seen(await house.hears(Typed(actor, at, "x1", "why", private=False)))
    assert told.startswith("Why is this posted here?\nGrowth: week 5 of 13 · Fri 6 Nov, 15:00\n")
    assert "sent you" not in told


@pytest.mark.parametrize(("gap", "shown"), [(0.304, 30), (0.33, 33), (0.334, 33.4), (0.166, 17)])
def test_points_never_deny_the_judgement(gap: float, shown: float) -> None:
    assert _points(gap * 100) == shown


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_letter_has_a_name_to_be_counted_by(language: str) -> None:
    voice = Voice(language, "Europe/Berlin")
    senders = [flow.name for flow in flows().values() if type(flow).write is not Flow.write]
    assert len(senders) > 10
    for name in senders:
        assert 0 < len(voice.line(f"{name}.label", what="")) <= 40
