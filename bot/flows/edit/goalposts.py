"""A target that is changed while the quarter runs: a reason, and whose word it takes."""

from collections.abc import Iterator

from bot.chat.forms import Problem, Question, Read, ShortText
from bot.flow import Turn
from bot.goals import moving
from bot.goals.moving import Goalposts
from bot.goals.room import Room
from bot.goals.values import KeyResultValues
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from bot.texts import Voice
from storage.objectives import KeyResult, Objective
from storage.people import Person


def why(turn: Turn, here: Room, objective: Objective) -> Iterator[Question]:
    """Asked once the quarter runs."""
    if moving.running(turn.term):
        yield question(turn.voice, authority=here.approves(objective.team_id))


def question(voice: Voice, *, authority: bool) -> Question:
    """Why the target moves; who needs nobody's word is told so."""
    return ShortText(
        id="reason",
        label=voice.line("edit.reason"),
        hint=voice.line("edit.reason_hint_lead" if authority else "edit.reason_hint"),
        longest=moving.LONGEST_REASON,
    )


def moved(turn: Turn, before: KeyResultValues, values: KeyResultValues) -> Goalposts | None:
    """The new goalposts, where the quarter runs and they are others than before."""
    if not moving.running(turn.term):
        return None
    return Goalposts.of(values) if moving.differ(before, values) else None


def problems(
    turn: Turn, here: Room, found: tuple[KeyResult, Objective], before: KeyResultValues,
    values: KeyResultValues, read: Read,
) -> Iterator[Problem]:  # fmt: skip
    """No reason; not allowed in this organisation; a kind that only a lead may change."""
    if moved(turn, before, values) is None:
        return
    voice, lead = turn.voice, here.approves(found[1].team_id)
    changed = [n for n, old in Goalposts.of(before)._asdict().items() if getattr(values, n) != old]
    if not turn.term.organisation.mid_quarter_changes:
        question = "kind" if before.kind != values.kind else changed[0]
        yield Problem(question, voice.line("edit.targets_stay"))
    elif before.kind != values.kind and not lead:
        yield Problem("kind", voice.line("edit.kind_stays"))
    elif not read.text("reason"):
        yield Problem("reason", voice.line("reviewing.no_reason"))


def propose(
    turn: Turn, kr: KeyResult, objective: Objective, posts: Goalposts, read: Read,
    by: Person | None = None,
) -> Outcome | None:  # fmt: skip
    """Put it before its approver, or count it at once `by` a lead's word; how it stands now."""
    week = turn.term.week or 1
    row = moving.propose(turn, kr, objective, week, posts, read.text("reason"), by=by)
    moving.ask(turn, [row])
    return next(iter(reviewing.outcomes(turn.session, [(row, kr, objective)])), None)
