"""Rules about one objective."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.method.lint import wording
from bot.method.lint.rules import Spoken

FEWEST_WORDS = 4
MOST_WORDS = 18
FEWEST_KEY_RESULTS = 2
MOST_KEY_RESULTS = 5


@dataclass(frozen=True)
class Goal:
    """An objective as it stands in its set. `parent` is None where there is none to have."""

    key_results: int
    owner: bool = True
    parent: bool | None = None


def objective(title: str) -> Iterator[Spoken]:
    """What its sentence says."""
    task = wording.task(title)
    if task:
        yield Spoken("objective_task", {"word": task})
    number = wording.number(title)
    if number:
        yield Spoken("objective_numbers", {"number": number})
    own, count = wording.tokens(title), len(title.split())
    vague = next((word for word in own if word in wording.VAGUE), "")
    if vague and not wording.STATED.intersection(own):
        yield Spoken("objective_vague", {"word": wording.as_typed(title, vague)})
    elif count < FEWEST_WORDS and not task:
        yield Spoken("objective_short", {"count": count})
    if count > MOST_WORDS:
        yield Spoken("objective_long", {"count": count, "most": MOST_WORDS})


def standing(goal: Goal) -> Iterator[Spoken]:
    """How it stands in its set."""
    if goal.key_results < FEWEST_KEY_RESULTS:
        yield Spoken("few_key_results", {"count": goal.key_results})
    if goal.key_results > MOST_KEY_RESULTS:
        yield Spoken("many_key_results", {"count": goal.key_results, "most": MOST_KEY_RESULTS})
    if not goal.owner:
        yield Spoken("no_owner")
    if goal.parent is False:
        yield Spoken("no_parent")
