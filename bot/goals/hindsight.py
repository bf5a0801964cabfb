"""Whether what the lint flagged missed more: said when a quarter is over."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.chat.cards import Block
from bot.method import hindsight as method
from bot.method import lint, score
from bot.method.hindsight import Hindsight
from bot.texts import Voice
from storage import checkins, findings, grades, objectives


def hindsight(session: Session, cycle_id: int, team_ids: Iterable[int] | None = None) -> Hindsight:
    """How a quarter of these teams, or of all, looks in hindsight, in seven statements.

    Key results that were never scored are left out.
    """
    rows = objectives.objectives(session, cycle_id, team_ids)
    krs = objectives.key_results(session, [row.id or 0 for row in rows])
    ids = [kr.id or 0 for kr in krs]
    graded = grades.of_cycle(session, cycle_id)
    said = checkins.updates(session, cycle_id, ids)
    steps = objectives.milestones(session, ids)
    ends: dict[int, float] = {}
    for kr in krs:
        number = kr.id or 0
        values = [each.value for each in said.get(number, ())]
        end = graded.get(number, score.progress(kr, values, steps.get(number, ())))
        if end is not None:
            ends[number] = end
    rules = frozenset(lint.RULES) - lint.OF_SETS
    return method.compare(ends, findings.flagged(session, cycle_id, rules))


def shown(voice: Voice, seen: Hindsight) -> tuple[Block, ...]:
    """In a sentence or two; nothing where there are too few to tell."""
    if not seen.tells:
        return ()
    flagged, others = seen.flagged, seen.others
    verdict = "same"
    if abs(flagged.share - others.share) > method.NOISE:
        verdict = "more" if flagged.share > others.share else "less"
    return voice.blocks(
        f"lint.hindsight_{verdict}",
        count=flagged.all,
        share=flagged.share,
        others=others.all,
        other_share=others.share,
    )
