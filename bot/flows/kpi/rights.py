"""Who may give readings of a KPI, who may change it, and whom to ask otherwise."""

from collections.abc import Sequence

from bot import leads
from bot.chat.cards import Block, Card
from bot.chat.replies import Say
from bot.flow import Turn
from bot.leads import Lines
from bot.may import may
from storage import people
from storage import teams as stored
from storage.kpis import Kpi
from storage.teams import Team


def lines(turn: Turn) -> Lines:
    """The tree of teams, read once."""
    return turn.once("lines", lambda: leads.lines(turn.session))


def leads_of(turn: Turn, kpi: Kpi) -> set[int]:
    """The leads of a KPI's team and of those above it."""
    return lines(turn).leads([kpi.team_id]) if kpi.team_id else set()


def gives(turn: Turn, kpi: Kpi) -> bool:
    """Whether somebody may give its readings: its owner, its leads, admins."""
    return may(turn.person, "update", {kpi.owner_id, *leads_of(turn, kpi)})


def changes(turn: Turn, kpi: Kpi) -> bool:
    """Whether somebody may define it anew: its leads and admins."""
    return may(turn.person, "update", leads_of(turn, kpi))


def teams(turn: Turn) -> Sequence[Team]:
    """The teams that somebody may give a KPI to."""
    return lines(turn).led_by(turn.person)


def names(turn: Turn, kpi: Kpi | None, *, giving: bool) -> str:
    """Whom to ask."""
    asked = leads_of(turn, kpi) if kpi is not None else _mine(turn)
    if giving and kpi is not None and kpi.owner_id:
        asked |= {kpi.owner_id}
    found = people.people(turn.session, asked - {turn.me})
    return ", ".join(sorted(person.name for person in found.values() if person.active))


def said(turn: Turn, title: str, text: str, **values: object) -> Say:
    """A short card whose title needs no values."""
    return Say(Card(turn.voice.line(title), turn.voice.blocks(text, **values)))


def refused(turn: Turn, kpi: Kpi | None, *, giving: bool = False, kept: str = "") -> Say:
    """Why somebody cannot, and whom to ask; what they typed is given back."""
    blocks: tuple[Block, ...] = turn.voice.blocks("kpi.kept", value=kept) if kept else ()
    if kpi is not None and not kpi.active:
        no = turn.say("kpi.gone_title", "kpi.gone")
    elif giving and kpi is not None:
        asked = names(turn, kpi, giving=True)
        no = said(turn, "kpi.not_yours_title", "kpi.not_yours", name=kpi.name, names=asked)
    else:
        asked = names(turn, kpi, giving=False)
        no = said(turn, "kpi.refused_title", "kpi.refused", names=asked)
    return Say(Card(no.card.title, (*no.card.blocks, *blocks)))


def _mine(turn: Turn) -> set[int]:
    own = stored.of_person(turn.session, turn.me)
    return lines(turn).leads([team.id or 0 for team in own])
