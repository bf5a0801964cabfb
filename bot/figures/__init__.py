"""Numbers and days as people of a locale write them."""

from bot.figures.days import (
    format_dated,
    format_day,
    format_days,
    format_moment,
    format_short_day,
    format_time,
    format_weekday,
    parse_day,
    parse_time,
)
from bot.figures.numbers import (
    doubt_of,
    format_number,
    format_percent,
    parse_number,
    with_percent_sign,
)
from bot.figures.ranges import parse_days
from bot.figures.units import split_unit

__all__ = [
    "doubt_of",
    "format_dated",
    "format_day",
    "format_days",
    "format_moment",
    "format_number",
    "format_percent",
    "format_short_day",
    "format_time",
    "format_weekday",
    "parse_day",
    "parse_days",
    "parse_number",
    "parse_time",
    "split_unit",
    "with_percent_sign",
]
