"""What a company wants and how it hangs together: company, departments, teams, as a tree."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from sqlmodel import Session

from bot import leads
from bot.chat.cards import Block, Bullets, Spans, Text
from bot.flow import Term
from bot.goals.shown import start
from bot.leads import Lines
from bot.texts import Voice
from storage import objectives, people
from storage.objectives import PLANNED, KeyResult, Milestone, Objective
from storage.people import Person
from storage.teams import Team

MANY = 12
"""With more objectives than this, only those on top are shown with their key results."""
VERY_MANY = 40
"""With more than this, teams below the top are shown by the number of their objectives."""
MOST_LIMBS = 40
Beside = Callable[[KeyResult], str]


@dataclass(frozen=True)
class Aim:
    """An objective with its key results."""

    objective: Objective
    key_results: Sequence[KeyResult] = ()
    steps: Mapping[int, Sequence[Milestone]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The objective's number."""
        return self.objective.id or 0

    @property
    def owners(self) -> set[int | None]:
        """Who owns it or one of its key results."""
        return {self.objective.owner_id, *(kr.owner_id for kr in self.key_results)}

    @property
    def approved(self) -> bool:
        """Whether it counts: a draft does not yet."""
        return self.objective.state in ("approved", "closed")


@dataclass(frozen=True)
class Limb:
    """A team with what it wants, and the teams below it."""

    team: Team
    aims: Sequence[Aim] = ()
    below: Sequence["Limb"] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Limb"]]:
        """This team and every one below it, each after the one it belongs to, and how deep."""
        yield depth, self
        for limb in self.below:
            yield from limb.walk(depth + 1)


class Place(NamedTuple):
    """A team in the tree, and how deep it lies."""

    depth: int
    limb: Limb


@dataclass(frozen=True)
class Grown:
    """The tree, or a part of it, with all whom it names."""

    limbs: Sequence[Limb] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    aims: Mapping[int, Aim] = field(default_factory=dict)
    """Every objective by number, to say what another one serves."""

    def at(self, team_id: int) -> "Grown":
        """The part that is one team and all below it."""
        found = self._by_team.get(team_id)
        return replace(self, limbs=(found,) if found else ())

    @cached_property
    def _by_team(self) -> Mapping[int, Limb]:
        return {place.limb.team.id or 0: place.limb for place in self.places}

    @cached_property
    def places(self) -> Sequence[Place]:
        """Every team in the order of reading."""
        return [Place(*found) for limb in self.limbs for found in limb.walk()]

    @property
    def drafts(self) -> Sequence[tuple[Team, Aim]]:
        """What does not count yet, with its team."""
        return [(limb.team, a) for _, limb in self.places for a in limb.aims if not a.approved]

    @property
    def approved(self) -> Sequence[tuple[Team, Aim]]:
        """What counts, with its team."""
        return [(limb.team, a) for _, limb in self.places for a in limb.aims if a.approved]


def grown(session: Session, term: Term, team_id: int | None = None) -> Grown:
    """A team and all below it, or all teams, with approved objectives and drafts."""
    tree = leads.lines(session)
    return grown_for(session, term, tree, None if team_id is None else [team_id])


def grown_for(
    session: Session, term: Term, tree: Lines, team_ids: Iterable[int] | None = None
) -> Grown:
    """The same for several teams at once, to be taken apart by `at`: four statements."""
    every = tree.teams
    wanted = None if team_ids is None else set(team_ids)
    children: dict[int, list[Team]] = {}
    for team in every.values():
        above = team.parent_id if team.parent_id in every else 0
        children.setdefault(above or 0, []).append(team)
    tops = children.get(0, [])
    if wanted is not None:
        tops = [every[number] for number in sorted(wanted) if number in every]
    found = aims(session, term, None if wanted is None else _near(tree, wanted))
    by_team: dict[int, list[Aim]] = {}
    for aim in found.values():
        by_team.setdefault(aim.objective.team_id, []).append(aim)

    def limb(team: Team, above: frozenset[int]) -> Limb:
        number = team.id or 0
        own = above | {number}
        below = tuple(limb(t, own) for t in children.get(number, ()) if t.id not in own)
        return Limb(team, by_team.get(number, ()), below)

    limbs = tuple(limb(team, frozenset()) for team in tops)
    return Grown(limbs, people.people(session, _owners(found.values())), found)


def known(session: Session, term: Term, tree: Lines, team_ids: Iterable[int]) -> Grown:
    """What these teams and those above them want, without the tree: four statements."""
    up = {team.id or 0 for number in team_ids for team in tree.up(number)}
    found = aims(session, term, up)
    return Grown((), people.people(session, _owners(found.values())), found)


def _near(tree: Lines, team_ids: set[int]) -> set[int]:
    """These teams, all below them, and all above, whose objectives theirs may serve."""
    up = {team.id or 0 for number in team_ids for team in tree.up(number)}
    return up | {number for number in tree.teams if team_ids & {t.id for t in tree.up(number)}}


def aims(session: Session, term: Term, team_ids: Iterable[int] | None = None) -> dict[int, Aim]:
    """The objectives of these teams or of all, drafts too, by number: three statements."""
    rows = objectives.seen(session, term.cycle_id, team_ids, PLANNED)
    krs = objectives.seen_key_results(session, [row.id or 0 for row in rows])
    steps = objectives.milestones(session, [kr.id or 0 for kr in krs if kr.kind == "milestones"])
    own: dict[int, list[KeyResult]] = {}
    for kr in krs:
        own.setdefault(kr.objective_id, []).append(kr)
    return {
        row.id or 0: Aim(
            row,
            own.get(row.id or 0, ()),
            {kr.id or 0: steps.get(kr.id or 0, ()) for kr in own.get(row.id or 0, ())},
        )
        for row in rows
    }


def _owners(found: Iterable[Aim]) -> set[int]:
    numbers = {number for aim in found for number in aim.owners}
    return {number for number in numbers if number}


def shown(voice: Voice, tree: Grown, beside: Beside | None = None) -> Sequence[Block]:
    """The approved set as a tree for a phone; `beside` each key result stands what you say.

    Without it, where the key result comes from and shall go: "from 4% to 3%".
    """
    places = list(_listed(tree))
    count = len(tree.approved)
    top = min((place.depth for place, _ in places), default=0)
    blocks: list[Block] = []
    for place, path in places[:MOST_LIMBS]:
        fully = count <= MANY or place.depth == top
        if count > VERY_MANY and place.depth > top:
            blocks.append(_counted(voice, place.limb, path))
        else:
            blocks += _limb(voice, tree, place.limb, path, beside, fully=fully)
    if len(places) > MOST_LIMBS:
        left = len(places) - MOST_LIMBS
        blocks.append(Text(voice.spans("alignment.more_teams", count=left), "quiet"))
    return blocks


def _listed(tree: Grown) -> Iterator[tuple[Place, str]]:
    """The teams that have something approved, each set in under those of them above it."""
    above: list[int] = []
    for place in tree.places:
        while above and above[-1] >= place.depth:
            above.pop()
        if any(aim.approved for aim in place.limb.aims):
            yield place, "› " * len(above)
            above.append(place.depth)


def _counted(voice: Voice, limb: Limb, path: str) -> Text:
    count = sum(aim.approved for aim in limb.aims)
    return voice.text("alignment.counted", path=path, team=limb.team.name, count=count)


def _limb(
    voice: Voice, tree: Grown, limb: Limb, path: str, beside: Beside | None, *, fully: bool
) -> Iterator[Block]:
    name = voice.spans("alignment.team", path=path, team=limb.team.name)
    yield Text(name, "heading")
    for each in limb.aims:
        if each.approved:
            yield aim(voice, tree, each)
            items = tuple(line(voice, tree, each, kr, beside) for kr in each.key_results)
            if items and fully:
                yield Bullets(items)


def aim(voice: Voice, tree: Grown, aim: Aim) -> Text:
    """One objective in a line: its words, its owner, how sure it must be, what it serves."""
    row = aim.objective
    owner, parent = tree.people.get(row.owner_id or 0), tree.aims.get(row.parent_id or 0)
    return voice.text(
        "alignment.objective",
        title=row.title,
        owner=owner.name if owner else "",
        committed=row.commitment == "committed",
        serves=parent.objective.title if parent else "",
        draft=not aim.approved,
    )


def line(voice: Voice, tree: Grown, aim: Aim, kr: KeyResult, beside: Beside | None = None) -> Spans:
    """One key result in a line: its words, how it is measured, its owner."""
    owner = tree.people.get(kr.owner_id or 0)
    return voice.spans(
        "alignment.key_result",
        title=kr.title,
        course=beside(kr) if beside else course(voice, aim, kr),
        owner=owner.name if owner else "",
    )


def course(voice: Voice, aim: Aim, kr: KeyResult) -> str:
    """From where to where: "from 4% to 3%". Nothing where the words say it already."""

    def number(value: float | None) -> str:
        return "" if value is None else voice.number(value, kr.unit)

    if _says(voice, kr):
        return ""
    return voice.line(
        f"alignment.course_{kr.kind}",
        baseline=start(voice, kr.baseline, kr.unit),
        target=number(kr.target),
        low=number(kr.low),
        high=number(kr.high),
        count=len(aim.steps.get(kr.id or 0, ())),
    )


def _says(voice: Voice, kr: KeyResult) -> bool:
    """Whether a key result's words hold all its numbers."""
    moves = kr.kind in ("increase", "decrease")
    told = (kr.baseline, kr.target) if moves else (kr.low, kr.high)
    numbers = [voice.number(value) for value in told if value is not None]
    words = {word.rstrip("%.,") for word in kr.title.split()}
    return bool(numbers) and words.issuperset(numbers)
