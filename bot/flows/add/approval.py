"""Members' objectives wait for their lead: one message to the lead, one back to the owner."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.replies import Reply, Say
from bot.flow import Term, Turn
from bot.flows.add import cards
from bot.goals import approving
from bot.goals.room import room
from storage import objectives, people, teams
from storage.letters import Letter
from storage.objectives import Objective
from storage.people import Person

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
    written: dict[int, Card | None] = {}
    for letter in batch:
        row, reader = rows.get(numbers[letter.id or 0]), readers.get(letter.person_id or 0)
        if row is None or reader is None or _pointless(letter, row):
            written[letter.id or 0] = None
            continue
        owner = owners.get(row.owner_id or 0)
        own = [kr for kr in krs if kr.objective_id == row.id]
        ask = cards.review if row.state in approving.OPEN else cards.approved
        written[letter.id or 0] = ask(
            term.voice_of(reader), row, names[row.team_id].name, owner.name if owner else "", own
        )
    return written


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
