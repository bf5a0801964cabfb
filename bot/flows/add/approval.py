"""Members' objectives wait for their lead: one message to the lead, one back to the owner."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.replies import Reply, Say
from bot.flow import Term, Turn
from bot.flows.add import cards
from bot.goals import approving, findings
from bot.goals.findings import Found, Left
from bot.goals.room import room
from storage import objectives, people, teams
from storage.letters import Letter
from storage.objectives import KeyResult, Objective
from storage.people import Person

Judged: TypeAlias = tuple[Mapping[int, list[Found]], Mapping[int, list[Left]]]
NOWHERE = ("approved", "closed", "dropped")


def approve(turn: Turn, number: int) -> Reply:
    """An objective counts from now on; its owner is told."""
    row = objectives.by_number(turn.session, [number]).get(number)
    if row is None or row.cycle_id != turn.term.cycle_id or row.state == "dropped":
        return turn.say("add.gone_title", "add.gone")
    if not room(turn).approves(row.team_id):
        return turn.say("add.refused_title", "add.refused")
    approving.approve(turn, [row])
    return Say(_card(turn.session, turn.term, turn.person, row))


def write(session: Session, term: Term, batch: Sequence[Letter]) -> Mapping[int, Card | None]:
    """The cards of letters to leads and owners; None where a lead has nothing to say any more."""
    numbers = {letter.id or 0: int(letter.subject.partition(":")[2]) for letter in batch}
    rows = objectives.by_number(session, numbers.values())
    readers = people.people(session, [letter.person_id or 0 for letter in batch])
    owners = people.people(session, [row.owner_id or 0 for row in rows.values()])
    names = teams.teams(session, [row.team_id for row in rows.values()])
    krs = objectives.key_results(session, rows)
    said = _said(session, term, [row for row in rows.values() if row.state in approving.OPEN])
    written: dict[int, Card | None] = {}
    for letter in batch:
        row, reader = rows.get(numbers[letter.id or 0]), readers.get(letter.person_id or 0)
        if row is None or reader is None or _pointless(letter, row):
            written[letter.id or 0] = None
            continue
        owner = owners.get(row.owner_id or 0)
        own = [kr for kr in krs if kr.objective_id == row.id]
        voice, name = term.voice_of(reader), owner.name if owner else ""
        team = names[row.team_id].name
        if row.state in approving.OPEN:
            found, left = _of_objective(said, row, own)
            card = cards.review(voice, row, team, name, own, found, left)
        else:
            card = cards.approved(voice, row, team, name, own)
        written[letter.id or 0] = card
    return written


def _said(session: Session, term: Term, rows: Sequence[Objective]) -> Judged:
    """What is to be said of the teams whose objectives wait, and what was left as it is."""
    team_ids = {row.team_id for row in rows}
    if not team_ids:
        return {}, {}
    return findings.of_teams(session, term, team_ids), findings.left(session, term, team_ids)


def _of_objective(
    said: Judged, row: Objective, krs: Sequence[KeyResult]
) -> tuple[list[Found], list[Left]]:
    """Of one objective and its key results."""
    own = {("objective", row.id or 0), *(("key_result", kr.id or 0) for kr in krs)}
    found = [f for f in said[0].get(row.team_id, ()) if (f.thing, f.thing_id) in own]
    left = [
        each
        for each in said[1].get(row.team_id, ())
        if (each.found.thing, each.found.thing_id) in own
    ]
    return found, left


def _pointless(letter: Letter, row: Objective) -> bool:
    asks = letter.subject.startswith("review:") and letter.replaces is None
    return row.state == "dropped" or (asks and row.state in NOWHERE)


def _card(session: Session, term: Term, reader: Person, row: Objective) -> Card:
    owner = people.person(session, row.owner_id or 0)
    team = teams.team(session, row.team_id)
    krs = objectives.key_results(session, [row.id or 0])
    return cards.approved(
        term.voice_of(reader), row, team.name if team else "", owner.name if owner else "", krs
    )
