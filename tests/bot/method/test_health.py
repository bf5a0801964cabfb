"""How a KPI stands, for every sequence of readings (METHOD 3)."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method import health
from bot.method.health import Bounds, Judged, Point, State, Watched

TODAY = date(2026, 11, 6)


def kpi(
    low: float | None = None,
    high: float | None = 4,
    *,
    warn_low: float | None = None,
    warn_high: float | None = None,
    follows: int | None = None,
    direction: str = "lower",
    cadence: str = "weekly",
    stale: int | None = None,
) -> Watched:
    known = {
        "low": low, "high": high, "warn_low": warn_low, "warn_high": warn_high,
        "follows": follows, "direction": direction, "cadence": cadence, "stale_after_days": stale,
    }  # fmt: skip
    return cast("Watched", SimpleNamespace(**known))


def judged(watched: Watched, *values: float, ago: int = 0) -> list[Judged]:
    """One reading a week, the last one some days ago."""
    last = TODAY - timedelta(days=ago)
    days = [last - timedelta(weeks=n) for n in reversed(range(len(values)))]
    return list(health.judge(watched, map(Point, days, values)))


def state(watched: Watched, *values: float, ago: int = 0, lasting: str = "") -> State:
    episode = SimpleNamespace(state=lasting) if lasting else None
    return health.state(watched, judged(watched, *values, ago=ago), TODAY, episode)


@pytest.mark.parametrize(
    ("values", "lasting", "expected"),
    [
        ((), "", "no_data"),
        ((3,), "", "healthy"),
        ((4,), "", "watch"),
        ((3.6,), "", "watch"),
        ((3.5,), "", "healthy"),
        ((4.1,), "", "breached"),
        ((3, 4.1, 4.2), "", "unhealthy"),
        ((3, 4.1, 4.2), "breached", "unhealthy"),
        ((4.1, 4.2, 3), "unhealthy", "watch"),
        ((4.1, 4.2, 3, 4.3), "unhealthy", "unhealthy"),
        ((4.1, 3), "recovering", "recovering"),
        ((4.1, 5), "recovering", "recovering"),
        ((5, 3, 3, 3), "recovered", "recovered"),
        ((5, 3, 3, 3.8), "recovered", "watch"),
        ((3, 3, 3, 5), "relapsed", "relapsed"),
        ((3, 3, 5, 3), "relapsed", "watch"),
    ],
)
def test_the_states_in_their_order(
    values: tuple[float, ...], lasting: str, expected: State
) -> None:
    assert state(kpi(warn_high=3.5), *values, lasting=lasting) == expected


@pytest.mark.parametrize(("cadence", "days"), [("daily", 3), ("weekly", 10), ("monthly", 40)])
def test_an_old_reading_says_nothing_about_today(cadence: str, days: int) -> None:
    assert state(kpi(cadence=cadence), 3, ago=days) == "healthy"
    assert state(kpi(cadence=cadence), 3, ago=days + 1) == "stale"
    assert state(kpi(cadence=cadence), 5, 5, ago=days + 1, lasting="recovering") == "stale"
    assert state(kpi(cadence=cadence, stale=1), 3, ago=2) == "stale"


values = st.lists(st.floats(-1e6, 1e6), max_size=12)
maybe = st.none() | st.floats(-1e6, 1e6)
anything = st.sampled_from(
    ["", "breached", "unhealthy", "recovering", "relapsed", "recovered", "over"]
)


@given(values, st.integers(0, 60), anything, st.none() | st.integers(2, 30))
def test_no_range_and_no_data_never_read_healthy(
    read: list[float], ago: int, lasting: str, follows: int | None
) -> None:
    found = state(kpi(high=None, follows=follows), *read, ago=ago, lasting=lasting)
    if not read:
        assert found == "no_data"
    if follows is None or len(read) <= follows:
        assert found in ("no_data", "stale", "no_range")


@given(values, maybe, maybe, maybe, maybe, anything)
def test_what_is_outside_never_reads_healthy_or_recovered(
    read: list[float],
    low: float | None,
    high: float | None,
    warn_low: float | None,
    warn_high: float | None,
    lasting: str,
) -> None:
    watched = kpi(low, high, warn_low=warn_low, warn_high=warn_high)
    found = state(watched, *read, lasting=lasting)
    assert found in health.STATES
    if read and Bounds(low, high).beyond(read[-1]):
        assert found in ("breached", "unhealthy", "relapsed", "recovering")
    elif read and (low is not None or high is not None):
        assert found in ("healthy", "watch", "recovering", "recovered")


@given(st.lists(st.booleans(), max_size=30))
def test_times_outside_begin_outside_and_end_with_three_inside(outside: list[bool]) -> None:
    read = judged(kpi(), *(5.0 if each else 3.0 for each in outside))
    found = health.spells(read)
    days = [reading.day for reading in read]
    for spell in found:
        first = days.index(spell.began)
        assert outside[first]
        if spell.ended is not None:
            last = days.index(spell.ended)
            assert outside[last - 2 : last + 1] == [False] * 3
            rows = "".join("x" if each else "." for each in outside[first : last + 1])
            assert "..." not in rows[:-1]
            assert spell.longest == max(map(len, rows.split(".")))
    assert all(spell.ended is not None for spell in found[:-1])
    covered = {
        day
        for spell in found
        for day in days
        if spell.began <= day and (spell.ended is None or day <= spell.ended)
    }
    assert {day for day, each in zip(days, outside, strict=True) if each} <= covered


def test_the_worst_is_the_one_furthest_outside_on_either_side() -> None:
    (spell,) = health.spells(judged(kpi(2, 4), 4.5, 0.5, 5))
    assert (spell.worst, spell.bound, spell.longest) == (0.5, 2, 3)


def test_a_range_follows_its_own_past_by_the_direction() -> None:
    higher = kpi(high=None, follows=3, direction="higher")
    assert [each.place for each in judged(higher, 9, 10, 11, 9.9, 10.3)] == [
        "unbounded", "unbounded", "unbounded", "outside", "inside",
    ]  # fmt: skip
    lower = kpi(high=None, follows=2, direction="lower")
    assert [each.bounds for each in judged(lower, 1, 3, 2)][-1] == Bounds(high=2)
    assert state(lower, 1, 3, 2) == "healthy", "the mean itself is inside"
    assert state(kpi(high=None, follows=2, direction="within"), 1, 2, 3) == "no_range"


@given(st.floats(-1e6, 1e6), st.integers(2, 10))
def test_who_stays_as_it_was_is_not_behind_its_past(value: float, n: int) -> None:
    for direction in ("higher", "lower"):
        watched = kpi(high=None, follows=n, direction=direction)
        assert state(watched, *[value] * (n + 1)) == "healthy"


@given(st.floats(-1e3, 1e3), st.floats(0.01, 1e3), st.floats(0, 1))
def test_recovery_goes_from_the_worst_to_the_nearest_bound(
    bound: float, way: float, share: float
) -> None:
    for worst in (bound + way, bound - way):
        current = worst + (bound - worst) * share
        assert health.recovery(worst, bound, current) == pytest.approx(share, abs=1e-6)
        assert health.recovery(worst, bound, worst) == 0
        assert health.recovery(worst, bound, bound) == pytest.approx(1)


def test_the_degree_of_change() -> None:
    points = [Point(TODAY - timedelta(weeks=4 - n), v) for n, v in enumerate((2.0, 4.0, 5.0, 4.0))]
    last, longer = health.degree(points), health.degree(points, 3)
    assert last is not None
    assert longer is not None
    assert (last.before, last.change, last.share) == (5, -1, -0.2)
    assert (longer.change, longer.share) == (2, 1)
    assert health.degree(points, 4) is None
    from_nothing = health.degree([Point(TODAY, 0.0), Point(TODAY, 3.0)])
    assert from_nothing is not None
    assert (from_nothing.change, from_nothing.share) == (3, None)
    below = health.degree([Point(TODAY, -4.0), Point(TODAY, -2.0)])
    assert below is not None
    assert below.share == 0.5, "half as bad is better, not worse"


@pytest.mark.parametrize(
    ("cadence", "newest", "day", "expected"),
    [
        ("daily", date(2026, 11, 5), TODAY, True),
        ("daily", TODAY, TODAY, False),
        ("weekly", date(2026, 11, 1), TODAY, True),
        ("weekly", date(2026, 11, 2), TODAY, False),
        ("monthly", date(2026, 10, 31), TODAY, True),
        ("monthly", date(2026, 11, 1), TODAY, False),
        ("weekly", None, TODAY, True),
    ],
)
def test_when_a_reading_is_wanted(
    cadence: str, newest: date | None, day: date, expected: bool
) -> None:
    assert health.wanted(cadence, newest, day) == expected


@pytest.mark.parametrize(("began", "expected"), [(5, True), (18, True), (31, False)])
def test_a_relapse_is_in_the_same_or_the_next_cycle(began: int, expected: bool) -> None:
    def cycle(day: date) -> int:
        return (day - date(2026, 10, 5)).days // 91

    start = date(2026, 10, 5)
    ended, again = start + timedelta(weeks=4), start + timedelta(weeks=began)
    assert health.relapsed(ended, again, cycle) == expected
