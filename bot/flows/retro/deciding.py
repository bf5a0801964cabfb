"""What leads settle: whether their team is asked with names, and what is decided in the end."""

from bot import leads
from bot.chat.cards import Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.flow import Turn, action
from bot.flows.retro import answering, cards, forms, planning
from bot.flows.retro.results import results
from bot.flows.retro.survey import Survey
from bot.lessons import Decided
from bot.leads import Lines
from bot.may import may
from bot import ripples
from storage import audit, inbound, people, retros, teams
from storage.retros import Decision


def lines(turn: Turn) -> Lines:
    """The tree of teams, read once."""
    return turn.once("lines", lambda: leads.lines(turn.session))


def leads_it(turn: Turn, team_id: int) -> bool:
    """Whether somebody leads a team, or one above it."""
    return may(turn.person, "update", lines(turn).leads([team_id]))


def switch(turn: Turn, own: Survey, *, named: bool) -> Reply:
    """With names or without, before the first answer and never after."""
    name = own.team.name
    if not leads_it(turn, own.id):
        return turn.say("retro.refused_title", "retro.refused", team=name)
    if not own.running:
        return turn.say("retro.over_title", "retro.over")
    row = retros.locked(turn.session, own.cycle_id, own.id, named=own.named)
    answered = retros.heard(turn.session, own.cycle_id, [own.id])[own.id].count
    if answered:
        return turn.say("retro.settled_title", "retro.settled", team=name, named=row.named)
    before = row.named
    row.named = named
    turn.session.add(row)
    turn.session.flush()
    audit.note(
        turn.session, turn.now, "retro", f"{own.cycle_id}:{own.id}", by=turn.me,
        before={"named": before}, after={"named": named},
    )  # fmt: skip
    for member in own.members:
        for kind in ("ask", "remind"):
            ripples.renew(
                turn.session, turn.now, planning.FLOW, f"{kind}:{own.cycle_id}:{member.id}"
            )
    return turn.say("retro.switched_title", "retro.switched", team=name, named=named)
