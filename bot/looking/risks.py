"""Which key results need somebody's eyes: off their pace, hardly believed in, or silent."""

from collections.abc import Iterable, Sequence

from bot.method import score
from bot.picture import Standing


def at_risk(standings: Iterable[Standing]) -> Sequence[Standing]:
    """Those that need somebody's eyes, the furthest behind their pace first."""
    found = [standing for standing in standings if needs_eyes(standing)]
    return sorted(found, key=_urgency)


def needs_eyes(standing: Standing) -> bool:
    """Behind its pace, or its owner believes little in it, or nothing was said in time."""
    if standing.kr.state != "open" or finished(standing):
        return False
    if standing.pace in ("behind", "at_risk") or standing.stale:
        return True
    return standing.latest is not None and score.band(standing.confidence) == "low"


def unsaid(standings: Iterable[Standing]) -> int:
    """Of how many that go on nothing was said yet."""
    return sum(s.latest is None and not finished(s) for s in standings)


def finished(standing: Standing) -> bool:
    """Whether there is nothing left to do."""
    if standing.kr.kind not in ("done", "milestones"):
        return False
    return standing.progress is not None and standing.progress >= 1


def _urgency(standing: Standing) -> tuple[float, int, int]:
    return (-standing.expected_gap, standing.confidence, standing.id)
