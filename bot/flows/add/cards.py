"""What was added, as cards; and what waits for a lead."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import Block, Buttons, Card
from bot.flow import action, opens
from bot.flows.add.pressed import approve, edit_objective
from bot.goals import findings, shown
from bot.goals.findings import Found, Left
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.texts import Voice
from storage.objectives import KeyResult, Objective

WAITING_SHOWN = 5
LEFT_SHOWN = 5


def start(voice: Voice, waiting: Sequence[Objective], teams: Mapping[int, str]) -> Card:
    """The two forms, and the objectives that wait for the reader's word."""
    blocks: list[Block] = list(voice.blocks("add.start"))
    if waiting:
        blocks += voice.blocks("add.waiting")
    for each in waiting[:WAITING_SHOWN]:
        team = teams.get(each.team_id, "")
        blocks += voice.blocks("goals.of_team", team=team, title=each.title)
        blocks.append(Buttons((approve(voice, each), edit_objective(voice, each))))
    if len(waiting) > WAITING_SHOWN:
        blocks.append(voice.text("add.waiting_more", count=len(waiting) - WAITING_SHOWN))
    return Card(
        voice.line("add.start_title"),
        tuple(blocks),
        (
            opens(voice.line("add.new_objective"), action("add", "objective")),
            opens(voice.line("add.new_key_result"), action("add", "kr")),
        ),
    )


def objective(
    voice: Voice,
    row: Objective,
    team: str,
    owner: str,
    *,
    waits_for: str = "",
    found: Sequence[Found] = (),
) -> Card:
    """A new objective; `waits_for` names the lead who has to approve it."""
    facts = shown.objective(voice, ObjectiveValues.of(row), team, owner)
    blocks: list[Block] = [facts]
    if row.state == "review":
        blocks += voice.blocks("add.waits", lead=waits_for)
    elif row.state == "draft":
        blocks += [*voice.blocks("add.draft"), *voice.blocks("add.next")]
    else:
        blocks += voice.blocks("add.next")
    blocks += findings.noted(voice, found)
    more = opens(
        voice.line("add.new_key_result"), action("add", "kr", "", "", row.id or 0), primary=True
    )
    return Card(
        voice.line("add.objective_saved"), tuple(blocks), (more, edit_objective(voice, row))
    )


def key_result(
    voice: Voice,
    number: int,
    values: KeyResultValues,
    objective: Objective,
    owner: str,
    *,
    found: Sequence[Found] = (),
    asks: bool = False,
) -> Card:
    """A new key result; `asks` whether all of them make the objective true."""
    facts = shown.key_result(voice, values, objective.title, owner)
    return Card(
        voice.line("add.key_result_saved", number=number),
        (
            facts,
            *findings.noted(voice, found),
            *(findings.question(voice, objective.title) if asks else ()),
        ),
        (
            opens(voice.line("add.another"), action("add", "kr", "", "", objective.id or 0)),
            opens(voice.line("add.edit"), action("edit", "kr", number)),
        ),
    )


def review(
    voice: Voice,
    row: Objective,
    team: str,
    owner: str,
    krs: Sequence[KeyResult],
    found: Sequence[Found] = (),
    left: Sequence[Left] = (),
) -> Card:
    """To a lead: an objective that waits for their word, and what there is to say about it."""
    return Card(
        voice.line("add.review_title"),
        (
            *voice.blocks("add.review", owner=owner),
            shown.objective(voice, ObjectiveValues.of(row), team, owner),
            *_key_results(voice, krs),
            *((voice.text("lint.heading", count=len(found)),) if found else ()),
            *findings.shown(voice, found),
            *(findings.passed(voice, each) for each in left[:LEFT_SHOWN]),
            *(findings.question(voice, row.title) if len(krs) > 1 else ()),
        ),
        (approve(voice, row), edit_objective(voice, row)),
    )


def approved(voice: Voice, row: Objective, team: str, owner: str, krs: Sequence[KeyResult]) -> Card:
    """An objective that counts from now on."""
    more = opens(voice.line("add.new_key_result"), action("add", "kr", "", "", row.id or 0))
    facts = shown.objective(voice, ObjectiveValues.of(row), team, owner)
    return Card(
        voice.line("add.approved_title"),
        (*voice.blocks("add.approved"), facts, *_key_results(voice, krs)),
        (more,),
    )


def _key_results(voice: Voice, krs: Sequence[KeyResult]) -> tuple[Block, ...]:
    if not krs:
        return voice.blocks("add.no_key_results")
    return tuple(
        block
        for kr in krs
        for block in voice.blocks(
            "add.key_result_line",
            title=kr.title,
            course=shown.course(voice, KeyResultValues.of(kr, ()))
            if kr.kind != "milestones"
            else "",
        )
    )
