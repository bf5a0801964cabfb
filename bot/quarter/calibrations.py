"""What teams believed at half time, held against what came: read from grades."""

from collections.abc import Iterable, Iterator

from sqlmodel import Session

from bot.flow import Term
from bot.method import grade as method
from bot.method.calibration import Belief, Calibration, calibration
from bot.quarter import verdicts
from bot.quarter.verdicts import Verdict
from bot.texts import Voice


def of_teams(session: Session, ended: Term, team_ids: Iterable[int]) -> dict[int, Calibration]:
    """Each team's, of a cycle as it ended; only what was graded and was spoken of counts."""
    found: dict[int, Calibration] = {}
    for number, own in verdicts.graded(session, ended, team_ids).items():
        known = calibration(beliefs(own.verdicts, ended.calendar.review_week))
        if known is not None:
            found[number] = known
    return found


def beliefs(found: Iterable[Verdict], half: int) -> Iterator[Belief]:
    """What was last said up to half time, and whether it came."""
    for verdict in found:
        said = [
            update.confidence
            for update in verdict.standing.updates
            if update.week <= half and update.confidence is not None
        ]
        if said and verdict.grade is not None:
            came = not method.missed(verdict.commitment, verdict.grade)
            yield Belief(said[-1], came)


def told(voice: Voice, known: Calibration) -> str:
    """In a line: what was believed, what came, and which way it leans."""
    return voice.line(
        f"quarter.calibration_{known.leaning}",
        believed=voice.number(round(known.chance * 10, 1)),
        came=voice.number(round(known.came * 10, 1)),
        count=known.count,
    )
