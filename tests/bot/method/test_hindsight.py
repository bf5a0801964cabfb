"""Whether what was flagged missed more."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cards import Card
from bot.goals.hindsight import shown
from bot.method.hindsight import Hindsight, Some, compare
from bot.texts import Voice
from tests.house import words

ENGLISH = Voice("en", "UTC")


def said(flagged: Some, others: Some) -> str:
    return words(Card("", shown(ENGLISH, Hindsight(flagged, others))))


def test_what_is_missed() -> None:
    seen = compare({1: 0.69, 2: 0.7, 3: 0.1, 4: 1.2}, {1, 2, 9})
    assert (seen.flagged, seen.others) == (Some(1, 2), Some(1, 2))


def test_nothing_is_said_of_too_few() -> None:
    assert said(Some(4, 4), Some(0, 50)) == ""
    assert said(Some(5, 5), Some(0, 4)) == ""
    assert "100% of the 5 key results that kept one" in said(Some(5, 5), Some(0, 5))
    assert "worth reading" in said(Some(5, 5), Some(0, 5))
    assert "right to leave" in said(Some(1, 5), Some(4, 5))
    assert "just as 40%" in said(Some(2, 5), Some(4, 10))


@given(st.dictionaries(st.integers(0, 30), st.floats(-2, 2)), st.sets(st.integers(0, 30)))
def test_everybody_is_counted_once(ends: dict[int, float], flagged: set[int]) -> None:
    seen = compare(ends, flagged)
    assert seen.flagged.all + seen.others.all == len(ends)
    assert 0 <= seen.flagged.share <= 1
    assert 0 <= seen.others.share <= 1
