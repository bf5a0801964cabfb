"""Days away as people say them, and what follows."""

import pytest
from sqlmodel import Session

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Buttons
from bot.chat.events import Mentioned
from bot.chat.replies import Fix, Open, Reply, Say
from bot.chat.who import Actor
from storage import audit, daysoff
from storage.people import Person
from tests.house import House, buttons_of, words


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("away 24.12. 2.1.", "24 Dec\u2009–\u20092 Jan"),
        ("away 2026-12-24 2026-12-31", "24–31 Dec"),
        ("away tomorrow", "Tue 3 Nov"),
        ("away fri", "Fri 6 Nov"),
        ("away until 5 Nov", "2–5 Nov"),
        ("away 3 - 7 Jan", "3–7 Jan"),
        ("away this week", "2–8 Nov"),
        ("away next week", "9–15 Nov"),
        ("frei nächste Woche", "9–15 Nov"),
    ],
)
async def test_days_are_read_as_people_write_them(house: House, typed: str, days: str) -> None:
    assert title(await house.says(DANA, typed)) == f"You are away: {days}"


async def test_who_is_away_on_thursday_is_asked_the_day_before(house: House) -> None:
    await house.says(DANA, "away thu fri")
    await house.go_to("Wed 10:00")
    assert house.last(DANA).title == "Week 5 check-in"


async def test_who_is_away_all_week_is_not_asked_until_back(house: House) -> None:
    await house.says(DANA, "away until fri")
    await house.go_to("Thu 12:00")
    assert house.inbox(DANA) == []
    reply = await house.says(DANA, "back")
    assert title(reply) == "Welcome back"
    assert text(reply) == "This week's check-in is still open."
    assert house.last(DANA).title == "Week 5 check-in"


async def test_back_says_when_the_next_question_comes(house: House) -> None:
    await house.says(DANA, "away until wed")
    await house.go_to("Tue 12:00")
    reply = await house.says(DANA, "back")
    assert text(reply) == "Your next question comes Thu 5 Nov, 10:00."


async def test_back_on_the_first_day_removes_the_absence(house: House) -> None:
    said = await house.says(DANA, "away today tomorrow")
    assert title(await house.clicks(DANA, said, "I'm back")) == "Welcome back"
    again = await house.says(DANA, "back")
    assert (title(again), text(again)) == (
        "You are not away today",
        "No days away are planned either.",
    )


async def test_what_is_planned_can_be_taken_back(house: House) -> None:
    await house.says(DANA, "away 24.12. 2.1.")
    planned = await house.says(DANA, "back")
    assert title(planned) == "You are not away today"
    gone = await house.clicks(DANA, planned, "Not away after all")
    assert text(gone) == "You are not away 24 Dec\u2009–\u20092 Jan any more."
    assert title(await house.clicks(DANA, planned, "Not away after all")) == "Already taken back"


async def test_each_planned_absence_has_its_button_below_it(house: House) -> None:
    await house.says(DANA, "away 24.12. 2.1.")
    await house.says(DANA, "away 10.12.")
    planned = await house.says(DANA, "back")
    assert isinstance(planned, Say)
    days, first, more, second = planned.card.blocks[1:]
    assert "10 Dec" in str(days)
    assert "24 Dec" in str(more)
    assert isinstance(first, Buttons)
    assert isinstance(second, Buttons)
    assert first.buttons[0].action != second.buttons[0].action


async def test_overlapping_days_become_one(house: House) -> None:
    await house.says(DANA, "away 9.11. 11.11.")
    await house.says(DANA, "away 16.11. 18.11.")
    joined = await house.says(DANA, "away 12.11. 16.11.")
    assert title(joined) == "You are away: 9–18 Nov"
    assert "put this together" in text(joined)
    assert title(await house.says(DANA, "away 12.11.")) == "You are away: 9–18 Nov"
    known = await house.database.read(
        lambda s: daysoff.from_day(s, DANA.id or 0, DANA.since.date())
    )
    assert len(known) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("away 12.11. 10.11.", "The last day (Tue 10 Nov) is before the first (Thu 12 Nov)."),
        ("away 1.10.", "Thu 1 Oct is already over."),
        ("away 1.1.2020", "Wed, 1 Jan 2020 is already over."),
        ("away 9.11. 2028-01-01", "That is more than a year."),
        ("away when it suits", "I don't see which days “when it suits” means."),
        (f"away {HOSTILE}", "I don't see which days “<b>hi</b> **bold** <!channel>"),
    ],
)
async def test_what_is_wrong_is_said_in_words(house: House, typed: str, says: str) -> None:
    reply = await house.says(DANA, typed)
    assert says in text(reply)
    assert isinstance(await house.clicks(DANA, reply, "Choose the days"), Open)
    assert "No days away" in text(await house.says(DANA, "back"))


async def test_the_example_is_in_the_readers_own_way(house: House) -> None:
    await house.database.write(_speak_german)
    assert "away 16. Nov. 20. Nov." in text(await house.says(DANA, "away bald"))
    assert title(await house.says(DANA, "away 1.12. 3.12.")) == "Du bist abwesend: 1.–3. Dez."


def _speak_german(session: Session) -> None:
    session.get_one(Person, DANA.id).locale = "de-DE"


async def test_the_form_asks_for_two_days(house: House) -> None:
    form = await house.says(DANA, "away")
    wrong = await house.sends(DANA, form, first="2026-11-12", last="2026-11-10")
    assert isinstance(wrong, Fix)
    assert [p.question for p in wrong.problems] == ["last"]
    assert title(await house.sends(DANA, form, first="2026-11-12")) == "You are away: Thu 12 Nov"


async def test_a_lead_may_say_it_for_somebody_and_others_may_not(house: House) -> None:
    said = await house.says(ALICE, "away @Bob 9.11. 13.11.")
    assert title(said) == "Bob Okafor is away: 9–13 Nov"
    assert title(await house.says(DANA, "away @Bob 9.11.")) == "Please ask Bob Okafor or their lead"
    assert title(await house.presses(DANA, f"away:back:{BOB.id}")) == (
        "Please ask Bob Okafor or their lead"
    )
    assert title(await house.says(ALICE, "away @Zoe 9.11.")) == "I don't know who that is"
    entries = await house.database.read(lambda s: audit.of_thing(s, "absence", 1))
    assert [entry.by_id for entry in entries] == [ALICE.id]


async def test_a_mention_names_somebody_too(house: House) -> None:
    mention = Mentioned(Actor("loopback", "", CHARLIE.email), "@Charlie R.")
    said = await house.says(ALICE, "away @Charlie R. fri", mentions=(mention,))
    assert title(said) == "Charlie Rao is away: Fri 6 Nov"
    assert buttons_of(said.card)[0].label == "Not away after all"  # type: ignore[union-attr] # a Say


async def test_away_from_today_means_no_question_at_once(house: House) -> None:
    """The question of a day off moves to the working day before, unless that is over already."""
    await house.go_to("Thu 08:00", "America/New_York")
    form = await house.says(BOB, "away")
    await house.sends(BOB, form)
    await house.go_to("Thu 12:00", "America/New_York")
    assert house.inbox(BOB) == []
