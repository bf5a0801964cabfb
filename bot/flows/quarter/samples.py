"""Examples of a quarter as a whole."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot import cast
from bot.chat.stage import Example
from bot.flows.quarter import cards
from bot.flows.quarter.state import Own, State
from bot.method.calibration import Calibration
from bot.method.hindsight import Hindsight, Some
from bot.quarter.attendance import Attendance
from bot.quarter.verdicts import ObjectiveGrades, TeamGrades, Verdict
from bot.texts import Voice
from storage.cycles import Cycle
from storage.grades import Grade

BEFORE = Cycle(id=9, name="2026 Q3 (2026-07-06)", starts=date(2026, 7, 6), ends=date(2026, 10, 4))
ATTENDED = Attendance(31, 4, 5, (40.0, 48.0, 52.0, 71.0))
TEAMS = {1: cast.COMPANY, 2: cast.GROWTH}


def _graded(title: str = "") -> TeamGrades:
    given = {1: 0.8, 2: 0.3, 3: 1.0, 4: 0.6}
    verdicts = [
        Verdict(s, (), Grade(key_result_id=s.id, cycle_id=1, grade=given[s.id], at=cast.FRIDAY))
        for s in cast.standings(answered=True)
    ]
    loved = cast.LOVED.model_copy(update={"title": title}) if title else cast.LOVED
    return TeamGrades(
        2,
        (
            ObjectiveGrades(loved, [v for v in verdicts if v.kr.objective_id == 1]),
            ObjectiveGrades(cast.STEADY, [replace(v, given=None) for v in verdicts[2:3]]),
        ),
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Harbour's fourth quarter in week 5, and its third."""
    believed = Calibration(8, 0.72, 0.5)
    running = State(
        cast.TERM, False, 5, TEAMS, (1,), {2: cast.standings(answered=True)}, {}, ATTENDED,
        (Own(cast.GROWTH, ATTENDED),), 6, 4, 3,
    )  # fmt: skip
    over = replace(
        running,
        term=replace(cast.TERM, cycle=BEFORE),
        over=True,
        week=None,
        standings={},
        grades={2: _graded()},
        own=(Own(cast.GROWTH, ATTENDED, believed), Own(cast.COMPANY)),
        foretold=Hindsight(Some(6, 8), Some(3, 8)),
    )
    hostile = replace(over, grades={2: _graded(cast.HOSTILE)})
    none = State(replace(cast.TERM, cycle=BEFORE), True, None)
    every = [cast.CYCLE, BEFORE]
    shown = (
        ("running", cards.card(voice, running, BEFORE)),
        ("over", cards.card(voice, over, None, cast.CYCLE)),
        ("over, with hostile text", cards.card(voice, hostile)),
        ("without anything", cards.card(voice, none)),
        ("unknown", cards.listed(voice, every, "Q7")),
        ("unknown, hostile", cards.listed(voice, every * 8, cast.HOSTILE)),
        ("none yet", cards.listed(voice, ())),
    )
    return (Example("quarter", name, card) for name, card in shown)
