"""Whatever people edit, move and answer late: a score is the formula applied to the history."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import picture
from bot.cast import ALICE, BOB, CHURN, NPS
from bot.chat.replies import Fix, Open, Quiet, Say
from bot.method.grade import rounded
from bot.method.score import clamp
from bot.quarter import verdicts
from bot.term import term
from storage import objectives
from storage.engine import open_database
from storage.reviews import Review
from tests.engines import Engine
from tests.house import House

VALUES = st.integers(20, 60)
TARGETS = st.sampled_from([33, 40, 45, 50, 58])
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(["value", "late"]), VALUES),
    st.tuples(st.sampled_from(["edit", "propose"]), TARGETS),
    st.tuples(st.sampled_from(["approve", "refuse", "week"]), st.just(0)),
)


@dataclass
class History:
    """What was said of NPS, told apart from how the bot keeps it."""

    week: int = 5
    values: dict[int, float] = field(default_factory=lambda: {2: 33, 3: 35, 4: 36})
    targets: list[int] = field(default_factory=lambda: [45])
    proposed: tuple[int, int] | None = None
    """The week and the target that wait for a word."""

    @property
    def progress(self) -> float:
        return self.against(self.targets[-1])

    def against(self, target: int) -> float:
        last = self.values[max(self.values)]
        return (last - 32) / (target - 32)


async def act(house: House, history: History, what: str, number: int) -> None:
    """One thing that somebody does, and what it means by the rules."""
    match what:
        case "value":
            said = await house.says(BOB, f"kr 1 {number}")
            assert isinstance(said, Say | Quiet)
            if isinstance(said, Say) and said.card.title == "Not saved yet":
                await house.says(BOB, f"kr 1 {number}")  # asked back once, as it is far off
            history.values[history.week] = number
        case "late":
            form = await house.presses(BOB, f"checkin:open:1:{history.week - 1}")
            if isinstance(form, Open):
                sent = await house.sends(BOB, form, value_1=str(number))
                if isinstance(sent, Fix):  # asked back once, where it is far from all others
                    sent = await house.sends(BOB, sent, value_1=str(number))
                assert not isinstance(sent, Fix), sent
                history.values[history.week - 1] = number
        case "edit" if number != history.targets[-1]:
            form = await house.says(ALICE, "edit 1")
            saved = await house.sends(ALICE, form, target=str(number), reason="a lead's word")
            assert isinstance(saved, Say), saved
            history.targets.append(number)
            history.proposed = None
        case "propose" if number != history.targets[-1]:
            form = await house.says(BOB, "edit 1")
            saved = await house.sends(BOB, form, target=str(number), reason="seems right")
            assert isinstance(saved, Say), saved
            history.proposed = (history.week, number)
        case "approve" | "refuse" if history.proposed is not None:
            week, target = history.proposed
            row = await house.database.read(
                lambda s: s.get_one(Review, (1, week, 1)).version, patience=None
            )
            reply = await house.presses(ALICE, f"review:{what}:1:{week}:1:{row}")
            if what == "refuse":
                await house.sends(ALICE, reply, why="not now")
            else:
                history.targets.append(target)
            history.proposed = None
        case "week" if history.week < 10:
            history.week += 1
            await house.go_to("Mon 09:00", week=history.week)


def figures(session: Session, house: House) -> tuple[float | None, float | None, float | None]:
    """The progress now, and what a grade would be, of the present and the first target."""
    now = term(session, house.now)
    found = objectives.key_result(session, NPS.id or 0)
    assert found is not None
    assert now.cycle is not None
    (standing,) = picture.standings(session, now, [found])
    (verdict,) = verdicts.verdicts(session, now.at_the_end_of(now.cycle), [found])
    return standing.progress, verdict.figures, verdict.figures_original


async def told(room: Path, engine: Engine, actions: list[tuple[str, int]]) -> None:
    database = open_database(engine.clean(room))
    try:
        house, history = await House.open(database, running="waiting"), History()
        for what, number in actions:
            await act(house, history, what, number)
            progress, now, first = await house.database.read(
                lambda s: figures(s, house), patience=None
            )
            assert progress == pytest.approx(history.progress)
            assert now == rounded(clamp(history.progress))
            moved = len(history.targets) > 1
            assert first == (rounded(clamp(history.against(45))) if moved else None)
    finally:
        database.close()


EVERYTHING = [
    ("value", 41), ("propose", 58), ("week", 0), ("late", 50), ("approve", 0), ("edit", 40),
    ("propose", 50), ("refuse", 0), ("propose", 33), ("week", 0), ("edit", 45), ("approve", 0),
    ("late", 30), ("propose", 50), ("approve", 0),
]  # fmt: skip


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(EVERYTHING)
@given(st.lists(ACTIONS, min_size=1, max_size=12))
def test_a_score_is_the_formula_applied_to_the_history(
    files: Engine, tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int]]
) -> None:
    asyncio.run(told(tmp_path_factory.mktemp("history"), files, actions))


def test_the_cast_is_what_the_history_begins_with() -> None:
    assert (NPS.baseline, NPS.target, NPS.kind, CHURN.kind) == (32, 45, "increase", "decrease")
