"""The company on one screen: "company"."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Word
from bot.flows.company import cards, samples
from bot.flows.company.cards import Screen
from bot.kpis import watch
from bot.looking import risks, tree
from bot.looking import scope as scopes
from bot.texts import Voice
from storage import checkins, kpis, teams

OUTSIDE = ("breached", "unhealthy", "recovering", "relapsed")


class Company(Flow):
    """Everybody may look at the whole company."""

    name = "company"
    words = (Word("company", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """Objectives, teams, KPIs, and how much needs somebody's eyes."""
        return _shown(turn)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        return _shown(turn) if verb == "show" else super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Harbour, a large company, an empty one, and hostile text."""
        return samples.examples(voice)


def _shown(turn: Turn) -> Reply:
    if turn.term.cycle is None:
        return turn.say("company.none_title", "company.no_quarter")
    return Say(cards.card(turn.voice, screen(turn.session, turn.term)))


def screen(session: Session, term: Term) -> Screen:
    """All of it, in a number of statements that does not grow with the company."""
    every = teams.all_teams(session)
    branches = tree.branches(session, term, scopes.top(every), every)
    standings = [s for branch in branches for s in branch.all_standings]
    crew = {i for own in teams.members(session).values() for i in own}
    crew |= {s.kr.owner_id for s in standings if s.kr.owner_id}
    return Screen(
        term,
        branches,
        len(risks.at_risk(standings)),
        len(standings),
        len(checkins.blockers(session, term.cycle_id, crew)),
        [look for look in watch.look(session, term, kpis.kpis(session)) if look.state in OUTSIDE],
        risks.unsaid(standings),
    )


flow = Company()
