"""The retrospective of a quarter: what people say of it, what it came to, what is decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Block, Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Term, Turn, Waiting, Word
from bot.flows.retro import answering, asked, cards, deciding, planning, posted, samples
from bot.flows.retro.results import results
from bot.flows.retro.survey import Survey, surveys
from bot.outlook import Outlook
from bot.quarter import naming
from bot.quarter.lessons import decided_in
from bot.term import spoken_of
from bot.texts import Voice, brief
from storage import cycles, letters, teams
from storage.cycles import Cycle
from storage.letters import Draft, Letter


class Retrospective(Flow):
    """One survey a team and quarter; its results are one message, changed in place."""

    name = "retro"
    words = (Word("retro", reads=True),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """The asks of the retrospective week, and the results at its end."""
        week = outlook.term.calendar.retrospective_week
        return planning.drafts(outlook, week) if week in outlook.weeks else ()

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """Each kind of letter by its subject; results also of quarters that are over."""
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        known = cycles.by_number(session, {letter.cycle_id or 0 for letter in letters})
        for number, cycle in known.items():
            at = term if number == term.cycle_id else term.at_the_end_of(cycle)
            batch = [letter for letter in letters if letter.cycle_id == number]
            if at is term:
                written |= asked.write(session, at, _of(batch, "ask", "remind"), now)
            written |= posted.write(session, at, _of(batch, "result", "said", "company"), now)
        return written

    def after(self, session: Session, term: Term, letter: Letter, now: datetime) -> None:
        """All that was said follows in the thread of the results."""
        if letter.subject.startswith("result:") and letter.replaces is None:
            letters.plan(session, [planning.everything(letter, now)])

    def because(self, voice: Voice, letter: Letter) -> str:
        """Because of one's team, and of the week."""
        return voice.line("retro.because", kind=letter.subject.partition(":")[0])

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """The surveys that somebody has not answered yet."""
        return asked.waiting(turn)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The survey while it is open, then what it came to; also of a past quarter or a team."""
        found = teams.by_name(turn.session, said.rest) if said.rest else ()
        quarter = _quarter(turn, said.rest) if said.rest and not found else None
        if said.rest and not quarter and not found:
            return turn.say("retro.unknown_title", "retro.unknown", typed=brief(said.rest, 60))
        own = [found[0]] if found else _mine(turn)
        if quarter is not None:
            return _overview(turn, turn.term.at_the_end_of(quarter), [t.id or 0 for t in own])
        return _now(turn, [team.id or 0 for team in own])

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Results, with names or without, done; or why there is no form."""
        if verb == "done":
            return deciding.done(turn, int(args[0]))
        own = _survey(turn, args)
        match verb:
            case "open":
                return Say(_closed(turn, own))
            case "show":
                return _show(turn, own)
            case "named" | "anonymous":
                return deciding.switch(turn, own, named=verb == "named")
            case "decide":
                return turn.say("retro.refused_title", "retro.refused", team=own.team.name)
            case _:
                return super().click(turn, verb, args)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The survey, or a decision."""
        if verb not in ("open", "answer", "decide"):
            return None
        own = _survey(turn, args)
        match verb:
            case "open":
                mine = own.open_to(turn.me)
                return answering.form(turn, own, own.named) if mine else None
            case "answer":
                return answering.form(turn, own, args[2] == "named")
            case _:
                return deciding.form(turn, own, args)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it, or leave the form open and say what is wrong."""
        own = _survey(turn, args)
        match verb:
            case "answer":
                return answering.take(turn, own, args[2] == "named", form, read)
            case "decide":
                return deciding.decide(turn, own, args, form, read)
            case _:
                raise Forgotten(verb)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card and form above, for the team Growth."""
        return samples.examples(voice)


def _of(batch: Sequence[Letter], *kinds: str) -> Sequence[Letter]:
    return [letter for letter in batch if letter.subject.partition(":")[0] in kinds]


def _mine(turn: Turn) -> Sequence[teams.Team]:
    """The teams somebody belongs to or leads."""
    own = {team.id: team for team in teams.of_person(turn.session, turn.me)}
    led = {team.id: team for team in teams.led_by(turn.session, [turn.me])}
    return list((own | led).values())


def _survey(turn: Turn, args: Sequence[str]) -> Survey:
    """The team's retrospective that an action means. Raises Forgotten where there is none."""
    cycle_id, team_id = int(args[0]), int(args[1])
    if cycle_id == turn.term.cycle_id:
        own = answering.mine(turn).get(team_id)
        if own is not None:
            return own
    return turn.once(("retro", cycle_id, team_id), lambda: _found(turn, cycle_id, team_id))


def _found(turn: Turn, cycle_id: int, team_id: int) -> Survey:
    at = turn.term
    if cycle_id != at.cycle_id:
        cycle = cycles.by_number(turn.session, [cycle_id]).get(cycle_id)
        if cycle is None:
            raise Forgotten(str(cycle_id))
        at = at.at_the_end_of(cycle)
    found = surveys(turn.session, at, turn.now, [team_id]).get(team_id)
    if found is None:
        raise Forgotten(str(team_id))
    return found


def _quarter(turn: Turn, typed: str) -> Cycle | None:
    """The quarter of this name."""
    return naming.named(typed, cycles.every(turn.session), turn.term.today)


def _now(turn: Turn, team_ids: Sequence[int]) -> Reply:
    """In its week the survey itself, where there is just one to answer; else the last quarter."""
    term = turn.term
    if term.cycle is None or term.week != term.calendar.retrospective_week:
        last = cycles.before(turn.session, term.cycle.starts) if term.cycle else None
        if last is None:
            return turn.say(
                "retro.not_yet_title", "retro.not_yet", week=term.calendar.retrospective_week
            )
        return _overview(turn, term.at_the_end_of(last), team_ids)
    found = surveys(turn.session, term, turn.now, team_ids)
    leads = any(deciding.leads_it(turn, number) for number in found)
    if len(found) == 1 and not leads:
        own = next(iter(found.values()))
        if own.open_to(turn.me):
            return Open(answering.form(turn, own, own.named))
    return _overview(turn, term, team_ids)


def _overview(turn: Turn, at: Term, team_ids: Sequence[int]) -> Reply:
    """Each of these teams with what one may do about it."""
    found = surveys(turn.session, at, turn.now, team_ids)
    seen = [own for own in found.values() if _may_see(turn, own)]
    if found and not seen:
        return _refused(turn, next(iter(found.values())))
    if not seen:
        name = spoken_of(turn.voice, at.cycle)
        return turn.say("retro.no_team_title", "retro.no_team", quarter=name)
    known = decided_in(turn.session, at.cycle_id, found)
    blocks: list[Block] = []
    for own in seen:
        leads = deciding.leads_it(turn, own.id)
        blocks += cards.team(turn.voice, own, turn.me, leads=leads, decided=known.get(own.id, ()))
    title = turn.voice.line("retro.overview_title", quarter=spoken_of(turn.voice, at.cycle))
    return Say(Card(title, tuple(blocks)))


def _may_see(turn: Turn, own: Survey) -> bool:
    """Its people and those who lead it; others have the company's card."""
    return own.asks(turn.me) or deciding.leads_it(turn, own.id)


def _refused(turn: Turn, own: Survey) -> Reply:
    return turn.say("retro.not_yours_title", "retro.not_yours", team=own.team.name)


def _show(turn: Turn, own: Survey) -> Reply:
    if not _may_see(turn, own):
        return _refused(turn, own)
    found = results(turn.session, own.term, turn.now, [own.id])[own.id]
    return Say(posted.results(turn.voice, found))


def _closed(turn: Turn, own: Survey) -> Card:
    """Why there is no form: answered without a name, the results are out, or not one's own."""
    if turn.me in own.taken and own.asks(turn.me):
        return cards.received(turn.voice, [own], turn.me)
    return cards.over(turn.voice, [own])


flow = Retrospective()
