"""How well confidence foretold what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.calibration import FEWEST, Belief, calibration

BELIEFS = st.lists(st.builds(Belief, st.integers(1, 10), st.booleans()), max_size=40)


@pytest.mark.parametrize(
    ("believed", "leaning", "brier"),
    [
        ([(7, True), (7, True), (7, False)], "close", (0.09 + 0.09 + 0.49) / 3),
        ([(9, False), (9, False), (9, True)], "hopeful", (0.81 + 0.81 + 0.01) / 3),
        ([(4, True), (4, True), (4, True)], "careful", 0.36),
        ([(10, True), (10, True), (10, True)], "close", 0.0),
        ([(5, True), (5, False), (5, True), (5, False)], "close", 0.25),
    ],
)
def test_by_hand(believed: list[tuple[int, bool]], leaning: str, brier: float) -> None:
    found = calibration(Belief(*each) for each in believed)
    assert found is not None
    assert found.leaning == leaning
    assert found.brier == pytest.approx(brier)


@given(BELIEFS)
def test_it_is_bounded_and_needs_no_order(beliefs: list[Belief]) -> None:
    found = calibration(beliefs)
    if len(beliefs) < FEWEST:
        assert found is None
        return
    assert found is not None
    assert found == calibration(sorted(beliefs))
    assert 0 <= found.brier <= 1
    assert -1 <= found.lean <= 1
    assert found.count == len(beliefs)


@given(BELIEFS)
def test_a_mean_can_do_no_better_than_its_lean(beliefs: list[Belief]) -> None:
    """The Brier score is at least the square of the lean (Jensen), and certainty is the extreme."""
    found = calibration(beliefs)
    if found is not None:
        assert found.brier >= found.lean**2 - 1e-9
        sure = [Belief(10 if belief.came else 1, belief.came) for belief in beliefs]
        best = calibration(sure)
        assert best is not None
        assert best.brier <= 0.01 + 1e-9


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
