"""Whose objectives somebody may add to, change and approve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot import leads
from bot.flow import Turn
from bot.leads import Lines
from bot.may import may
from storage import objectives, people, teams
from storage.objectives import KeyResult, Objective
from storage.people import Person
from storage.teams import Team


@dataclass(frozen=True)
class Room:
    """What one person may do with the objectives of this cycle."""

    person: Person
    lines: Lines
    own: frozenset[int]
    objectives: Mapping[int, Objective]

    @property
    def teams(self) -> Sequence[Team]:
        """The teams one may add an objective to: one's own, and those one leads."""
        led = {team.id for team in self.lines.led_by(self.person)}
        return [
            team for number, team in self.lines.teams.items() if number in self.own or number in led
        ]

    @property
    def open_objectives(self) -> Sequence[Objective]:
        """The objectives one may add key results to: one's own, and the drafts of one's teams."""
        return [
            each
            for each in self.objectives.values()
            if self.changes(each) or (each.team_id in self.own and each.state != "approved")
        ]

    @property
    def changeable(self) -> Sequence[Objective]:
        """The objectives one may change."""
        return [each for each in self.objectives.values() if self.changes(each)]

    def parents(self, team_ids: Iterable[int]) -> Sequence[Objective]:
        """The objectives of the teams above these."""
        above = {team.id for number in team_ids for team in self.lines.up(number)[1:]}
        return [each for each in self.objectives.values() if each.team_id in above]

    def approves(self, team_id: int) -> bool:
        """Whether objectives of this team count without anybody else's word."""
        return may(self.person, "update", self.lines.leads([team_id]))

    def changes(self, objective: Objective) -> bool:
        """Whether one may change an objective and its key results."""
        owners = {objective.owner_id, *self.lines.leads([objective.team_id])}
        return may(self.person, "update", owners)

    def changes_key_result(self, kr: KeyResult, objective: Objective) -> bool:
        """Whether one may change a key result: its owner may as well."""
        return may(self.person, "update", {kr.owner_id}) or self.changes(objective)


def room(turn: Turn) -> Room:
    """What somebody may do, in four statements; read once for a form and its answer."""
    return turn.once("room", lambda: _room(turn))


def _room(turn: Turn) -> Room:
    """Of a large company only what they have to do with, and what that may serve."""
    lines = leads.lines(turn.session)
    own = {team.id or 0 for team in teams.of_person(turn.session, turn.me)}
    near = own | {team.id or 0 for team in lines.led_by(turn.person)}
    near |= objectives.teams_owned_in(turn.session, turn.term.cycle_id, turn.me)
    above = {team.id or 0 for number in near for team in lines.up(number)}
    found = objectives.live(turn.session, turn.term.cycle_id, near | above)
    return Room(turn.person, lines, frozenset(own), {each.id or 0: each for each in found})


def whom_to_ask(turn: Turn, here: Room) -> Sequence[str]:
    """The names of those who may add key results where one belongs."""
    lead_ids = here.lines.leads(here.own)
    owners = {o.owner_id for o in here.objectives.values() if o.team_id in here.own}
    wanted = {number for number in {*owners, *lead_ids} if number and number != turn.me}
    return sorted(person.name for person in people.people(turn.session, wanted).values())
