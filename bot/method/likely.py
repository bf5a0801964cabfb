"""Which values are so far from all that is known that one asks before keeping them."""

from collections.abc import Iterable

TIMES = 10
"""So many times the last value is more likely a slip of the finger."""
ASTRAY = 100
"""So is what lies so many times further from all that is known than that lies apart."""


def doubtful(
    value: float,
    last: float | None,
    ends: tuple[float | None, float | None],
    known: Iterable[float | None] = (),
) -> bool:
    """Whether a value is far outside of what is likely, given the last one and all others.

    `ends` are baseline and target: what lies between them is never doubted, what is further out
    than the whole distance between them is, unless the last value was out there too. Without
    both, what is `ASTRAY` is doubted.
    """
    if last is None or value == last:
        return False
    first, second = ends
    if first is not None and second is not None:
        low, high = sorted((first, second))
        span = high - low
        if low <= value <= high:
            return False
        if not low - span <= value <= high + span and abs(value - last) > span:
            return True
    others = [each for each in (last, first, second, *known) if each is not None]
    spread = max(others) - min(others)
    off = min(abs(value - each) for each in others)
    astray = (first is None or second is None) and off > ASTRAY * spread > 0
    return astray or (value < 0 <= min(others)) or abs(value) >= TIMES * abs(last) > 0
