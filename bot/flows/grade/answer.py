"""Keeping grades and what becomes of key results; what was before goes to the audit."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot import ripples, saying
from bot.flow import Term, Turn
from bot.flows.grade.form import Given
from bot.flows.grade.sheet import Sheet
from bot.goals import store as drafts
from bot.method import grade as method
from bot.quarter import carrying
from bot.quarter.verdicts import Verdict
from storage import audit, grades, letters
from storage.grades import CarryOver, Grade

ASKS: tuple[letters.Kind, ...] = ("ask", "reminder")


def store(turn: Turn, sheet: Sheet, answers: Sequence[Given], typed: dict[int, set[str]]) -> bool:
    """All that a form says; whether a message of theirs will show it. `typed`: milestones done."""
    at_the_end = replace(turn, term=sheet.term)
    for given in answers:
        _value(at_the_end, given, typed.get(given.verdict.id, set()))
        if given.grade is not None:
            keep(turn, given.verdict, given.grade, given.reason, given.cause)
        if sheet.asks_carry:
            if given.unfinished and given.carry:
                decide(turn, given.verdict, given.carry, given.why)
            elif not given.unfinished:
                _finished(turn, given.verdict)
    team_ids = {given.verdict.standing.objective.team_id for given in answers}
    go_on(turn, sheet.term, team_ids)
    ripples.graded(turn.session, turn.now, sheet.term.cycle_id, team_ids)
    return settle(turn, sheet.term, [sheet.person.id or 0])


def confirm(turn: Turn, sheet: Sheet, verdicts: Collection[Verdict]) -> bool:
    """What the figures say is right."""
    for verdict in verdicts:
        if verdict.figures is not None:
            keep(turn, verdict, verdict.figures, "", "")
    done = {verdict.id for verdict in verdicts}
    team_ids = {verdict.standing.objective.team_id for verdict in verdicts}
    ripples.graded(turn.session, turn.now, sheet.term.cycle_id, team_ids)
    left = [verdict for verdict in sheet.ungraded if verdict.id not in done]
    if left:
        return _renew(turn, sheet.term, [turn.me])
    return settle(turn, sheet.term, [turn.me])


def keep(turn: Turn, verdict: Verdict, grade: float, reason: str, cause: str) -> None:
    """One grade: against the present target, and the first where that was moved."""
    row = verdict.given
    before = None if row is None else audit.fields(row)
    missed = method.missed(verdict.commitment, grade)
    said = {
        "grade": grade,
        "original": verdict.figures_original,
        "suggested": verdict.figures,
        "reason": reason,
        "cause": cause if missed else "",
    }
    if before is not None and all(before[name] == value for name, value in said.items()):
        return
    after = {
        "key_result_id": verdict.id,
        "cycle_id": verdict.standing.objective.cycle_id,
        **said,
        "by_id": turn.me,
        "at": turn.now,
        "version": 1 if row is None else row.version + 1,
    }
    grades.keep(turn.session, Grade, after)
    audit.note(turn.session, turn.now, "grade", verdict.id, by=turn.me, before=before, after=after)


def decide(turn: Turn, verdict: Verdict, decision: str, why: str) -> None:
    """What becomes of one; once it stands in the next drafts, that can only be changed there."""
    row = verdict.carry
    before = None if row is None else audit.fields(row)
    if row is not None and (row.decision, row.why) == (decision, why):
        return
    became_id = None if row is None else row.became_id
    after = {
        "key_result_id": verdict.id,
        "cycle_id": verdict.standing.objective.cycle_id,
        "decision": decision if row is None or became_id is None else row.decision,
        "why": why,
        "by_id": turn.me,
        "at": turn.now,
        "became_id": became_id,
    }
    grades.keep(turn.session, CarryOver, after)
    audit.note(
        turn.session, turn.now, "carry_over", verdict.id, by=turn.me, before=before, after=after
    )


def go_on(turn: Turn, term: Term, team_ids: Collection[int]) -> None:
    """Decided after the turn: into the drafts of the quarter that is planned now."""
    cycle = turn.term.cycle
    if cycle is not None and cycle.id != term.cycle_id:
        carrying.bring(turn.session, term, cycle, turn.now)
        drafts.planned(turn, team_ids)


def settle(turn: Turn, term: Term, person_ids: Sequence[int]) -> bool:
    """Nothing more is asked of them, and what asked shows what was said."""
    for number in person_ids:
        letters.cancel(
            turn.session,
            reason="answered",
            flow="grade",
            person_id=number,
            cycle_id=term.cycle_id,
            kinds=ASKS,
        )
    return _renew(turn, term, person_ids)


def _renew(turn: Turn, term: Term, person_ids: Sequence[int]) -> bool:
    """Write anew what was asked, also beside the survey; whether it was asked here at all."""
    subjects = [f"{kind}:{term.cycle_id}:{number}" for number in person_ids for kind in ASKS]
    beside = [f"ask:{term.cycle_id}:{number}" for number in person_ids]
    ripples.renew(turn.session, turn.now, "retro", *beside)
    return ripples.renew(turn.session, turn.now, "grade", *subjects)


def _value(turn: Turn, given: Given, finished: set[str]) -> None:
    """The last value, as one more week's; not where it is what was said already."""
    if not given.changed:
        return
    was, cycle = given.was, turn.term.cycle
    if was.kr.kind == "milestones":
        day = min(turn.today, cycle.ends) if cycle is not None else turn.today
        saying.finish(turn, was, finished, day)
    last = was.said
    note = last.note if last is not None else ""
    confidence = last.confidence if last is not None else None
    said = saying.Given(given.value, confidence, note)
    saying.update(turn, was, turn.term.calendar.weeks, said)


def _finished(turn: Turn, verdict: Verdict) -> None:
    """What reached its end has nothing to become any more, unless it stands in drafts already."""
    row = verdict.carry
    if row is not None and row.became_id is None:
        grades.take_back(turn.session, verdict.id)
        before = audit.fields(row)
        audit.note(turn.session, turn.now, "carry_over", verdict.id, by=turn.me, before=before)
