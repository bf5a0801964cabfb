"""Which values are asked back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.method.likely import doubtful

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "last", "ends", "known", "asked"),
    [
        (1000, 42, (32, 45), (), True),
        (46, 42, (32, 45), (), False),
        (58, 42, (32, 45), (), False),
        (59, 42, (32, 45), (), True),
        (61, 60, (32, 45), (), False),  # it was out there before
        (-3, 42, (None, None), (), True),
        (-3, 42, (None, None), (-1,), False),
        (-3, -2, (0, 10), (), False),
        (420, 42, (None, None), (), True),
        (419, 42, (None, None), (), False),
        (15, 1, (0, 100), (), False),
        (5, None, (None, 45), (), False),
        (99.2, 99.95, (None, None), (99.9,), False),
        (42, 99.84, (None, None), (99.9,), True),
    ],
)
def test_what_is_asked_back(
    value: float,
    last: float | None,
    ends: tuple[float | None, float | None],
    known: tuple[float, ...],
    asked: bool,
) -> None:
    assert doubtful(value, last, ends, known) is asked


@given(numbers, numbers, numbers, st.floats(0, 1))
def test_nothing_between_start_and_target_is_asked_back(
    last: float, baseline: float, target: float, share: float
) -> None:
    value = baseline + (target - baseline) * share
    assume(min(baseline, target) <= value <= max(baseline, target))
    assert not doubtful(value, last, (baseline, target))
    assert not doubtful(last, last, (baseline, target))
