"""The weekly check-in as its people see it."""

from datetime import timedelta

from sqlmodel import delete

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Meter, Text
from bot.chat.forms import Choices, Form
from bot.chat.replies import Fix, Open, Quiet, Say
from bot.texts import plain
from storage.checkins import Update
from storage.database import Database
from storage.teams import Channel
from tests.flows.eyes import seen
from tests.house import House, words


def asks(house: House) -> list[int]:
    everybody = (ALICE, BOB, CHARLIE, DANA)
    return [sum(m.key.startswith("checkin:ask") for m in house.inbox(p)) for p in everybody]


async def test_everybody_is_asked_at_ten_where_they_are(house: House) -> None:
    await house.go_to("Thu 09:59", "Asia/Kolkata")
    assert asks(house) == [0, 0, 0, 0]
    await house.go_to("Thu 10:00", "Asia/Kolkata")
    assert asks(house) == [0, 0, 1, 0]
    await house.go_to("Thu 10:00", "Europe/Berlin")
    assert asks(house) == [1, 0, 1, 1]
    await house.go_to("Thu 10:00", "America/New_York")
    assert asks(house) == [1, 1, 1, 1]


async def test_an_owner_answers_in_one_form_and_sees_it_in_place(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    asked = house.last(BOB)
    assert [b.label for b in asked.blocks if isinstance(b, Meter)] == [
        "Raise NPS of new clinics from 32 to 45",
        "Cut churn in the first 90 days from 4% to 3%",
        "New guided set-up in clinics' hands",
        "Keep booking available 99.9% of the time",
    ]
    form = await house.clicks(BOB, asked, "Check in")
    assert isinstance(form, Open)
    reply = await house.sends(
        BOB, form, value_1="38,5", note_1="calls pay off", confidence_1="8",
        blocker="No access", helper="3", by="2026-11-11", next_0="Ask Nord",
    )  # fmt: skip
    assert isinstance(reply, Quiet)
    (message,) = house.inbox(BOB)
    assert message.edits == 1
    assert message.card.title == "Week 5: what you said"
    said = words(message.card)
    assert "was 36\N{NO-BREAK SPACE}points · confidence 8 of 10, on track · “calls pay off”" in said
    assert "No access · Charlie Rao can help · by Wed 11 Nov" in said
    assert "Ask Nord" in said


async def test_problems_stand_beside_their_questions_and_nothing_is_stored(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    reply = await house.sends(BOB, form, value_1="lots", helper="3")
    assert isinstance(reply, Fix)
    assert {p.question: p.text for p in reply.problems} == {
        "value-1": "I can't read “lots” as a number. Write it like 1,234.5.",
        "blocker": "What can they help with? Please say it above.",
    }
    assert house.inbox(BOB)[0].edits == 0


async def test_no_change_for_one_and_then_for_all(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    await house.clicks(BOB, house.last(BOB), "No change", "Raise NPS of new clinics from 32 to 45")
    assert "✓ No change this week" in words(house.last(BOB))
    await house.clicks(BOB, house.last(BOB), "No change at all")
    assert house.last(BOB).title == "Week 5: what you said"
    assert len(house.inbox(BOB)) == 1


async def test_the_short_form_for_those_without_key_results(house: House) -> None:
    await house.go_to("Thu 10:00")
    form = await house.clicks(DANA, house.last(DANA), "Check in")
    assert isinstance(form, Open)
    assert isinstance(form.form, Form)
    assert "line" in {q.id for q in form.form.questions()}
    await house.sends(DANA, form, line=HOSTILE)
    assert HOSTILE in words(house.last(DANA))


async def test_who_sees_it_is_true_of_a_team_without_a_channel_too(house: House) -> None:
    await house.database.write(lambda s: s.exec(delete(Channel)))
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(DANA, house.last(DANA), "Check in")
    assert isinstance(form, Open)
    (seen_by,) = form.form.pages[0].intro
    assert isinstance(seen_by, Text)
    assert plain(seen_by.spans).startswith("Your team sees this in its summary, and everybody")
    await house.sends(DANA, form, blocker="No access to figures")
    assert "No access to figures" in seen(await house.says(BOB, "summary"))


async def test_a_reminder_only_for_those_who_have_not_answered(house: House) -> None:
    # Charlie, for Alice has had a digest and a question: her two messages of the week.
    await house.go_to("Thu 10:00")
    await house.clicks(DANA, house.last(DANA), "Nothing to report")
    await house.go_to("Fri 10:00")
    assert len(house.inbox(DANA)) == 1
    assert house.last(CHARLIE).title == "Still open: week 5 check-in"
    assert "If nothing has changed, one tap is enough." in words(house.last(CHARLIE))
    await house.clicks(CHARLIE, house.last(CHARLIE), "Nothing to report")
    assert house.last(CHARLIE).title == "Week 5 check-in"
    assert words(house.last(CHARLIE)) == "Done, thank you."
    assert house.inbox(CHARLIE)[-2].card.title == "Week 5: what you said"


async def test_an_early_answer_means_that_nobody_asks(house: House) -> None:
    form = await house.says(BOB, "checkin")
    said = await house.sends(BOB, form, value_1="40")
    assert isinstance(said, Say)
    assert said.card.title == "Week 5: what you said"
    await house.go_to("Sun 12:00")
    assert house.inbox(BOB) == []


async def test_a_late_answer_counts_until_the_next_question(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    asked = house.last(BOB)
    await house.go_to("Tue 10:00", week=6)
    form = await house.clicks(BOB, asked, "Check in")
    await house.sends(BOB, form, value_1="41")
    assert house.inbox(BOB)[0].card.title == "Week 5: what you said"


async def test_a_closed_week_gives_every_typed_text_back(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    await house.go_to("Thu 10:00", "America/New_York", week=6)
    reply = await house.sends(BOB, form, note_1="long thought", blocker="the wall")
    assert isinstance(reply, Say)
    assert reply.card.title == "Week 5 is closed"
    assert "long thought" in words(reply.card)
    assert "the wall" in words(reply.card)
    assert reply.card.buttons[0].label == "Answer week 6"


async def test_the_same_form_sent_twice_changes_nothing(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    await house.sends(BOB, form, value_1="40", id="once")
    before = house.inbox(BOB)
    await house.sends(BOB, form, value_1="40", id="once")
    await house.sends(BOB, form, value_1="40", id="another device")
    assert [m.card for m in house.inbox(BOB)] == [m.card for m in before]


async def test_not_this_week(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    await house.clicks(BOB, house.last(BOB), "Not this week")
    assert "Skipped this week" in words(house.last(BOB))
    await house.go_to("Sun 12:00")
    assert len(house.inbox(BOB)) == 1


async def test_a_note_of_100_000_characters_is_refused_kindly(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    reply = await house.sends(BOB, form, blocker="x" * 100_000)
    assert isinstance(reply, Fix)
    assert [p.text for p in reply.problems] == [
        "That is too long: 3,000 characters fit. Nothing is lost, please shorten it."
    ]


async def test_nothing_is_asked_before_the_admin_says_go(database: Database) -> None:
    house = await House.open(database, running="waiting")
    await house.go_to("Sun 12:00")
    assert house.platform.messages == []


async def test_an_answer_can_be_changed_again_and_again(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    for value in ("38", "39", "40"):
        await house.sends(BOB, form, value_1=value)
        assert f"{value}, target 45" in words(house.last(BOB))
        form = await house.clicks(BOB, house.last(BOB), "Change my answer")
    assert house.inbox(BOB)[0].edits == 3


async def test_what_was_in_the_way_is_asked_about_until_it_is_solved(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    await house.sends(BOB, form, blocker="No access")
    await house.go_to("Thu 10:00", "America/New_York", week=6)
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    assert isinstance(form, Open)
    (asked,) = [q for q in form.form.questions() if q.id == "solved"]
    assert isinstance(asked, Choices)
    assert [option.label for option in asked.options] == ["No access"]
    await house.sends(BOB, form, solved=(asked.options[0].value,))
    form = await house.clicks(BOB, house.last(BOB), "Change my answer")
    assert isinstance(form, Open)
    assert "solved" not in {q.id for q in form.form.questions()}


async def test_the_time_it_took_counts_from_when_the_form_was_opened_first(house: House) -> None:
    await house.go_to("Thu 10:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    house.bot.clock.move_to(house.now + timedelta(seconds=40))
    wrong = await house.sends(BOB, form, value_1="lots")
    assert isinstance(wrong, Fix)
    house.bot.clock.move_to(house.now + timedelta(seconds=10))
    await house.sends(BOB, wrong, value_1="38.5")
    assert "Answered in 50 seconds." in words(house.last(BOB))


async def test_a_first_value_starts_where_the_key_result_did(house: House) -> None:
    await house.database.write(lambda s: s.exec(delete(Update)), patience=None)
    await house.go_to("Thu 10:00", "America/New_York")
    opened = await house.clicks(BOB, house.last(BOB), "Check in")
    assert isinstance(opened, Open)
    value = next(q for q in opened.form.questions() if q.id == "value-1")
    assert (value.value, value.hint) == ("32", "At the start: 32\N{NO-BREAK SPACE}points")
