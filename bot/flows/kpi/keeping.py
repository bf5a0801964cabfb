"""KPIs made, changed, dropped and taken up again."""

import secrets
from collections.abc import Sequence

from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.flow import Turn, action
from bot.flows.kpi import cards, define, rights
from bot.flows.kpi.cards import Detail
from bot.flows.kpi.define import Values
from bot.kpis import readings
from bot.kpis.watch import look
from storage import audit, inbound, kpis, people
from storage.kpis import Kpi


def add_form(turn: Turn, args: Sequence[str]) -> Form | None:
    """A new one, for who leads a team; its action is good for one time."""
    teams = rights.teams(turn)
    if not teams:
        return None
    title, key = turn.voice.line("kpi.add_title"), (*args, secrets.token_hex(4))[0]
    now = Values(owner_id=turn.me, team_id=teams[0].id if len(teams) == 1 else None)
    return define.form(turn.voice, title, action("kpi", "add", key), now, teams)


def edit_form(turn: Turn, args: Sequence[str]) -> Form | None:
    """One as it is, for its leads."""
    kpi = kpis.kpi(turn.session, int(args[0]))
    if kpi is None or not kpi.active or not rights.changes(turn, kpi):
        return None
    title, where = turn.voice.line("kpi.edit_title"), action("kpi", "edit", kpi.id)
    return define.form(turn.voice, title, where, Values.of(kpi), rights.teams(turn))


def save(turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
    """Keep a definition; how the KPI stands by its new range follows at once."""
    row = kpis.kpi(turn.session, int(args[0])) if verb == "edit" else None
    if verb == "edit" and (row is None or not row.active or not rights.changes(turn, row)):
        return rights.refused(turn, row)
    others = [kpi for kpi in kpis.every(turn.session) if row is None or kpi.id != row.id]
    values, problems = define.read(turn.voice, read, others)
    wrong = turn.fix(form, read, *problems)
    if wrong is not None:
        return wrong
    if row is None and not inbound.first_time(turn.session, "once", f"kpi:{args[0]}", turn.now):
        return turn.say("kpi.twice_title", "kpi.twice")
    title = "kpi.changed_title" if row is not None else "kpi.made_title"
    kept = define.keep(turn, values, row, others)
    readings.follow(turn.session, turn.term, [kept], {}, turn.me, "chat", turn.now)
    return _shown(turn, kept, title)


def watched(turn: Turn, args: Sequence[str], *, active: bool) -> Reply:
    """Stop watching a KPI, or take it up again; its readings stay."""
    kpi = kpis.kpi(turn.session, int(args[0]))
    if kpi is None:
        return turn.say("kpi.gone_title", "kpi.gone")
    if not rights.changes(turn, kpi):
        return rights.refused(turn, None)
    if kpi.active != active:
        before = audit.fields(kpi)
        kpi.active = active
        define.store(turn, kpi, before)
    return _shown(turn, kpi, "kpi.changed_title" if active else "kpi.dropped_title")


def _shown(turn: Turn, kpi: Kpi, title: str) -> Reply:
    owner = people.person(turn.session, kpi.owner_id or 0)
    team = rights.lines(turn).teams.get(kpi.team_id or 0)
    seen = look(turn.session, turn.term, [kpi])[0]
    detail = Detail(
        seen, owner, team.name if team else "", gives=rights.gives(turn, kpi), changes=True
    )
    return Say(cards.kept(turn.voice, detail, title))
