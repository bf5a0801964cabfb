"""The rules of the lint, held against what teams have drafted: read a set at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from bot import cadence, leads
from bot.flow import Term
from bot.goals.compared import Others, others
from bot.goals.found import Found
from bot.method import lint
from bot.method.lint import Draft, Goal, Part, Spoken
from storage import objectives
from storage.objectives import LIVE, KeyResult, Milestone, Objective
from storage.teams import Team

FRIDAY = 4


@dataclass(frozen=True)
class _Read:
    """What some teams drafted, and what it is compared with."""

    teams: Mapping[int, Team]
    objectives: Mapping[int, Objective]
    of_teams: Mapping[int, Sequence[Objective]]
    krs: Mapping[int, Sequence[KeyResult]]
    milestones: Mapping[int, Sequence[Milestone]]
    others: Others
    aiming: set[int]
    lines: leads.Lines
    last_day: date

    def draft(self, kr: KeyResult) -> Draft:
        past = self.others.past(kr, self.objectives[kr.objective_id])
        return Draft(
            kr.title, kr.kind, kr.baseline, kr.target, kr.low, kr.high, kr.unit, past
        )  # fmt: skip

    def part(self, kr: KeyResult) -> Part:
        days = [m.due for m in self.milestones.get(kr.id or 0, ()) if m.due is not None]
        return Part(self.draft(kr), min([kr.due, *days]), kr.draft_confidence)

    def goal(self, row: Objective) -> Goal:
        above = {team.id for team in self.lines.up(row.team_id)} - {row.team_id}
        parent = (row.parent_id is not None) if above & self.aiming else None
        return Goal(len(self.krs.get(row.id or 0, ())), row.owner_id is not None, parent)


def judged(session: Session, term: Term, ids: set[int]) -> dict[int, list[Found]]:
    """All that the rules say of these teams' drafts."""
    rows = () if term.cycle is None else objectives.seen(session, term.cycle_id, ids, LIVE)
    if not rows or term.cycle is None:
        return {number: [] for number in ids}
    by_team: dict[int, list[Objective]] = {}
    for row in rows:
        by_team.setdefault(row.team_id, []).append(row)
    by_objective: dict[int, list[KeyResult]] = {}
    krs = objectives.seen_key_results(session, [row.id or 0 for row in rows])
    for kr in krs:
        by_objective.setdefault(kr.objective_id, []).append(kr)
    lines = leads.lines(session)
    names = {number: team.name for number, team in lines.teams.items()}
    last = cadence.first_day(term.cycle.starts, term.calendar.weeks) + timedelta(days=FRIDAY)
    read = _Read(
        lines.teams,
        {row.id or 0: row for row in rows},
        by_team,
        by_objective,
        objectives.milestones(session, [kr.id or 0 for kr in krs]),
        others(session, term, krs, names, ids),
        objectives.aiming(session, term.cycle_id),
        lines,
        last,
    )
    return {number: list(_of_team(read, number)) for number in ids}


def _of_team(read: _Read, team_id: int) -> Iterator[Found]:
    own = read.of_teams.get(team_id, ())
    krs = [kr for row in own for kr in read.krs.get(row.id or 0, ())]
    goals_twice = lint.doubled({row.id or 0: (row.title, row.owner_id) for row in own})
    krs_twice = lint.doubled({kr.id or 0: (kr.title, kr.owner_id) for kr in krs})
    for row in own:
        number, owner = row.id or 0, row.owner_id
        twice = [goals_twice[number]] if number in goals_twice else []
        spoken = (*lint.objective(row.title), *lint.standing(read.goal(row)), *twice)
        for each in spoken:
            yield Found(team_id, "objective", number, row.title, each, owner)
    for kr in krs:
        number, owner = kr.id or 0, kr.owner_id
        alone = [] if owner is not None else [Spoken("no_owner")]
        twice = [krs_twice[number]] if number in krs_twice else []
        for each in (*lint.key_result(read.draft(kr)), *alone, *twice):
            yield Found(team_id, "key_result", number, kr.title, each, owner)
    team = read.teams.get(team_id)
    for each in lint.team_set(len(own), [read.part(kr) for kr in krs], read.last_day):
        name = team.name if team else "?"
        yield Found(team_id, "set", team_id, name, each, team.lead_id if team else None)
