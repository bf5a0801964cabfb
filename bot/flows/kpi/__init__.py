"""KPIs: the board, readings given and asked, definitions, and what brings one back."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Waiting, Word, action, opens
from bot.flows.kpi import cards, entry, giving, keeping, post, propose, rights, samples
from bot.flows.kpi.cards import Detail
from bot.kpis import suggestions, watch
from bot.kpis.watch import Look
from bot.likeness import nearest
from bot.looking import tree
from bot.outlook import Outlook
from bot.texts import Voice
from storage import kpis, people
from storage.kpis import Kpi
from storage.letters import Draft, Letter

NEAR = 50
NEAREST = 3
NEW = ("add", "new")
CHANGE = ("edit", "change")


class Kpis(Flow):
    """`kpi`, `kpi support-time`, `kpi support-time 3.5 yesterday`, `kpi add`, `kpi edit …`."""

    name = "kpi"
    words = (Word("kpi"),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """What is due from owners on days without a check-in."""
        return post.plan(outlook)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """Readings that are due."""
        return post.write(session, term, letters)

    def because(self, voice: Voice, letter: Letter) -> str:
        """They own it."""
        return voice.line("kpi.because_ask")

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """Readings that can be given now."""
        due = giving.due(turn)
        if due:
            button = opens(turn.voice.line("kpi.give_due"), action("kpi", "due"))
            yield Waiting(turn.voice.spans("kpi.waits", count=len(due)), button)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The board, one KPI, a reading, or a form."""
        first, _, rest = said.rest.partition(" ")
        if not first:
            return Say(_board(turn))
        known = kpis.every(turn.session)
        named = entry.named(said.rest, known)
        if named is None and first.lower() in NEW:
            return self._open(turn, "add", (secrets.token_hex(4),))
        if named is None and first.lower() in CHANGE:
            named = entry.named(rest, known)
            if named is not None:
                return self._open(turn, "edit", (str(named.kpi.id),))
            return _unknown(turn, rest or first, known)
        if named is None:
            return _unknown(turn, said.rest, known)
        if named.rest:
            return giving.entered(turn, named.kpi, named.rest)
        return _one(turn, named.kpi)

    def _open(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        form = self.form(turn, verb, args)
        return Open(form) if form is not None else _refused(turn, verb, args)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form of an action; None where there is nothing to do or somebody may not."""
        match verb:
            case "add":
                return keeping.add_form(turn, args)
            case "edit":
                return keeping.edit_form(turn, args)
            case "read":
                return giving.one_form(turn, args)
            case "due":
                return giving.due_form(turn, args)
            case "change" | "later":
                return propose.form(turn, verb, args)
            case _:
                return None

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Show, drop, take up again, accept; or why a form does not open."""
        match verb:
            case "show":
                kpi = kpis.kpi(turn.session, int(args[0]))
                return _one(turn, kpi) if kpi else turn.say("kpi.gone_title", "kpi.gone")
            case "drop" | "restore":
                return keeping.watched(turn, args, active=verb == "restore")
            case "accept":
                return propose.accept(turn, args)
            case "add" | "edit" | "read" | "due" | "change" | "later":
                return _refused(turn, verb, args)
            case _:
                return super().click(turn, verb, args)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it, or say beside each question what is wrong."""
        match verb:
            case "add" | "edit":
                return keeping.save(turn, verb, args, form, read)
            case "read":
                return giving.read_one(turn, args, form, read)
            case "due":
                return giving.read_due(turn, args, form, read)
            case "change" | "later":
                return propose.save(turn, verb, args, form, read)
            case _:
                return super().submit(turn, verb, args, form, read)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The board, one KPI in each state, what is asked, told, defined and suggested."""
        return samples.examples(voice)


def _kpi(turn: Turn, args: Sequence[str]) -> Kpi | None:
    return kpis.kpi(turn.session, int(args[0]))


def _refused(turn: Turn, verb: str, args: Sequence[str]) -> Reply:
    """Why there is no form: it is over, nothing is due, or it is somebody else's."""
    match verb:
        case "due":
            return turn.say("kpi.nothing_due_title", "kpi.nothing_due")
        case "change" | "later":
            refused = propose.refused(
                turn, propose.found(turn, int(args[0])), plans=verb == "change"
            )
            return refused or turn.say("kpi.gone_title", "kpi.gone")
        case "add":
            return rights.refused(turn, None)
        case _:
            kpi = kpis.kpi(turn.session, int(args[0]))
            return rights.refused(turn, kpi, giving=verb == "read")


def _board(turn: Turn) -> Card:
    """The KPIs of my teams, of those that I lead and all below them, and those that I own."""
    lines = rights.lines(turn)
    mine = {team.id or 0 for team in tree.mine(turn.session, turn.me)}
    led = {team.id or 0 for team in lines.teams.values() if team.lead_id == turn.me}
    mine |= led
    below = {each for team_id in led for each in lines.below(team_id)}
    own = kpis.told_to(turn.session, [turn.me], mine | below)
    looks = watch.look(turn.session, turn.term, [kpi for kpi in own if kpi.active])
    by_team: dict[int, list[Look]] = {}
    for look in looks:
        by_team.setdefault(look.kpi.team_id or 0, []).append(look)
    names = {number: team.name for number, team in lines.teams.items()}
    teams = [(names.get(i, turn.term.organisation.name), by_team[i]) for i in sorted(by_team)]
    far = below - mine
    near = [x for x in looks if x.kpi.team_id not in far or x.kpi.owner_id == turn.me]
    waiting = [
        each
        for each in map(suggestions.of, near)
        if each is not None and suggestions.is_held(turn.term, each.look)
    ]
    held = [each for each in waiting if rights.changes(turn, each.look.kpi)]
    return cards.board(
        turn.voice,
        teams,
        held,
        due=len(giving.due(turn)),
        adds=bool(rights.teams(turn)),
        plans=turn.term.plans,
    )


def _one(turn: Turn, kpi: Kpi) -> Reply:
    look = watch.look(turn.session, turn.term, [kpi])[0]
    owner = people.person(turn.session, kpi.owner_id or 0)
    team = rights.lines(turn).teams.get(kpi.team_id or 0)
    suggestion = suggestions.of(look)
    moves = kpis.moved_by(turn.session, turn.term.cycle_id, [look.id])
    return Say(
        cards.one(
            turn.voice,
            Detail(
                look,
                owner,
                team.name if team else "",
                [kr for kr, _ in moves],
                suggestion,
                suggestion is not None and suggestions.is_held(turn.term, look),
                turn.term.plans and rights.changes(turn, kpi),
                rights.gives(turn, kpi),
                rights.changes(turn, kpi),
            ),
        )
    )


def _unknown(turn: Turn, typed: str, known: Sequence[Kpi]) -> Reply:
    names = {kpi.id: f"{kpi.name} {kpi.slug}" for kpi in known if kpi.active}
    near = nearest(typed, names, limit=NEAREST, least=NEAR)
    by_number = {kpi.id: kpi for kpi in known}
    return Say(cards.unknown(turn.voice, typed, [by_number[number] for number in near]))


flow = Kpis()
