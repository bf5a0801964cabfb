"""Rules about all that a team drafts, taken together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.method.lint import wording
from bot.method.lint.key_result import Draft, qualitative
from bot.method.lint.rules import Spoken

MOST_OBJECTIVES = 5
SURE = 9
UNSURE = 3
FEWEST_VOLUMES = 2
FEWEST_LATE = 3
FEWEST_BELIEFS = 2


@dataclass(frozen=True)
class Part:
    """A key result as a part of its set. `shows` is the day on which one first sees it move."""

    draft: Draft
    shows: date
    confidence: int | None = None


def team_set(objectives: int, parts: Sequence[Part], last_day: date) -> Iterator[Spoken]:
    """What is to be said of a team's set as a whole."""
    if objectives > MOST_OBJECTIVES:
        yield Spoken("many_objectives", {"count": objectives, "most": MOST_OBJECTIVES})
    numbered = [part.draft for part in parts if part.draft.kind not in ("done", "milestones")]
    if len(numbered) >= FEWEST_VOLUMES and not any(map(qualitative, numbered)):
        yield Spoken("all_volume", {"count": len(numbered)})
    if len(parts) >= FEWEST_LATE and all(part.shows >= last_day for part in parts):
        yield Spoken("all_last_day", {"day": last_day})
    beliefs = [part.confidence for part in parts if part.confidence is not None]
    if len(beliefs) >= FEWEST_BELIEFS:
        mean = math.fsum(beliefs) / len(beliefs)
        if mean > SURE:
            yield Spoken("too_sure", {"mean": mean})
        if mean < UNSURE:
            yield Spoken("too_unsure", {"mean": mean})


def doubled(owners: Mapping[int, tuple[str, int | None]]) -> dict[int, Spoken]:
    """What stands twice under two owners, by the numbers of both: title and owner are given."""
    by_title: dict[str, list[int]] = {}
    for number, (title, _) in owners.items():
        by_title.setdefault(" ".join(wording.tokens(title)), []).append(number)
    return {
        number: Spoken("two_owners")
        for same in by_title.values()
        if len({owners[number][1] for number in same} - {None}) > 1
        for number in same
    }
