"""The words and letters for thousands and millions: "k", "Mio", "lakh"."""

import re
import unicodedata
from functools import lru_cache

from bot.figures.locales import locale_of

COMMON = {
    "k": 10**3,
    "tsd": 10**3,
    "thousand": 10**3,
    "lakh": 10**5,
    "M": 10**6,
    "mio": 10**6,
    "mln": 10**6,
    "million": 10**6,
    "crore": 10**7,
    "bn": 10**9,
    "mrd": 10**9,
    "billion": 10**9,
}


def key(word: str) -> str:
    """The form in which a scale's name is looked up.

    A single letter keeps its case, "k" excepted: "10 M" is ten million, "10 m" may be metres.
    """
    bare = unicodedata.normalize("NFKC", word).strip(" .")
    return bare if len(bare) == 1 and bare not in "kK" else bare.casefold()


@lru_cache(maxsize=256)
def scales(tag: str) -> dict[str, int]:
    """The factor of each scale's name in a locale, from the compact formats of Unicode's CLDR.

    Single small letters are left out: in Danish "t" is a thousand, but also tonnes and hours.
    """
    found = dict(COMMON)
    for forms in locale_of(tag).compact_decimal_formats.values():
        for patterns in forms.values():
            for magnitude, pattern in patterns.items():
                digits, word = _split(pattern.pattern)
                if word and not (len(word) == 1 and word.islower() and word != "k"):
                    found[word] = int(magnitude) // 10 ** (digits - 1)
    return found


def _split(pattern: str) -> tuple[int, str]:
    """The number of digits and the word of a compact pattern such as "00 Mio'.'"."""
    zeros = re.search(r"0+", pattern)
    if zeros is None:
        return 1, ""
    word = pattern.replace(zeros.group(), "").replace("'", "").replace("\N{NO-BREAK SPACE}", " ")
    return len(zeros.group()), key(word)
