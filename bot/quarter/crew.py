"""Who plans which teams: their leads, the next lead above where a team has none, or an admin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session

from bot import leads
from bot.flow import Term
from bot.leads import Lines
from storage import people
from storage.people import Person
from storage.teams import Team


@dataclass(frozen=True)
class Crew:
    """The tree of teams and those who may be asked about it."""

    lines: Lines
    people: Mapping[int, Person]

    @cached_property
    def lead_of(self) -> Mapping[int, Person]:
        """Who plans each team."""
        admins = [p for _, p in sorted(self.people.items()) if p.admin]
        found: dict[int, Person] = {}
        for number in self.lines.teams:
            up = (self.people.get(team.lead_id or 0) for team in self.lines.up(number))
            lead = next((person for person in up if person and person.active), None)
            lead = lead or next(iter(admins), None)
            if lead is not None:
                found[number] = lead
        return found

    @cached_property
    def led(self) -> Mapping[int, Sequence[Team]]:
        """The teams each lead plans, those on top first."""
        found: dict[int, list[Team]] = {}
        for number, team in self.lines.teams.items():
            lead = self.lead_of.get(number)
            if lead is not None:
                found.setdefault(lead.id or 0, []).append(team)
        return found

    def concerned(self, team_id: int, owners: Iterable[int | None]) -> set[int]:
        """Whom a draft of a team concerns: its owners, its lead, and the lead above."""
        lead = self.lead_of.get(team_id)
        above = [self.lead_of.get(team.id or 0) for team in self.lines.up(team_id)[1:]]
        higher = next((each for each in above if each and each is not lead), None)
        near = {person.id for person in (lead, higher) if person}
        return {number for number in {*owners, *near} if number}


def crew(session: Session, term: Term) -> Crew:
    """All leads and admins of now, in three statements; in a pilot, only the pilot team."""
    lines = leads.lines(session)
    if term.organisation.running == "pilot":
        pilot = term.organisation.pilot_team_id or 0
        lines = Lines({i: team for i, team in lines.teams.items() if i == pilot})
    wanted = {team.lead_id for team in lines.teams.values() if team.lead_id}
    known = {number: p for number, p in people.people(session, wanted).items() if p.active}
    return Crew(lines, known | {p.id or 0: p for p in people.admins(session)})
