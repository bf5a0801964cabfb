"""What lies before those who plan a team: what is wanted above, what comes along, the drafts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlmodel import Session

from bot.flow import Term
from bot.flows.plan.brought import Brought, brought
from bot.goals import findings
from bot.goals.findings import Found
from bot.quarter import alignment
from bot.quarter.alignment import Aim, Grown
from bot.quarter.crew import Crew
from storage.people import Person
from storage.teams import Team


@dataclass(frozen=True)
class Desk:
    """One team's planning."""

    team: Team
    aims: Sequence[Aim] = ()
    above: Team | None = None
    wanted: Sequence[Aim] = ()
    """What the next team above that wants anything wants."""
    brought: Brought = field(default_factory=Brought)
    found: Sequence[Found] = ()
    lead: Person | None = None

    @property
    def id(self) -> int:
        """The team's number."""
        return self.team.id or 0

    @property
    def drafts(self) -> Sequence[Aim]:
        """What waits for approval."""
        return [aim for aim in self.aims if not aim.approved]

    def of(self, aim: Aim) -> Sequence[Found]:
        """What is said of an objective and its key results."""
        numbers = {kr.id for kr in aim.key_results}
        return [
            each
            for each in self.found
            if (each.thing == "objective" and each.thing_id == aim.id)
            or (each.thing == "key_result" and each.thing_id in numbers)
        ]

    def for_owner(self, aim: Aim, person_id: int) -> Sequence[Found]:
        """The same, as far as it is for somebody to mend: what is theirs, or of their objective."""
        whole = aim.objective.owner_id == person_id
        return [each for each in self.of(aim) if whole or each.owner_id == person_id]

    @property
    def of_set(self) -> Sequence[Found]:
        """What is said of the drafts as a whole."""
        return [each for each in self.found if each.thing == "set"]


@dataclass(frozen=True)
class Office:
    """The desks of some teams, and all that they show."""

    term: Term
    crew: Crew
    tree: Grown
    desks: Mapping[int, Desk]

    def led_by(self, person_id: int) -> Sequence[Desk]:
        """The desks of somebody who plans these teams."""
        teams = self.crew.led.get(person_id, ())
        return [self.desks[team.id or 0] for team in teams if team.id in self.desks]

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of teams."""
        return {number: team.name for number, team in self.crew.lines.teams.items()}


def office(
    session: Session, term: Term, here: Crew, team_ids: Iterable[int], *, start: bool = True
) -> Office:
    """The desks of these teams; the number of statements does not grow with them.

    Without what they `start` from where nobody is shown it: that takes as long as all the rest.
    """
    lines = here.lines
    wanted = {number for number in team_ids if number in lines.teams}
    tree = alignment.known(session, term, lines, wanted)
    along = brought(session, term, wanted) if start else {}
    found = findings.of_teams(session, term, wanted)
    by_team: dict[int, list[Aim]] = {}
    for aim in tree.aims.values():
        by_team.setdefault(aim.objective.team_id, []).append(aim)

    def desk(team: Team) -> Desk:
        number = team.id or 0
        higher = lines.up(number)[1:]
        above = next((each for each in higher if by_team.get(each.id or 0)), None)
        return Desk(
            team,
            by_team.get(number, ()),
            above or next(iter(higher), None),
            by_team.get(above.id or 0, ()) if above else (),
            along.get(number, Brought()),
            found.get(number, ()),
            here.lead_of.get(number),
        )

    return Office(term, here, tree, {number: desk(lines.teams[number]) for number in wanted})


def alone(
    session: Session, term: Term, here: Crew, team_id: int, found: Sequence[Found]
) -> Desk | None:
    """One team's desk with what was found in its drafts, and nothing of what lies around them."""
    team = here.lines.teams.get(team_id)
    if team is None:
        return None
    return Desk(team, list(alignment.aims(session, term, {team_id}).values()), found=found)
