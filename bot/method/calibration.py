"""How well a team's confidence at half time foretold what came (our own definition).

A confidence of 7 of 10 is read as a chance of 70 % (Wodtke, *Radical Focus*: "5 of 10 is a coin
toss"). What came is whether the key result reached what was promised (METHOD 2: a committed one
1.0, a bold one 0.7). The lean is the mean chance less the share reached: above 0 too hopeful, under
0 too careful.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Leaning: TypeAlias = Literal["close", "hopeful", "careful"]

FEWEST = 3
"""With fewer key results a lean says nothing."""
CLOSE = 0.15
HIGHEST = 10


class Belief(NamedTuple):
    """What its owner believed of a key result at half time, 1-10, and whether it came true."""

    confidence: int
    came: bool


@dataclass(frozen=True)
class Calibration:
    """Some beliefs held against what came."""

    count: int
    chance: float
    came: float

    @property
    def lean(self) -> float:
        """How much more was believed than came."""
        return self.chance - self.came

    @property
    def leaning(self) -> Leaning:
        """The lean in a word."""
        if abs(self.lean) <= CLOSE + 1e-9:
            return "close"
        return "hopeful" if self.lean > 0 else "careful"


def calibration(beliefs: Iterable[Belief]) -> Calibration | None:
    """How these beliefs did; None where they are too few to say."""
    known = list(beliefs)
    count = len(known)
    if count < FEWEST:
        return None
    chances = [belief.confidence / HIGHEST for belief in known]
    return Calibration(
        count,
        math.fsum(chances) / count,
        sum(belief.came for belief in known) / count,
    )
