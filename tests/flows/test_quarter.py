"""A quarter as a whole: this one, past ones, and how well confidence foretold them."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from bot import cast
from bot.cast import ALICE, BOB, DANA, HOSTILE
from bot.quarter.naming import named
from storage.checkins import Blocker, Checkin, Update
from storage.cycles import Cycle
from storage.grades import Grade
from storage.objectives import KeyResult, Objective
from tests.flows.eyes import labels, seen
from tests.house import House

JULY = date(2026, 7, 6)


def past(session: Session) -> None:
    """A third quarter: four key results of Growth, hopefully believed in, two of them reached."""
    session.add(
        Cycle(id=2, name="2026 Q3 (2026-07-06)", starts=JULY, ends=date(2026, 10, 4),
              state="closed")
    )  # fmt: skip
    session.flush()
    session.add(Objective(id=20, cycle_id=2, team_id=2, owner_id=1, title="Clinics come"))
    session.flush()
    at = datetime(2026, 8, 20, 9, 0, tzinfo=UTC)
    for number, grade in ((20, 0.8), (21, 0.7), (22, 0.3), (23, 0.1)):
        session.add(
            KeyResult(id=number, objective_id=20, owner_id=2, title=f"Ours {number}", baseline=0,
                      target=10, due=date(2026, 10, 2))
        )  # fmt: skip
        session.flush()
        session.add(
            Update(cycle_id=2, week=6, key_result_id=number, value=3, confidence=9, by_id=2, at=at)
        )
        session.add(
            Update(cycle_id=2, week=9, key_result_id=number, value=3, confidence=1, by_id=2, at=at)
        )
        session.add(Grade(key_result_id=number, cycle_id=2, grade=grade, by_id=2, at=at))
    for week in range(2, 13):
        day = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)
        session.add(
            Checkin(cycle_id=2, week=week, person_id=2, state="answered", seconds=30 + week,
                    answered_at=day.replace(day=9 if week == 2 else 20))
        )  # fmt: skip
    session.add(
        Blocker(cycle_id=2, week=4, person_id=2, text="No figures", state="solved", changed_at=at)
    )


async def test_this_quarter_so_far(house: House) -> None:
    reply = await house.says(BOB, "quarter")
    told = seen(reply).splitlines()
    assert told[:6] == [
        "Q4 2026",
        "Mon 5 Oct to Sun 3 Jan · week 5 of 13",
        (
            "2 objectives, 4 key results, all teams together: progress 33%, on pace."
            " 1 at risk: at-risk all shows them."
        ),
        "Objectives",
        "- Clinics love their first week with us: 27%",
        "- Booking never lets a patient down: 50%",
    ]
    assert "0% of 12 check-ins in time, 12 missed" in "\n".join(told)
    assert labels(reply) == []


async def test_a_past_quarter_with_its_grades_and_how_well_it_was_foretold(house: House) -> None:
    await house.database.write(past)
    now = await house.says(BOB, "quarter")
    reply = await house.clicks(BOB, now, "The quarter before")
    told = seen(reply)
    assert told.startswith("Q3 2026\nMon 6 Jul to Sun 4 Oct · over\n")
    assert "1 objective, 4 key results: 2 reached what was promised." in told
    assert "- Clinics come: 0.5, yellow" in told
    assert "- Growth: 0.5, yellow" in told
    assert "an answer takes 37 seconds (median)" in told
    assert "1 thing in the way, 1 solved." in told
    assert (
        "Confidence at half time: 9 of 10 on average, 5 of 10 came true: too hopeful (4 key"
        " results)." in told
    )
    assert labels(reply) == ["The quarter after"]
    assert seen(await house.says(BOB, "quarter last")) == told
    assert seen(await house.says(BOB, "quarter q3?")) == told
    assert "Last quarter: Confidence at half time" in seen(await house.says(ALICE, "team growth"))
    assert "Last quarter" not in seen(await house.says(DANA, "team growth")), "for its lead"


async def test_an_unknown_name_lists_all_there_are(house: House) -> None:
    await house.database.write(past)
    reply = await house.says(DANA, f"quarter {HOSTILE}")
    assert HOSTILE[:40].rstrip() in seen(reply)
    assert "- Q3 2026: Mon 6 Jul to Sun 4 Oct" in seen(reply)
    assert seen(await house.clicks(DANA, reply, "Q3 2026")).startswith("Q3 2026")


EVERY = [
    Cycle(id=n, name=name, starts=starts, ends=starts)
    for n, (name, starts) in enumerate(
        [
            ("2027 Q1 (2027-01-04)", date(2027, 1, 4)),
            ("2026 Q4 (2026-10-05)", date(2026, 10, 5)),
            ("2026 Q3 (2026-07-06)", date(2026, 7, 6)),
            ("2025 Q4 (2025-10-06)", date(2025, 10, 6)),
            ("Spring rush", date(2025, 3, 3)),
        ],
        1,
    )
]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", 2),
        ("this", 2),
        ("last", 3),
        ("letztes", 3),
        ("next", 1),
        ("Q4", 2),
        ("q 4 2025", 4),
        ("2025 Q4", 4),
        ("2025q4", 4),
        ("3. Quartal", 3),
        ("q1", 1),
        ("2026 Q4 (2026-10-05)", 2),
        ("spring rush", 5),
        ("sprng rush", 5),
        ("Q2", None),
        ("2024 Q4", None),
        ("Q7", None),
        ("nonsense", None),
    ],
)
def test_names_as_people_say_them(typed: str, number: int | None) -> None:
    found = named(typed, EVERY, cast.FRIDAY.date())
    assert (found.id if found else None) == number
