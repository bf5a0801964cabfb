"""Grades: suggested, rounded, averaged, coloured and put into words, in that order."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.grade import (
    Measure,
    Remark,
    colour,
    differs,
    mean,
    missed,
    remark,
    rounded,
    suggested,
    unfinished,
)

SHARES = st.floats(0, 1)
TENTHS = st.integers(0, 10).map(lambda n: n / 10)
WEIGHTS = st.integers(1, 9).map(float)


@pytest.mark.parametrize(
    ("share", "grade"),
    [
        (0.65, 0.7), (0.64, 0.6), (0.649999, 0.6), (0.35, 0.4), (0.05, 0.1), (0.25, 0.3), (0.95, 1),
        (0.45, 0.5), (0.85, 0.9), ((0.6 + 0.7) / 2, 0.7), (0.1 + 0.55, 0.7), (0, 0), (1, 1),
    ],
)  # fmt: skip
def test_halves_go_up_as_people_round(share: float, grade: float) -> None:
    assert rounded(share) == grade


@given(st.integers(0, 1000))
def test_rounding_is_that_of_the_written_decimal(thousandths: int) -> None:
    written = Decimal(thousandths) / 1000
    assert Decimal(repr(rounded(float(written)))) == written.quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(SHARES, SHARES)
def test_rounding_keeps_the_order(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert rounded(low) <= rounded(high)
    assert abs(rounded(one) - one) <= 0.05 + 1e-9


@given(st.lists(st.tuples(WEIGHTS, TENTHS), min_size=1, max_size=6))
def test_a_mean_is_weighted_first_and_rounded_once(parts: list[tuple[float, float]]) -> None:
    """Against exact fractions, in which no half is lost."""
    exact = sum((Fraction(int(w)) * Fraction(round(10 * g), 10) for w, g in parts), Fraction())
    exact /= sum(Fraction(int(w)) for w, _ in parts)
    tenths = (exact * 10 + Fraction(1, 2)).__floor__()
    assert mean(parts) == tenths / 10


@given(SHARES)
def test_every_grade_has_one_colour_and_no_gap(share: float) -> None:
    shown = rounded(share)
    assert colour(share) == ("green" if shown >= 0.7 else "yellow" if shown >= 0.4 else "red")


def test_the_bands_close_the_published_gaps() -> None:
    assert (colour(0.65), colour(0.64), colour(0.35), colour(0.34)) == (
        "green", "yellow", "yellow", "red",
    )  # fmt: skip


def test_a_suggestion_is_clamped() -> None:
    bugs = Measure("decrease", 100, 60)
    assert suggested(bugs, [80]) == 0.5
    assert suggested(bugs, [20]) == 1.0
    assert suggested(bugs, [140]) == 0.0
    assert suggested(bugs, []) is None


@pytest.mark.parametrize(
    ("commitment", "grade", "said", "short"),
    [
        ("committed", 1.0, "kept", False),
        ("committed", 0.7, "stopped", True),
        ("aspirational", 1.0, "bold", False),
        ("aspirational", 0.7, "good", False),
        ("aspirational", 0.5, "partly", True),
        ("aspirational", 0.3, "missed", True),
    ],
)
def test_the_words_differ_by_what_was_promised(
    commitment: str, grade: float, said: Remark, short: bool
) -> None:
    assert remark(commitment, grade) == said
    assert missed(commitment, grade) == short


def test_a_step_needs_a_reason_and_what_is_not_whole_a_decision() -> None:
    assert differs(0.7, 0.8)
    assert differs(0.3, 0.2)
    assert not differs(0.7, 0.7)
    assert not differs(None, 0.7)
    assert unfinished(None)
    assert unfinished(0.9)
    assert not unfinished(1.0)
