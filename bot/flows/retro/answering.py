"""Taking an answer. Of one without a name nothing is told anybody: the reply says "received".

What was typed stands in no reply either, for replies are kept: where it cannot be taken, the form
stays open in its author's own hands.
"""

from collections.abc import Iterable, Mapping

from bot import ripples
from bot.chat.forms import Form, Problem, Read
from bot.chat.replies import Fix, Quiet, Reply, Say
from bot.flow import Turn
from bot.flows.retro import cards, forms, planning
from bot.flows.retro.survey import Survey, answered_by, subject, surveys
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
    if not own.open_to(turn.me):
        if turn.me in own.taken:
            return turn.say("retro.twice_title", "retro.twice", named=own.named)
        return Fix(shown, (Problem("", turn.voice.line("retro.too_late")),))
    answer = forms.answered(read)
    empty = not (answer.texts or answer.scores or read.faults)
    problem = Problem(retros.TEXTS[0], turn.voice.line("retro.empty"))
    wrong = turn.fix(shown, read, *([problem] if empty else []))
    if wrong is not None:
        return wrong
    row = retros.locked(turn.session, own.cycle_id, own.id, named=own.named)
    if row.named != named:
        why = "retro.now_named" if row.named else "retro.now_anonymous"
        return Fix(form(turn, own, row.named), (Problem("", turn.voice.line(why)),))
    if named:
        retros.say_named(turn.session, row, turn.me, answer, turn.now)
    elif not retros.say(turn.session, row, turn.me, answer):
        return turn.say("retro.twice_title", "retro.twice", named=named)
    return _received(turn, own)


def _received(turn: Turn, own: Survey) -> Reply:
    """Their card says thank you; what is posted already is written anew."""
    turn.session.flush()
    now = dict(mine(turn))
    if own.id in now and own.cycle_id == turn.term.cycle_id:
        now[own.id] = answered_by(turn.session, own, turn.me)
    if not any(each.open_to(turn.me) and turn.me not in each.taken for each in now.values()):
        keys = [f"retro:{about}" for about in asks(own, [turn.me])]
        letters.cancel(turn.session, reason="answered", keys=keys)
    there = ripples.renew(turn.session, turn.now, planning.FLOW, *asks(own, [turn.me]))
    if own.over:
        changed(turn, own)
    return Quiet() if there else Say(cards.received(turn.voice, list(now.values()), turn.me))


def asks(own: Survey, person_ids: Iterable[int]) -> list[str]:
    """What the letters that ask these people are about."""
    return [f"{kind}:{own.cycle_id}:{i}" for i in person_ids for kind in ("ask", "remind")]


def asked_anew(turn: Turn, own: Survey) -> None:
    """Whatever asks a team's people is written anew."""
    subjects = asks(own, [member.id or 0 for member in own.members])
    ripples.renew(turn.session, turn.now, planning.FLOW, *subjects)


def changed(turn: Turn, own: Survey) -> None:
    """Whatever was posted of a team's retrospective is written anew."""
    shown_anew(turn, own.id, [own.cycle_id])
    for letter in letters.of_subject(turn.session, planning.FLOW, subject(own.cycle_id, own.id)):
        if letter.replaces is None:
            late = planning.everything(letter, turn.now)
            letters.revive(turn.session, late.key, due_at=late.due_at, expires_at=late.expires_at)


def shown_anew(turn: Turn, team_id: int, cycle_ids: Iterable[int]) -> None:
    """What was posted of a team in these quarters is written anew."""
    companies = [team.id for team in teams.companies(turn.session)]
    about: list[str] = []
    for cycle_id in cycle_ids:
        about += [f"{kind}:{cycle_id}:{team_id}" for kind in ("result", "said")]
        about += [f"company:{cycle_id}:{number}" for number in companies]
    ripples.renew(turn.session, turn.now, planning.FLOW, *about)
