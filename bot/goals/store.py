"""Keeping objectives and key results, each change with what was before."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot import ripples
from bot.flow import Turn
from bot.goals.values import KeyResultValues, ObjectiveValues, Step
from storage import audit, objectives
from storage.objectives import KeyResult, Milestone, Objective

OBJECTIVE = ("title", "team_id", "owner_id", "commitment", "parent_id")
KEY_RESULT = (
    *("objective_id", "title", "kind", "baseline", "target", "low", "high"),
    *("unit", "weight", "due", "owner_id", "curve", "draft_confidence", "kpi_id"),
)


def objective(
    turn: Turn, values: ObjectiveValues, row: Objective | None, state: str = "approved"
) -> Objective:
    """Make an objective, or change one."""
    before = None if row is None else audit.fields(row)
    was = None if row is None else row.team_id
    if row is None:
        row = Objective(
            cycle_id=turn.term.cycle_id, team_id=values.team_id, title=values.title, state=state
        )
    for name in OBJECTIVE:
        setattr(row, name, getattr(values, name))
    turn.session.add(row)
    turn.session.flush()
    _note(turn, "objective", row, before)
    planned(turn, {row.team_id, was or row.team_id})
    return row


def key_result(turn: Turn, values: KeyResultValues, row: KeyResult | None) -> KeyResult:
    """Make a key result with its milestones, or change one."""
    before = None if row is None else audit.fields(row)
    was = None if row is None else row.objective_id
    owners = {values.owner_id} if row is None else {values.owner_id, row.owner_id}
    if row is None:
        row = KeyResult(objective_id=values.objective_id, title=values.title, due=values.due)
    for name in KEY_RESULT:
        setattr(row, name, getattr(values, name))
    if values.kind == "milestones":
        row.curve = "steps"
    turn.session.add(row)
    turn.session.flush()
    _note(turn, "key_result", row, before)
    _milestones(turn, row, values.steps)
    seen(turn, owners)
    planned(turn, _teams(turn, row, was))
    return row


def measure(turn: Turn, row: KeyResult, posts: Mapping[str, float | None]) -> None:
    """Hold a key result against other goalposts."""
    before = audit.fields(row)
    for name, value in posts.items():
        setattr(row, name, value)
    turn.session.add(row)
    turn.session.flush()
    _note(turn, "key_result", row, before)
    shown(turn, {row.owner_id})


def state(turn: Turn, thing: str, row: Objective | KeyResult, state: str) -> None:
    """Approve, drop, take back."""
    _state(turn, thing, row, state)
    seen(turn, {row.owner_id})
    planned(turn, {row.team_id} if isinstance(row, Objective) else _teams(turn, row))


def approve(turn: Turn, rows: Sequence[Objective]) -> None:
    """These objectives count from now on."""
    for row in rows:
        _state(turn, "objective", row, "approved")
    seen(turn, {row.owner_id for row in rows})
    planned(turn, {row.team_id for row in rows})


def _state(turn: Turn, thing: str, row: Objective | KeyResult, state: str) -> None:
    before = audit.fields(row)
    row.state = state
    turn.session.add(row)
    _note(turn, thing, row, before)


def take(turn: Turn, thing: str, row: Objective | KeyResult) -> None:
    """Somebody makes it theirs."""
    before = audit.fields(row)
    row.owner_id = turn.me
    turn.session.add(row)
    turn.session.flush()
    _note(turn, thing, row, before)
    seen(turn, {turn.me})
    planned(turn, {row.team_id} if isinstance(row, Objective) else _teams(turn, row))


def _teams(turn: Turn, row: KeyResult, was: int | None = None) -> set[int]:
    """The teams whose key result it is, and was."""
    if not turn.term.plans:
        return set()
    numbers = {row.objective_id, was or row.objective_id}
    found = objectives.by_number(turn.session, numbers)
    return {each.team_id for each in found.values()}


def planned(turn: Turn, team_ids: Collection[int]) -> None:
    """While the quarter is planned, all messages that show the drafts are written anew."""
    if turn.term.plans:
        ripples.planned(turn.session, turn.term, turn.now, team_ids)


def shown_to_lead(turn: Turn, objective_id: int) -> None:
    """What a lead was asked to approve is written anew."""
    ripples.renew(turn.session, turn.now, "add", f"review:{objective_id}")


def seen(turn: Turn, owners: Iterable[int | None]) -> None:
    """What shows the key results of these people is written anew, and the plan with it."""
    turn.session.info["replan"] = True
    shown(turn, owners)


def shown(turn: Turn, owners: Iterable[int | None]) -> None:
    """What shows the key results of these people is written anew; who is asked stays the same."""
    if turn.term.week is not None:
        ids = [number for number in owners if number]
        ripples.shown(turn.session, turn.term, turn.now, ids, turn.term.week)


def _milestones(turn: Turn, kr: KeyResult, steps: Iterable[Step]) -> None:
    """A milestone keeps what is known of it: found by its title, or else by its place."""
    old = list(objectives.milestones(turn.session, [kr.id or 0]).get(kr.id or 0, []))
    wanted = list(steps)
    titles = {step.title for step in wanted}
    renamed = [row for row in old if row.title not in titles]
    for position, step in enumerate(wanted):
        row = next((each for each in old if each.title == step.title), None)
        if row is None and renamed:
            row = renamed.pop(0)
        elif row is not None:
            old.remove(row)
        _milestone(turn, kr, row, position, step)
    for row in renamed:
        before = audit.fields(row)
        turn.session.delete(row)
        key = before["id"]
        audit.note(turn.session, turn.now, "milestone", key, by=turn.me, before=before)
    turn.session.flush()


def _milestone(turn: Turn, kr: KeyResult, row: Milestone | None, position: int, step: Step) -> None:
    before = None if row is None else audit.fields(row)
    row = row or Milestone(key_result_id=kr.id or 0, title=step.title)
    row.position, row.title, row.weight, row.due = position, step.title, step.weight, step.due
    turn.session.add(row)
    turn.session.flush()
    _note(turn, "milestone", row, before)


def _note(
    turn: Turn,
    thing: str,
    row: Objective | KeyResult | Milestone,
    before: dict[str, object] | None,
) -> None:
    after = audit.fields(row)
    audit.note(turn.session, turn.now, thing, row.id, by=turn.me, before=before, after=after)
