"""What is said of drafts in chat, and what becomes of it."""

from datetime import date, timedelta

from sqlmodel import Session, select

from bot import cast
from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card
from bot.chat.forms import Fault
from bot.chat.replies import Fix, Open, Reply, Say
from bot.goals import findings
from bot.goals.found import Found
from bot.goals.hindsight import hindsight
from bot.method.hindsight import Hindsight, Some
from bot.method.lint import Spoken
from bot.term import term
from bot.texts import Voice
from storage import audit
from storage.checkins import Update
from storage.cycles import Cycle
from storage.findings import Finding
from storage.grades import Grade
from storage.objectives import KeyResult, Objective
from storage.teams import Team
from tests.engines import statements
from tests.house import House, buttons_of, words


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def intro(reply: Reply) -> str:
    assert isinstance(reply, Open), reply
    return words(Card("", reply.form.pages[0].intro))


async def rows(house: House) -> list[Finding]:
    return await house.database.read(lambda s: list(s.exec(select(Finding)).all()))


async def test_a_task_is_told_left_and_taken_back(house: House) -> None:
    form = await house.says(BOB, "add kr launch the set-up guide")
    saved = await house.sends(BOB, form, objective="2", kind="done")
    assert "“Launch” makes this a task" in text(saved)
    assert "Not “Launch the set-up guide”, but “Clinics that are live within a week" in text(saved)
    assert "is “Booking never lets a patient down” true?" in text(saved)

    leave = await house.clicks(BOB, saved, "Leave it")
    assert isinstance(leave, Open)
    empty = await house.sends(BOB, leave)
    assert isinstance(empty, Fix)
    left = await house.sends(BOB, leave, reason=HOSTILE)
    assert title(left) == "Left as it is"
    assert HOSTILE in text(left)
    (row,) = [row for row in await rows(house) if row.rule == "task"]
    assert (row.reason, row.dismissed_by_id) == (HOSTILE, BOB.id)
    (entry,) = await house.database.read(lambda s: audit.of_thing(s, "finding", row.id))
    assert entry.by_id == BOB.id
    again = await house.says(BOB, f"edit {row.thing_id}")
    assert "makes this a task" not in intro(again)
    assert title(await house.clicks(BOB, saved, "Leave it")) == "Nothing to leave any more"

    assert title(await house.clicks(BOB, left, "Take that back")) == "Taken back"
    assert "makes this a task" in intro(await house.says(BOB, f"edit {row.thing_id}"))
    mended = await house.sends(
        BOB, await house.says(BOB, f"edit {row.thing_id}"), title="Clinics use the set-up guide"
    )
    assert "task" not in text(mended)
    (row,) = [row for row in await rows(house) if row.rule == "task"]
    assert row.mended_at == house.now
    assert row.dismissed_at is None


async def test_only_who_may_change_it_may_leave_it(house: House) -> None:
    form = await house.says(BOB, "add kr launch the set-up guide")
    saved = await house.sends(BOB, form, objective="2", kind="done")
    assert isinstance(saved, Say)
    (leave,) = [b for b in buttons_of(saved.card) if b.label == "Leave it"]
    assert title(await house.presses(CHARLIE, leave.action)) == "That is not yours to decide"
    await house.submits(CHARLIE, leave.action, {"reason": "mine"})
    assert {row.reason for row in await rows(house)} == {""}


async def test_what_came_before_and_what_others_measure(house: House) -> None:
    def earlier(session: Session) -> None:
        for number in (10, 11):
            starts = cast.STARTS - timedelta(weeks=13 * (12 - number))
            session.add(
                Cycle(
                    id=number,
                    name=f"Q{number}",
                    starts=starts,
                    ends=starts + timedelta(days=90),
                    state="closed",
                )
            )
            session.flush()
            session.add(Objective(id=number, cycle_id=number, team_id=2, title="Before"))
            session.flush()
            session.add(
                KeyResult(
                    id=number,
                    objective_id=number,
                    title="Deposits paid late",
                    kind="decrease",
                    unit="%",
                    baseline=9,
                    target=number - 5,
                    due=date(2026, 9, 1),
                )
            )
            session.flush()
            session.add(
                Update(cycle_id=number, week=9, key_result_id=number, value=4.5, at=house.now)
            )
        session.add(Objective(id=12, cycle_id=1, team_id=1, title="Harbour stays healthy at heart"))
        session.flush()
        session.add(
            KeyResult(
                id=12,
                objective_id=12,
                title="Cut late deposits paid",
                unit="%",
                kind="decrease",
                baseline=9,
                target=4,
                due=date(2027, 1, 1),
            )
        )

    await house.database.write(earlier, patience=None)
    form = await house.says(BOB, "add kr decrease deposits paid late from 9% to 5%")
    said = text(await house.sends(BOB, form, objective="2"))
    assert "The last value was 4.5%, so the target of 5% is reached before you begin." in said
    assert "This is measured in 3 quarters by now." in said
    assert "Harbour also has this as a key result." in said


async def test_the_set_goes_to_who_leads(house: House) -> None:
    def found(session: Session) -> dict[int, list[findings.Found]]:
        return findings.of_teams(session, term(session, house.now), [1, 2])

    own = (await house.database.read(found))[2]
    said = {(each.thing, each.thing_id, each.rule) for each in own if each.of_set}
    assert said == {("objective", 2, "few_key_results")}
    assert all(findings.of_thing(own, each.thing, each.thing_id) != [each] for each in own
               if each.of_set)  # fmt: skip


async def test_the_lead_reads_what_there_is_to_say(house: House) -> None:
    await house.allow(3)
    await house.go_to("Mon 12:00")
    form = await house.says(DANA, "add objective Launch the new portal for everybody")
    proposed = await house.sends(DANA, form)
    assert "“Launch” makes this a task" in text(proposed)
    assert "“Launch” makes this a task" in words(house.last(ALICE))
    leave = await house.clicks(DANA, proposed, "Leave it")
    await house.sends(DANA, leave, reason="the board wants it so")
    kr = await house.says(DANA, "add kr portal visits from 0 to 100")
    await house.sends(DANA, kr)
    await house.bot.settle()
    shown = words(house.last(ALICE))
    assert "Dana Weiss left it: “the board wants it so”" in shown
    assert "It does not say what is counted." in shown


async def test_curve_confidence_and_kpi(house: House) -> None:
    form = await house.says(BOB, "edit 2")
    assert isinstance(form, Open)
    asked = {q.id: q for q in form.form.questions()}
    assert asked["curve"].value == "linear"
    assert "Time to first answer" in str(asked["kpi"])
    wrong = await house.sends(BOB, form, curve="steps")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["milestones"]
    await house.sends(BOB, form, curve="late", confidence="6", kpi="1")
    kr = await house.database.read(lambda s: s.get(KeyResult, 2))
    assert kr is not None
    assert (kr.curve, kr.draft_confidence, kr.kpi_id) == ("late", 6, 1)
    again = await house.says(BOB, "edit 4")
    assert isinstance(again, Open)
    assert {q.id: q.value for q in again.form.questions()}["curve"] == "linear"
    await house.sends(BOB, again)
    kr = await house.database.read(lambda s: s.get(KeyResult, 4))
    assert kr is not None
    assert kr.curve == "steps"


async def test_a_quarter_in_hindsight(house: House) -> None:
    def ended(session: Session) -> Hindsight:
        for number, missed in enumerate([True] * 5 + [False] * 6, 20):
            session.add(
                KeyResult(
                    id=number, objective_id=2, title=f"N{number}", unit="d", baseline=0, target=10,
                    due=date(2027, 1, 1),
                )
            )  # fmt: skip
            session.flush()
            if missed:
                session.add(
                    Finding(
                        cycle_id=1, thing="key_result", thing_id=number, rule="no_unit",
                        found_at=house.now, dismissed_at=house.now,
                    )
                )  # fmt: skip
            session.add(Grade(key_result_id=number, cycle_id=1, at=house.now,
                              grade=0.3 if missed else 0.9))  # fmt: skip
        session.flush()
        return hindsight(session, 1, [2])

    seen = await house.database.write(ended, patience=None)
    assert seen.flagged == Some(5, 5)
    assert seen.others.all == 10  # those four that are not graded count by their progress
    assert seen.tells


async def test_statements_do_not_grow_with_teams(house: House) -> None:
    def more(session: Session) -> None:
        for number in range(20, 60):
            session.add(Team(id=number, slug=f"t{number}", name=f"T{number}", parent_id=1))
            session.flush()
            session.add(Objective(id=number, cycle_id=1, team_id=number, title="Launch it"))
            session.flush()
            session.add(
                KeyResult(id=number, objective_id=number, title="Calls", due=date(2027, 1, 1))
            )

    def counted(session: Session, teams: list[int]) -> int:
        with statements(house.database) as seen:
            found = findings.keep(session, term(session, house.now), teams, house.now)
        assert all(found.values())
        return len([each for each in seen.said if not each.startswith("INSERT")])

    await house.database.write(more, patience=None)
    few = await house.database.write(lambda s: counted(s, [2, 20]), patience=None)
    many = await house.database.write(lambda s: counted(s, list(range(20, 60))), patience=None)
    assert many == few


def test_a_long_title_is_shortened_between_words() -> None:
    long = "Launch the set-up guide that every one of the clinics can follow on its own"
    found = Found(2, "key_result", 5, long, Spoken("task", {"word": "launch"}))
    said = words(Card("", findings.shown(Voice(), [found])))
    assert "Launch the set-up guide that every one of the clinics can…: " in said


def test_what_was_typed_is_shortened_between_words() -> None:
    typed = "as many of the clinics as we can reach by the end of the quarter"
    (problem,) = Voice().problems((Fault("value", "not_a_number", typed),))
    assert "as many of the clinics as we can reach…" in problem.text
