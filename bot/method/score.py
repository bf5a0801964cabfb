"""Progress of key results and what is read from confidence (METHOD, section 2)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeAlias, assert_never

Kind: TypeAlias = Literal["increase", "decrease", "within", "milestones", "done"]
Band: TypeAlias = Literal["low", "medium", "high"]
Formula: TypeAlias = Literal["ratio", "reached", "inside", "milestones", "done"]
Readings: TypeAlias = Sequence[float | None]
"""One reading for each week that was due, in order; None where there is no data."""

LOW_UP_TO = 3
MEDIUM_UP_TO = 7
STEEP_FALL = 3


class Measured(Protocol):
    """A key result, as far as its progress depends on it."""

    @property
    def kind(self) -> Kind: ...

    @property
    def baseline(self) -> float | None: ...

    @property
    def target(self) -> float | None: ...

    @property
    def low(self) -> float | None: ...

    @property
    def high(self) -> float | None: ...


class Milestone(Protocol):
    """One step of a key result of milestones."""

    @property
    def weight(self) -> float: ...

    @property
    def due(self) -> date | None: ...

    @property
    def done_on(self) -> date | None: ...


@dataclass(frozen=True)
class Explanation:
    """How a progress came about: the formula's name and its inputs by name.

    `progress` is None where the key result is unscored: an input is missing then.
    """

    formula: Formula
    progress: float | None
    inputs: dict[str, float] = field(default_factory=dict)


def progress(kr: Measured, values: Readings, milestones: Sequence[Milestone] = ()) -> float | None:
    """How far a key result has come as a share of 1, unclamped; None while it is unscored.

    Without a baseline the first reading becomes it. Nothing is scored before a first reading.
    """
    readings = [value for value in values if value is not None]
    match kr.kind:
        case "increase" | "decrease":
            return moved(kr, *_first_and_last(readings))
        case "within" | "milestones" | "done":
            return explain(kr, readings, milestones).progress
        case kind:
            assert_never(kind)


def moved(kr: Measured, first: float | None, last: float | None) -> float | None:
    """The same of what moves from a baseline to a target, by its first and newest reading."""
    return _share(kr, first if kr.baseline is None else kr.baseline, kr.target, last)


def explain(kr: Measured, values: Readings, milestones: Sequence[Milestone] = ()) -> Explanation:
    """The formula behind `progress`, with its inputs."""
    readings = [value for value in values if value is not None]
    match kr.kind:
        case "increase" | "decrease":
            return _ratio(kr, readings)
        case "within":
            return _inside(kr, readings)
        case "milestones":
            return _weights(milestones)
        case "done":
            return _done(readings)
        case kind:
            assert_never(kind)


def clamp(share: float) -> float:
    """The share, not under 0 and not over 1."""
    return 0.0 if share < 0.0 else min(share, 1.0)


def weighted_mean(parts: Iterable[tuple[float, float | None]]) -> float | None:
    """The mean of (weight, share), each share clamped first and None left out; None for nothing."""
    known = [
        (weight, share if 0.0 <= share <= 1.0 else clamp(share))
        for weight, share in parts
        if share is not None
    ]
    total = math.fsum([weight for weight, _ in known])
    if total <= 0:
        return None
    return math.fsum([weight * share for weight, share in known]) / total


def band(confidence: int) -> Band:
    """1-3 low (off track), 4-7 medium (at risk), 8-10 high (on track)."""
    if confidence <= LOW_UP_TO:
        return "low"
    return "medium" if confidence <= MEDIUM_UP_TO else "high"


def flagged(before: int | None, now: int) -> bool:
    """Whether a lead is told the same day: a fall of 3 or more in a week, or 3 and under."""
    return now <= LOW_UP_TO or (before is not None and before - now >= STEEP_FALL)


Ends: TypeAlias = tuple[float | None, float | None, float | None]
"""The baseline, the target and the current value."""


def _ends(kr: Measured, readings: Sequence[float]) -> Ends:
    first, last = _first_and_last(readings)
    return first if kr.baseline is None else kr.baseline, kr.target, last


def _first_and_last(readings: Sequence[float]) -> tuple[float | None, float | None]:
    return (readings[0], readings[-1]) if readings else (None, None)


def _share(
    kr: Measured, start: float | None, target: float | None, current: float | None
) -> float | None:
    """`(c-b)/(t-b)`; where a first reading already is the target, whether it still is reached."""
    if start is None or target is None or current is None:
        return None
    if target == start:
        return float(current >= target if kr.kind == "increase" else current <= target)
    share = (current - start) / (target - start)
    return share + 0.0 if math.isfinite(share) else None


def _ratio(kr: Measured, readings: Sequence[float]) -> Explanation:
    ends = _ends(kr, readings)
    named = zip(("baseline", "target", "current"), ends, strict=True)
    inputs = {name: value for name, value in named if value is not None}
    reached = len(inputs) == len(ends) and inputs["baseline"] == inputs["target"]
    return Explanation("reached" if reached else "ratio", _share(kr, *ends), inputs)


def _inside(kr: Measured, readings: Sequence[float]) -> Explanation:
    """The share of readings inside the range, bounds included; an open side bounds nothing."""
    low = -math.inf if kr.low is None else kr.low
    high = math.inf if kr.high is None else kr.high
    inside = sum(low <= reading <= high for reading in readings)
    bounds = {"low": kr.low, "high": kr.high}
    inputs = {name: value for name, value in bounds.items() if value is not None}
    inputs |= {"inside": float(inside), "readings": float(len(readings))}
    return Explanation("inside", inside / len(readings) if readings else None, inputs)


def _weights(milestones: Sequence[Milestone]) -> Explanation:
    """The weights of finished milestones by the weights of all."""
    finished = math.fsum(step.weight for step in milestones if step.done_on is not None)
    total = math.fsum(step.weight for step in milestones)
    share = finished / total if total > 0 else None
    return Explanation("milestones", share, {"finished": finished, "total": total})


def _done(readings: list[float]) -> Explanation:
    """1 where the last reading is 1 or more, else 0."""
    if not readings:
        return Explanation("done", None)
    return Explanation("done", float(readings[-1] >= 1), {"current": readings[-1]})
