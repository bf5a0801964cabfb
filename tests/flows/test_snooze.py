"""Putting an open check-in off."""

import pytest

from bot.cast import ALICE, DANA
from bot.chat.replies import Fix, Open, Reply, Say
from tests.house import House, words


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def choices(reply: Reply) -> list[str]:
    assert isinstance(reply, Open | Fix), reply
    (question,) = reply.form.questions()
    return [option.label for option in question.options]  # type: ignore[union-attr] # a Choice


async def test_later_asks_again_and_leaves_the_reminder_out(house: House) -> None:
    await house.go_to("Thu 10:00")
    form = await house.clicks(DANA, house.last(DANA), "Later")
    assert choices(form) == [
        "In 1 hour (11:00)",
        "This afternoon (15:00)",
        "Next work morning (Fri 6 Nov, 09:00)",
    ]
    said = await house.sends(DANA, form, when="morning")
    assert text(said).startswith("I'll ask again on Fri 6 Nov, 09:00.")
    await house.go_to("Fri 08:59")
    assert len(house.inbox(DANA)) == 1
    await house.go_to("Fri 14:59")
    assert [m.card.title for m in house.inbox(DANA)] == ["Week 5 check-in", "Week 5 check-in"]


async def test_a_second_time_moves_it_and_after_it_came_there_is_another(house: House) -> None:
    await house.go_to("Thu 10:00")
    await house.says(DANA, "snooze 1h")
    assert "Thu 5 Nov, 12:00" in text(await house.says(DANA, "snooze 2h"))
    await house.go_to("Thu 11:30")
    assert len(house.inbox(DANA)) == 1
    await house.go_to("Thu 12:00")
    assert len(house.inbox(DANA)) == 2
    await house.says(DANA, "snooze 30m")
    await house.go_to("Thu 12:30")
    assert len(house.inbox(DANA)) == 3


async def test_an_answer_ends_it(house: House) -> None:
    await house.go_to("Thu 10:00")
    await house.says(DANA, "snooze 2h")
    await house.clicks(DANA, house.last(DANA), "Nothing to report")
    await house.go_to("Fri 14:00")
    assert len(house.inbox(DANA)) == 1
    assert "settled week 5" in text(await house.says(DANA, "snooze"))
    assert "settled week 5" in text(await house.presses(DANA, "snooze:open:1:5"))


async def test_a_closed_week_is_not_put_off(house: House) -> None:
    await house.go_to("Thu 10:00")
    closed = await house.presses(DANA, "snooze:open:1:4")
    assert text(closed) == "No check-in is open. The next one comes Thu 12 Nov, 10:00."


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("snooze tomorrow", "Mon 9 Nov, 09:00"),
        ("snooze tomorrow 8:30", "Mon 9 Nov, 08:30"),
        ("snooze mon 14:00", "Mon 9 Nov, 14:00"),
        ("snooze 3 pm", "Fri 6 Nov, 15:00"),
        ("snooze 90 min", "Fri 6 Nov, 11:30"),
        ("later 2h", "Fri 6 Nov, 12:00"),
    ],
)
async def test_times_are_read_and_days_off_left_out(house: House, typed: str, at: str) -> None:
    await house.go_to("Fri 10:00")
    assert f"on {at}." in text(await house.says(DANA, typed))


async def test_a_wrong_time_is_said_in_words(house: House) -> None:
    await house.go_to("Fri 10:00")
    assert "I don't see when “soonish” is" in text(await house.says(DANA, "snooze soonish"))
    late = await house.says(DANA, "snooze 2026-11-20")
    assert "can be answered until Thu 12 Nov, 10:00" in text(late)


@pytest.mark.parametrize("day", ["9999-12-31", "31.12.9999", "0001-01-01", "9999-12-31 23:59"])
async def test_a_day_at_the_end_of_all_days_is_refused_like_any_other(
    house: House, day: str
) -> None:
    await house.go_to("Fri 10:00")
    assert "can be answered until" in text(await house.says(DANA, f"snooze {day}"))


async def test_a_form_left_open_too_long_is_told_so(house: House) -> None:
    await house.go_to("Thu 10:00")
    form = await house.clicks(DANA, house.last(DANA), "Later")
    await house.go_to("Thu 10:00", week=6)
    assert "No check-in is open" in text(await house.sends(DANA, form))


async def test_a_form_left_open_over_a_pause_that_outlasts_the_quarter_is_told_so(
    house: House,
) -> None:
    await house.go_to("Thu 10:00")
    form = await house.clicks(DANA, house.last(DANA), "Later")
    await house.says(ALICE, "setup pause")
    await house.go_to("Mon 10:00", week=15)
    assert "Nothing has changed" in text(await house.sends(DANA, form))
