"""Teams and what hangs below them: key results, participation, the teams under them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlmodel import Session

from bot import outlook, picture
from bot.flow import Term
from bot.method import pace as method
from bot.participation import Participation, participation
from bot.picture import Standing
from bot.texts import Voice
from storage import checkins, objectives, people, teams
from storage.objectives import KeyResult, Objective
from storage.people import Person
from storage.teams import Team

NOBODY = Participation()


@dataclass(frozen=True)
class Branch:
    """One team in this week, with the teams directly below it."""

    team: Team
    standings: Sequence[Standing] = ()
    participation: Participation = NOBODY
    below: Sequence["Branch"] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    dropped: Sequence[KeyResult] = ()

    @cached_property
    def all_standings(self) -> Sequence[Standing]:
        """Its own key results and those of every team below."""
        return [*self.standings, *(s for branch in self.below for s in branch.all_standings)]

    @property
    def counted(self) -> Sequence[Standing]:
        """What its progress is made of: its own key results or, without any, those below."""
        return self.standings or self.all_standings

    @property
    def took_part(self) -> tuple[int, int]:
        """How many answered and how many were asked, where its progress comes from."""
        return took_part([self] if self.standings else self.all)

    @property
    def all(self) -> Sequence["Branch"]:
        """Itself and every team below."""
        return [self, *(branch for _, branch in self.walk())]

    @property
    def objectives(self) -> Sequence[tuple[Objective, Sequence[Standing]]]:
        """Its objectives, each with its key results."""
        found: dict[int, tuple[Objective, list[Standing]]] = {}
        for standing in self.standings:
            number = standing.objective.id or 0
            found.setdefault(number, (standing.objective, []))[1].append(standing)
        return list(found.values())

    def walk(self, depth: int = 1) -> Iterable[tuple[int, "Branch"]]:
        """Every team below it, each after the one it belongs to, and how deep it lies."""
        for branch in self.below:
            yield depth, branch
            yield from branch.walk(depth + 1)


def took_part(found: Iterable[Branch]) -> tuple[int, int]:
    """How many answered this week and how many were asked; who is in two teams counts once."""
    answered: set[int] = set()
    waiting: set[int] = set()
    for part in (branch.participation for branch in found):
        answered |= {person.id or 0 for person in (*part.on_time, *part.late)}
        waiting |= {person.id or 0 for person in part.open}
    return len(answered), len(answered | waiting)


def branches(
    session: Session, term: Term, wanted: Iterable[Team], every: Iterable[Team]
) -> Sequence[Branch]:
    """These teams with all below them; the number of statements does not grow with any."""
    children: dict[int, list[Team]] = {}
    for team in every:
        children.setdefault(team.parent_id or 0, []).append(team)
    wanted = list(wanted)
    ids = _all_below(wanted, children)
    week = term.week
    standings = picture.now_of_teams(session, term, ids) if term.cycle is not None else {}
    took_part: dict[int, Participation] = {}
    if term.cycle is not None and week is not None:
        roster = outlook.roster(session, term, week, ids)
        said = checkins.checkins(session, term.cycle_id, week, roster.people)
        took_part = {i: participation(roster, t, week, said) for i, t in roster.teams.items()}
    known = people.people(session, _named(standings, wanted))
    dropped = objectives.dropped_of_teams(session, term.cycle_id, ids)

    def grown(team: Team, above: frozenset[int]) -> Branch:
        number = team.id or 0
        below = [t for t in children.get(number, ()) if t.id not in above | {number}]
        return Branch(
            team,
            standings.get(number, ()),
            took_part.get(number, NOBODY),
            tuple(grown(child, above | {number}) for child in below),
            known,
            dropped.get(number, ()),
        )

    return [grown(team, frozenset()) for team in wanted]


def _all_below(wanted: Sequence[Team], children: Mapping[int, Sequence[Team]]) -> set[int]:
    found: set[int] = set()
    waiting = [team.id or 0 for team in wanted]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += [team.id or 0 for team in children.get(number, ())]
    return found


def _named(standings: Mapping[int, Sequence[Standing]], wanted: Sequence[Team]) -> set[int]:
    own = [s for team in wanted for s in standings.get(team.id or 0, ())]
    owners = {s.kr.owner_id for s in own} | {s.objective.owner_id for s in own}
    return {number for number in owners | {team.lead_id for team in wanted} if number}


def mine(session: Session, person_id: int) -> Sequence[Team]:
    """The teams somebody belongs to, or else leads."""
    return teams.of_person(session, person_id) or teams.led_by(session, [person_id])


def stand(voice: Voice, branch: Branch) -> str:
    """Progress, pace and participation in one line."""
    return summed(voice, branch.counted, branch.took_part, some=bool(branch.all_standings))


def summed(
    voice: Voice, standings: Sequence[Standing], took_part: tuple[int, int], *, some: bool
) -> str:
    """The same of these key results; `some` says whether there are any at all."""
    progress, expected = picture.mean(standings), picture.mean_expected(standings)
    pace = method.judge(expected, progress)
    answered, asked = took_part
    return voice.line(
        "picture.stand",
        progress="" if progress is None else voice.percent(progress),
        expected="" if expected is None else voice.percent(expected),
        pace=voice.line(f"picture.{pace}") if pace else "",
        answered=answered,
        expected_answers=asked,
        any=some,
    )
