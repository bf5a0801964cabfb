"""What somebody may have meant by a word that is not quite right.

The library takes 4 MB and is loaded by the first wrong word, not by every start.
"""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
LONGEST = 80
MOST_WORDS = 3
"""The most words that a spelling has: "ich bin weg"."""
SLIP = 0.92
"""As like as "hepl" and "help" are; "none" and "note" are less."""
OF_LETTERS = 4
"""One letter of so many may be amiss."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "’": "'"})


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


def spelt(text: str) -> str:
    """A spelling without capitals, umlauts and the stop behind it."""
    return (text.rstrip("!?.,:") or text).casefold().translate(UMLAUTS)


def begins(text: str, known: Mapping[str, K]) -> tuple[K, str] | None:
    """What the longest beginning of a text stands for, however it is spelt, and what follows it."""
    for length in range(MOST_WORDS, 0, -1):
        parts = text.split(maxsplit=length)
        found = known.get(spelt(" ".join(parts[:length])))
        if found is not None:
            return found, " ".join(parts[length:]).strip()
    return None


def slips(typed: str, spellings: Mapping[str, str], *, limit: int) -> list[str]:
    """The words of which what was typed, or its beginning, is a misspelling, best first.

    A wrong guess is worse than none.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA, JaroWinkler

    found = [
        spellings[spelling]
        for said in map(spelt, (typed.partition(" ")[0], typed[:LONGEST]))
        for spelling, _, _ in process.extract(
            said, spellings.keys(), scorer=JaroWinkler.similarity, score_cutoff=SLIP
        )
        if OSA.distance(said, spelling) <= len(said) // OF_LETTERS
    ]
    return [*dict.fromkeys(found)][:limit]
