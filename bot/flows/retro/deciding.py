"""What leads settle: whether their team is asked with names, and what is decided in the end."""

import secrets
from collections.abc import Sequence

from bot import leads
from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.flow import Turn, action
from bot.flows.retro import answering, forms, posted
from bot.flows.retro.results import results
from bot.flows.retro.survey import Survey
from bot.leads import Lines
from bot.may import may
from storage import audit, cycles, inbound, retros, teams
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
    retros.switch(turn.session, row, named=named)
    audit.note(
        turn.session, turn.now, "retro", f"{own.cycle_id}:{own.id}", by=turn.me,
        before={"named": row.named}, after={"named": named},
    )  # fmt: skip
    answering.asked_anew(turn, own)
    return turn.say("retro.switched_title", "retro.switched", team=name, named=named)


def form(turn: Turn, own: Survey, args: Sequence[str]) -> Form | None:
    """The form of a decision; None for who does not lead the team, or long afterwards."""
    if not leads_it(turn, own.id) or not _recent(turn, own):
        return None
    key = args[2] if len(args) > 2 else secrets.token_hex(4)
    meaning = action("retro", "decide", own.cycle_id, own.id, key)
    return forms.decision(turn.voice, meaning, own)


def _recent(turn: Turn, own: Survey) -> bool:
    """Whether it is the retrospective of now, or the one before this quarter."""
    if own.cycle_id == turn.term.cycle_id:
        return own.running
    starts = turn.term.cycle.starts if turn.term.cycle else None
    last = cycles.before(turn.session, starts) if starts else None
    return last is not None and last.id == own.cycle_id


def decide(turn: Turn, own: Survey, args: Sequence[str], shown: Form, read: Read) -> Reply:
    """Keep a decision once, and show it wherever the results stand."""
    wrong = turn.fix(shown, read)
    if wrong is not None:
        return wrong
    if not inbound.first_time(turn.session, "once", f"retro:{args[2]}", turn.now):
        return turn.say("retro.decided_twice_title", "retro.decided_twice")
    row = Decision(
        cycle_id=own.cycle_id,
        team_id=own.id,
        text=read.text("text"),
        owner_id=int(read.text("owner")),
        by_id=turn.me,
        at=turn.now,
    )
    turn.session.add(row)
    turn.session.flush()
    audit.note(
        turn.session, turn.now, "decision", row.id, by=turn.me, after=audit.fields(row)
    )  # fmt: skip
    answering.changed(turn, own)
    found = results(turn.session, own.term, turn.now, [own.id])[own.id]
    return Say(posted.results(turn.voice, found))


def done(turn: Turn, number: int) -> Reply:
    """A decision has been carried out, say its owner or who leads the team."""
    row = retros.decision(turn.session, number)
    if row is None:
        return turn.say("retro.gone_title", "retro.gone")
    if row.owner_id != turn.me and not leads_it(turn, row.team_id):
        team = teams.team(turn.session, row.team_id)
        return turn.say("retro.refused_title", "retro.refused", team=team.name if team else "")
    if row.done_at is None:
        before = audit.fields(row)
        row.done_at = turn.now
        turn.session.add(row)
        turn.session.flush()
        audit.note(
            turn.session, turn.now, "decision", row.id, by=turn.me, before=before,
            after=audit.fields(row),
        )  # fmt: skip
        answering.shown_anew(turn, row.team_id, {row.cycle_id, turn.term.cycle_id})
    return turn.say("retro.was_done_title", "retro.was_done", text=row.text)
