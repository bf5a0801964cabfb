"""Whether what the lint flagged missed more often than the rest (METHOD, section 4)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MISSED = 0.7
"""What ends under this was missed (METHOD, section 2: green from 0.7 on)."""
LEAST = 5
"""Of fewer nothing is said: it would be chance."""
NOISE = 1e-9


@dataclass(frozen=True)
class Some:
    """How many there were, and how many of them were missed."""

    missed: int
    all: int

    @property
    def share(self) -> float:
        """The part that was missed."""
        return self.missed / self.all if self.all else 0.0


@dataclass(frozen=True)
class Hindsight:
    """What was flagged and stayed as it was, beside what was not flagged."""

    flagged: Some
    others: Some

    @property
    def tells(self) -> bool:
        """Whether there are enough of both to say anything."""
        return min(self.flagged.all, self.others.all) >= LEAST


def compare(ends: Mapping[int, float], flagged: Collection[int]) -> Hindsight:
    """Both groups, by how each key result ended: its grade, or its progress where it has none."""
    of_flagged = [end for number, end in ends.items() if number in flagged]
    of_others = [end for number, end in ends.items() if number not in flagged]
    return Hindsight(_some(of_flagged), _some(of_others))


def _some(ends: Collection[float]) -> Some:
    return Some(sum(end < MISSED - NOISE for end in ends), len(ends))
