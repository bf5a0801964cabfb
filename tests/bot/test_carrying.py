"""What is unfinished stands in the next quarter's drafts, once, with where it came from."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from bot import term
from bot.cast import COMPANY
from bot.quarter import carrying
from bot.quarter.verdicts import graded
from bot.texts import Voice
from storage.checkins import Update
from storage.database import Database
from storage.grades import CarryOver, Grade
from storage.objectives import KeyResult, Milestone, Moved, Objective
from storage.organisation import Organisation
from tests.house import furnish

AFTER = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
SOON = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


def decide(session: Session, number: int, decision: str, why: str = "still worth it") -> None:
    session.add(
        CarryOver(key_result_id=number, cycle_id=1, decision=decision, why=why, by_id=2, at=SOON)
    )
    session.flush()


def drafts(session: Session) -> list[tuple[KeyResult, Objective]]:
    rows = session.exec(
        select(KeyResult, Objective)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(Objective.cycle_id != 1)
        .order_by(col(KeyResult.id))
    )
    return [(kr, objective) for kr, objective in rows]


def furnished(session: Session) -> None:
    furnish(session)
    above = Objective(cycle_id=1, team_id=COMPANY.id or 0, owner_id=1, title="Clinics stay")
    session.add(above)
    session.flush()
    loved = session.get_one(Objective, 1)
    loved.parent_id = above.id
    session.add(KeyResult(objective_id=above.id or 0, owner_id=1, title="Stay", kind="done",
                          due=date(2027, 1, 1)))  # fmt: skip
    session.flush()


async def test_what_goes_on_is_drafted_once(database: Database) -> None:
    def unit(session: Session) -> None:
        furnished(session)
        decide(session, 1, "keep")
        decide(session, 2, "drop")
        decide(session, 4, "change", "other clinics")
        decide(session, 5, "keep")
        assert term.turn(session, AFTER)
        assert not term.turn(session, AFTER)

    await database.write(unit)

    def again(session: Session) -> None:
        nps, guide, stay = drafts(session)
        kr, loved = nps
        assert (kr.title, kr.baseline, kr.target) == ("NPS of new clinics", 36, 45)
        assert (kr.carried_from_id, kr.owner_id, kr.due) == (1, 2, date(2027, 4, 2))
        assert (loved.state, loved.team_id, loved.owner_id) == ("draft", 2, 1)
        assert loved.id == guide[1].id
        assert loved.parent_id == stay[1].id
        assert loved.carried_from_id == 1
        assert stay[1].team_id == COMPANY.id
        steps = session.exec(select(Milestone).where(Milestone.key_result_id == guide[0].id)).all()
        assert [(step.title, step.due) for step in steps] == [("Live for new clinics", None)]
        assert not session.exec(select(Update).where(Update.key_result_id == kr.id)).all()
        # Decided late, after the turn: into the same drafts.
        decide(session, 3, "keep")
        now = term.term(session, AFTER)
        old = carrying.before(session, now)
        assert old is not None
        assert now.cycle is not None
        assert carrying.bring(session, old, now.cycle, AFTER) == 1
        assert carrying.bring(session, old, now.cycle, AFTER) == 0
        assert len(drafts(session)) == 4
        found = carrying.carried(session, now, [2])[2]
        assert {c.kr.id: c.decision for c in found} == {
            1: "keep", 2: "drop", 4: "change", 3: "keep",
        }  # fmt: skip
        assert {c.kr.id: c.became is not None for c in found} == {
            1: True,
            2: False,
            4: True,
            3: True,
        }

    await database.write(again)


@pytest.mark.parametrize(
    ("title", "then"),
    [
        ("Raise NPS of new clinics from 32 to 45", "NPS of new clinics"),
        ("NPS neuer Kliniken von 32 auf 45 steigern", "NPS neuer Kliniken"),
        ("NPS of new clinics", "NPS of new clinics"),
        ("Raise NPS of the 12 new clinics from 30 to 45", None),
        ("Raise NPS to 45", None),
    ],
)
def test_a_title_names_no_course_that_begins_elsewhere_now(
    sqlite: Database, title: str, then: str | None
) -> None:
    """It was at 36 in the end."""

    def unit(session: Session) -> None:
        furnished(session)
        session.get_one(KeyResult, 1).title = title
        decide(session, 1, "change")
        term.turn(session, AFTER)
        ((kr, _),) = drafts(session)
        assert kr.title == (then or title)
        now = term.term(session, AFTER)
        found = {c.kr.id: c for c in carrying.carried(session, now, [2])[2]}
        said = carrying.told(Voice("en"), "change", found[1].kr, kr)
        kr.target = 50
        assert said != carrying.told(Voice("en"), "change", found[1].kr, kr)

    sqlite.write_now(unit)


@pytest.mark.parametrize(("policy", "brought"), [("always", 5), ("never", 0), ("asked", 0)])
def test_what_nobody_decided(sqlite: Database, policy: str, brought: int) -> None:
    def unit(session: Session) -> None:
        furnished(session)
        session.get_one(Organisation, 1).carry_over = policy
        term.turn(session, AFTER)
        assert len(drafts(session)) == brought
        now = term.term(session, AFTER)
        found = carrying.carried(session, now, [2]).get(2, [])
        decisions = {c.decision for c in found}
        assert decisions == {"always": {"keep"}, "never": set(), "asked": {"undecided"}}[policy]

    sqlite.write_now(unit)


def test_the_verdict_of_a_team(sqlite: Database) -> None:
    def unit(session: Session) -> None:
        furnished(session)
        now = term.term(session, SOON)
        session.add(Update(cycle_id=1, week=12, key_result_id=1, value=41, at=SOON))
        session.add(Moved(key_result_id=1, week=7, baseline=32, target=50, at=SOON))
        session.flush()
        found = graded(session, now, [1, 2])
        by_id = {v.id: v for v in found[2].verdicts}
        assert by_id[1].figures == 0.7
        assert by_id[1].original == 0.5
        assert found[2].grade is None
        assert found[2].colour is None
        assert found[2].figures is not None
        session.add_all([
            Grade(key_result_id=1, cycle_id=1, grade=0.7, original=0.5, suggested=0.7, at=SOON),
            Grade(key_result_id=2, cycle_id=1, grade=0.6, cause="capacity", at=SOON),
            Grade(key_result_id=3, cycle_id=1, grade=1.0, at=SOON),
        ])  # fmt: skip
        session.flush()
        half = graded(session, now, [2])[2]
        assert [o.grade for o in half.objectives] == [None, 1.0]
        session.get_one(KeyResult, 4).state = "dropped"
        session.flush()
        whole = graded(session, now, [2])[2]
        loved, steady = whole.objectives
        assert loved.grade == 0.7, "the mean of 0.7 and 0.6 is 0.65, which rounds up, and is green"
        assert loved.colour == "green"
        assert loved.original == 0.6
        assert [kr.id for kr in loved.dropped] == [4]
        assert (steady.grade, whole.grade) == (1.0, 0.9)
        assert whole.causes == {"capacity": 1}

    sqlite.write_now(unit)
