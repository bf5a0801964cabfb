"""The forms with all that there is to choose from, for a person at a moment."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot import cadence
from bot.chat.cards import Block
from bot.chat.forms import Form, Question
from bot.flow import Turn
from bot.goals import forms
from bot.goals.forms import Choices
from bot.goals.room import Room
from bot.goals.values import KeyResultValues, ObjectiveValues
from storage import kpis
from storage.kpis import Kpi
from storage.objectives import Objective

FRIDAY = 4


def last_friday(turn: Turn) -> date:
    """When a key result is due unless somebody says otherwise."""
    cycle, weeks = turn.term.cycle, turn.term.calendar.weeks
    if cycle is None:
        return turn.today
    return cadence.first_day(cycle.starts, weeks) + timedelta(days=FRIDAY)


def objective(
    turn: Turn,
    here: Room,
    title: str,
    meaning: str,
    now: ObjectiveValues,
    parents: Sequence[Objective],
    intro: tuple[Block, ...] = (),
) -> Form:
    """An objective of one of the teams somebody may add to, and what it may serve."""
    known = {team.id: team for team in here.teams}
    if now.team_id in here.lines.teams:
        known.setdefault(now.team_id, here.lines.teams[now.team_id])
    choices = Choices(
        teams=list(known.values()),
        objectives=_with(parents, here, now.parent_id),
        names=_names(here),
    )
    return forms.objective(turn.voice, title, meaning, now, choices, intro)


def key_result(
    turn: Turn,
    here: Room,
    title: str,
    meaning: str,
    now: KeyResultValues,
    intro: tuple[Block, ...] = (),
    why: tuple[Question, ...] = (),
) -> Form | None:
    """A key result of one of the objectives somebody may change; None where there is no cycle."""
    cycle = turn.term.cycle
    if cycle is None:
        return None
    known = _with(here.open_objectives, here, now.objective_id)
    choices = Choices(objectives=known, names=_names(here), kpis=_kpis(turn, known))
    return forms.key_result(turn.voice, title, meaning, now, choices, cycle, intro, why)


def _kpis(turn: Turn, known: Sequence[Objective]) -> Sequence[Kpi]:
    """The KPIs of the teams whose objectives these are."""
    team_ids = frozenset(each.team_id for each in known)
    return turn.once(("kpis", team_ids), lambda: kpis.kpis(turn.session, team_ids))


def _names(here: Room) -> dict[int, str]:
    return {number: team.name for number, team in here.lines.teams.items()}


def _with(found: Sequence[Objective], here: Room, number: int | None) -> list[Objective]:
    """These objectives and the one that is chosen now."""
    chosen = here.objectives.get(number or 0)
    return [*found, *([chosen] if chosen is not None and chosen not in found else [])]
