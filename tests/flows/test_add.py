"""Objectives and key results made in chat."""

import pytest
from sqlmodel import Session, col, select

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.forms import Choice, Form
from bot.chat.replies import Fix, Open, Reply, Say
from storage import audit
from storage.objectives import KeyResult, Milestone, Objective
from storage.people import Person
from tests.flows.eyes import seen
from tests.house import House, buttons_of, words

CHURN = "add kr decrease churn from 4% to 3%"


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def filled(reply: Reply) -> dict[str, object]:
    assert isinstance(reply, Open), reply
    return {question.id: question.value for question in reply.form.questions()}


def newest(session: Session) -> KeyResult:
    return session.exec(select(KeyResult).order_by(col(KeyResult.id).desc())).first()  # type: ignore[return-value] # there is one


async def speaks(house: House, locale: str) -> None:
    await house.database.write(lambda s: setattr(s.get_one(Person, ALICE.id), "locale", locale))


async def test_a_typed_key_result_is_understood_kept_and_asked_about(house: House) -> None:
    form = await house.says(ALICE, CHURN)
    now = filled(form)
    assert (now["title"], now["kind"], now["unit"]) == ("Churn", "decrease", "%")
    assert (now["baseline"], now["target"], now["due"]) == ("4", "3", "2027-01-01")
    saved = await house.sends(ALICE, form, objective="1", owner="4")
    assert title(saved) == "Added: key result 5"
    assert "Measured: decrease from 4% to 3%" in text(saved)
    await house.go_to("Thu 10:00")
    assert "Churn" in words(house.last(DANA))
    rows = await house.database.read(lambda s: audit.of_thing(s, "key_result", 5))
    assert [(row.by_id, row.before) for row in rows] == [(ALICE.id, None)]


async def test_an_objective_is_called_so_in_german_too(house: House) -> None:
    def speak_german(session: Session) -> None:
        session.get_one(Person, 1).locale = "de-DE"

    await house.database.write(speak_german)
    form = await house.says(ALICE, "add Ziel Praxen buchen ohne Anruf")
    assert isinstance(form, Open)
    assert form.form.title == "Neues Ziel"
    assert "Praxen buchen ohne Anruf" in str(form.form)


async def test_the_form_of_a_typed_text_opens_again_from_its_button(house: House) -> None:
    form = await house.says(ALICE, CHURN)
    assert isinstance(form, Open)
    again = await house.presses(ALICE, form.form.action)
    assert filled(again) == filled(form)


async def test_sent_twice_it_is_kept_once(house: House) -> None:
    form = await house.says(ALICE, CHURN)
    await house.sends(ALICE, form, objective="1")
    assert title(await house.sends(ALICE, form, objective="1")) == "Saved already"
    found = await house.database.read(
        lambda s: s.exec(select(KeyResult).where(KeyResult.title == "Churn")).all()
    )
    assert len(found) == 1


@pytest.mark.parametrize(
    ("locale", "typed", "measured"),
    [
        ("en", "Decrease churn from 4.5% to 3%", "decrease from 4.5% to 3%"),
        ("en", "keep churn between 2 and 3 %", "keep between 2% and 3%"),
        ("de-DE", "churn von 4,5 % auf 3 % senken", "von 4,5 % auf 3 % senken"),
        ("de-DE", "Churn höchstens 1.000", "bei 1.000 oder weniger halten"),
    ],
)
async def test_the_form_reads_what_is_typed_whole_into_its_title(
    house: House, locale: str, typed: str, measured: str
) -> None:
    await speaks(house, locale)
    saved = await house.sends(ALICE, await house.says(ALICE, "add kr"), objective="1", title=typed)
    assert ["Churn", measured] == [
        said.partition(": ")[2] for said in seen(saved).splitlines()[1:4:2]
    ]


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"baseline": "5"}, "target"),
        ({"kind": "within"}, "low"),
        ({"kind": "milestones"}, "milestones"),
        ({"title": "Decrease churn from 3% to 4%"}, "target"),
        ({"title": "Decrease churn"}, "target"),
    ],
)
async def test_what_was_typed_beside_the_title_is_not_overridden_by_it(
    house: House, answers: dict[str, str], question: str
) -> None:
    given = {"objective": "1", "title": "Decrease churn from 4% to 3%"} | answers
    wrong = await house.sends(ALICE, await house.says(ALICE, "add kr"), "", **given)
    assert isinstance(wrong, Fix)
    assert [problem.question for problem in wrong.problems] == [question]


@pytest.mark.parametrize(
    ("answers", "question", "says"),
    [
        ({"target": "4"}, "target", "choose “Keep a number within limits”"),
        ({"target": "5"}, "kind", "From 4% to 5% goes up."),
        ({"target": ""}, "target", "Please give the target."),
        ({"kind": "within"}, "low", "the lowest or the highest"),
        ({"kind": "within", "low": "5", "high": "4"}, "high", "under the lowest"),
        ({"weight": "0"}, "weight", "more than 0"),
        ({"due": "2027-06-01"}, "due", "The last day possible is Sun 3 Jan."),
        ({"kind": "milestones"}, "milestones", "at least one milestone"),
        ({"kind": "milestones", "milestones": "A\nB; lots"}, "milestones", "Line 2: I can't read"),
        ({"kind": "milestones", "milestones": "A; 1; 2028-01-01"}, "milestones", "not in this"),
        ({"baseline": "four"}, "baseline", "I can't read “four” as a number."),
        ({"title": ""}, "title", "Please fill this in."),
        ({"objective": ""}, "objective", "Please fill this in."),
    ],
)
async def test_what_cannot_be_stands_beside_its_question(
    house: House, answers: dict[str, str], question: str, says: str
) -> None:
    form = await house.says(ALICE, CHURN)
    wrong = await house.sends(ALICE, form, "", **({"objective": "1"} | answers))
    assert isinstance(wrong, Fix)
    assert says in {p.question: p.text for p in wrong.problems}[question]
    right = await house.sends(ALICE, form, objective="1")
    assert title(right) == "Added: key result 5"


async def test_milestones_one_a_line(house: House) -> None:
    form = await house.says(ALICE, "add kr New guide in clinics' hands")
    assert filled(form)["kind"] == "done"
    lines = "Tried with 5 clinics; 2; 30.11.\n\nLive; 18 Dec\nPraised"
    saved = await house.sends(ALICE, form, objective="1", kind="milestones", milestones=lines)
    assert "Measured: 3 milestones" in text(saved)
    steps = await house.database.read(
        lambda s: [
            (m.title, m.weight, None if m.due is None else m.due.isoformat())
            for m in s.exec(
                select(Milestone).where(Milestone.key_result_id == 5).order_by(col(Milestone.id))
            )
        ]
    )
    assert steps == [
        ("Tried with 5 clinics", 2.0, "2026-11-30"),
        ("Live", 1.0, "2026-12-18"),
        ("Praised", 1.0, None),
    ]


async def test_percent_signs_in_numbers_become_the_unit(house: House) -> None:
    form = await house.says(ALICE, "add kr")
    saved = await house.sends(
        ALICE, form, objective="1", title=HOSTILE, baseline="4 %", target="6 %"
    )
    assert "increase from 4% to 6%" in text(saved)
    assert HOSTILE in text(saved)


async def test_words_against_numbers_are_pointed_out(house: House) -> None:
    form = await house.says(ALICE, "add kr reduce churn from 1 to 5")
    assert isinstance(form, Open)
    assert "point different ways" in str(form.form.pages[0].intro[0])


async def test_a_members_objective_waits_for_the_lead(house: House) -> None:
    form = await house.says(DANA, f"add objective {HOSTILE}")
    saved = await house.sends(DANA, form)
    assert "as soon as Alice Brandt approves it" in text(saved)
    assert house.inbox(ALICE) == [], "not before her day begins"
    await house.go_to("Mon 15:00")
    asked = house.last(ALICE)
    assert asked.title == "A new objective waits for you"
    assert HOSTILE in words(asked)
    more = await house.clicks(DANA, saved, "New key result")
    assert filled(more)["objective"] == "3"
    assert title(await house.sends(DANA, more, title="Calls", target="9")) == (
        "Added: key result 5"
    )
    assert title(await house.presses(DANA, "add:approve:3")) == "Only its leads can approve it"
    assert title(await house.clicks(ALICE, asked, "Approve")) == "Approved: an objective"
    assert house.last(DANA).title == "Approved: an objective"
    assert house.last(ALICE).title == "Approved: an objective"
    assert len(house.inbox(ALICE)) == 1, "her digest waits: a decision comes first"
    await house.go_to("Thu 10:00")
    assert "Calls" in words(house.last(DANA))


@pytest.mark.parametrize("packed", ["x", "-1", "½", "2026-02-30"])
async def test_a_button_that_carries_no_text_is_refused_in_words(house: House, packed: str) -> None:
    for meaning in (f"add:kr::{packed}:1", f"add:objective::{packed}:1"):
        assert "Nothing has changed" in text(await house.presses(ALICE, meaning))


async def test_until_then_nobody_is_asked_about_it(house: House) -> None:
    await house.sends(DANA, await house.says(DANA, "add objective Clinics call us first"))
    form = await house.presses(DANA, "add:kr:::3")
    await house.sends(DANA, form, title="Calls", target="9")
    await house.go_to("Thu 10:00")
    assert "Calls" not in words(house.last(DANA))


async def test_a_leads_objective_counts_at_once(house: House) -> None:
    saved = await house.sends(ALICE, await house.says(ALICE, "add objective Clinics call us"))
    assert "Now give it 2 to 5 key results." in text(saved)
    assert house.inbox(ALICE) == []
    state = await house.database.read(lambda s: s.get_one(Objective, 3).state)
    assert state == "approved"


async def test_who_owns_no_objective_is_told_whom_to_ask(house: House) -> None:
    refused = await house.says(CHARLIE, CHURN)
    assert title(refused) == "No objective of yours yet"
    assert "Please ask Alice Brandt, Bob Okafor, or propose" in text(refused)


async def test_nobody_adds_to_anothers_objective_by_a_forged_form(house: House) -> None:
    form = await house.says(BOB, CHURN)
    wrong = await house.sends(BOB, form, objective="1")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["objective"]


async def test_the_start_offers_both_forms_and_what_waits(house: House) -> None:
    await house.sends(DANA, await house.says(DANA, "add objective Clinics call us first"))
    start = await house.says(ALICE, "add")
    assert isinstance(start, Say)
    assert [b.label for b in buttons_of(start.card)] == [
        "Approve", "Edit", "New objective", "New key result",
    ]  # fmt: skip
    assert "Growth: Clinics call us first" in text(start)
    form = await house.clicks(ALICE, start, "New key result")
    assert isinstance(form, Open)
    assert isinstance(form.form, Form)


async def test_a_line_with_numbers_needs_no_kr(house: House) -> None:
    assert filled(await house.says(ALICE, "add raise NPS from 32 to 45"))["title"] == "NPS"
    assert title(await house.says(ALICE, "add something nice")) == "Add something"
    assert title(await house.says(ALICE, "add kr " + "x" * 400)) == "That is too long"


async def test_the_parent_must_be_above(house: House) -> None:
    above = await house.says(ALICE, "add objective Harbour is the one clinics trust")
    await house.sends(ALICE, above, team="1")
    form = await house.says(DANA, "add objective Clinics stay")
    saved = await house.sends(DANA, form, parent="3")
    assert title(saved) == "Added: an objective"
    again = await house.says(ALICE, "add objective Upside down")
    wrong = await house.sends(ALICE, again, team="1", parent="3")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["parent"]


async def test_only_what_a_team_can_serve_is_offered(house: House) -> None:
    above = await house.says(ALICE, "add objective Harbour is the one clinics trust")
    await house.sends(ALICE, above, team="1")
    top = await house.presses(ALICE, "add:objective:::1")
    assert "parent" not in filled(top)
    assert "parent" not in filled(await house.presses(ALICE, "edit:objective:3"))
    own = await house.presses(ALICE, "add:objective:::2")
    assert isinstance(own, Open)
    (parent,) = [q for q in own.form.questions() if q.id == "parent"]
    assert isinstance(parent, Choice)
    assert [each.value for each in parent.options] == ["3"]


async def test_the_drafts_that_do_not_fit_are_counted(house: House) -> None:
    def drafts(session: Session) -> None:
        for n in range(6):
            row = Objective(cycle_id=1, team_id=2, owner_id=4, title=f"Draft {n}", state="review")
            session.add(row)

    assert "more" not in seen(await house.says(ALICE, "add"))
    await house.database.write(drafts)
    waiting = seen(await house.says(ALICE, "add"))
    assert "… and 1 more: plan and a team's name shows that team's." in waiting
    assert waiting.count("Growth: Draft") == 5
    shown = seen(await house.says(ALICE, "plan growth"))
    assert all(f"Draft {n}" in shown for n in range(6))


@pytest.mark.parametrize("locale", ["en", "de-DE"])
async def test_the_example_of_a_milestone_can_be_typed(house: House, locale: str) -> None:
    await speaks(house, locale)
    form = await house.says(ALICE, "add kr New guide")
    given = {"objective": "1", "kind": "milestones"}
    wrong = await house.sends(ALICE, form, "", **given, milestones="A; lots")
    assert isinstance(wrong, Fix)
    example = wrong.problems[0].text.rpartition(": ")[2]
    assert isinstance(await house.sends(ALICE, form, "", **given, milestones=example), Say)


async def test_numbers_are_read_as_the_reader_writes_them(house: House) -> None:
    await speaks(house, "de")
    form = await house.says(ALICE, "add kr steigere Umsatz von 1.000,50 auf 2.000 €")
    assert (filled(form)["baseline"], filled(form)["target"]) == ("1.000,5", "2.000")
    await house.sends(ALICE, form, objective="1")
    kept = await house.database.read(lambda s: (newest(s).baseline, newest(s).target))
    assert kept == (1000.5, 2000)
