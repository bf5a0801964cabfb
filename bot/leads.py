"""Who leads whom: the lead of a team, and the leads of the teams above it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.may import may
from storage import teams
from storage.people import Person
from storage.teams import Team


@dataclass(frozen=True)
class Lines:
    """The tree of teams, read once."""

    teams: Mapping[int, Team]

    def up(self, team_id: int) -> Sequence[Team]:
        """A team and those above it, itself first."""
        found: dict[int, Team] = {}
        at: int | None = team_id
        while at is not None and at not in found and at in self.teams:
            found[at] = self.teams[at]
            at = self.teams[at].parent_id
        return list(found.values())

    def leads(self, team_ids: Iterable[int]) -> set[int]:
        """The leads of these teams and of those above them."""
        return {team.lead_id for number in team_ids for team in self.up(number) if team.lead_id}

    def below(self, team_id: int) -> set[int]:
        """A team and all below it."""
        return {number for number in self.teams if team_id in {t.id for t in self.up(number)}}

    def nearest_lead(self, team_id: int) -> int | None:
        """A team's lead; where it has none, that of the next team above it."""
        return next((team.lead_id for team in self.up(team_id) if team.lead_id), None)

    def led_by(self, person: Person) -> Sequence[Team]:
        """The teams that somebody leads, and those below them; all of them for an admin."""
        return [
            team
            for number, team in self.teams.items()
            if may(person, "update", self.leads([number]))
        ]


def lines(session: Session) -> Lines:
    """The tree of teams, in one statement."""
    return Lines({team.id or 0: team for team in teams.all_teams(session)})


def leads_of_person(session: Session, person: Person) -> set[int]:
    """Who leads somebody, in two statements."""
    own = [team.id or 0 for team in teams.of_person(session, person.id or 0)]
    return lines(session).leads(own)
