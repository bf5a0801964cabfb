"""What a quarter's grade and its rhythm say together: where to look first.

A grade is low under 0.4, where METHOD 2 begins to colour it red. A rhythm is good from 3.5 of 5
on: half-way from the middle of the scale to "mostly", so that it is good only where people lean
towards saying so.
"""

from typing import Literal, TypeAlias

Look: TypeAlias = Literal["okrs", "cadence"]

LOW_GRADE = 0.4
GOOD_RHYTHM = 3.5


def look_at(grade: float | None, rhythm: float | None) -> Look | None:
    """Low grade with a good rhythm: the OKRs; with a poor one: the cadence; else nothing."""
    if grade is None or rhythm is None or grade >= LOW_GRADE:
        return None
    return "okrs" if rhythm >= GOOD_RHYTHM else "cadence"
