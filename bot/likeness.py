"""What somebody may have meant by a word that is not quite right.

The library takes 4 MB and is loaded by the first wrong word, not by every start.
"""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
LONGEST = 80


def nearest(
    typed: str, names: Mapping[K, str], *, limit: int, least: float, whole: bool = False
) -> list[K]:
    """The keys of the names most like what was typed, best first, from `least` of 100 on.

    `whole`: the names as a whole, and not parts of them, are compared.
    """
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        typed[:LONGEST],
        names,
        scorer=fuzz.ratio if whole else fuzz.WRatio,
        processor=utils.default_process,
        limit=limit,
        score_cutoff=least,
    )
    return [key for _, _, key in found]
