"""Key results as people type them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.method.shorthand import Drafted, parse_key_result


@pytest.mark.parametrize(
    ("text", "locale", "drafted"),
    [
        ("decrease churn from 4% to 3%", "en", ("churn", "decrease", 4, 3, "%")),
        ("churn 4% -> 3%", "en", ("churn", "decrease", 4, 3, "%")),
        ("churn 4%→3%", "en", ("churn", "decrease", 4, 3, "%")),
        ("Increase NPS from 32 to 45.", "en", ("NPS", "increase", 32, 45, "")),
        ("raise revenue to 10k €", "en", ("revenue", "increase", None, 10000, "€")),
        ("increase revenue above €10k", "en", ("revenue", "increase", None, 10000, "€")),
        ("Churn von 4 % auf 3 % senken", "de", ("Churn", "decrease", 4, 3, "%")),
        ("Umsatz auf 10k € steigern", "de", ("Umsatz", "increase", None, 10000, "€")),
        ("NPS von 32 auf 45 erhöhen", "de", ("NPS", "increase", 32, 45, "")),
        ("NPS von 32 auf 45 erhöhen bis März", "de", ("NPS bis März", "increase", 32, 45, "")),
        ("Umsatz von 1.000,25 € auf 1,5 Mio. €", "de", ("Umsatz", "increase", 1000.25, 1.5e6, "€")),
        ("ventes 10 000 -> 20 000 €", "fr", ("ventes", "increase", 10000, 20000, "€")),
        (
            "reduce time to first response from 5 h to 2 h",
            "en",
            ("time to first response", "decrease", 5, 2, "h"),
        ),
    ],
)
def test_a_way_from_here_to_there(
    text: str, locale: str, drafted: tuple[str, str, float | None, float, str]
) -> None:
    found = parse_key_result(text, locale)
    assert found is not None
    assert (found.title, found.kind, found.baseline, found.target, found.unit) == drafted
    assert not found.contradiction
    assert not found.flat


@pytest.mark.parametrize(
    ("text", "drafted"),
    [
        ("calls about booking from 900 to 500 a week", ("calls about booking", 900, 500, "a week")),
        ("calls from 900 a week to 500 a week", ("calls", 900, 500, "a week")),
        ("calls from 900 calls to 500 calls per week", ("calls", 900, 500, "calls per week")),
        ("calls from 900 calls a week to 500", ("calls", 900, 500, "calls a week")),
        ("hosting from 10 000 € a month to 5 000 € a month", ("hosting", 10000, 5000, "€ a month")),
        ("Anrufe von 900 auf 500 am Tag senken", ("Anrufe", 900, 500, "am Tag")),
        (
            "Anrufe von 900 auf 500 pro Woche, ohne Berlin",
            ("Anrufe ohne Berlin", 900, 500, "pro Woche"),
        ),
        ("calls from 900 to 500 a head", ("calls a head", 900, 500, "")),
    ],
)
def test_how_often_is_a_part_of_the_unit(text: str, drafted: tuple[str, float, float, str]) -> None:
    found = parse_key_result(text, "fr" if "000" in text else "en")
    assert found is not None
    assert (found.title, found.baseline, found.target, found.unit) == drafted


def test_how_often_stands_with_a_bound_too() -> None:
    found = parse_key_result("keep outages below 3 a month", "en")
    assert found == Drafted("outages", "within", high=3, unit="a month")


@pytest.mark.parametrize(
    ("text", "locale", "drafted"),
    [
        ("keep uptime above 99.9%", "en", ("uptime", 99.9, None, "%")),
        ("uptime >=99.9%", "en", ("uptime", 99.9, None, "%")),
        ("keep uptime at least 99.9 %", "en", ("uptime", 99.9, None, "%")),
        ("keep response time between 1 and 2 h", "en", ("response time", 1, 2, "h")),
        ("keep response time between 2 h and 1 h", "en", ("response time", 1, 2, "h")),
        ("keep costs below 10k", "en", ("costs", None, 10000, "")),
        ("Verfügbarkeit über 99,9 % halten", "de", ("Verfügbarkeit", 99.9, None, "%")),
        ("Antwortzeit zwischen 1 und 2 h halten", "de", ("Antwortzeit", 1, 2, "h")),
    ],
)
def test_a_range_to_stay_in(
    text: str, locale: str, drafted: tuple[str, float | None, float | None, str]
) -> None:
    found = parse_key_result(text, locale)
    assert found is not None
    assert found.kind == "within"
    assert (found.title, found.low, found.high, found.unit) == drafted
    assert (found.baseline, found.target) == (None, None)


@pytest.mark.parametrize(
    "text", ["Launch in Spain", "Hire 5 engineers", "Talk to 10 customers", "Ship v2 by 2026"]
)
def test_what_says_no_direction_is_done_or_not(text: str) -> None:
    assert parse_key_result(text, "en") == Drafted(text, "done")


def test_words_against_numbers_are_a_contradiction() -> None:
    found = parse_key_result("reduce x from 1 to 5", "en")
    assert found == Drafted("x", "increase", 1, 5, contradiction=True)
    found = parse_key_result("NPS von 45 auf 32 erhöhen", "de")
    assert found == Drafted("NPS", "decrease", 45, 32, contradiction=True)


def test_a_target_at_the_baseline_is_flat() -> None:
    found = parse_key_result("reduce bugs from 5 to 5", "en")
    assert found == Drafted("bugs", "decrease", 5, 5, flat=True)


def test_two_units_are_not_guessed_at() -> None:
    assert parse_key_result("cut build from 90 min to 1 h", "en") is None


def test_a_line_of_numbers_alone_is_its_own_title() -> None:
    found = parse_key_result("4% -> 3%", "en")
    assert found == Drafted("4% -> 3%", "decrease", 4, 3, unit="%")


@pytest.mark.parametrize("text", ["", "  ", "...", "x" * 1001])
def test_nothing_and_too_much_are_none(text: str) -> None:
    assert parse_key_result(text, "en") is None


WORDS = "from|to|von|auf|between|and|1|4%|10k|€|->|above|at least|senken|increase|,|.|≥"


@given(
    st.text(max_size=200) | st.lists(st.sampled_from(WORDS.split("|")), max_size=20).map(" ".join),
    st.sampled_from(["en", "de-DE", "fr", "nowhere"]),
)
def test_any_line_is_read_without_harm(text: str, locale: str) -> None:
    found = parse_key_result(text, locale)
    assert found is None or found.title
    if found is not None and found.kind == "within" and None not in (found.low, found.high):
        assert (found.low or 0) <= (found.high or 0)


@pytest.mark.parametrize(
    "text", ["1 " * 50_000, "a" * 100_000, "from 1 to " * 99, "1 " * 499, ",1" * 499, "-" * 999]
)
def test_long_lines_are_read_in_no_time(text: str) -> None:
    started = time.process_time()
    parse_key_result(text, "en")
    assert time.process_time() - started < 2
