"""A team's objectives and key results as a tree: "team growth"."""

from collections.abc import Iterable, Sequence

from bot import tree
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.team import cards
from bot.likeness import nearest
from bot.texts import Voice
from storage import teams
from storage.teams import Team

NEAR = 55
SEVERAL = 4
"""How many of my teams one card shows in full."""


class Teams(Flow):
    """Everybody may look at every team."""

    name = "team"
    words = (Word("team", reads=True, also=("teams",)),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The team of this name; mine without one."""
        every = teams.all_teams(turn.session)
        name = " ".join(clean(said.rest).split())
        if not name:
            own = tree.mine(turn.session, turn.me)
            return _shown(turn, own, every) if own else Say(cards.choice(turn.voice, "", every))
        found = _called(name, every)
        if len(found) == 1:
            return _shown(turn, found, every)
        return Say(cards.choice(turn.voice, name, found or _near(name, every)))

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
    above = wanted[0].parent_id if len(wanted) == 1 else None
    parent = next((team for team in every if team.id == above), None)
    return Say(cards.show(turn.voice, found, parent))


def _called(name: str, every: Sequence[Team]) -> Sequence[Team]:
    """The team with this name, or those whose names begin so."""
    name = name.casefold()
    exact = [team for team in every if name in (team.slug.casefold(), team.name.casefold())]
    return exact[:1] or [team for team in every if team.name.casefold().startswith(name)]


def _near(name: str, every: Sequence[Team]) -> Sequence[Team]:
    by_id = {team.id or 0: team for team in every}
    names = {number: team.name for number, team in by_id.items()}
    return [by_id[number] for number in nearest(name, names, limit=cards.CHOICES, least=NEAR)]


flow = Teams()
