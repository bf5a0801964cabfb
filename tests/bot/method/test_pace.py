"""Where a key result should be by now."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.pace import Pace, differs, expected, judge
from bot.method.score import Band

STARTS = date(2026, 10, 5)
DUE = STARTS + timedelta(days=88)


@dataclass(frozen=True)
class Step:
    weight: float
    due: date | None
    done_on: date | None = None


STEPS = [Step(1, date(2026, 10, 30)), Step(3, date(2026, 11, 30)), Step(1, None)]


@pytest.mark.parametrize("week", range(1, 14))
def test_the_line_is_at_w_of_13_in_week_w(week: int) -> None:
    for weekday in range(7):
        on = STARTS + timedelta(weeks=week - 1, days=weekday)
        assert expected("increase", "linear", STARTS, DUE, on) == week / 13


def test_the_line_ends_at_its_own_due_date() -> None:
    due = STARTS + timedelta(days=25)
    assert expected("decrease", "linear", STARTS, due, STARTS + timedelta(days=8)) == 0.5
    assert expected("decrease", "linear", STARTS, due, STARTS + timedelta(days=60)) == 1.0
    assert expected("decrease", "linear", STARTS, DUE, STARTS - timedelta(days=9)) == 0.0


@given(st.integers(0, 120))
def test_the_late_curve_stays_under_the_line_and_meets_its_end(days: int) -> None:
    on = STARTS + timedelta(days=days)
    line = expected("increase", "linear", STARTS, DUE, on)
    late = expected("increase", "late", STARTS, DUE, on)
    assert line is not None
    assert late is not None
    assert late < line or late == line == 1.0


@pytest.mark.parametrize(
    ("on", "share"),
    [
        (date(2026, 10, 29), None),
        (date(2026, 10, 30), 0.2),
        (date(2026, 11, 30), 0.8),
        (DUE, 1.0),
    ],
)
def test_steps_come_due_on_their_days(on: date, share: float | None) -> None:
    assert expected("milestones", "linear", STARTS, DUE, on, STEPS) == share
    assert expected("increase", "steps", STARTS, DUE, on, STEPS) == share


def test_no_steps_no_pace() -> None:
    assert expected("milestones", "linear", STARTS, DUE, DUE) is None


def test_within_has_no_pace_and_done_only_from_its_day() -> None:
    assert expected("within", "linear", STARTS, DUE, DUE) is None
    assert expected("done", "linear", STARTS, DUE, DUE - timedelta(days=1)) is None
    assert expected("done", "linear", STARTS, DUE, DUE) == 1.0


@pytest.mark.parametrize(
    ("expected_share", "share", "pace"),
    [
        (0.5, 0.5, "on_pace"),
        (0.5, 0.9, "on_pace"),
        (0.465, 0.3, "on_pace"),
        (0.5, 0.33, "behind"),
        (0.63, 0.3, "behind"),
        (0.64, 0.3, "at_risk"),
        (1.0, 0.0, "at_risk"),
        (None, 0.3, None),
        (0.3, None, None),
    ],
)
def test_the_gap_judges(
    expected_share: float | None, share: float | None, pace: Pace | None
) -> None:
    assert judge(expected_share, share) == pace


def test_week_one_does_not_scream() -> None:
    assert judge(1 / 13, 0.0) == "on_pace"


@pytest.mark.parametrize(
    ("band", "pace", "apart"),
    [
        ("high", "at_risk", True),
        ("low", "on_pace", True),
        ("high", "behind", False),
        ("medium", "at_risk", False),
        ("medium", "on_pace", False),
        ("low", "at_risk", False),
    ],
)
def test_belief_and_pace_differ_by_more_than_one_band(band: Band, pace: Pace, apart: bool) -> None:
    assert differs(band, pace) is apart
