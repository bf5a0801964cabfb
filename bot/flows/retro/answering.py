"""Taking an answer. Of one without a name nothing is told anybody: the reply says "received".

What was typed stands in no reply either, for replies are kept: where it cannot be taken, the form
stays open in its author's own hands.
"""

from collections.abc import Mapping

from bot import ripples
from bot.chat.forms import Form, Problem, Read
from bot.chat.replies import Fix, Quiet, Reply, Say
from bot.flow import Turn
from bot.flows.retro import cards, forms, planning
from bot.flows.retro.survey import Survey, subject, surveys
from storage import letters, retros, teams


def mine(turn: Turn) -> Mapping[int, Survey]:
    """The surveys of somebody's teams, read once."""
    return turn.once("retro", lambda: _mine(turn))


def _mine(turn: Turn) -> Mapping[int, Survey]:
    ids = [team.id or 0 for team in teams.of_person(turn.session, turn.me)]
    return surveys(turn.session, turn.term, turn.now, ids) if ids else {}


def form(turn: Turn, own: Survey, named: bool) -> Form:
    """The survey, with what somebody said before where that has their name."""
    before = retros.mine(turn.session, own.cycle_id, own.id, turn.me) if named else None
    return forms.answer(turn.voice, own, named, before or forms.NOTHING)


def take(turn: Turn, own: Survey, named: bool, shown: Form, read: Read) -> Reply:
    """Keep an answer as it was asked for, or leave the form open and say why not."""
    row = retros.locked(turn.session, own.cycle_id, own.id, named=own.named)
    if row.named != named:
        why = "retro.now_named" if row.named else "retro.now_anonymous"
        return Fix(form(turn, own, row.named), (Problem("", turn.voice.line(why)),))
    if not own.open_to(turn.me):
        if turn.me in own.taken:
            return turn.say("retro.twice_title", "retro.twice", named=named)
        return Fix(shown, (Problem("", turn.voice.line("retro.too_late")),))
    answer = forms.answered(read)
    empty = not (answer.texts or answer.scores)
    problem = Problem(retros.TEXTS[0], turn.voice.line("retro.empty"))
    wrong = turn.fix(shown, read, *([problem] if empty and not read.faults else []))
    if wrong is not None:
        return wrong
    if named:
        retros.say_named(turn.session, row, turn.me, answer, turn.now)
    elif not retros.say(turn.session, row, turn.me, answer):
        return turn.say("retro.twice_title", "retro.twice", named=named)
    return _received(turn, own)


def _received(turn: Turn, own: Survey) -> Reply:
    """Their card says thank you; what is posted already is written anew."""
    turn.session.flush()
    about = f"{own.cycle_id}:{turn.me}"
    now = surveys(turn.session, turn.term, turn.now, list(mine(turn)))
    if not any(each.open_to(turn.me) and turn.me not in each.taken for each in now.values()):
        keys = [f"retro:{kind}:{about}" for kind in ("ask", "remind")]
        letters.cancel(turn.session, reason="answered", keys=keys)
    told = [f"{kind}:{about}" for kind in ("ask", "remind")]
    for each in told:
        ripples.renew(turn.session, turn.now, planning.FLOW, each)
    if own.over:
        changed(turn, own)
    if letters.gone_out(turn.session, planning.FLOW, told):
        return Quiet()
    return Say(cards.received(turn.voice, list(now.values()), turn.me))


def changed(turn: Turn, own: Survey) -> None:
    """Whatever was posted of a team's retrospective is written anew."""
    results = subject(own.term, own.id)
    ripples.renew(turn.session, turn.now, planning.FLOW, results)
    ripples.renew(turn.session, turn.now, planning.FLOW, results.replace("result:", "said:", 1))
    for team in teams.all_teams(turn.session):
        if team.level == "company":
            about = f"company:{own.cycle_id}:{team.id}"
            ripples.renew(turn.session, turn.now, planning.FLOW, about)
    for letter in letters.of_subject(turn.session, planning.FLOW, results):
        if letter.replaces is None:
            late = planning.everything(letter, turn.now)
            letters.revive(
                turn.session, late.key, due_at=late.due_at, expires_at=late.expires_at
            )
