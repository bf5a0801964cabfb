"""What is drawn of key results."""

from dataclasses import replace
from datetime import date

from bot import cast, picture
from bot.picture import Standing
from bot.texts import Voice
from storage.objectives import KeyResult

VOICE = Voice("en", "Europe/Berlin")


def drill(*values: float, week: int) -> Standing:
    template = cast.standings()[0]
    kr = KeyResult(
        id=9, objective_id=1, owner_id=2, title="Restored in a drill", kind="done",
        due=date(2027, 1, 1),
    )  # fmt: skip
    said = template.updates[0]
    updates = tuple(said._replace(week=n, value=value) for n, value in enumerate(values, 2))
    return replace(template, kr=kr, week=week, updates=updates, milestones=())


def test_a_flat_line_that_nothing_is_expected_of_is_not_drawn() -> None:
    assert picture.course(VOICE, "My progress", [drill(0, 0, 0, week=4)], 4) is None


def test_a_line_that_moves_is_drawn_and_so_is_a_flat_one_beside_its_pace() -> None:
    assert picture.course(VOICE, "My progress", [drill(0, 0, 1, week=4)], 4)
    both = [drill(0, 0, 0, week=5), cast.standings()[0]]
    assert picture.course(VOICE, "My progress", both, 5)
