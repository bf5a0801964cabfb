"""Key results as people type them: "decrease churn from 4% to 3%"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.figures import split_unit
from bot.method import words
from bot.method.score import Kind

LONGEST = 1000
MOST_TOKENS = 200
LONGEST_QUANTITY = 4

_ARROW = re.compile(r"-{1,2}>|=>|→|–>")
_COMPARISON = re.compile(r"([<>]=?|[≤≥])")


@dataclass(frozen=True)
class Drafted:
    """A key result as it was understood; what was not said is None.

    `contradiction`: the word and the numbers disagree ("reduce from 1 to 5"); `kind` then follows
    the numbers. `flat`: the target is the baseline, which no progress can be measured against.
    """

    title: str
    kind: Kind
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    contradiction: bool = False
    flat: bool = False


@dataclass(frozen=True)
class Quantity:
    """A number and its unit."""

    value: float
    unit: str


Part: TypeAlias = str | Quantity
Shape: TypeAlias = tuple[Callable[[Part], bool], ...]


def parse_key_result(text: str, locale: str) -> Drafted | None:
    """What a line means as a key result; None if it is empty, too long, or mixes two units.

    A line whose numbers say no direction is something to be done or not.
    """
    line = text.strip().rstrip(".!;,") if len(text) <= LONGEST else ""
    tokens = _COMPARISON.sub(r" \1 ", _ARROW.sub(" → ", line)).split()
    if not tokens or len(tokens) > MOST_TOKENS:
        return None
    parts = _parts(tokens, locale)
    for shape, draft in _SHAPES:
        for at in range(len(parts) - len(shape) + 1):
            said = parts[at : at + len(shape)]
            if all(fits(part) for fits, part in zip(shape, said, strict=True)):
                rest = [part for part in parts[:at] + parts[at + len(shape) :]]
                return draft(line, rest, [part for part in said if isinstance(part, Quantity)])
    return Drafted(title=line, kind="done")
