"""Where a key result should be by now, and how far it is from there (METHOD, section 2)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias, assert_never

from bot.method.score import Band, Kind, Milestone, clamp

Curve: TypeAlias = Literal["linear", "late", "steps"]
Formula: TypeAlias = Literal["linear", "late", "steps", "due", "none"]
Pace: TypeAlias = Literal["on_pace", "behind", "at_risk"]

BEHIND = 0.165
AT_RISK = 0.33
NOISE = 1e-9
STEEPNESS = 2
DAYS_OF_WEEK = 7

_RANK: dict[Band | Pace, int] = {
    "low": 0,
    "at_risk": 0,
    "medium": 1,
    "behind": 1,
    "high": 2,
    "on_pace": 2,
}


@dataclass(frozen=True)
class Explanation:
    """How an expected pace came about: the formula's name and its inputs by name."""

    formula: Formula
    expected: float | None
    inputs: dict[str, float] = field(default_factory=dict)


def explain(
    kind: Kind,
    curve: Curve,
    starts: date,
    due: date,
    on: date,
    milestones: Sequence[Milestone] = (),
) -> Explanation:
    """The formula behind `expected`, with its inputs."""
    share = expected(kind, curve, starts, due, on, milestones)
    if kind == "within":
        return Explanation("none", share)
    if kind == "done":
        return Explanation("due", share)
    if kind == "milestones" or curve == "steps":
        by_now = math.fsum(step.weight for step in milestones if (step.due or due) <= on)
        total = math.fsum(step.weight for step in milestones)
        return Explanation("steps", share, {"by_now": by_now, "total": total})
    weeks = {"gone": float(_weeks(starts, on)), "weeks": float(max(_weeks(starts, due), 1))}
    return Explanation(curve, share, weeks)


def expected(
    kind: Kind,
    curve: Curve,
    starts: date,
    due: date,
    on: date,
    milestones: Sequence[Milestone] = (),
) -> float | None:
    """The progress expected on a day as a share of 1; None where none is expected.

    Within a range there is no pace. What is done or not is due on its day, a milestone on its own.
    """
    match kind:
        case "within":
            return None
        case "done":
            return 1.0 if on >= due else None
        case "milestones":
            return _steps(milestones, due, on)
        case "increase" | "decrease":
            return _along(curve, starts, due, on, milestones)
        case _:
            assert_never(kind)


def judge(expected: float | None, progress: float | None) -> Pace | None:
    """The pace by the gap `expected - progress`: over 0.165 behind, over 0.33 at risk."""
    if expected is None or progress is None:
        return None
    gap = expected - progress - NOISE
    if gap > AT_RISK:
        return "at_risk"
    return "behind" if gap > BEHIND else "on_pace"


def differs(band: Band, pace: Pace) -> bool:
    """Whether belief and pace are more than one band apart, so that the check-in asks about it."""
    return abs(_RANK[band] - _RANK[pace]) > 1


def _along(
    curve: Curve, starts: date, due: date, on: date, milestones: Sequence[Milestone]
) -> float | None:
    match curve:
        case "linear":
            return _elapsed(starts, due, on)
        case "late":
            return _elapsed(starts, due, on) ** STEEPNESS
        case "steps":
            return _steps(milestones, due, on)
        case _:
            assert_never(curve)


@lru_cache(1024)
def _elapsed(starts: date, due: date, on: date) -> float:
    """The share of weeks gone, a week counting from its first day: `w/13` in week w."""
    return clamp(_weeks(starts, on) / max(_weeks(starts, due), 1))


def _weeks(first: date, last: date) -> int:
    return math.ceil(((last - first).days + 1) / DAYS_OF_WEEK)


def _steps(milestones: Sequence[Milestone], due: date, on: date) -> float | None:
    """The weights of milestones due by now by the weights of all; None before the first one's day.

    A milestone without a day is due with its key result.
    """
    by_now = math.fsum(step.weight for step in milestones if (step.due or due) <= on)
    return by_now / math.fsum(step.weight for step in milestones) if by_now > 0 else None
