"""Numbers as people of a locale write them."""

import re
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent

from bot.figures.locales import locale_of
from bot.figures.scales import key, scales

LONGEST = 64
ROOM = 400
SMALLEST_PLACES = 10

_SHAPE = re.compile(r"([+-]?)(\d[\d.,' ]*|[.,]\d+)(\D*)")
_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "’": "'", "‘": "'", "ʼ": "'", "٫": ".", "٬": "'", "٪": "%", "％": "%"}
    | dict.fromkeys("\u200e\u200f\u061c", "")
    | dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
)


class Signs(NamedTuple):
    """The sign between groups of digits, and the one before the decimals."""

    group: str
    decimal: str
    last_but_one: Literal[2, 3] = 3


def plain(text: str) -> str:
    """The text with ordinary minus, spaces and apostrophes, without marks of direction."""
    return text.translate(_SIGNS).strip()


def parse_number(text: str, locale: str) -> float | None:
    """The number in a text ("1.000,25", "10 000", "10k", "1,5 Mio", "4 %" is 4.0), or None.

    What the locale's own signs make of it counts: "1.000" is a thousand in German and one in
    English. What they can make nothing of is read if all other signs read it alike: "1.5" cannot be
    groups of thousands, so in German it is one and a half, as "1,5" is in English.
    Units and currencies are not numbers; `split_unit` parts them.
    """
    if len(text) > LONGEST:
        return None
    shape = _SHAPE.fullmatch(plain(text).removeprefix("%").lstrip())
    if shape is None:
        return None
    sign, digits, name = shape.groups()
    size = _read(digits.strip(), _signs(locale))
    factor = _factor(name, locale)
    if size is None or factor is None:
        return None
    return float(-size * factor if sign == "-" else size * factor) + 0.0


def doubt_of(text: str, locale: str) -> Literal["", "swapped", "thousands"]:
    """Whether a number's signs look like another locale's, though it can be read.

    "182.000,5" in English has them swapped; "182,000" in German is 182, and may mean thousands.
    """
    found = re.search(r"\d[\d.,' ]*\d", plain(text))
    if found is None:
        return ""
    digits, own = found[0], _signs(locale)
    if own.decimal in digits and digits.rfind(own.group) > digits.find(own.decimal):
        return "swapped" if own.group in ".,'" else ""
    decimal = re.escape(own.decimal)
    return "thousands" if re.fullmatch(rf"[1-9]\d{{0,2}}{decimal}\d{{3}}", digits) else ""


@lru_cache(maxsize=4096)
def format_number(value: float, locale: str) -> str:
    """The number with at most 2 decimals, or with 4 significant digits where it is under 1."""
    shown = round(value, 2) if abs(value) >= 1 else round(float(f"{value:.4g}"), SMALLEST_PLACES)
    with localcontext(prec=ROOM):
        return format_decimal(
            Decimal(str(shown + 0.0)), locale=locale_of(locale), decimal_quantization=False
        )


def format_percent(share: float, locale: str) -> str:
    """A share of 1 as whole per cent: 0.62 is "62%", 1.25 is "125%"."""
    return _format_rounded(round(share, 2) + 0.0, locale)


@lru_cache(maxsize=4096)
def _format_rounded(share: float, locale: str) -> str:
    with localcontext(prec=ROOM):
        return babel_percent(Decimal(str(share)), locale=locale_of(locale))


def with_percent_sign(shown: str, locale: str) -> str:
    """A written number with the percent sign where people of this locale put it."""
    return f"{shown}\N{NO-BREAK SPACE}%" if _percent_stands_apart(locale) else f"{shown}%"


@lru_cache(maxsize=256)
def _percent_stands_apart(locale: str) -> bool:
    return str(locale_of(locale).percent_formats[None].pattern)[-2].isspace()


def _factor(name: str, locale: str) -> int | None:
    """What "k" or "Mio" multiplies by, 1 for nothing or "%", None for any other word."""
    word = name.strip()
    return 1 if word in {"", "%"} else scales(locale).get(key(word))


@lru_cache(maxsize=256)
def _signs(tag: str) -> Signs:
    """How a locale groups digits and marks decimals."""
    locale = locale_of(tag)
    symbols = locale.number_symbols.get("latn", {})
    group = symbols.get("currencyGroup") or symbols.get("group", ",")
    indian = locale.decimal_formats[None].grouping == (3, 2)
    return Signs(plain(group) or " ", plain(symbols.get("decimal", ".")), 2 if indian else 3)


def _read(digits: str, own: Signs) -> Decimal | None:
    """The number by the locale's own signs, or else by all others where they agree."""
    number = _by(digits, own)
    if number is not None:
        return number
    others = [Signs(group, decimal) for group, decimal in product(".,' ", ".,") if group != decimal]
    readings = {_by(digits, signs) for signs in others} - {None}
    return readings.pop() if len(readings) == 1 else None


def _by(digits: str, signs: Signs) -> Decimal | None:
    """The number by these signs, or None where they do not fit."""
    whole, mark, part = digits.partition(signs.decimal)
    if mark and not part.isdecimal():
        return None
    if not re.fullmatch(_whole(signs.group, signs.last_but_one), whole) and (whole or not mark):
        return None
    return Decimal(f"{whole.replace(signs.group, '') or '0'}.{part or '0'}")


@lru_cache(maxsize=64)
def _whole(group: str, width: int) -> str:
    """The pattern of whole numbers, with or without groups."""
    sign = re.escape(group)
    return rf"\d+|[1-9]\d{{0,2}}(?:{sign}\d{{{width}}})*{sign}\d{{3}}"
