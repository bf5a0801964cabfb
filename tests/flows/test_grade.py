"""Grades at the close, and what becomes of key results, as their people see it."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.forms import Choice
from bot.chat.replies import Fix, Open, Quiet, Reply, Say
from storage import audit
from storage.checkins import Update
from storage.database import Database
from storage.grades import CarryOver, Grade
from storage.kpis import Kpi, Reading
from storage.objectives import KeyResult, Moved, Objective
from storage.organisation import Organisation
from tests.house import House, buttons_of, words

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NPS = "Raise NPS of new clinics from 32 to 45"
ANSWERS = {
    "value_1": "45", "cause_1": "none", "carry_1": "none",
    "value_2": "3,4", "cause_2": "outside", "carry_2": "keep", "why_2": "it costs",
    "grade_3": "0.5", "cause_3": "capacity", "carry_3": "change", "why_3": HOSTILE,
    "cause_4": "focus", "carry_4": "drop", "why_4": "a call is better",
}  # fmt: skip


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def given(session: Session) -> dict[int, tuple[float, float | None, str]]:
    rows = session.exec(select(Grade).order_by(col(Grade.key_result_id)))
    return {row.key_result_id: (row.grade, row.suggested, row.cause) for row in rows}


def drafts(session: Session) -> list[tuple[int | None, float | None, str]]:
    rows = session.exec(
        select(KeyResult, Objective)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(Objective.cycle_id != 1)
        .order_by(col(KeyResult.id))
    )
    return [(kr.carried_from_id, kr.baseline, objective.state) for kr, objective in rows]


async def at_the_close(house: House) -> None:
    await house.go_to("Mon 10:00", "America/New_York", week=13)


@on_sqlite
async def test_a_holiday_on_the_monday_spares_nobody_the_grades(house: House) -> None:
    await house.says(ALICE, "setup holiday 28.12. all")
    await at_the_close(house)
    assert house.last(BOB).title != "Grade your key results"
    await house.go_to("Tue 10:00", "America/New_York", week=13)
    assert house.last(BOB).title == "Grade your key results"


async def test_grading_from_the_question_over_the_turn_into_the_drafts(house: House) -> None:
    await at_the_close(house)
    asked = house.last(BOB)
    assert asked.title == "Grade your key results"
    assert "The figures say 0.3. Not far. What have you learned?" in words(asked)
    assert "It was promised in full: what stopped it?" in words(asked)
    assert [b.label for b in asked.buttons] == ["Grade"]
    assert title(await house.says(BOB, "checkin")) == "No check-in now"
    form = await house.clicks(BOB, asked, "Grade")
    wrong = await house.sends(BOB, form, value_1="45", grade_2="0.6", value_2="lots")
    assert isinstance(wrong, Fix)
    assert {p.question for p in wrong.problems} == {
        "cause-1", "carry-1", "value-2", "reason-2", "cause-2", "carry-2",
        "cause-3", "carry-3", "cause-4", "carry-4",
    }  # fmt: skip
    untrue = {**ANSWERS, "cause_3": "none", "carry_4": "none"}
    wrong = await house.sends(BOB, form, "", **untrue)
    assert isinstance(wrong, Fix)
    assert {p.text for p in wrong.problems} == {
        "Please choose the main cause.", "It is not finished. Please say what becomes of it.",
    }  # fmt: skip
    assert isinstance(await house.sends(BOB, form, "", **ANSWERS), Quiet)
    said = words(house.last(BOB))
    assert house.last(BOB).title == "Your grades"
    assert "Grade: 1.0, green" in said
    assert "Something outside happened" in said
    assert f"Next quarter: goes on, to be changed · “{HOSTILE}”" in said
    assert await house.database.read(given) == {
        1: (1.0, 1.0, ""), 2: (0.6, 0.6, "outside"), 3: (0.5, 0.5, "capacity"),
        4: (0.5, 0.5, "focus"),
    }  # fmt: skip
    # No reminder for who has graded, and no plain check-in.
    await house.go_to("Fri 18:00", "America/New_York", week=13)
    titles = [m.card.title for m in house.inbox(BOB)]
    assert "Still open: your grades" not in titles
    assert "Week 13 check-in" not in titles
    # Over the turn what goes on is drafted, with where it stood as the new start.
    await house.go_to("Mon 08:00", week=14)
    assert await house.database.read(drafts) == [(2, 3.4, "draft"), (3, None, "draft")]
    # Until the planning is over a grade can be changed; what is drafted already is changed there.
    again = await house.clicks(BOB, await house.says(BOB, "grade"), "Change my grades")
    assert isinstance(again, Open)
    shown = {q.id: (q.label, q.required) for q in again.form.questions()}
    assert not shown.keys() & {"cause-1", "carry-1", "why-1"}, "it is finished"
    assert shown["cause-2"] == ("The main cause", True)
    assert shown["carry-2"] == ("What becomes of it?", True)
    assert shown["why-2"] == ("If it is not finished: why? (one line)", False)
    refused = await house.sends(BOB, again, carry_2="drop")
    assert isinstance(refused, Fix)
    assert "stands in the new drafts already" in refused.problems[0].text
    await house.sends(BOB, again, grade_2="0.8", reason_2="the merger was not ours")
    assert (await house.database.read(given))[2] == (0.8, 0.6, "")
    # Decided late: it joins the drafts, once.
    await house.sends(BOB, again, grade_2="0.8", reason_2="x", carry_4="keep", why_4="after all")
    await house.sends(BOB, again, grade_2="0.8", reason_2="x", carry_4="keep", why_4="after all")
    assert [row[0] for row in await house.database.read(drafts)] == [2, 3, 4]
    better = await house.clicks(BOB, await house.says(BOB, "grade"), "Change my grades")
    assert isinstance(better, Open)
    shown = {q.id: (q.label, q.required) for q in better.form.questions()}
    assert shown["cause-2"] == ("If you grade it under 0.7: the main cause", False)
    assert isinstance(await house.sends(BOB, better, grade_1="0.5"), Fix)
    await house.sends(BOB, better, grade_1="0.5", reason_1="a merger did it")
    assert (await house.database.read(given))[1] == (0.5, 1.0, "")
    await house.go_to("Mon 08:00", week=15)
    assert title(await house.says(BOB, "grade")) == "Nothing to grade now"
    closed = await house.sends(BOB, again, grade_2="0.1", reason_2="a long thought")
    assert title(closed) == "Grading is closed"
    assert "a long thought" in text(closed)
    assert (await house.database.read(given))[2][0] == 0.8


async def test_the_survey_reminds_of_grades_within_the_budget(house: House) -> None:
    await house.go_to("Wed 10:00", "America/New_York", week=13)
    assert [m.card.title for m in house.inbox(BOB)][-2:] == [
        "Grade your key results",
        "How did the quarter go?",
    ]
    asked = house.last(BOB)
    assert words(asked).endswith("4 key results of yours wait for their grades.")
    assert "wait for their grades" not in words(house.last(DANA))
    form = await house.clicks(BOB, asked, "Grade")
    assert isinstance(await house.sends(BOB, form, "", **ANSWERS), Quiet)
    assert "wait for their grades" not in words(house.last(BOB))
    assert [b.label for b in house.last(BOB).buttons] == ["Answer"]


async def test_readings_are_asked_with_the_grades_and_wait_until_they_are_given(
    house: House,
) -> None:
    def figure(session: Session) -> None:
        session.add(Kpi(id=5, slug="nps", name="NPS", team_id=2, owner_id=2, low=30))
        session.flush()
        session.add(Reading(kpi_id=5, day=date(2026, 12, 24), value=31, at=house.now))

    await house.database.write(figure)
    await at_the_close(house)
    asked = house.last(BOB)
    assert asked.title == "Grade your key results"
    assert "A KPI reading is due as well:\nNPS: last 31 on Thu 24 Dec" in words(asked)
    await house.sends(BOB, await house.clicks(BOB, asked, "Grade"), "", **ANSWERS)
    assert house.last(BOB).title == "Your grades"
    assert "A KPI reading is due as well" in words(house.last(BOB))
    await house.go_to("Tue 01:00", "America/New_York", week=14)
    assert "A KPI reading is due" not in [m.card.title for m in house.inbox(BOB)]
    home = await house.opens(BOB)
    assert isinstance(home, Say)
    assert "A KPI reading of yours is due." in words(home.card)
    await house.sends(BOB, await house.clicks(BOB, asked, "Give readings"), reading_5="28")
    home = await house.opens(BOB)
    assert isinstance(home, Say)
    assert "A KPI reading of yours is due." not in words(home.card)


async def test_a_reminder_a_lead_and_what_nobody_graded(sqlite: Database) -> None:
    house = await House.open(sqlite)
    await house.allow(4)  # with 2 a week the survey comes before a reminder
    await house.go_to("Thu 10:00", "America/New_York", week=13)
    assert house.last(BOB).title == "Still open: your grades"
    assert house.inbox(DANA) == [] or "grade" not in house.last(DANA).title.lower()
    home = await house.opens(BOB)
    assert "4 key results of yours wait for their grades." in text(home)
    # Everybody sees the team's grades; a lead may change one, with a reason, and it is audited.
    shown = await house.says(CHARLIE, "grade growth")
    assert f"{NPS}: not graded (figures say 0.3) · Bob Okafor" in text(shown)
    assert "All objectives together: not graded (figures say 0.4)" in text(shown)
    assert isinstance(shown, Say)
    assert not buttons_of(shown.card)
    lead = await house.says(ALICE, "grade growth")
    change = await house.clicks(ALICE, lead, "Change", NPS)
    assert isinstance(await house.sends(ALICE, change, grade="0.4"), Fix)
    await house.sends(ALICE, change, grade="0.4", reason="late surveys", cause="measure")
    (entry,) = await house.database.read(lambda s: audit.of_thing(s, "grade", 1))
    assert entry.by_id == ALICE.id
    assert title(await house.presses(CHARLIE, "grade:change:1")) == "That is somebody else's"
    assert "0.4, yellow" in text(await house.says(DANA, "grade growth"))
    # Never silently green: at the close the objective has no grade, only figures.
    await house.go_to("Mon 08:00", week=15)
    late = await house.says(DANA, "grade growth")
    assert "Clinics love their first week with us: not graded (figures say 0.3)" in text(late)


async def test_one_tap_where_nothing_needs_words(sqlite: Database) -> None:
    house = await House.open(sqlite)

    def reached(session: Session) -> None:
        for number, value in ((1, 50.0), (2, 2.5)):
            session.add(
                Update(cycle_id=1, week=4, key_result_id=number + 4, value=value, at=house.now)
                if number > 4
                else session.merge(
                    Update(cycle_id=1, week=4, key_result_id=number, value=value, confidence=9,
                           at=house.now)
                )
            )  # fmt: skip
        for number in (3, 4):
            session.get_one(KeyResult, number).state = "dropped"

    await house.database.write(reached)
    await at_the_close(house)
    asked = house.last(BOB)
    assert "Was this key result bold enough?" in words(asked)
    await house.clicks(BOB, asked, "Confirm 1.0", NPS)
    assert "Grade: 1.0, green" in words(house.last(BOB))
    assert house.last(BOB).title == "Grade your key results"
    await house.presses(BOB, "grade:all:1")
    assert house.last(BOB).title == "Your grades"
    assert await house.database.read(given) == {1: (1.0, 1.0, ""), 2: (1.0, 1.0, "")}
    await house.go_to("Mon 08:00", week=14)
    assert await house.database.read(drafts) == []


async def test_moved_targets_kpis_and_no_question_where_all_goes_on(sqlite: Database) -> None:
    house = await House.open(sqlite)

    def prepared(session: Session) -> None:
        session.get_one(Organisation, 1).carry_over = "always"
        session.add(Moved(key_result_id=1, week=7, baseline=32, target=58, at=house.now))
        session.get_one(KeyResult, 1).kpi_id = 1
        session.add(Reading(kpi_id=1, day=date(2026, 12, 20), value=45, by_id=3, at=house.now))

    await house.database.write(prepared)
    await at_the_close(house)
    assert "The figures say 1.0 (0.5 against the first target)." in words(house.last(BOB))
    form = await house.clicks(BOB, house.last(BOB), "Grade")
    assert isinstance(form, Open)
    asked = {q.id: q for q in form.form.questions()}
    assert "value-1" not in asked  # its KPI says it
    assert "carry-1" not in asked
    grade = asked["grade-1"]
    assert isinstance(grade, Choice)
    assert grade.options[0].label == "What the figures say (1.0 now)"
    assert [o.value for o in grade.options[1:4]] == ["1.0", "0.9", "0.8"]
    await house.sends(BOB, form, cause_2="focus", cause_3="focus", cause_4="focus")
    assert "1.0, green (for the first target the figures say 0.5)" in words(house.last(BOB))
    kept = await house.database.read(lambda s: s.exec(select(Grade.original)).first())
    assert kept == 0.5
    team = text(await house.says(ALICE, "grade growth"))
    assert "All objectives together: 0.5, yellow (0.4 by the first targets)" in team
    again = await house.clicks(BOB, house.last(BOB), "Change my grades")
    await house.sends(BOB, again, grade_1="0.5", reason_1="one survey")
    assert "Grade: 0.5, yellow\n" in words(house.last(BOB)), "the same for both targets"
    again = await house.clicks(BOB, house.last(BOB), "Change my grades")
    await house.sends(BOB, again, grade_1="figures", cause_1="none")
    await house.go_to("Mon 08:00", week=14)
    assert [row[0] for row in await house.database.read(drafts)] == [2, 3, 4]
    decided = await house.database.read(lambda s: {c.decision for c in s.exec(select(CarryOver))})
    assert decided == {"keep"}
