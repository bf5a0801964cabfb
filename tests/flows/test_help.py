"""Help, made from the words that there are."""

import math

import pytest

from bot.cast import ALICE, BOB, HOSTILE
from bot.chat.cards import Text
from bot.chat.replies import Open, Say
from bot.flows import words
from bot.flows.help import GROUPS
from bot.texts import Voice, plain
from tests.flows.eyes import labels, seen
from tests.house import House

WORDS = {word.name: word for _, word in words().values()}
PHONE = 42
"""Characters in a line of a phone."""


@pytest.mark.parametrize("name", WORDS)
async def test_no_word_is_missing(name: str) -> None:
    assert plain(Voice().spans(f"help.{WORDS[name].texts}"))
    assert plain(Voice().spans(f"help.{WORDS[name].texts}_more"))
    assert name in {word for group in GROUPS.values() for word in group}


async def test_every_word_stands_in_the_list_of_who_may_say_it(house: House) -> None:
    for person in (ALICE, BOB):
        listed = seen(await house.says(person, "help"))
        for name, word in WORDS.items():
            line = plain(Voice().spans(f"help.{word.texts}")).replace("\N{NO-BREAK SPACE}", " ")
            assert (line in listed) is (person.admin or not word.admin), name


async def test_it_fits_a_phone(house: House) -> None:
    reply = await house.says(ALICE, "?")
    assert isinstance(reply, Say)
    lines = [plain(block.spans) for block in reply.card.blocks if isinstance(block, Text)]
    assert len(lines) == len(reply.card.blocks)
    assert sum(math.ceil(len(line) / PHONE) for line in lines) <= 20


async def test_one_word_with_an_example(house: House) -> None:
    for typed in ("help kr", "hilfe `kr`", "HELP KR!"):
        told = seen(await house.says(BOB, typed))
        assert told.startswith("Help: kr\nkr 12 42 first calls pay off sets key result 12 to 42")
    assert seen(await house.says(BOB, "help @bob")).startswith("Help: @\n")
    tried = await house.clicks(BOB, await house.says(BOB, "help mine"), "Try it")
    assert seen(tried).startswith("My key results")


async def test_a_wrong_word_gets_the_nearest_and_one_tap_runs_it(house: House) -> None:
    reply = await house.says(BOB, "help chekcin")
    assert "“chekcin”: did you mean checkin?" in seen(reply)
    assert isinstance(await house.clicks(BOB, reply, "checkin"), Open)
    reply = await house.says(BOB, "mien")
    assert seen(await house.clicks(BOB, reply, "mine")).startswith("My key results")
    assert "“<b>hi</b>" in seen(await house.says(BOB, f"help {HOSTILE}"))
    assert labels(await house.says(BOB, "xyzzyq"))[-1] == "Help"


async def test_a_button_runs_no_word_that_its_person_may_not_say(house: House) -> None:
    for _, word in words().values():
        if word.admin:
            reply = await house.presses(BOB, f"help:word:{word.name}")
            assert seen(reply).startswith("Only admins can do this")
    assert seen(await house.presses(BOB, "help:word:nonsense")).startswith("This button is too old")
