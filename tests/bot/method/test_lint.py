"""What is said of drafts, rule by rule (METHOD 4)."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cast
from bot.method import lint
from bot.method.lint import Draft, Goal, Part, Past, Spoken
from bot.method.lint.wording import hint, metric, number

LAST = date(2027, 1, 1)


def rules(spoken: Iterable[Spoken]) -> set[str]:
    return {each.rule for each in spoken}


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Clinics love their first week with us", set()),
        ("Booking never lets a patient down", set()),
        ("Praxen lieben ihre erste Woche mit uns", set()),
        ("Launch the new portal for clinics", {"objective_task"}),
        ("Das neue Portal für Praxen bauen", {"objective_task"}),
        ("Implementiere das neue Portal für Praxen", {"objective_task"}),
        ("Praxen können ohne Anruf alles selbst umsetzen", set()),
        ("Release day is boring for everybody", set()),
        ("Release the new app to clinics", {"objective_task"}),
        ("Einführung des neuen Systems überall", {"objective_task"}),
        ("Clinics reach an NPS of 45", {"objective_numbers"}),
        ("Clinics trust us with ISO 27001 data", set()),
        ("Patients can book 24/7 without calling", set()),
        ("Happy clinics", {"objective_short"}),
        ("Improve our onboarding process", {"objective_vague"}),
        ("Unsere Prozesse im Alltag optimieren", {"objective_vague"}),
        ("Better mornings for clinics that switch to us", set()),
        (" ".join(["clinic"] * 19), {"objective_long"}),
    ],
)
def test_an_objective(title: str, found: set[str]) -> None:
    assert rules(lint.objective(title)) == found


def test_how_an_objective_stands() -> None:
    assert rules(lint.standing(Goal(3, owner=True, parent=True))) == set()
    assert rules(lint.standing(Goal(1, owner=False, parent=False))) == {
        "few_key_results", "no_owner", "no_parent",
    }  # fmt: skip
    assert rules(lint.standing(Goal(6))) == {"many_key_results"}


CHURN = Draft("Churn in the first 90 days", "decrease", 4, 3, unit="%")


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        (CHURN, set()),
        (Draft("Churn", "decrease", None, 3, unit="%"), {"no_baseline"}),
        (Draft("Paying clinics", "increase", 10, 20), {"no_unit"}),
        (Draft("Paying clinics", "increase", 10, None), {"no_number"}),
        (Draft("Paying clinics", "within"), {"no_number"}),
        (Draft("Launch the portal", "done"), {"task"}),
        (Draft("Portal bauen", "milestones"), {"task"}),
        (Draft("Build success rate", "increase", 80, 95, unit="%"), set()),
        (Draft("Release cycle time", "decrease", 5, 3, unit="days"), set()),
        (Draft("Sales calls", "increase", 0, 50, unit="calls"), {"activity"}),
        (Draft("make 50 sales calls", "done"), {"activity", "done_but_number"}),
        (Draft("Demos vor Ort", "increase", 0, 50, unit="Demos"), {"activity"}),
        (Draft("Calls answered within a minute", "increase", 60, 95, unit="%"), set()),
        (Draft("Demos that turn into trials", "increase", 5, 20, unit="demos"), set()),
        (Draft("Keep uptime", "within", low=99.9, unit="%"), {"kpi_kept"}),
        (Draft("Uptime", "within", low=99.9, unit="%", past=Past(99.2)), set()),
        (Draft("Uptime", "within", low=99.9, unit="%", past=Past(99.9)), {"kpi_kept"}),
        (Draft("Churn", "decrease", 4, 3, unit="%", past=Past(quarters=1)), {"kpi_again"}),
        (Draft("Churn", "decrease", 4, 3, unit="%", past=Past(None, 1, carried=True)), set()),
        (Draft("Churn", "decrease", 4, 3, unit="%", past=Past(3.0)), {"target_reached"}),
        (Draft("NPS", "increase", 32, 45, unit="points", past=Past(46)), {"target_reached"}),
        (Draft("NPS", "increase", 32, 45, unit="points", past=Past(44)), set()),
        (Draft("Reduce complaints", "increase", 4, 9, unit="a week"), {"direction"}),
        (Draft("Wartezeit senken", "increase", 4, 9, unit="min"), {"direction"}),
        (Draft("Complaints", "decrease", 4, 9, unit="a week"), {"direction"}),
        (Draft("5 clinics live with the guide", "done"), {"done_but_number"}),
        (Draft("SOC 2 report signed in 2026", "done"), set()),
        (Draft("Churn is down", "done", past=Past(numbered=True)), {"done_but_number"}),
        (Draft("Churn", "decrease", 4, 3, unit="%", past=Past(teams=("Ops",))), {"same_metric"}),
    ],
)  # fmt: skip
def test_a_key_result(draft: Draft, found: set[str]) -> None:
    assert rules(lint.key_result(draft)) == found


def test_what_a_rule_speaks_of() -> None:
    (reached,) = lint.key_result(Draft("NPS", "increase", 32, 45, unit="points", past=Past(46)))
    assert reached == Spoken("target_reached", {"target": 45, "last": 46, "unit": "points"})


def volumes(count: int, **more: int) -> list[Part]:
    return [Part(Draft(f"New clinics {i}", "increase", 0, 9), LAST, **more) for i in range(count)]


def test_a_set() -> None:
    early = Part(CHURN, date(2026, 11, 27), 6)
    assert rules(lint.team_set(5, [early, Part(CHURN, LAST, 7)], LAST)) == set()
    assert rules(lint.team_set(6, [], LAST)) == {"many_objectives"}
    assert rules(lint.team_set(1, volumes(2), LAST)) == {"all_volume"}
    assert rules(lint.team_set(1, volumes(3), LAST)) == {"all_volume", "all_last_day"}
    assert rules(lint.team_set(1, [*volumes(3), early], LAST)) == set()
    assert rules(lint.team_set(1, [*volumes(1, confidence=10)] * 2, LAST)) >= {"too_sure"}
    assert rules(lint.team_set(1, [*volumes(1, confidence=2)] * 2, LAST)) >= {"too_unsure"}
    nine = [Part(CHURN, date(2026, 12, 1), 9)] * 2
    assert rules(lint.team_set(1, nine, LAST)) == set()


def test_two_owners_of_the_same() -> None:
    titles = {1: ("Cut churn", 2), 2: ("cut  churn!", 3), 3: ("NPS", 2), 4: ("NPS", 2)}
    assert lint.doubled(titles).keys() == {1, 2}


def test_titles_that_measure_the_same() -> None:
    same = metric("Cut churn in the first 90 days from 4% to 3%")
    assert same == metric("Churn in first 90 days") == "churn days first"
    assert same != metric("Churn of clinics")
    assert metric("Wartezeit von 9 auf 4 Minuten senken") == "minuten wartezeit"
    assert hint("Cut churn in the first 90 days") in same.split()
    assert hint("from 4 to 3") == ""
    assert number("from 1.000,25 € to 2k") == "1.000,25"


@given(st.text(max_size=300), st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_anything_typed_is_judged(title: str, baseline: float, target: float) -> None:
    for kind in ("increase", "decrease", "within", "milestones", "done"):
        draft = Draft(title, kind, baseline, target, past=Past(target))
        assert {*rules(lint.objective(title)), *rules(lint.key_result(draft))} <= set(lint.RULES)
    assert hint(title) in metric(title).split() or not metric(title)


def test_the_fixed_cast_writes_well() -> None:
    for goal in (cast.LOVED, cast.STEADY):
        assert rules(lint.objective(goal.title)) == set()
