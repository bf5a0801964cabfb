"""Settings as people see and change them."""

import pytest

from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.replies import Fix, Reply, Say
from storage import audit
from tests.house import House, words


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


async def _saved(house: House, **answers: str | tuple[str, ...]) -> Reply:
    form = await house.clicks(DANA, await house.says(DANA, "settings"), "Change")
    return await house.sends(DANA, form, "", **answers)


async def test_everything_that_is_set_is_shown(house: House) -> None:
    shown = text(await house.says(BOB, "settings"))
    assert "Language: English" in shown
    assert "Time zone: America/New_York (now 01:00)" in shown
    assert "Country: Germany (as the organisation)" in shown
    assert "Work days: Monday, Tuesday, Wednesday, Thursday, Friday" in shown


async def test_a_new_zone_moves_the_question(house: House) -> None:
    saved = await _saved(house, zone="tokyo")
    assert "Time zone: Asia/Tokyo" in text(saved)
    await house.go_to("Thu 10:00", "Asia/Tokyo")
    assert house.last(DANA).title == "Week 5 check-in"


async def test_free_days_move_the_question_too(house: House) -> None:
    await _saved(house, workdays=("0", "1", "2"))
    await house.go_to("Wed 10:00")
    assert house.last(DANA).title == "Week 5 check-in"


async def test_days_and_numbers_are_written_as_chosen(house: House) -> None:
    saved = await _saved(house, formats="en-DE")
    assert "English (Germany): 1.234,5" in text(saved)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"zone": "Europe/Berln"}, ("zone", "Did you mean Europe/Berlin?")),
        ({"zone": "qqqqqq"}, ("zone", "Write it like Europe/Berlin.")),
        ({"country": "Narnia"}, ("country", "I don't know the country “Narnia”.")),
        ({"workdays": tuple("0123456")}, ("workdays", "Please leave at least one day")),
        ({"workdays": ()}, ("workdays", "Please fill this in.")),
    ],
)
async def test_what_is_wrong_stands_beside_its_question(
    house: House, answers: dict[str, str], problem: tuple[str, str]
) -> None:
    wrong = await _saved(house, **answers)
    assert isinstance(wrong, Fix)
    assert problem[1] in {p.question: p.text for p in wrong.problems}[problem[0]]
    assert "Europe/Berlin" in text(await house.says(DANA, "settings"))


async def test_a_country_by_its_name_and_its_weekend(house: House) -> None:
    saved = await _saved(house, country="Germany")
    assert "Country: Germany\n" in text(saved)
    rows = await house.database.read(lambda s: audit.of_thing(s, "person", DANA.id))
    assert rows[0].by_id == DANA.id
    assert '"country":"DE"' in (rows[0].after or "")


async def test_a_team_is_spoken_to_in_its_own_language(house: House) -> None:
    form = await house.presses(ALICE, "settings:team:2")
    saved = await house.sends(ALICE, form, language="de")
    assert isinstance(saved, Say)
    assert "Language: Deutsch" in words(saved.card)
    await house.go_to("Fri 15:00")
    assert "Woche 5" in house.channel[-2].card.title
    back = await house.sends(ALICE, await house.presses(ALICE, "settings:team:2"), language="en")
    assert isinstance(back, Say)
    assert "Language: English" in words(back.card)


async def test_a_lead_switches_the_short_form_off(house: House) -> None:
    form = await house.clicks(ALICE, await house.says(ALICE, "settings"), "Team Growth")
    saved = await house.sends(ALICE, form, short_form="off")
    assert "Members without key results: are not asked" in text(saved)
    await house.go_to("Thu 12:00")
    assert house.inbox(DANA) == []


async def test_others_cannot(house: House) -> None:
    refused = await house.presses(CHARLIE, "settings:team:2")
    assert text(refused) == "Only a lead of Growth or an admin can change its settings."
