"""Key results as people type them: "decrease churn from 4% to 3%"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.figures import split_unit
from bot.method import words
from bot.method.score import Kind

LONGEST = 1000
LONGEST_QUANTITY = 5

_ARROW = re.compile(r"-{1,2}>|=>|→|–>")
_COMPARISON = re.compile(r"([<>]=?|[≤≥])")
_AT_LEAST_OR_MOST = re.compile(r"\bat (least|most)\b", re.IGNORECASE)


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

    @property
    def name(self) -> str:
        """The title as a sentence begins."""
        return self.title[:1].upper() + self.title[1:]


@dataclass(frozen=True)
class Quantity:
    """A number and its unit, with the words that said so."""

    value: float
    unit: str
    text: str


Part: TypeAlias = str | Quantity
Shape: TypeAlias = tuple[frozenset[str] | None, ...]
"""What stands in a row: one of some words, or a quantity (None)."""


@dataclass(frozen=True)
class Said:
    """The quantities of a line, and the words around them without the one of direction."""

    quantities: list[Quantity]
    direction: frozenset[str]
    title: str

    @property
    def unit(self) -> str:
        """The unit that says most: one of "900" and "500 calls a week" is enough."""
        return max((each.unit for each in reversed(self.quantities)), key=len)


def parse_key_result(text: str, locale: str) -> Drafted | None:
    """What a line means as a key result; None if it is empty, too long, or mixes two units.

    A line whose numbers say no direction is something to be done or not.
    """
    line = text.strip().rstrip(".!;,") if len(text) <= LONGEST else ""
    if not line:
        return None
    parts = _parts(line, locale)
    for shape, draft in _SHAPES:
        said = _said(parts, shape)
        if said is None:
            continue
        if not all(_same_unit(each.unit, said.unit) for each in said.quantities):
            return None
        drafted = draft(said, shape)
        if drafted is not None:
            return drafted if drafted.title else replace(drafted, title=line)
    return Drafted(title=line, kind="done")


def _between(said: Said, _: Shape) -> Drafted:
    low, high = sorted(each.value for each in said.quantities)
    return Drafted(said.title, "within", low=low, high=high, unit=said.unit)


def _from_to(said: Said, _: Shape) -> Drafted:
    baseline, target = (each.value for each in said.quantities)
    falls = target < baseline or (target == baseline and said.direction == words.DOWN)
    against = words.UP if falls else words.DOWN
    return Drafted(
        said.title,
        "decrease" if falls else "increase",
        baseline=baseline,
        target=target,
        unit=said.unit,
        contradiction=said.direction == against and target != baseline,
        flat=target == baseline,
    )


def _toward(said: Said, _: Shape) -> Drafted | None:
    """A target whose baseline is not known: its direction must have been said."""
    if said.direction not in (words.UP, words.DOWN):
        return None
    kind: Kind = "increase" if said.direction == words.UP else "decrease"
    return Drafted(said.title, kind, target=said.quantities[0].value, unit=said.unit)


def _bounded(said: Said, shape: Shape) -> Drafted | None:
    """A bound to stay inside of; "increase above" and "reduce below" name a target instead."""
    lowest = shape[0] == words.AT_LEAST
    if said.direction == (words.UP if lowest else words.DOWN):
        return _toward(said, shape)
    bound = said.quantities[0].value
    return Drafted(
        said.title,
        "within",
        low=bound if lowest else None,
        high=None if lowest else bound,
        unit=said.unit,
    )


_SHAPES: tuple[tuple[Shape, Callable[[Said, Shape], Drafted | None]], ...] = (
    ((words.BETWEEN, None, words.AND, None), _between),
    ((words.FROM, None, words.TO, None), _from_to),
    ((None, words.TO, None), _from_to),
    ((words.AT_LEAST, None), _bounded),
    ((words.AT_MOST, None), _bounded),
    ((words.TO, None), _toward),
)


def _parts(line: str, locale: str) -> list[Part]:
    """The words of a line, its quantities taken together."""
    spaced = _COMPARISON.sub(r" \1 ", _ARROW.sub(" → ", line))
    tokens = _AT_LEAST_OR_MOST.sub(r"at-\1", spaced).split()
    parts: list[Part] = []
    while tokens:
        length, quantity = _quantity(tokens[:LONGEST_QUANTITY], locale)
        parts.append(quantity or tokens[0])
        del tokens[:length]
    return parts


def _quantity(tokens: list[str], locale: str) -> tuple[int, Quantity | None]:
    """The longest quantity at the start of these tokens, and how many it takes."""
    for length in range(len(tokens), 0, -1):
        text = " ".join(tokens[:length])
        plain = tokens[:length]
        rate = " ".join(plain[-2:]).rstrip(",;:") if _is_rate(plain) else ""
        amount = " ".join(plain[:-2]) if rate else text.rstrip(",;:")
        found = split_unit(amount, locale)
        if found and " " not in found[1] and found[1].lower() not in words.NOT_UNITS:
            value, unit = found
            return length, Quantity(value, f"{unit} {rate}".strip(), text)
    return 1, None


def _is_rate(tokens: list[str]) -> bool:
    """Whether a quantity ends in "a week": how often is a part of its unit."""
    every, period = [word.lower().rstrip(",;:") for word in ("", *tokens)[-2:]]
    return len(tokens) > 2 and every in words.EVERY and period in words.PERIODS


def _same_unit(one: str, fullest: str) -> bool:
    """Whether two quantities count the same; what one of them leaves out is meant too."""
    return f"{fullest} ".lower().startswith(f"{one} ".lower().lstrip())


def _said(parts: list[Part], shape: Shape) -> Said | None:
    """The first place where the parts stand in this shape, and what is said around it."""
    for at in range(len(parts) - len(shape) + 1):
        row = parts[at : at + len(shape)]
        if all(map(_fits, row, shape)):
            quantities = [part for part in row if isinstance(part, Quantity)]
            return Said(quantities, *_around(parts[:at], parts[at + len(shape) :]))
    return None


def _fits(part: Part, wanted: frozenset[str] | None) -> bool:
    if isinstance(part, Quantity):
        return wanted is None
    return wanted is not None and part.lower() in wanted


def _around(before: list[Part], after: list[Part]) -> tuple[frozenset[str], str]:
    """The direction that is said first, last or right after the quantities, and the other words."""
    texts = [part.text if isinstance(part, Quantity) else part for part in before + after]
    for at in (0, len(texts) - 1, len(before)):
        for direction in (words.UP, words.DOWN, words.KEEP):
            if 0 <= at < len(texts) and texts[at].lower() in direction:
                del texts[at]
                return direction, " ".join(texts)
    return frozenset(), " ".join(texts)
