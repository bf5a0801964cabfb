"""A team's week, as its summary, the thread below it and the company's digest see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from sqlmodel import Session

from bot import cadence, outlook, picture, ripples
from bot.flow import Term
from bot.goals.moving import Goalposts
from bot.leads import Lines
from bot.method import pace, score
from bot.outlook import Roster
from bot.participation import Participation, participation
from bot.picture import Standing
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from storage import checkins, kudos, objectives, people, reviews, teams
from storage.checkins import Blocker, Checkin
from storage.kept import with_values
from storage.kudos import Thanks
from storage.objectives import Milestone, Moved
from storage.people import Identity, Person
from storage.teams import Team

NOBODY = Participation()
Reason: TypeAlias = Literal["low", "fell", "far", "differs", "stale"]


class Concern(NamedTuple):
    """A key result that needs a decision, and why."""

    standing: Standing
    reasons: Sequence[Reason]


class Win(NamedTuple):
    """Something that went well this week."""

    kind: Literal["reached", "milestone", "caught_up"]
    standing: Standing
    milestone: Milestone | None = None


class Below(NamedTuple):
    """A team under this one, with the key results of everything under it."""

    team: Team
    standings: Sequence[Standing]


@dataclass(frozen=True)
class TeamWeek:
    """One team in one week; what nobody has said counts as not said."""

    term: Term
    team: Team
    week: int
    standings: Sequence[Standing] = ()
    below: Sequence[Below] = ()
    participation: Participation = NOBODY
    members: frozenset[int] = frozenset()
    said: Mapping[int, Checkin] = field(default_factory=dict)
    blockers: Sequence[Blocker] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    identities: Mapping[int, Sequence[Identity]] = field(default_factory=dict)
    excused: frozenset[int] = frozenset()
    due: datetime | None = None
    outcomes: Sequence[Outcome] = ()
    thanks: Sequence[Thanks] = ()
    readers: Sequence[int] = ()
    lead_id: int | None = None
    """Its lead; where it has none, that of the next team above it."""
    shifted: frozenset[int] = frozenset()
    """The key results that were held against something else the week before."""

    @property
    def counted(self) -> Sequence[Standing]:
        """What its progress is made of: its own key results or, without any, those below."""
        return self.standings or [s for below in self.below for s in below.standings]

    @property
    def over(self) -> bool:
        """Whether the week is past."""
        return self.term.week is None or self.week < self.term.week

    @property
    def moved(self) -> Sequence[Standing]:
        """Key results that have moved or have a note."""
        return [s for s in self.standings if _moved(s)]

    @cached_property
    def concerns(self) -> Sequence[Concern]:
        """Key results that need a decision."""
        found = (Concern(s, tuple(self._reasons(s))) for s in self.standings)
        return [concern for concern in found if concern.reasons]

    @property
    def decided(self) -> Sequence[Outcome]:
        """What was adjusted and dropped this week, or waits for a word."""
        return [outcome for outcome in self.outcomes if outcome.counts]

    @property
    def kept(self) -> int:
        """How many key results the review kept as they are."""
        return sum(outcome.review.decision == "keep" for outcome in self.outcomes)

    @property
    def wins(self) -> Sequence[Win]:
        """What was reached, finished or caught up this week, and not by moving its goalposts."""
        return [win for s in self.standings for win in self._wins(s)]

    @property
    def open_blockers(self) -> Sequence[Blocker]:
        """What still stands in somebody's way, the oldest first."""
        return [blocker for blocker in self.blockers if blocker.state != "solved"]

    @property
    def heard(self) -> set[int]:
        """Who has something in the thread: members who answered, and whoever left a note."""
        answered = {i for i in self.members if i in self.said and self.said[i].state == "answered"}
        noted = {u.by_id for s in self.standings if (u := s.said) and u.note and u.by_id}
        return (answered | noted) & self.people.keys()

    def stale(self, standing: Standing) -> bool:
        """Whether nothing was said in time; who is excused this week has until the next."""
        if standing.kr.state == "closed" or _finished(standing):
            return False
        if standing.kr.owner_id in self.excused:
            newest = standing.latest.week if standing.latest else standing.first_week - 1
            return newest < self.week - 1
        return standing.stale

    def _reasons(self, standing: Standing) -> Iterable[Reason]:
        if standing.kr.state == "closed":
            return
        stale = self.stale(standing)
        if not stale and standing.disagrees:
            yield "differs"
        else:
            if not stale and standing.latest and score.band(standing.confidence) == "low":
                yield "low"
            elif standing.said and score.flagged(standing.confidence_before, standing.confidence):
                yield "fell"
            if standing.pace == "at_risk":
                yield "far"
        if stale:
            yield "stale"

    def _wins(self, standing: Standing) -> Iterable[Win]:
        monday = cadence.first_day(standing.starts, self.week)
        before = standing.progress_at(self.week - 1)
        was = pace.judge(standing.expected_at(self.week - 1), before)
        same = standing.id not in self.shifted
        whole = standing.kr.kind != "within" and _whole(standing.progress)
        if same and whole and not _whole(before):
            yield Win("reached", standing)
        elif same and was in ("behind", "at_risk") and standing.pace == "on_pace":
            yield Win("caught_up", standing)
        for milestone in standing.milestones:
            done = milestone.done_on
            if done is not None and monday <= done < monday + timedelta(days=7):
                yield Win("milestone", standing, milestone)


def _moved(standing: Standing) -> bool:
    said = standing.said
    if said is None:
        return False
    return (
        bool(said.note)
        or (said.value is not None and said.value != standing.before)
        or ripples.flagged(standing.confidence_before, said.confidence)
    )


def _whole(progress: float | None) -> bool:
    return progress is not None and progress >= 1


def _finished(standing: Standing) -> bool:
    return standing.kr.kind in ("done", "milestones") and _whole(standing.progress)


def team_weeks(
    session: Session,
    term: Term,
    week: int,
    team_ids: Iterable[int] | None = None,
    *,
    closed: bool = True,
) -> dict[int, TeamWeek]:
    """The week of these teams, or of all; the number of statements does not grow with them.

    Before a week is closed nobody is late with it: silence counts from the week before.
    """
    tree = {team.id or 0: team for team in teams.all_teams(session)}
    wanted = [i for i in (tree if team_ids is None else set(team_ids)) if i in tree]
    below = _below(tree)
    everything = set(wanted).union(*(below[i] for i in wanted)) if wanted else set()
    standings = picture.of_teams(session, term, everything, week, closed=closed, when=False)
    owners = {s.kr.owner_id or 0 for i in wanted for s in standings.get(i, ())}
    roster = outlook.roster(session, term, week, wanted, owners)
    moved = objectives.moved(session, [s.id for own in standings.values() for s in own])
    standings = _as_held(roster, week, standings, moved)
    shifted = _shifted(roster, week, standings, moved)
    said = checkins.checkins(session, term.cycle_id, week, roster.people.keys() | owners)
    blockers = checkins.in_the_way(session, term.cycle_id, roster.people.keys() | owners, week)
    thanks = kudos.of_week(session, term.cycle_id, week, roster.people)
    readers = kudos.readers(session, term.cycle_id, week, wanted)
    own = {i: standings.get(i, ()) for i in wanted}
    known, identities = _known(session, own, blockers, roster, _thanking(thanks, readers))
    excused = frozenset(_excused(roster, week, said))
    outcomes = _outcomes(session, term, week, wanted)
    lines = Lines(tree)
    children = _children(tree)
    return {
        i: TeamWeek(
            term,
            tree[i],
            week,
            standings.get(i, ()),
            [_under(child, tree, below, standings) for child in children.get(i, ())],
            participation(roster, tree[i], week, said),
            frozenset(roster.members.get(i, ())),
            said,
            _of(roster, i, standings.get(i, ()), blockers),
            known,
            identities,
            excused,
            roster.summary_at(tree[i], week),
            outcomes.get(i, ()),
            [each for each in thanks if each.kudos.to_id in roster.members.get(i, ())],
            readers.get(i, ()),
            lines.nearest_lead(i),
            shifted,
        )
        for i in wanted
        if team_ids is not None or i in roster.teams
    }


def told_weeks(
    session: Session, term: Term, week: int, team_ids: Iterable[int]
) -> dict[int, TeamWeek]:
    """The week of these teams with what was said in it alone, and nothing of the teams below."""
    wanted = set(team_ids)
    tree = {team.id or 0: team for team in teams.all_teams(session) if team.id in wanted}
    standings = picture.told_of_teams(session, term, tree, week)
    every = [s for own in standings.values() for s in own]
    owners = {s.kr.owner_id or 0 for s in every}
    roster = outlook.roster(session, term, week, tree, owners)
    said = checkins.checkins(session, term.cycle_id, week, roster.people.keys() | owners)
    blockers = checkins.in_the_way(session, term.cycle_id, roster.people.keys() | owners, week)
    said_by = {s.said.by_id for s in every if s.said and s.said.by_id}
    others = people.people(session, said_by - roster.people.keys())
    return {
        i: TeamWeek(
            term,
            team,
            week,
            standings.get(i, ()),
            members=frozenset(roster.members.get(i, ())),
            said=said,
            blockers=_of(roster, i, standings.get(i, ()), blockers),
            people={**roster.people, **others},
        )
        for i, team in tree.items()
    }


def _outcomes(
    session: Session, term: Term, week: int, team_ids: Iterable[int]
) -> dict[int, list[Outcome]]:
    """What was decided in these teams in a week."""
    rows = reviews.of_teams(session, term.cycle_id, week, team_ids)
    found: dict[int, list[Outcome]] = {}
    for outcome in reviewing.outcomes(session, [row for own in rows.values() for row in own]):
        found.setdefault(outcome.objective.team_id, []).append(outcome)
    return found


def _begin(roster: Roster, week: int) -> datetime:
    return cadence.instant(roster.monday(week), time(), roster.term.organisation.zone)


def _as_held(
    roster: Roster,
    week: int,
    standings: dict[int, list[Standing]],
    moved: Mapping[int, Sequence[Moved]],
) -> dict[int, list[Standing]]:
    """Each key result against what counted when the week ended, even if that has moved since."""
    if not moved:
        return standings
    end = _begin(roster, week + 1)

    def held(standing: Standing) -> Standing:
        rows = moved.get(standing.id, ())
        was = next((row for row in rows if row.at >= end), None)
        if was is None or not _alike(standing, was):
            return standing
        return replace(standing, kr=with_values(standing.kr, **Goalposts.of(was)._asdict()))

    return {number: [held(s) for s in own] for number, own in standings.items()}


def _shifted(
    roster: Roster,
    week: int,
    standings: dict[int, list[Standing]],
    moved: Mapping[int, Sequence[Moved]],
) -> frozenset[int]:
    """Which of these were held against something else the week before, or measured otherwise."""
    if not moved:
        return frozenset()
    since, end = _begin(roster, week), _begin(roster, week + 1)
    return frozenset(
        standing.id
        for own in standings.values()
        for standing in own
        for row in moved.get(standing.id, ())
        if row.at >= since and (row.at < end or not _alike(standing, row))
    )


def _alike(standing: Standing, row: Moved) -> bool:
    return row.kind in (None, standing.kr.kind)


def _of(
    roster: Roster, team_id: int, own: Iterable[Standing], blockers: Iterable[Blocker]
) -> list[Blocker]:
    """The blockers of a team: of its members, and of others who own its key results."""
    crew = {*roster.members.get(team_id, ()), *(s.kr.owner_id for s in own)}
    return [blocker for blocker in blockers if blocker.person_id in crew]


def _thanking(thanks: Iterable[Thanks], readers: Mapping[int, Sequence[int]]) -> set[int]:
    """Who has thanked somebody or read a team's week."""
    return {each.kudos.from_id for each in thanks}.union(*readers.values())


def _known(
    session: Session,
    standings: Mapping[int, Sequence[Standing]],
    blockers: Iterable[Blocker],
    roster: Roster,
    also: Iterable[int] = (),
) -> tuple[Mapping[int, Person], Mapping[int, Sequence[Identity]]]:
    """Everybody who may be named, and the accounts of those who may be told."""
    told = {s.kr.owner_id for own in standings.values() for s in own}
    told |= {i for b in blockers for i in (b.helper_id, b.taken_by_id, b.person_id)}
    said_by = {u.by_id for own in standings.values() for s in own if (u := s.said)}
    ids = {i for i in told | said_by | set(also) if i is not None}
    known = {**roster.people, **people.people(session, ids - roster.people.keys())}
    return known, people.identities(session, {i for i in told if i is not None})


def _excused(roster: Roster, week: int, said: Mapping[int, Checkin]) -> Iterable[int]:
    for number, person in roster.people.items():
        state = said[number].state if number in said else "open"
        if state in ("skipped", "excused") or roster.checkin_at(person, week) is None:
            yield number


def _children(tree: Mapping[int, Team]) -> dict[int, list[Team]]:
    found: dict[int, list[Team]] = {}
    for team in tree.values():
        if team.parent_id is not None:
            found.setdefault(team.parent_id, []).append(team)
    return found


def _below(tree: Mapping[int, Team]) -> dict[int, set[int]]:
    """The numbers of all teams under each."""
    found: dict[int, set[int]] = {number: set() for number in tree}
    for number in tree:
        above, seen = tree[number].parent_id, {number}
        while above is not None and above in tree and above not in seen:
            found[above].add(number)
            seen.add(above)
            above = tree[above].parent_id
    return found


def _under(
    child: Team,
    tree: Mapping[int, Team],
    below: Mapping[int, set[int]],
    standings: Mapping[int, Sequence[Standing]],
) -> Below:
    number = child.id or 0
    family = [number, *(i for i in tree if i in below[number])]
    return Below(child, [s for i in family for s in standings.get(i, ())])
