"""How a draft comes to count: it waits for a lead's word, and its owner is told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from bot import ripples
from bot.flow import Turn
from bot.goals import findings, store
from bot.goals.findings import Found
from bot.goals.room import Room
from storage import people
from storage.objectives import Objective
from storage.people import Person

WAITS = timedelta(days=14)
OPEN = ("draft", "review")
"""What does not count yet."""


def begins(turn: Turn, here: Room, team_id: int) -> str:
    """The state of something new.

    While the quarter is planned a lead's own is a draft as well, until the whole set is approved.
    """
    if not here.approves(team_id):
        return "review"
    return "draft" if turn.term.plans else "approved"


def lead_of(turn: Turn, here: Room, team_id: int) -> Person | None:
    """Whose word a team's drafts wait for: the nearest lead's, or else an admin's."""
    lead = people.person(turn.session, here.lines.nearest_lead(team_id) or 0)
    if lead is None or not lead.active:
        lead = next(iter(people.admins(turn.session)), None)
    return lead


def ask(turn: Turn, here: Room, row: Objective) -> str:
    """Ask for a lead's word; says whose.

    While the quarter is planned they are asked for the whole set, once, and not for each draft.
    """
    lead = lead_of(turn, here, row.team_id)
    if lead is None:
        return ""
    if not turn.term.plans:
        _tell(turn, "review", row, lead)
    return lead.name


class Approved(NamedTuple):
    """What counts now and did not before, and what is to be said of the teams' drafts after it."""

    fresh: Sequence[Objective]
    found: Mapping[int, Sequence[Found]]


def approve(turn: Turn, rows: Sequence[Objective]) -> Approved:
    """These count from now on, as far as they did not; their owners are told.

    While the quarter is planned they see it in the set that is posted, and get no message each.
    """
    fresh = [row for row in rows if row.state in OPEN]
    if not fresh:
        team_ids = {row.team_id for row in rows}
        return Approved((), findings.of_teams(turn.session, turn.term, team_ids))
    store.approve(turn, fresh)
    if not turn.term.plans:
        owners = people.people(turn.session, [row.owner_id or 0 for row in fresh])
        for row in fresh:
            owner = owners.get(row.owner_id or 0)
            if owner is not None and owner.id != turn.me:
                _tell(turn, "approved", row, owner)
        ripples.planned(turn.session, turn.term, turn.now, {row.team_id for row in fresh})
    ripples.renew(turn.session, turn.now, "add", *[f"review:{row.id}" for row in fresh])
    # what a lead let pass is remembered, also of drafts that nobody typed here
    found = findings.keep(turn.session, turn.term, {row.team_id for row in fresh}, turn.now)
    return Approved(fresh, found)


def _tell(turn: Turn, what: str, row: Objective, person: Person) -> None:
    weight: ripples.Weight = "decision" if what == "review" else "news"
    subject = f"{what}:{row.id}"
    ripples.tell(turn.session, turn.term, turn.now, "add", subject, person, WAITS, weight)
