"""Titles that are shortened for a sentence."""

import pytest

from bot.texts import brief


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Fewer calls", "Fewer calls"),
        ("Fewer calls at night, and none on Sundays", "Fewer calls at…"),
        ("A Donaudampfschifffahrtsgesellschaft", "A Donaudampfschi…"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschiff…"),
    ],
)
def test_a_title_is_cut_at_a_word_but_for_one_that_is_most_of_it(title: str, shown: str) -> None:
    assert brief(title, 17) == shown
    assert len(shown) <= 17
