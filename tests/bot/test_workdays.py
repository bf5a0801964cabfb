"""Holidays and weekends of countries."""

from datetime import date

import pytest

from bot.workdays import holidays_of, known_country, public_holidays, weekend_of


def test_holidays_of_a_country() -> None:
    days = holidays_of("DE", [2026, 2027])
    assert {date(2026, 12, 25), date(2027, 1, 1)} <= days
    assert date(2026, 12, 23) not in days
    assert {day.year for day in days} == {2026, 2027}


def test_a_part_of_a_country_has_its_own() -> None:
    assert date(2026, 1, 6) in holidays_of("de-by", [2026])
    assert date(2026, 1, 6) not in holidays_of("DE", [2026])


@pytest.mark.parametrize("country", ["", "XX", "Germany", "-", "XX-YY"])
def test_an_unknown_country_has_none_and_an_ordinary_weekend(country: str) -> None:
    assert not known_country(country)
    assert holidays_of(country, [2026]) == frozenset()
    assert weekend_of(country) == {5, 6}


def test_an_unknown_part_has_the_holidays_of_its_country() -> None:
    assert not known_country("DE-XX")
    assert holidays_of("DE-XX", [2026]) == holidays_of("DE", [2026])


def test_known_countries() -> None:
    assert all(map(known_country, ["DE", "de", "DE-BY", "US", "US-CA", "IN"]))


def test_no_years_no_holidays() -> None:
    assert holidays_of("DE", []) == frozenset()


@pytest.mark.parametrize(
    ("country", "weekend"), [("DE", {5, 6}), ("IL", {4, 5}), ("AE", {5, 6}), ("US-CA", {5, 6})]
)
def test_weekends(country: str, weekend: set[int]) -> None:
    assert weekend_of(country) == weekend


@pytest.mark.parametrize("machine", ["C", "de", "en_US"])
@pytest.mark.parametrize(
    ("country", "locale", "name"),
    [
        ("DE", "de-DE", "Neujahr"),
        ("DE", "en", "New Year's Day"),
        ("US-CA", "de", "New Year's Day"),
        ("FR", "de", "Jour de l'an"),
    ],
)
def test_holidays_are_named_for_their_reader_and_not_for_the_machine(
    monkeypatch: pytest.MonkeyPatch, machine: str, country: str, locale: str, name: str
) -> None:
    monkeypatch.setenv("LANGUAGE", machine)
    new_year = date(2027, 1, 1)
    assert public_holidays(country, new_year, new_year, locale) == [(new_year, name)]


def test_every_known_country_can_be_asked() -> None:
    import holidays

    for country in holidays.utils.list_supported_countries():
        assert weekend_of(country) <= set(range(7))
        assert all(day.year == 2026 for day in holidays_of(country, [2026]))
