"""Progress, bands and flags, with the worked examples of the method."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.score import (
    Band,
    Kind,
    band,
    clamp,
    explain,
    flagged,
    progress,
    weighted_mean,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@dataclass(frozen=True)
class Result:
    kind: Kind
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Step:
    weight: float
    done_on: date | None = None
    due: date | None = None


DONE = date(2026, 10, 30)
BUGS = Result("decrease", 100, 60)
NPS = Result("increase", 32, 45)


def test_worked_examples() -> None:
    assert progress(BUGS, [100, None, 80]) == 0.5
    assert progress(NPS, [42]) == pytest.approx(0.77, abs=0.005)
    uptime = Result("within", low=99.9)
    assert progress(uptime, [99.9] * 9 + [99.8] * 3) == 0.75


def test_progress_is_not_clamped() -> None:
    assert progress(BUGS, [50]) == 1.25
    assert progress(NPS, [19]) == -1.0


def test_the_last_reading_counts_through_weeks_without_data() -> None:
    assert progress(BUGS, [90, 80, None, None]) == 0.5
    assert progress(BUGS, [None, None]) is None
    assert progress(BUGS, []) is None
    assert progress(Result("increase", 1), [2]) is None


def test_a_first_reading_becomes_the_baseline() -> None:
    unknown = Result("increase", target=20)
    assert progress(unknown, [None]) is None
    assert progress(unknown, [None, 10]) == 0.0
    assert progress(unknown, [10, 15]) == 0.5


@pytest.mark.parametrize(
    ("kind", "now", "share"),
    [("increase", 10, 1.0), ("increase", 9, 0.0), ("decrease", 10, 1.0), ("decrease", 11, 0.0)],
)
def test_a_first_reading_at_the_target_is_reached_or_not(
    kind: Kind, now: float, share: float
) -> None:
    explained = explain(Result(kind, target=10), [10, now])
    assert (explained.formula, explained.progress) == ("reached", share)


def test_within_counts_readings_only_and_both_bounds() -> None:
    hours = Result("within", low=1, high=2)
    assert progress(hours, [1, 2, None, 2.5, 0.5]) == 0.5
    assert progress(hours, [None]) is None
    assert progress(Result("within", high=10), [-50, 10, 11]) == pytest.approx(2 / 3)


def test_milestones_weigh() -> None:
    steps = [Step(1, DONE), Step(2), Step(1, DONE)]
    assert progress(Result("milestones"), [], steps) == 0.5
    assert progress(Result("milestones"), [], [Step(3)]) == 0.0
    assert progress(Result("milestones"), []) is None


def test_done_or_not() -> None:
    assert progress(Result("done"), [0, 1]) == 1.0
    assert progress(Result("done"), [0]) == 0.0
    assert progress(Result("done"), []) is None


def test_a_mean_clamps_first_and_leaves_out_the_unknown() -> None:
    assert weighted_mean([(1, 1.25), (1, -0.5)]) == 0.5
    assert weighted_mean([(3, 1.0), (1, 0.0), (5, None)]) == 0.75
    assert weighted_mean([(1, None)]) is None
    assert weighted_mean([]) is None
    assert weighted_mean([(0, 0.5)]) is None


@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.none() | FINITE), max_size=20))
def test_a_mean_lies_between_nothing_and_all(parts: list[tuple[float, float | None]]) -> None:
    mean = weighted_mean(parts)
    assert (mean is None) == all(share is None for _, share in parts)
    assert mean is None or -1e-9 <= mean <= 1 + 1e-9


@given(FINITE, FINITE, st.lists(st.none() | FINITE, max_size=13))
def test_progress_of_any_numbers_is_a_number_or_none(
    baseline: float, target: float, values: list[float | None]
) -> None:
    for kind in ("increase", "decrease"):
        share = progress(Result(kind, baseline, target), values)
        assert share is None or clamp(share) == min(max(share, 0), 1)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_the_way_from_baseline_to_target_is_none_and_all(baseline: int, target: int) -> None:
    if baseline != target:
        assert progress(Result("increase", baseline, target), [baseline]) == 0.0
        assert progress(Result("decrease", baseline, target), [target]) == 1.0


@pytest.mark.parametrize(
    ("confidence", "named"),
    [(1, "low"), (3, "low"), (4, "medium"), (7, "medium"), (8, "high"), (10, "high")],
)
def test_bands_have_no_gap(confidence: int, named: Band) -> None:
    assert band(confidence) == named


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [(8, 5, True), (8, 6, False), (None, 3, True), (None, 4, False), (3, 3, True), (10, 4, True)],
)
def test_a_fall_of_three_or_three_and_under_is_flagged(
    before: int | None, now: int, told: bool
) -> None:
    assert flagged(before, now) is told


def test_why_names_the_formula_and_its_inputs() -> None:
    ratio = explain(BUGS, [90, 80])
    assert ratio.formula == "ratio"
    assert ratio.inputs == {"baseline": 100, "target": 60, "current": 80}
    inside = explain(Result("within", low=1), [1, 0, None])
    assert (inside.formula, inside.inputs) == ("inside", {"low": 1, "inside": 1, "readings": 2})
    unscored = explain(BUGS, [])
    assert unscored.progress is None
    assert "current" not in unscored.inputs
