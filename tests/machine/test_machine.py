"""Weeks of the company in which everything goes wrong in any order: the promises are kept."""

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot import courier
from tests.engines import Engine
from tests.machine.bugs import BUGS, Bug, planted
from tests.machine.company import Company, holiday
from tests.machine.machine import STARTS, Machine, Stage, scene
from tests.machine.place import place_of
from tests.machine.promises import ALWAYS, Broken, keep
from tests.machine.wire import Trouble, steps_are_noted

CHAOS = bool(os.environ.get("OKR_CHAOS"))
"""The long run: `make chaos`."""


def run(
    machine: type[Stage], engine: Engine, room: Path, *, examples: int, steps: int, anew: bool
) -> None:
    """Run a machine, the same way each time unless `anew`. Raises what it finds."""
    phases = [Phase.generate, Phase.shrink] if anew else [Phase.generate]
    with place_of(engine, room) as place, steps_are_noted():
        machine.place = place
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=not anew,
                deadline=None,
                database=None,
                phases=phases,
                report_multiple_bugs=False,
                # An example is a week and takes a second on a busy machine; that is no fault.
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "PAUSE", 0)


@pytest.mark.timeout(3600 if CHAOS else 120)
@pytest.mark.parametrize(
    ("engine", "examples"),
    [("sqlite", 400 if CHAOS else 8), ("postgresql", 100 if CHAOS else 2)],
    indirect=["engine"],
)
def test_whatever_happens_the_promises_are_kept(
    engine: Engine, tmp_path: Path, examples: int
) -> None:
    run(Machine, engine, tmp_path, examples=examples, steps=20, anew=CHAOS)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_a_planted_bug_is_found(engine: Engine, tmp_path: Path, bug: Bug) -> None:
    machine = scene(*sorted(bug.scene))
    with planted(bug), pytest.raises(Broken) as found:
        run(machine, engine, tmp_path, examples=60, steps=8, anew=False)
    assert found.value.promise in bug.breaks


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_was_refused_and_then_moved_was_not_sent_too_early(
    engine: Engine, tmp_path: Path
) -> None:
    """Monday's digest is refused, Monday becomes free, and on Tuesday it arrives."""
    with place_of(engine, tmp_path) as place, steps_are_noted():
        company = Company(place, STARTS[0], budget=2, looks_up=True)
        company.platform.ills = ["not now"] * 9
        company.until_something_is_due(timedelta())
        company.delivers(0)
        company.changes(holiday(company.witness.now.date()))
        company.platform.ills = []
        company.time_goes_on(timedelta(days=1))
        company.delivers(0)
        keep(ALWAYS, company.witness)
        tries = Counter(attempt.key for attempt in company.witness.attempts)
        arrived = {posting.key for posting in company.witness.postings}
        company.close()
    assert any(tries[key] > 1 for key in arrived)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_may_have_arrived_takes_its_place_in_the_week(engine: Engine, tmp_path: Path) -> None:
    """The last week asks for lessons on Wednesday and for a KPI on Thursday; one may be asked."""
    with place_of(engine, tmp_path) as place, steps_are_noted():
        company = Company(place, STARTS[-1], budget=1, looks_up=True)
        while not any(a.key.startswith("retro:ask") for a in company.witness.attempts):
            company.until_something_is_due(timedelta())
            company.delivers(0, Trouble("dies", "send", after=True))
            company.restarts()
        company.time_goes_on(timedelta(days=1, hours=9, minutes=30))
        company.delivers(0)
        keep(ALWAYS, company.witness)
        arrived = {posting.key for posting in company.witness.postings}
        company.close()
    assert any(key.startswith("retro:ask") for key in arrived)
