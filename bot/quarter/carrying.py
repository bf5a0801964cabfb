"""What becomes of unfinished key results: they stand in the next quarter's drafts, once.

>>> found = carried(session, term, [team.id])[team.id]   # in the quarter that is planned
>>> blocks = shown(voice, found)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sqlmodel import Session

from bot import cadence, picture
from bot.chat.cards import Block, Buttons, Text
from bot.flow import LONGEST_ABOUT, Term, action, opens
from bot.method.shorthand import parse_key_result
from bot.quarter.verdicts import Verdict, figure, graded
from bot.texts import Voice, languages
from storage import audit, cycles, grades, objectives, teams
from storage.cycles import Cycle
from storage.grades import CarryOver
from storage.objectives import KeyResult, Milestone, Objective

Decision: TypeAlias = Literal["keep", "change", "drop", "undecided"]
DECISIONS: Sequence[Literal["keep", "change", "drop"]] = ("keep", "change", "drop")
GOES_ON = ("keep", "change")
SAYS = {"title", "kind", "unit", "target", "low", "high", "weight", "curve"}
"""What a key result says, whoever owns it and wherever it starts."""


@dataclass(frozen=True)
class Carried:
    """One unfinished key result of the quarter before, and what becomes of it.

    `became` is the key result of this quarter's drafts that goes on with it.
    """

    verdict: Verdict
    decision: Decision
    why: str = ""
    became: KeyResult | None = None

    @property
    def kr(self) -> KeyResult:
        """The key result as it was."""
        return self.verdict.kr

    @property
    def objective(self) -> Objective:
        """The objective it belonged to."""
        return self.verdict.standing.objective


def carried(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, list[Carried]]:
    """What of the quarter before the term's is unfinished, of each of these teams.

    What was decided to go on stands in this quarter's drafts; what nobody decided is "undecided".
    A fixed number of statements.
    """
    old = before(session, term)
    if old is None:
        return {}
    judged = graded(session, old, team_ids)
    became = objectives.became(session, [v.id for own in judged.values() for v in own.verdicts])
    found: dict[int, list[Carried]] = {}
    for team_id, own in judged.items():
        each = [_carried(v, became.get(v.id)) for v in own.verdicts if v.unfinished or v.carry]
        found |= {team_id: each} if each else {}
    if term.organisation.carry_over == "never":
        decided = {i: [c for c in own if c.decision != "undecided"] for i, own in found.items()}
        return {number: own for number, own in decided.items() if own}
    return found


def before(session: Session, term: Term) -> Term | None:
    """The quarter before the term's, as it was left."""
    cycle = cycles.before(session, term.cycle.starts if term.cycle else date.max)
    return None if cycle is None else term.at_the_end_of(cycle)


def _carried(verdict: Verdict, became: KeyResult | None) -> Carried:
    carry = verdict.carry
    if carry is None:
        return Carried(verdict, "undecided", became=became)
    known: Mapping[str, Decision] = {decision: decision for decision in DECISIONS}
    return Carried(verdict, known.get(carry.decision, "undecided"), carry.why, became)


def shown(voice: Voice, carried: Sequence[Carried]) -> Sequence[Block]:
    """Each of them in a line; under what nobody decided, the three buttons."""
    blocks: list[Block] = []
    for each in carried:
        blocks.append(_line(voice, each))
        if each.decision == "undecided":
            blocks.append(Buttons(tuple(
                opens(
                    voice.line(f"carrying.{decision}"),
                    action("grade", "carry", each.kr.id, decision),
                    about=each.kr.title[:LONGEST_ABOUT],
                )
                for decision in DECISIONS
            )))  # fmt: skip
    return blocks


def _line(voice: Voice, each: Carried) -> Text:
    verdict = each.verdict
    return voice.text(
        "carrying.line",
        title=each.kr.title,
        value=picture.value_of_target(voice, verdict.standing),
        grade="" if verdict.grade is None else figure(voice, verdict.grade),
        figures="" if verdict.figures is None else figure(voice, verdict.figures),
        decision=told(voice, each.decision, each.kr, each.became),
        why=each.why,
    )


def told(voice: Voice, decision: str, kr: KeyResult, became: KeyResult | None) -> str:
    """What becomes of it, in words; what was to be changed is, once its draft says otherwise."""
    if became is None:
        return voice.line(f"carrying.was_{decision}", number=0)
    name = "changed" if decision == "change" and _differs(kr, became) else decision
    return voice.line(f"carrying.was_{name}", number=became.id)


def _differs(kr: KeyResult, became: KeyResult) -> bool:
    """Whether it says something else now, apart from where it starts."""
    was = {name: getattr(kr, name) for name in SAYS} | {"title": _title(kr, became.baseline)}
    return any(getattr(became, name) != said for name, said in was.items())


def bring(session: Session, old: Term, new: Cycle, now: datetime) -> int:
    """Put into the new cycle's drafts what goes on of the old one; says how many are new.

    Twice brings it once: what is there already is found again by where it came from.
    """
    carry = grades.carried(session, old.cycle_id)
    if old.organisation.carry_over == "always":
        carry |= _kept(session, old, carry, now)
    waiting = {i: row for i, row in carry.items() if row.decision in GOES_ON and not row.became_id}
    if not waiting:
        return 0
    krs = objectives.by_ids(session, waiting)
    rows = objectives.by_number(session, {kr.objective_id for kr in krs.values()})
    there = objectives.became(session, waiting)
    judged = {
        v.id: v for own in graded(session, old, {row.team_id for row in rows.values()}).values()
        for v in own.verdicts
    }  # fmt: skip
    homes = _objectives(session, rows.values(), new, now)
    made: list[tuple[KeyResult, Verdict]] = []
    for number in waiting.keys() & judged.keys():  # what was dropped since stays behind
        if number not in there:
            verdict = judged[number]
            there[number] = _key_result(verdict, homes[verdict.kr.objective_id], new)
            made.append((there[number], verdict))
    made.sort(key=lambda pair: pair[1].id)
    session.add_all(kr for kr, _ in made)
    session.flush()
    for number, row in waiting.items():
        if number in there:
            row.became_id = there[number].id
            session.add(row)
    for kr, verdict in made:
        _milestones(session, kr, verdict)
        audit.note(session, now, "key_result", kr.id, how="clock", after=audit.fields(kr))
    session.flush()
    return len(made)


def _kept(
    session: Session, old: Term, decided: Mapping[int, CarryOver], now: datetime
) -> dict[int, CarryOver]:
    """Where everything goes on by itself: a decision for each that nobody decided about."""
    judged = graded(session, old, [team.id or 0 for team in teams.all_teams(session)])
    found = {
        v.id: CarryOver(key_result_id=v.id, cycle_id=old.cycle_id, decision="keep", at=now)
        for own in judged.values()
        for v in own.verdicts
        if v.unfinished and v.id not in decided
    }
    session.add_all(found.values())
    session.flush()
    return found


def _objectives(
    session: Session, olds: Iterable[Objective], new: Cycle, now: datetime
) -> dict[int, Objective]:
    """The draft that goes on with each of these objectives, by the old one's number."""
    there = objectives.carried_objectives(session, new.id or 0)
    made: list[Objective] = []
    for old in olds:
        if old.id not in there:
            row = Objective(
                cycle_id=new.id or 0, team_id=old.team_id, owner_id=old.owner_id, title=old.title,
                commitment=old.commitment, state="draft", kpi_id=old.kpi_id,
                carried_from_id=old.id,
            )  # fmt: skip
            session.add(row)
            there[old.id or 0] = row
            made.append(row)
    session.flush()
    _parents(session, there, made)
    for row in made:
        audit.note(session, now, "objective", row.id, how="clock", after=audit.fields(row))
    return there


def _parents(session: Session, there: Mapping[int, Objective], made: Sequence[Objective]) -> None:
    """A carried objective serves the one that its parent became, whichever came first."""
    before = objectives.by_number(session, there)
    new = {row.id for row in made}
    for number, row in there.items():
        old = before.get(number)
        above = there.get(old.parent_id or 0) if old is not None else None
        if above is not None and row.parent_id is None and new & {row.id, above.id}:
            row.parent_id = above.id
            session.add(row)
    session.flush()


def _key_result(verdict: Verdict, home: Objective, new: Cycle) -> KeyResult:
    kr, baseline = verdict.kr, _baseline(verdict)
    return KeyResult(
        objective_id=home.id or 0, owner_id=kr.owner_id, title=_title(kr, baseline), kind=kr.kind,
        unit=kr.unit, baseline=baseline, target=kr.target, low=kr.low, high=kr.high,
        weight=kr.weight, due=cadence.last_friday(cadence.calendar_of(new.calendar), new.starts),
        curve=kr.curve, carried_from_id=kr.id, kpi_id=kr.kpi_id,
    )  # fmt: skip


def _title(kr: KeyResult, baseline: float | None) -> str:
    """Its title; without the course that it names where that begins elsewhere now."""
    if baseline == kr.baseline or kr.baseline is None:
        return kr.title
    understood = (parse_key_result(kr.title, language) for language in languages())
    names = (told.name for told in understood if told and told.baseline == kr.baseline)
    return next(names, kr.title)


def _baseline(verdict: Verdict) -> float | None:
    """The last actual value; where that is at the target or past it, it began where it began."""
    kr, value = verdict.kr, verdict.standing.value
    if kr.kind not in ("increase", "decrease") or value is None or kr.target is None:
        return kr.baseline
    ahead = value < kr.target if kr.kind == "increase" else value > kr.target
    return value if ahead else kr.baseline


def _milestones(session: Session, kr: KeyResult, verdict: Verdict) -> None:
    """What is not finished yet; its days were in the quarter before."""
    left = [step for step in verdict.standing.milestones if step.done_on is None]
    session.add_all(
        Milestone(key_result_id=kr.id or 0, position=n, title=step.title, weight=step.weight)
        for n, step in enumerate(left)
    )
