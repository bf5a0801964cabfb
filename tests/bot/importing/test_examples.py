"""The sample company: it imports, it holds what the demo shows, its people have characters."""

from collections import Counter
from pathlib import Path

import pytest

from bot.demo.characters import characters
from bot.importing import Company, check, read, sample, write_examples
from storage.cycles import Cycle
from tests.bot.importing.conftest import ENDS, STARTS, TODAY

CYCLE = Cycle(name="Q4", starts=STARTS, ends=ENDS)


@pytest.fixture(scope="module")
def company() -> Company:
    found = check(sample(), Company(), locale="en", cycle=CYCLE, today=TODAY)
    assert (found.errors, found.notices) == ((), ())
    return found.company


@pytest.mark.parametrize("locale", ["en", "de-DE", "de-CH", "fr-FR", "en-IN"])
@pytest.mark.parametrize("suffix", [".csv", ".yaml"])
def test_examples_import_without_an_error_in_every_locale(
    company: Company, tmp_path: Path, locale: str, suffix: str
) -> None:
    paths = [path for path in write_examples(tmp_path / "new", locale) if path.suffix == suffix]
    tables = read(paths, locale)
    found = check(tables, Company(), locale=locale, cycle=CYCLE, today=TODAY)
    assert (found.errors, found.notices) == ((), ())
    assert found.company == company


def test_examples_overwrite_nothing(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"teams\.csv is there already"):
        write_examples(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["teams.csv"]


def test_the_sample_shows_every_side_of_the_method(company: Company) -> None:
    key_results = company.key_results.values()
    assert {kr.kind for kr in key_results} == {
        "increase",
        "decrease",
        "within",
        "milestones",
        "done",
    }
    assert {kr.curve for kr in key_results} == {"linear", "late", "steps"}
    open_sides = {(kr.low is None, kr.high is None) for kr in key_results if kr.kind == "within"}
    assert open_sides == {(False, False), (True, False), (False, True)}
    assert any(kr.kind == "increase" and kr.baseline is None for kr in key_results)
    assert {one.commitment for one in company.objectives.values()} == {"committed", "aspirational"}
    owners = Counter(kr.owner for kr in key_results)
    assert owners["bob@harbour.example"] == 4
    assert set(company.people) - set(owners), "somebody has the short form"
    assert len(company.people) == 14
    assert len({person.zone for person in company.people.values()}) == 3
    assert [t.level for t in company.teams.values()].count("team") == 4
    assert len(company.kpis) == 4
    assert company.people["alice@harbour.example"].admin


def test_one_kpi_is_outside_its_range(company: Company) -> None:
    outside = []
    for kpi in company.kpis.values():
        readings = [reading for reading in company.readings if reading.kpi == kpi.slug]
        assert len(readings) >= 10
        last = max(readings, key=lambda reading: reading.day).value
        if (kpi.low is not None and last < kpi.low) or (kpi.high is not None and last > kpi.high):
            outside.append(kpi.slug)
    assert outside == ["no-shows"]


def test_everybody_and_everything_has_a_course(company: Company) -> None:
    known = characters()
    assert set(known.people) == set(company.people)
    assert set(known.key_results) == {kr.reference for kr in company.key_results.values()}
    assert set(known.kpis) == set(company.kpis)
    for kr in company.key_results.values():
        course = known.key_results[kr.reference or ""]
        assert (len(course.values), len(course.confidence)) == (13, 13)
        assert all(1 <= confidence <= 10 for confidence in course.confidence)
        assert all(1 <= week <= 13 for week in (*course.notes, *course.done))
        done = [title for titles in course.done.values() for title in titles]
        assert sorted(done) == sorted(step.title for step in kr.milestones)
    assert {len(values) for values in known.kpis.values()} == {13}


def test_people_ask_for_help_from_each_other(company: Company) -> None:
    known = characters()
    for email, character in known.people.items():
        weeks = (*character.lines, *character.blockers, *character.commitments)
        assert all(1 <= week <= 13 for week in weeks)
        assert all(len(said) <= 3 for said in character.commitments.values())
        for blocker in character.blockers.values():
            assert blocker.helper in company.people
            assert blocker.helper != email
    assert {one.habit for one in known.people.values()} == {
        "prompt",
        "late",
        "forgetful",
        "terse",
        "thorough",
    }


def test_somebody_loses_confidence_and_somebody_has_too_much_of_it() -> None:
    courses = characters().key_results
    falls = {
        reference
        for reference, course in courses.items()
        for before, now in zip(course.confidence, course.confidence[1:], strict=False)
        if before - now >= 3
    }
    assert falls == {"P1.1", "K1.1"}
    assert courses["G2.1"].confidence[4] == 9
