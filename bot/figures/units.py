"""A number and the unit beside it: "4%", "€10k", "45 days"."""

import re
import unicodedata

from babel.numbers import is_currency

from bot.figures.numbers import LONGEST, parse_number, plain

_PARTS = re.compile(r"([+-]?)([^\d+\-.,']{0,6})([+-]?[.,]?\d.*)")
_UNIT = re.compile(r"[^\W\d]\S{0,19}(?: [^\W\d]\S{0,19})?|[%°‰/]\S{0,19}")


def split_unit(text: str, locale: str) -> tuple[float, str] | None:
    """The number and its unit ("" if there is none), or None: "10k €" and "€10k" are 10,000 €."""
    parts = _PARTS.fullmatch(plain(text)) if len(text) <= LONGEST else None
    if parts is None:
        return None
    sign, before, rest = parts.groups()
    before = before.strip()
    if before and not _stands_before(before):
        return None
    for cut in range(len(rest), 0, -1):
        number, after = rest[:cut], rest[cut:]
        unit = after.strip()
        if "%" in number or _within_word(number, after) or not _is_unit(unit):
            continue
        value = parse_number(sign + number, locale)
        if value is not None:
            return value, " ".join(filter(None, (before, unit)))
    return None


def _stands_before(text: str) -> bool:
    """Whether this may precede a number: "€", "US$", "EUR"."""
    return text == "%" or _has_currency_sign(text) or is_currency(text)


def _is_unit(text: str) -> bool:
    """Whether this may follow a number."""
    return not text or _has_currency_sign(text[:3]) or bool(_UNIT.fullmatch(text))


def _has_currency_sign(text: str) -> bool:
    return any(unicodedata.category(sign) == "Sc" for sign in text)


def _within_word(number: str, after: str) -> bool:
    """Whether a cut between these parts a word: "45 k" and "g"."""
    return number[-1].isalpha() and after[:1].isalpha()
