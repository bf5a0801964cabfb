"""A team's objectives and key results as a tree: "team growth"."""

from collections.abc import Iterable, Sequence

from bot import leads
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.team import cards
from bot.flows.team.cards import Season
from bot.looking import tree
from bot.looking.scope import called, near
from bot.quarter import attendance, calibrations, carrying
from bot.quarter.attendance import Attendance
from bot.texts import Voice
from storage import teams
from storage.teams import Team

SEVERAL = 4
"""How many of my teams one card shows in full."""


class Teams(Flow):
    """Everybody may look at every team."""

    name = "team"
    words = (Word("team", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The team of this name; mine without one."""
        every = teams.all_teams(turn.session)
        name = " ".join(clean(said.rest).split())
        if not name:
            own = tree.mine(turn.session, turn.me)
            return _shown(turn, own, every) if own else Say(cards.choice(turn.voice, "", every))
        found = called(name, every)
        if len(found) == 1:
            return _shown(turn, found, every)
        return Say(cards.choice(turn.voice, name, found or near(name, every)))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        every = teams.all_teams(turn.session)
        found = [team for team in every if str(team.id) == args[0]] if verb == "show" else []
        return _shown(turn, found, every) if found else super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """A team, its parent, several of mine, and names that are not clear."""
        return cards.examples(voice)


def _shown(turn: Turn, wanted: Sequence[Team], every: Sequence[Team]) -> Reply:
    found = tree.branches(turn.session, turn.term, wanted[:SEVERAL], every)
    if len(wanted) == 1:
        above = next((team for team in every if team.id == wanted[0].parent_id), None)
        return Say(cards.show(turn.voice, found, above, _season(turn, wanted[0])))
    return Say(cards.show(turn.voice, found))


def _season(turn: Turn, team: Team) -> Season:
    """A team's quarter so far; for its leads, what became of last quarter's confidence."""
    number, term, session = team.id or 0, turn.term, turn.session
    season = attendance.season(session, term, [number])
    taken = season.of([number]) if season else Attendance()
    if turn.me not in leads.lines(session).leads([number]):
        return Season(taken)
    ended = carrying.before(session, term)
    known = calibrations.of_teams(session, ended, [number]).get(number) if ended else None
    return Season(taken, known)


flow = Teams()
