"""The mid-quarter review, as its people see it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.forms import Choice
from bot.chat.replies import Fix, Open, Reply, Say
from storage.database import Database
from storage.objectives import KeyResult, Moved
from storage.organisation import Organisation
from storage.people import Person
from storage.reviews import Review
from storage.teams import Team
from tests.house import House, buttons_of, words

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NPS = "Raise NPS of new clinics from 32 to 45"
CHURN = "Cut churn in the first 90 days from 4% to 3%"


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def target(session: Session, number: int) -> float | None:
    return session.get_one(KeyResult, number).target


async def asked(house: House, budget: int = 3) -> Reply:
    """With room for a lead's digest, check-in and a decision, unless it is said otherwise."""
    await house.allow(budget)
    await house.go_to("Thu 10:00", "America/New_York", week=7)
    return await house.clicks(BOB, house.last(BOB), "Check in")


async def test_the_reminder_names_the_review(house: House) -> None:
    def owns(session: Session) -> None:
        session.get_one(KeyResult, 1).owner_id = 3

    await house.database.write(owns)
    await house.go_to("Fri 10:00", week=7)
    assert house.last(CHARLIE).title == "Still open: your mid-quarter review"


async def test_what_waits_is_told_in_a_german_sentence(house: House) -> None:
    def speak_german(session: Session) -> None:
        session.get_one(Person, 2).locale = "de-DE"

    await house.database.write(speak_german)
    await house.go_to("Thu 10:00", "America/New_York", week=7)
    form = await house.says(BOB, "checkin")
    more = {"decision_2": "adjust", "target_2": "2,5", "reason_2": "zwei große Verträge"}
    await house.sends(BOB, form, **more)
    told = words(house.last(BOB)).replace("\N{NO-BREAK SPACE}", " ")
    assert "der Vorschlag „von 4 % auf 2,5 % senken“ wartet auf Alice Brandt" in told


async def test_a_review_from_the_question_to_the_summary(house: House) -> None:
    form = await asked(house)
    assert house.last(BOB).title == "Week 7: mid-quarter review"
    assert "keep, adjust or drop each" in words(house.last(BOB))
    wrong = await house.sends(BOB, form, decision_1="adjust", decision_4="drop", target_1="lots")
    assert isinstance(wrong, Fix)
    assert {p.question for p in wrong.problems} == {"target-1", "reason-1", "reason-4"}
    back = await house.sends(BOB, form, decision_1="adjust", target_1="30", reason_1="too bold")
    assert isinstance(back, Fix)
    assert [p.text for p in back.problems] == [
        "It goes up from 32\N{NO-BREAK SPACE}points: the new target must be above that."
    ], "in words of this form, that cannot turn it round"
    await house.sends(
        BOB, form, value_2="3,5", obstacle_1="few answers",
        decision_2="adjust", target_2="2.5", reason_2="two big groups renewed",
        decision_4="drop", reason_4=HOSTILE,
    )  # fmt: skip
    said = words(house.last(BOB))
    assert house.last(BOB).title == "Week 7: what you said"
    assert "kept · obstacle: “few answers”" in said
    assert "to become “decrease from 4% to 2.5%”, waits for Alice Brandt" in said
    assert f"New guided set-up in clinics' hands: dropped · “{HOSTILE}”" in said
    # The old target counts until Alice agrees.
    assert await house.database.read(lambda s: target(s, 2)) == 3
    notice = house.last(ALICE)
    assert notice.title == "A new target waits for your word"
    assert "now “decrease from 4% to 3%”, to become “decrease from 4% to 2.5%”" in words(notice)
    await house.go_to("Fri 15:00", week=7)
    summary = next(m for m in reversed(house.channel) if "week 7" in m.card.title)
    assert "2 key results go on as they are." in words(summary.card)
    assert "waits for Alice Brandt" in words(summary.card)
    assert "dropped" in words(summary.card)
    # She agrees: the old target is kept beside the new one, and everything that showed it changes.
    assert title(await house.clicks(ALICE, notice, "Approve")) == "The new target counts"
    assert await house.database.read(lambda s: target(s, 2)) == 2.5
    (moved,) = await house.database.read(
        lambda s: [(m.target, m.week, m.reason, m.approver_id) for m in s.exec(select(Moved))]
    )
    assert moved == (3, 7, "two big groups renewed", ALICE.id)
    assert house.last(BOB).title == "The new target counts"
    assert "decrease from 4% to 3% → decrease from 4% to 2.5%, approved by Alice" in words(
        house.last(BOB)
    )
    summary = next(m for m in reversed(house.channel) if "week 7" in m.card.title)
    assert "approved by Alice Brandt" in words(summary.card)
    settled = house.last(ALICE)
    assert settled.title == "The new target counts"
    assert "Until you agree" not in words(settled)
    assert "Approve" not in [b.label for b in buttons_of(settled)]
    # Pressed again: it stands, and nothing is moved twice.
    assert title(await house.clicks(ALICE, notice, "Approve")) == "The new target counts"
    count = await house.database.read(lambda s: len(s.exec(select(Moved)).all()))
    assert count == 1
    # What was dropped is asked about no more, and stays visible.
    await house.go_to("Thu 10:00", "America/New_York", week=8)
    assert "guided set-up" not in words(house.last(BOB))
    assert "dropped" in text(await house.says(BOB, "review"))


@on_sqlite
async def test_a_no_with_a_word_why_leaves_the_old_target(house: House) -> None:
    form = await asked(house)
    await house.sends(BOB, form, decision_1="adjust", target_1="50", reason_1="going well")
    notice = house.last(ALICE)
    for person in (CHARLIE, BOB):
        theirs = await house.presses(person, _action(notice, "Approve"))
        assert "A lead of the team or an admin decides this" in text(theirs)
    assert await house.database.read(lambda s: target(s, 1)) == 45
    why = await house.clicks(ALICE, notice, "Refuse")
    assert isinstance(await house.sends(ALICE, why), Fix)
    refused = await house.sends(ALICE, why, why="Too early to say")
    assert title(refused) == "The old target stays"
    assert "said no to “increase from 32 to 50 points”: “Too early to say”" in words(
        house.last(BOB)
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert await house.database.read(lambda s: target(s, 1)) == 45


def _action(card: object, label: str) -> str:
    return next(b.action for b in buttons_of(card) if b.label == label)  # type: ignore[arg-type] # a card


async def test_no_change_keeps_and_a_second_thought_is_taken(sqlite: Database) -> None:
    house = await House.open(sqlite)
    await asked(house)
    await house.clicks(BOB, house.last(BOB), "No change, keep it", NPS)
    await house.clicks(BOB, house.last(BOB), "No change, keep all")
    assert words(house.last(BOB)).count("kept") == 4
    again = await house.clicks(BOB, house.last(BOB), "Change my answer")
    await house.sends(BOB, again, decision_1="adjust", target_1="50", reason_1="going well")
    first = house.last(ALICE)
    assert first.title == "A new target waits for your word"
    # Taken back before she says anything; her message says so.
    again = await house.clicks(BOB, house.last(BOB), "Change my answer")
    assert isinstance(again, Open)
    await house.sends(BOB, again, decision_1="keep")
    assert house.last(ALICE).title == "This is settled already"
    assert "taken back" in words(house.last(ALICE))
    assert title(await house.presses(ALICE, _action(first, "Approve"))) == "This is settled already"
    # The week after, by its own form; what waits stands on the lead's home.
    await house.go_to("Fri 09:00", week=8)
    form = await house.clicks(BOB, await house.says(BOB, "review"), "Change my review")
    saved = await house.sends(BOB, form, decision_2="adjust", target_2="2", reason_2="it works")
    assert title(saved) == "Saved: your mid-quarter review"
    home = await house.opens(ALICE)
    assert "A new target waits for your word." in text(home)
    await house.clicks(ALICE, await house.clicks(ALICE, home, "Look"), "Approve")
    lead = await house.says(ALICE, "review")
    assert "Growth: 3 key results go on as they are." in text(lead)
    assert "approved by Alice Brandt" in text(lead)
    await house.go_to("Fri 09:00", week=9)
    assert "Change my review" not in [
        b.label
        for b in buttons_of((await house.says(BOB, "review")).card)  # type: ignore[union-attr] # a card
    ]


async def test_where_targets_stay_adjusting_is_not_offered(sqlite: Database) -> None:
    house = await House.open(sqlite)

    def fixed(session: Session) -> None:
        session.get_one(Organisation, 1).mid_quarter_changes = False

    await house.database.write(fixed)
    form = await asked(house)
    assert isinstance(form, Open)
    decision = next(q for q in form.form.questions() if q.id == "decision-1")
    assert isinstance(decision, Choice)
    assert [option.value for option in decision.options] == ["keep", "drop"]
    assert "your organisation has set it so" in decision.hint
    refused = await house.sends(ALICE, await house.says(ALICE, "edit 1"), target="50", reason="x")
    assert isinstance(refused, Fix)
    assert [p.question for p in refused.problems] == ["target"]


@pytest.mark.parametrize(("lead", "admin", "asks"), [(2, True, ALICE), (2, False, None)])
async def test_who_has_the_word_on_a_leads_own_target(
    sqlite: Database, lead: int, admin: bool, asks: object
) -> None:
    """The lead above, else an admin; where there is nobody else, it counts at once and says so."""
    house = await House.open(sqlite)

    def led(session: Session) -> None:
        for team in session.exec(select(Team)):
            team.lead_id = lead
        session.get_one(Person, ALICE.id).admin = admin

    await house.database.write(led)
    form = await asked(house)
    await house.sends(BOB, form, decision_1="adjust", target_1="50", reason_1="going well")
    if asks is ALICE:
        assert house.last(ALICE).title == "A new target waits for your word"
    else:
        assert "counts at once: there is nobody else to approve it" in words(house.last(BOB))
        assert await house.database.read(lambda s: target(s, 1)) == 50


async def test_a_decision_that_does_not_fit_waits_at_home_and_comes_before_the_next_digest(
    house: House,
) -> None:
    form = await asked(house, budget=2)
    await house.sends(BOB, form, decision_1="adjust", target_1="50", reason_1="going well")
    await house.go_to("Mon 08:59", week=8)
    titles = [m.card.title for m in house.inbox(ALICE)]
    assert titles[-2:] == ["Harbour: week 6 in short", "Week 7 check-in"]
    assert "A new target waits for your word." in text(await house.opens(ALICE))
    await house.go_to("Sat 01:00", week=8)
    assert [m.card.title for m in house.inbox(ALICE)][len(titles) :] == [
        "A new target waits for your word",
        "Week 8 check-in",
    ]
    await house.clicks(ALICE, house.inbox(ALICE)[-2].card, "Approve")
    assert house.last(BOB).title == "Week 8 check-in", "nobody hears of it at night"
    await house.go_to("Mon 10:00", "America/New_York", week=9)
    assert house.last(BOB).title == "The new target counts"


async def test_an_edit_goes_the_same_way(sqlite: Database) -> None:
    house = await House.open(sqlite)
    form = await house.says(BOB, "edit 2")
    wrong = await house.sends(BOB, form, target="2.5")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["reason"]
    saved = await house.sends(BOB, form, target="2.5", title="Churn", reason="renewals")
    assert "Measured: decrease from 4% to 3%" in text(saved)
    assert "waits for Alice Brandt" in text(saved)
    assert "Key result: Churn" in text(saved)
    await house.go_to(house.now + timedelta(hours=3))
    await house.clicks(ALICE, house.last(ALICE), "Approve")
    assert await house.database.read(lambda s: target(s, 2)) == 2.5
    # A lead's own change counts at once, and its team reads of it.
    await house.sends(ALICE, await house.says(ALICE, "edit 2"), target="2", reason="still better")
    await house.go_to("Fri 15:00")
    summary = next(m for m in house.channel if "week 5" in m.card.title)
    assert "decrease from 4% to 2.5% → decrease from 4% to 2%" in words(summary.card)
    rows = await house.database.read(
        lambda s: [m.target for m in s.exec(select(Moved).order_by(col(Moved.id)))]
    )
    assert rows == [3, 2.5]
    states = await house.database.read(lambda s: [r.state for r in s.exec(select(Review))])
    assert states == ["approved"]
    assert title(await house.says(DANA, "review")) == "Mid-quarter review"
