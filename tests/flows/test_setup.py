"""Switching on and off, and all that an admin may set."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.events import Mentioned, Typed
from bot.chat.replies import Fix, Open, Reply, Say
from bot.chat.who import Actor, Destination
from bot.flow import typed_for
from bot.flows.setup import parts
from bot.goals.carried import pack
from bot.likeness import MOST_WORDS, spelt
from bot.texts import FOLDER, Voice
from storage import audit, cycles, organisation
from storage.cycles import Cycle
from storage.database import Database
from storage.people import Identity, Person
from storage.teams import Membership
from tests.house import House, buttons_of, words

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


@pytest.fixture
async def waiting(database: Database) -> House:
    """The house before anybody said `setup go`."""
    return await House.open(database, running="waiting")


async def test_nothing_is_sent_before_go_and_the_reply_says_what_comes(waiting: House) -> None:
    house = waiting
    state = await house.says(ALICE, "setup")
    assert "Not started: I send nothing by myself." in text(state)
    await house.go_to("Wed 12:00")
    look = await house.clicks(ALICE, state, "Start for everybody")
    assert title(look) == "Start for everybody?"
    said = await house.clicks(ALICE, look, "Start")
    assert title(said) == "Started"
    assert text(said).splitlines()[1:] == text(look).splitlines()[1:]
    await house.go_to("Thu 17:00")
    assert all(house.inbox(p) for p in (ALICE, BOB, CHARLIE, DANA))


async def test_go_says_whom_it_reaches_with_what_and_starts_when_told_to(waiting: House) -> None:
    house = waiting
    await house.go_to("Wed 12:00")
    look = await house.says(ALICE, "setup go")
    assert text(look).splitlines() == [
        (
            "From then on I ask, remind and post by myself. "
            "In the next 8 days I write to 4 people. First:"
        ),
        "from Thu 5 Nov, 05:30: 4 check-ins",
        "from Fri 6 Nov, 05:30: 3 reminders",
        "Fri 6 Nov, 15:00: 1 team summary",
        "Mon 9 Nov, 09:00: 1 digest",
    ]
    assert "Not started" in text(await house.says(ALICE, "setup"))
    await house.go_to("Thu 17:00")
    assert not any(house.inbox(p) for p in (ALICE, BOB, CHARLIE, DANA))
    assert title(await house.presses(BOB, "setup:begin:0")) == "Only admins can do this"
    assert title(await house.clicks(ALICE, look, "Start")) == "Started"
    assert title(await house.clicks(ALICE, look, "Start")) == "It is on already"
    assert title(await house.says(ALICE, "setup go")) == "It is on already"


async def test_what_was_due_before_go_is_not_sent_afterwards(waiting: House) -> None:
    house = waiting
    await house.go_to("Thu 12:00")
    await house.clicks(ALICE, await house.says(ALICE, "setup go"), "Start")
    assert house.inbox(DANA) == []


async def test_a_pilot_asks_its_team_only(waiting: House) -> None:
    house = waiting
    await house.database.write(lambda s: _leave_growth(s, DANA.id or 0))
    form = await house.clicks(ALICE, await house.says(ALICE, "setup"), "Start with one team")
    look = await house.sends(ALICE, form, team="2")
    assert title(look) == title(await house.says(ALICE, "setup go growth")) == "Start with Growth?"
    assert "for Growth only. In the next 8 days I write to 3 people." in text(look)
    assert title(await house.clicks(ALICE, look, "Start")) == "Started with Growth"
    await house.go_to("Thu 12:00")
    assert house.inbox(DANA) == []
    assert house.last(CHARLIE).title == "Week 5 check-in"
    assert "State: Pilot with Growth" in text(await house.says(ALICE, "setup"))
    assert title(await house.says(ALICE, "setup go Nobody")) == "I don't know that team"


def _leave_growth(session: Session, person_id: int) -> None:
    session.exec(delete(Membership).where(Membership.person_id == person_id))  # type: ignore[arg-type] # a column


async def test_pause_holds_everything_and_go_takes_it_back(house: House) -> None:
    await house.go_to("Wed 12:00")
    assert title(await house.says(ALICE, "setup pause")) == "Paused"
    await house.go_to("Thu 09:00")
    assert isinstance(await house.says(DANA, "checkin"), Open)
    await house.clicks(ALICE, await house.says(ALICE, "setup go"), "Start")
    await house.go_to("Thu 10:00")
    assert house.last(DANA).title == "Week 5 check-in"


async def test_questions_of_planning_are_not_called_check_ins(database: Database) -> None:
    house = await House.open_to_plan(database)
    shown = text(await house.says(ALICE, "setup"))
    assert "Mon 4 Jan, 10:00: 1 message" in shown


async def test_only_admins_set_up(house: House) -> None:
    assert title(await house.says(BOB, "setup go")) == "Only admins can do this"
    assert title(await house.presses(BOB, "setup:pause")) == "Only admins can do this"
    assert title(await house.presses(BOB, "setup:calendar")) == "Only admins can do this"
    await house.submits(BOB, "setup:calendar", {})
    assert "On for everybody" in text(await house.says(ALICE, "setup"))


async def test_the_state_names_whom_it_cannot_reach(house: House) -> None:
    await house.database.write(_lose_dana)
    shown = text(await house.says(ALICE, "setup"))
    assert "People: 4. I can't reach 1 of them: Dana Weiss." in shown
    assert "week 5 of 13" in shown
    assert "3 check-ins" in shown


def _lose_dana(session: Session) -> None:
    session.exec(update(Identity).where(Identity.person_id == DANA.id).values(address=None))  # type: ignore[arg-type] # a column


async def test_a_new_calendar_moves_what_was_not_sent(house: House) -> None:
    form = await house.says(ALICE, "setup calendar")
    shown = await house.sends(ALICE, form, checkin_weekday="1", checkin_time="9:00")
    assert title(shown) == "Keep these changes?"
    assert "Check-in on: Thursday → Tuesday\nCheck-in at: 10:00 → 09:00" in text(shown)
    assert "This moves 8 messages that were not sent yet." in text(shown)
    again = await house.clicks(ALICE, shown, "Change again")
    assert isinstance(again, Open)
    assert {q.id: q.value for q in again.form.questions()}["checkin-time"] == "09:00"
    saved = await house.clicks(ALICE, shown, "Save")
    assert title(saved) == "Saved: the calendar"
    assert "8 messages that were not sent yet have moved." in text(saved)
    assert title(await house.clicks(ALICE, shown, "Save")) == "Nothing to change"
    await house.go_to("Tue 09:00")
    assert house.last(DANA).title == "Week 5 check-in"
    rows = await house.database.read(lambda s: audit.of_thing(s, "cycle", 1))
    assert rows[0].by_id == ALICE.id
    assert "checkin_weekday" in (rows[0].after or "")
    same = await house.sends(ALICE, await house.says(ALICE, "setup calendar"))
    assert title(same) == "Nothing to change"


async def test_the_rules_are_shown_kept_and_only_by_admins(house: House) -> None:
    form = await house.says(ALICE, "setup rules")
    shown = await house.sends(
        ALICE, form, individual_okrs="on", carry_over="never", keep_texts_days="400"
    )
    assert text(shown).splitlines()[:3] == [
        "Own key results of people: Off: only teams have objectives → On",
        "Unfinished key results: Ask the owner → Leave them behind",
        "Forget what people wrote after … days: never → 400",
    ]
    assert isinstance(shown, Say)
    keep = buttons_of(shown.card)[0].action
    assert title(await house.presses(BOB, keep)) == "Only admins can do this"
    assert title(await house.presses(ALICE, keep)) == "Saved: the rules"
    ours = await house.database.read(organisation.organisation)
    assert ours is not None
    assert (ours.individual_okrs, ours.carry_over, ours.keep_texts_days) == (True, "never", 400)
    rows = await house.database.read(lambda s: audit.of_thing(s, "organisation", 1))
    assert (rows[0].by_id, '"carry_over":"asked"' in (rows[0].before or "")) == (ALICE.id, True)


@pytest.mark.parametrize(
    "rest",
    ["calendar:e30x", "rules:W10", *(f"calendar:{pack(said)}" for said in (
        '{"ask-time":"x"}', '{"checkin-weekday":"9"}', '{"nothing":"1"}'))],
)  # fmt: skip
async def test_a_change_that_nobody_made_changes_nothing(house: House, rest: str) -> None:
    said = await house.presses(ALICE, f"setup:keep:{rest}")
    assert "Thursday 10:00" in text(await house.says(ALICE, "setup"))
    assert not title(said).startswith("Saved")


@pytest.mark.parametrize(
    ("answers", "question", "says"),
    [
        ({"summary_weekday": "2"}, "summary-time", "must come after the check-in"),
        ({"reminder_weekday": "3", "reminder_time": "11:00"}, "reminder-time", "3 hours or more"),
        ({"reminder_time": "14:00"}, "reminder-time", "before the summary"),
        ({"checkin_time": "ten"}, "checkin-time", "I can't read “ten” as a time."),
        ({"review_week": "2", "planning_weeks": "3"}, "review-week", "4 to 12"),
        ({"review_week": "40"}, "review-week", "12 or less"),
        ({"teams_weekday": "4"}, "people-weekday", "Please turn them round"),
        ({"results_weekday": "1"}, "results-weekday", "comes before “The survey goes out on”"),
    ],
)
async def test_a_calendar_that_cannot_be_is_explained(
    house: House, answers: dict[str, str], question: str, says: str
) -> None:
    form = await house.says(ALICE, "setup calendar")
    wrong = await house.sends(ALICE, form, "", **answers)
    assert isinstance(wrong, Fix)
    assert says in {p.question: p.text for p in wrong.problems}[question]


async def test_the_budget_of_unasked_messages(house: House) -> None:
    report = Voice().line("report.held", count=2, weeks="5", several=False)
    assert report.endswith("setup rules sets it.")
    form = await house.says(ALICE, "setup rules")
    wrong = await house.sends(ALICE, form, unasked_per_week="0")
    assert isinstance(wrong, Fix)
    shown = await house.sends(ALICE, form, unasked_per_week="1")
    await house.clicks(ALICE, shown, "Save")
    await house.go_to("Fri 14:00")
    assert [m.card.title for m in house.inbox(DANA)] == ["Week 5 check-in"]


async def test_a_company_holiday_moves_the_question(house: House) -> None:
    said = await house.says(ALICE, f"setup holiday 5.11. {HOSTILE}")
    assert title(said) == "Thu 5 Nov is a day off"
    assert HOSTILE in text(said)
    await house.go_to("Wed 10:00")
    assert house.last(DANA).title == "Week 5 check-in"
    assert "Thu 5 Nov: off in Germany" in text(await house.says(ALICE, "setup holidays"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("setup holiday 24.12. works", "Thu 24 Dec is a day of work"),
        ("setup holiday 24 Dec all", "Thu 24 Dec is a day off"),
        ("setup holiday 24.12. remove", "Nothing to take back"),
        ("setup holiday 1.10.", "Thu 1 Oct is over"),
        ("setup holiday", "I can't read that day"),
        ("setup holiday soon", "I can't read that day"),
    ],
)
async def test_what_is_said_of_a_day(house: House, typed: str, says: str) -> None:
    assert title(await house.says(ALICE, typed)) == says


async def test_a_correction_can_be_taken_back(house: House) -> None:
    await house.says(ALICE, "setup holiday 5.11. US Diwali")
    assert "Diwali" in text(await house.says(ALICE, "setup holidays"))
    assert "public calendar" in title(await house.says(ALICE, "setup holiday 5.11. remove US"))
    shown = text(await house.says(ALICE, "setup holidays"))
    assert "Diwali" not in shown
    assert "Fri 25 Dec: Christmas Day" in shown


async def test_a_cycle_begins_on_a_monday_and_once(house: House) -> None:
    running = await house.says(ALICE, "setup cycle 9.11.")
    assert "Q4 2026 is open already" in text(running)
    await house.database.write(_close)
    wrong = await house.says(ALICE, "setup cycle 11.11.")
    assert text(wrong) == "Wed 11 Nov is not a Monday. Did you mean one of these?"
    assert "over already" in text(await house.says(ALICE, "setup cycle 2026-01-05"))
    assert "I can't read" in text(await house.says(ALICE, "setup cycle soon"))
    opened = await house.clicks(ALICE, wrong, "Begin Mon 9 Nov")
    assert "runs from Mon 9 Nov to Sun 7 Feb" in text(opened)
    assert "open already" in text(await house.clicks(ALICE, wrong, "Begin Mon 16 Nov"))
    latest = await house.database.read(cycles.latest)
    assert latest is not None
    assert latest.state == "open"


def _close(session: Session) -> None:
    cycle = session.get_one(Cycle, 1)
    cycle.state = "closed"
    organisation.organisation(session).running = "paused"  # type: ignore[union-attr] # it is there


async def test_rights_are_given_and_taken_and_the_last_admin_stays(house: House) -> None:
    assert title(await house.says(ALICE, "setup admin @Alice off")) == "One admin must stay"
    assert title(await house.says(ALICE, "setup admin Bob")) == "Bob Okafor is an admin now"
    assert title(await house.says(BOB, "setup")) == "Setup"
    assert title(await house.says(BOB, "setup admin @Alice perhaps")) == "Nothing was changed"
    assert title(await house.says(BOB, "setup admin @Dana please not")) == "Nothing was changed"
    assert title(await house.says(BOB, "setup admin @Alice off")) == (
        "Alice Brandt is no longer an admin"
    )
    assert title(await house.says(ALICE, "setup")) == "Only admins can do this"
    assert title(await house.says(BOB, "setup admin @Zoe")) == "Whom do you mean?"
    rows = await house.database.read(lambda s: audit.of_thing(s, "person", ALICE.id))
    assert rows[0].by_id == BOB.id


async def test_an_unknown_part_is_named(house: House) -> None:
    said = await house.says(ALICE, f"setup {HOSTILE}")
    assert "“<b>hi</b>” is not one of" in text(said)
    pilot = text(await house.says(ALICE, "setup pilot"))
    assert "setup go growth" in pilot
    assert "setup pause: stop sending by myself" in pilot
    assert isinstance(said, Say)
    assert buttons_of(said.card) == []


async def test_an_unknown_part_is_named_in_german_too(house: House) -> None:
    await house.database.write(_speak_german)
    said = text(await house.says(ALICE, "Einrichtung Fuchsbau tief"))
    assert "„Fuchsbau“ gehört nicht zur Einrichtung" in said


def _speak_german(session: Session) -> None:
    session.get_one(Person, ALICE.id).locale = "de-DE"


def what(reply: Reply) -> str:
    """The form that opens, or the card as a whole."""
    return reply.form.title if isinstance(reply, Open) else f"{title(reply)}\n{text(reply)}"


@pytest.mark.parametrize("locale", ["en", "de-DE"])
@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("setup start", "setup go"), ("Einrichtung los", "setup on"),
        ("setup starten Growth", "setup go growth"), ("setup einschalten", "setup go"),
        ("setup weiter", "setup go"), ("setup pausieren", "setup pause"),
        ("setup Stopp!", "setup stop"), ("setup ausschalten", "setup off"),
        ("einrichten Kalender", "setup calendar"), ("setup zeiten", "setup calendar"),
        ("setup regeln", "setup rules"), ("setup Einstellungen", "setup settings"),
        ("setup feiertag 24.12. frei", "setup holiday 24.12."),
        ("setup freier Tag 24.12. Betriebsfest", "setup holiday 24.12. Betriebsfest"),
        ("setup Feiertag 24.12. Arbeitstag", "setup holiday 24.12. works"),
        ("setup feiertag 24.12. kein Feiertag", "setup holiday 24.12. work"),
        ("setup feiertag 24.12. überall Fest", "setup holiday 24.12. all Fest"),
        ("setup feiertag 24.12. frei alle", "setup holiday 24.12. off all"),
        ("setup feiertag 24.12. entfernen", "setup holiday 24.12. remove"),
        ("setup feiertag 24.12. loeschen", "setup holiday 24.12. normal"),
        ("setup feiertage", "setup holidays"), ("setup freie Tage", "setup holidays"),
        ("setup quartal 9.11.", "setup cycle 9.11."), ("setup Zyklus", "setup quarter"),
        ("setup rechte Zoe", "setup admin Zoe"), ("setup Admins", "setup admin"),
        ("setup konto", "setup link"), ("setup verknuepfen", "setup link"),
    ],
)  # fmt: skip
@on_sqlite
async def test_the_parts_are_understood_in_german_and_in_english_by_everybody(
    house: House, locale: str, german: str, english: str
) -> None:
    def speak(session: Session) -> None:
        session.get_one(Person, ALICE.id).locale = locale

    await house.database.write(speak)
    unknown = Voice(locale).line("setup.unknown_title", typed="")
    meant = what(await house.says(ALICE, english))
    assert not meant.startswith(unknown)
    assert what(await house.says(ALICE, german)) == meant


@pytest.mark.parametrize("off", ["aus", "Nein", "entfernen", "nicht mehr", "off", "remove"])
@on_sqlite
async def test_rights_are_taken_in_german_too(house: House, off: str) -> None:
    await house.database.write(_speak_german)
    assert title(await house.says(ALICE, "setup admin Bob")) == "Bob Okafor ist jetzt Admin"
    taken = await house.says(ALICE, f"setup admin @Bob {off}")
    assert title(taken) == "Bob Okafor ist kein Admin mehr"


def told(language: str) -> list[str]:
    """What admins are told to type behind "setup", in the order of the files."""
    files = sorted((Path(FOLDER) / language).glob("*.j2"))
    return [code for file in files for code in re.findall("`(setup .+?)`", file.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("german", "english"), sorted(set(zip(told("de"), told("en"), strict=True)))
)
@on_sqlite
async def test_what_admins_are_told_to_type_works(house: House, german: str, english: str) -> None:
    def typed(code: str) -> str:
        values = {"{{ example }}": "24.12.", "{{ name }}": "Bob", "@Name": "@Bob"}
        for slot, value in values.items():
            code = code.replace(slot, value)
        return code.replace("Founder's day", "Gründungstag")

    await house.database.write(_speak_german)
    meant = what(await house.says(ALICE, typed(english)))
    assert not meant.startswith("Diesen Teil der Einrichtung kenne ich nicht")
    if german != english:
        assert what(await house.says(ALICE, typed(german))) == meant


@pytest.mark.parametrize(
    "meanings", [parts.PARTS, parts.OF_A_DAY, parts.OF_A_PLACE, parts.OF_RIGHTS]
)
def test_no_word_of_setup_means_two_things(meanings: tuple[str, ...]) -> None:
    said = {(spelt(each), name) for name in meanings for each in typed_for(f"setup_{name}")}
    assert len(said) == len(parts.known(meanings))
    assert {name for _, name in said} == set(meanings)
    assert all(len(each.split()) <= MOST_WORDS for each, _ in said)


async def test_an_account_is_linked_to_a_person_by_hand(house: House) -> None:
    zoe = Actor("loopback", "", "zoe@elsewhere.example")
    at = Destination("loopback", "", "dm:zoe")
    writes = Typed(zoe, at, "z1", "mine")
    assert "mine" not in text(await house.bot.hear(house.platform, writes)).lower()
    form = await house.says(ALICE, "setup link")
    taken = await house.sends(ALICE, form, account=BOB.email, whose="4")
    assert isinstance(taken, Fix)
    assert taken.problems[0].text == "This account is Bob Okafor's already."
    mentioned = await house.says(ALICE, "setup link @zoe Bob", mentions=(Mentioned(zoe, "@zoe"),))
    assert isinstance(mentioned, Open)
    assert {q.id: q.value for q in mentioned.form.questions()} == {
        "place": "loopback/", "account": zoe.id, "whose": str(BOB.id),
    }  # fmt: skip
    linked = await house.sends(ALICE, mentioned)
    assert "is Bob Okafor (bob@harbour.example) from now on" in text(linked)
    mine = await house.bot.hear(house.platform, Typed(zoe, at, "z2", "mine"))
    assert "NPS" in text(mine)
    assert title(await house.presses(BOB, "setup:unlink:5")) == "Only admins can do this"
    await house.clicks(ALICE, linked, "Take the link back")
    again = await house.bot.hear(house.platform, Typed(zoe, at, "z3", "mine"))
    assert "NPS" not in text(again)
    rows = await house.database.read(lambda s: audit.of_thing(s, "identity", 5))
    assert [row.by_id for row in rows] == [ALICE.id, ALICE.id]
