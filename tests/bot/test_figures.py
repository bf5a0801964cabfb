"""Numbers and days as people of a locale write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures import (
    format_day,
    format_days,
    format_moment,
    format_number,
    format_percent,
    format_time,
    parse_day,
    parse_number,
    split_unit,
)

NBSP, NARROW = "\u00a0", "\u202f"
TODAY = date(2026, 11, 12)
AT = datetime(2026, 11, 12, 13, 5, tzinfo=UTC)
LOCALES = st.sampled_from(["en", "de-DE", "fr", "de_CH", "pt_BR", "hi", "sv", "ar", "xx", "", "!!"])
ROUND_TRIP = st.sampled_from(["en", "de", "fr", "de_CH", "pt_BR", "hi"])


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("1.000,25", "de", 1000.25),
        ("1,000.25", "en", 1000.25),
        ("10 000", "fr", 10000),
        (f"10{NBSP}000", "fr", 10000),
        (f"10{NARROW}000,5", "fr-FR", 10000.5),
        ("10 000", "en", 10000),
        ("10k", "en", 10000),
        ("1.5M", "en-US", 1_500_000),
        ("1,5 Mio", "de", 1_500_000),
        ("1,5 Mio.", "de", 1_500_000),
        ("1.1M", "en", 1_100_000),
        ("2 Md", "fr", 2e9),
        ("3 lakh", "hi", 300_000),
        ("12,34,567", "hi", 1_234_567),
        ("4 %", "de", 4),
        ("4%", "en", 4),
        (f"4{NBSP}%", "de", 4),
        ("%62", "tr", 62),
        ("-3", "en", -3),
        ("−3", "sv", -3),
        ("+5", "en", 5),
        (" 7 ", "en", 7),
        (".5", "en", 0.5),
        ("1'000.5", "de_CH", 1000.5),
        ("1’000", "de-CH", 1000),
        ("٣٫٥", "ar", 3.5),
    ],
)
def test_a_number_is_read_as_its_locale_writes_it(text: str, locale: str, number: float) -> None:
    assert parse_number(text, locale) == number


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("1.000", "de", 1000),
        ("1.000", "en", 1),
        ("1,000", "en", 1000),
        ("1,000", "de", 1),
        ("1.5", "de", 1.5),
        ("1,5", "en", 1.5),
        ("0.500", "de", 0.5),
        ("1,000.25", "de", 1000.25),
        ("1.000.000", "en", 1_000_000),
        ("1.000", "fr", None),
        ("1,50,000", "en", None),
    ],
)
def test_what_is_ambiguous_is_for_the_locale_to_say(
    text: str, locale: str, number: float | None
) -> None:
    assert parse_number(text, locale) == number


NO_NUMBERS = (
    "|nan|inf|-inf|1e5|abc|5 kg|€5|5 €|10 5|5.|1..5|10²|½|--5|5-|0x10|10 m|1\n000|1,,000|k|%|1 2 3"
)


@pytest.mark.parametrize("text", [*NO_NUMBERS.split("|"), "9" * 65])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text, "en") is None


@pytest.mark.parametrize("text", ["1" * 100_000, "1," * 50_000, " " * 100_000, "1 " * 50_000])
def test_a_hundred_thousand_characters_are_cut_off_early(text: str) -> None:
    assert parse_number(text, "en") is None
    assert split_unit(text, "en") is None
    assert parse_day(text, "en", TODAY) is None


@given(st.text(max_size=80) | st.text("0123456789.,' +-−%k€M", max_size=70), LOCALES)
def test_any_text_is_read_without_harm(text: str, locale: str) -> None:
    number = parse_number(text, locale)
    assert number is None or abs(number) < float("inf")
    parts = split_unit(text, locale)
    assert parts is None or abs(parts[0]) < float("inf")
    if number is not None and "%" not in text:
        assert parts == (number, "")


@given(st.text(max_size=70) | st.text("0123456789./- ", max_size=12), LOCALES, st.dates())
def test_any_text_as_a_day_is_a_day_or_none(text: str, locale: str, today: date) -> None:
    assert isinstance(parse_day(text, locale, today), date | None)


@given(st.floats(-1e12, 1e12), ROUND_TRIP)
def test_what_is_shown_is_read_back(value: float, locale: str) -> None:
    read = parse_number(format_number(value, locale), locale)
    step = 0.0051 if abs(value) >= 1 else max(abs(value) * 0.00051, 1e-10)
    assert read == pytest.approx(value, abs=step, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        (1234567.891, "en", "1,234,567.89"),
        (1234567.891, "de", "1.234.567,89"),
        (1234567.0, "hi", "12,34,567"),
        (1234567.5, "de_CH", "1’234’567.5"),
        (10000.0, "fr-FR", f"10{NARROW}000"),
        (0.12345, "en", "0.1235"),
        (0.1 + 0.2, "en", "0.3"),
        (-0.0, "en", "0"),
        (3.0, "xx-YY", "3"),
        (1e300, "en", "1" + ",000" * 100),
    ],
)
def test_a_number_is_shown_without_noise(value: float, locale: str, text: str) -> None:
    assert format_number(value, locale) == text


def test_a_share_is_shown_as_per_cent() -> None:
    assert format_percent(1.25, "en") == "125%"
    assert format_percent(0.62, "de") == f"62{NBSP}%"
    assert format_percent(-0.001, "en") == "0%"
    assert format_percent(1e300, "en").endswith("%")


def test_days_and_hours_are_shown_as_the_locale_writes_them() -> None:
    assert format_day(TODAY, "en") == "Thu 12 Nov"
    assert format_day(TODAY, "en-US") == "Thu, Nov 12"
    assert format_day(TODAY, "de-DE") == "Do., 12. Nov."
    assert format_days(TODAY, date(2026, 11, 16), "en") == "12–16 Nov"
    assert format_days(TODAY, TODAY, "en") == "Thu 12 Nov"
    assert format_time(AT, "Europe/Berlin", "en") == "14:05"
    assert format_time(AT, "Asia/Kolkata", "de") == "18:35"
    assert format_moment(AT, "Europe/Berlin", "en") == "Thu 12 Nov, 14:05"
    assert format_moment(AT, "Pacific/Auckland", "en") == "Fri 13 Nov, 02:05"


def test_an_unknown_zone_is_said_in_plain_words() -> None:
    with pytest.raises(ValueError, match="no time zone 'Mars/Base'"):
        format_time(AT, "Mars/Base", "en")


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("2026-12-24", "de", date(2026, 12, 24)),
        ("24.12.", "de", date(2026, 12, 24)),
        ("24.12.2026", "de", date(2026, 12, 24)),
        ("24.12.26", "de", date(2026, 12, 24)),
        ("12/24/2026", "en_US", date(2026, 12, 24)),
        ("24/12/2026", "en_GB", date(2026, 12, 24)),
        ("3/4/2027", "en_US", date(2027, 3, 4)),
        ("3/4/2027", "en_GB", date(2027, 4, 3)),
        ("24/12/2026", "en_US", date(2026, 12, 24)),
        ("today", "de", TODAY),
        ("Tomorrow", "en", date(2026, 11, 13)),
        ("morgen", "de", date(2026, 11, 13)),
        ("aujourd'hui", "fr", TODAY),
        ("fri", "de", date(2026, 11, 13)),
        ("Freitag", "de", date(2026, 11, 13)),
        ("Thursday", "en", TODAY),
        ("Wed", "en", date(2026, 11, 18)),
        ("24 Dec", "en", date(2026, 12, 24)),
        ("Dec 24", "en-US", date(2026, 12, 24)),
        ("24. Dezember 2027", "de", date(2027, 12, 24)),
        ("the 24th of December", "en", date(2026, 12, 24)),
        ("13 Sep", "en", date(2026, 9, 13)),
        ("12 Sep", "en", date(2027, 9, 12)),
        ("29 Feb", "en", date(2028, 2, 29)),
        ("31 Feb", "en", None),
        ("2026-02-30", "en", None),
        ("2026-W01-1", "en", None),
        ("13", "en", None),
        ("soon", "en", None),
        ("24 Dec with cake", "en", None),
        ("mar. 24 nov.", "fr", date(2026, 11, 24)),
        ("mar, 30 mar 2027", "es", date(2027, 3, 30)),
        ("mar 24", "fr", None),
        ("", "en", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, locale: str, day: date | None) -> None:
    assert parse_day(text, locale, TODAY) == day


@given(
    st.dates(date(2026, 11, 12), date(2027, 9, 1)),
    st.sampled_from(["en", "en-US", "de", "fr", "pt_BR", "hi", "sv", "es", "ja"]),
)
def test_a_day_that_is_shown_is_read_back(day: date, locale: str) -> None:
    assert parse_day(format_day(day, locale), locale, TODAY) == day


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("4%", (4, "%")),
        ("4 %", (4, "%")),
        ("€10k", (10000, "€")),
        ("10k €", (10000, "€")),
        ("-€5", (-5, "€")),
        ("US$ 5.5", (5.5, "US$")),
        ("EUR 10k", (10000, "EUR")),
        ("45 days", (45, "days")),
        ("12 ms", (12, "ms")),
        ("45 kg", (45, "kg")),
        ("10 m²", (10, "m²")),
        ("1.5M users", (1_500_000, "users")),
        ("5/week", (5, "/week")),
        ("10 000 €", (10000, "€")),
        ("7", (7, "")),
        ("all 5", None),
        ("5 and 2", None),
        ("€", None),
    ],
)
def test_a_unit_is_parted_from_its_number(text: str, parts: tuple[float, str] | None) -> None:
    assert split_unit(text, "en") == parts
