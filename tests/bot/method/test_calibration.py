"""How well confidence foretold what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.calibration import FEWEST, Belief, calibration

BELIEFS = st.lists(st.builds(Belief, st.integers(1, 10), st.booleans()), max_size=40)


@pytest.mark.parametrize(
    ("believed", "leaning"),
    [
        ([(7, True), (7, True), (7, False)], "close"),
        ([(9, False), (9, False), (9, True)], "hopeful"),
        ([(4, True), (4, True), (4, True)], "careful"),
        ([(10, True), (10, True), (10, True)], "close"),
        ([(5, True), (5, False), (5, True), (5, False)], "close"),
    ],
)
def test_by_hand(believed: list[tuple[int, bool]], leaning: str) -> None:
    found = calibration(Belief(*each) for each in believed)
    assert found is not None
    assert found.leaning == leaning


@given(BELIEFS)
def test_it_is_bounded_and_needs_no_order(beliefs: list[Belief]) -> None:
    found = calibration(beliefs)
    if len(beliefs) < FEWEST:
        assert found is None
        return
    assert found is not None
    assert found == calibration(sorted(beliefs))
    assert -1 <= found.lean <= 1
    assert found.count == len(beliefs)


@given(BELIEFS, st.integers(0, 39))
def test_to_believe_more_never_leans_less(beliefs: list[Belief], place: int) -> None:
    found = calibration(beliefs)
    if found is None:
        return
    one = beliefs[place % len(beliefs)]
    more = [*beliefs, one._replace(confidence=10)]
    less = [*beliefs, one._replace(confidence=1)]
    high, low = calibration(more), calibration(less)
    assert high is not None
    assert low is not None
    assert high.lean > low.lean
