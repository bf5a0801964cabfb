"""Grades at the close, 0.0-1.0 in steps of 0.1 (METHOD, section 2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

from bot.method import score
from bot.method.score import Kind, Measured, Milestone, Readings, clamp, weighted_mean

Colour: TypeAlias = Literal["green", "yellow", "red"]
Remark: TypeAlias = Literal["bold", "good", "partly", "missed", "kept", "stopped"]

GREEN = 0.7
YELLOW = 0.4
FULL = 1.0
STEP = 0.1
NOISE_DIGITS = 9


@dataclass(frozen=True)
class Measure:
    """What a key result is held against: its present goalposts, or those it began with."""

    kind: Kind
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None


def rounded(share: float) -> float:
    """One decimal, halves up, as a person rounds what they see: 0.65 is 0.7 and 0.64 is 0.6.

    Binary noise is taken off first: (0.6 + 0.7) / 2 is 0.6499999999999999 and means 0.65.
    """
    seen = Decimal(repr(round(share, NOISE_DIGITS)))
    return float(seen.quantize(Decimal("0.1"), ROUND_HALF_UP))


def suggested(kr: Measured, values: Readings, milestones: Sequence[Milestone] = ()) -> float | None:
    """What the figures say: the progress, clamped to 0..1 and rounded; None while unscored."""
    return of_progress(score.progress(kr, values, milestones))


def of_progress(progress: float | None) -> float | None:
    """The grade that a progress comes to."""
    return None if progress is None else rounded(clamp(progress))


def mean(parts: Iterable[tuple[float, float | None]]) -> float | None:
    """The grade of a set of (weight, grade): their weighted mean, then rounded."""
    found = weighted_mean(parts)
    return None if found is None else rounded(found)


def colour(grade: float) -> Colour:
    """Green from 0.7, yellow from 0.4, else red; of the rounded grade, so that no gap is left."""
    shown = rounded(grade)
    if shown >= GREEN:
        return "green"
    return "yellow" if shown >= YELLOW else "red"


def promised(commitment: str) -> float:
    """The grade that is expected: 1.0 of a committed one, about 0.7 of a bold one."""
    return FULL if commitment == "committed" else GREEN


def missed(commitment: str, grade: float) -> bool:
    """Whether it is asked why."""
    return rounded(grade) < promised(commitment)


def unfinished(grade: float | None) -> bool:
    """Whether it is asked what becomes of it: of what did not reach 1.0, or was never scored."""
    return grade is None or rounded(grade) < FULL


def differs(one: float | None, other: float | None) -> bool:
    """Whether two grades are a step apart, so that somebody has to say why."""
    return one is not None and other is not None and abs(one - other) > STEP - 1e-9


def remark(commitment: str, grade: float) -> Remark:
    """In which words a grade is told: they differ by what was promised."""
    shown = rounded(grade)
    if commitment == "committed":
        return "kept" if shown >= FULL else "stopped"
    if shown >= FULL:
        return "bold"
    if shown >= GREEN:
        return "good"
    return "partly" if shown >= YELLOW else "missed"
