"""What a bench found: a row of the table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias


@dataclass(frozen=True)
class Figure:
    """What was measured, against which floor of the same run, and whether that is good enough.

    `reached` is None where a figure only tells.
    """

    what: str
    measured: str
    floor: str = ""
    ratio: str = ""
    aim: str = ""
    reached: bool | None = None


Bench: TypeAlias = Callable[[Path], Iterable[Figure]]
"""Measures in a folder of its own and ends by itself."""

HEAD = ("What", "Measured", "Floor in the same run", "Ratio", "Aim", "Reached")


def cells(figure: Figure) -> tuple[str, ...]:
    """A figure as a row."""
    verdict = {True: "yes", False: "**no**", None: ""}[figure.reached]
    return (figure.what, figure.measured, figure.floor, figure.ratio, figure.aim, verdict)


def markdown(figures: Iterable[Figure]) -> str:
    """All figures as a Markdown table."""
    rows = [HEAD, ("---",) * len(HEAD), *map(cells, figures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def ms(seconds: float) -> str:
    """A time in words."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.2f} ms"


def middle(values: Iterable[float]) -> float:
    """The median."""
    return median(values)
