"""Who serves what: "tree", "tree growth"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bot import cast, picture
from bot.chat.cards import Block, Button, Card, Text
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.looking import scope as scopes
from bot.looking.scope import Scope
from bot.picture import Standing
from bot.quarter import alignment
from bot.quarter.alignment import Aim, Grown, Limb
from bot.texts import Voice, brief
from storage import teams
from storage.teams import Team

MANY = 30
"""With more objectives than this, what lies under the second row is only counted."""
MOST_LINES = 45
MOST_TEAMS = 4
LONGEST_NAME = 40


@dataclass(frozen=True)
class Served:
    """The objectives of a team and of those below it, each under the one that it serves."""

    name: str
    grown: Grown
    standings: Mapping[int, Sequence[Standing]] = field(default_factory=dict)
    above: Team | None = None

    @cached_property
    def aims(self) -> Mapping[int, tuple[Team, Aim]]:
        """What counts here, by number."""
        return {aim.id: (team, aim) for team, aim in self.grown.approved}

    @cached_property
    def children(self) -> Mapping[int, Sequence[int]]:
        """Which objectives serve each."""
        found: dict[int, list[int]] = {}
        for number, (_, aim) in self.aims.items():
            if aim.objective.parent_id in self.aims:
                found.setdefault(aim.objective.parent_id or 0, []).append(number)
        return found

    @cached_property
    def tops(self) -> Sequence[int]:
        """What stands on top: the objectives of the team itself."""
        top = {limb.team.id for limb in self.grown.limbs}
        return [n for n, (team, _) in self.aims.items() if team.id in top and self._is_root(n)]

    @cached_property
    def loose(self) -> Sequence[int]:
        """What serves nothing: objectives of teams below that name none above."""
        tops = set(self.tops)
        return [n for n in self.aims if self._is_root(n) and n not in tops]

    def _is_root(self, number: int) -> bool:
        return self.aims[number][1].objective.parent_id not in self.aims

    def serves(self, number: int) -> str:
        """The title of an objective above that is not shown here."""
        parent = self.grown.aims.get(self.aims[number][1].objective.parent_id or 0)
        return parent.objective.title if parent and parent.id not in self.aims else ""

    def walk(self, number: int, depth: int = 0) -> Iterator[tuple[int, int]]:
        """An objective and all that serve it, each after the one it serves, and how deep."""
        yield depth, number
        if depth < len(self.aims):
            for child in self.children.get(number, ()):
                yield from self.walk(child, depth + 1)


class Tree(Flow):
    """Everybody may look at how it hangs together."""

    name = "tree"
    words = (Word("tree", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The company's tree, or that of one team."""
        if clean(said.rest).strip():
            found = scopes.scope(turn, said)
            return _shown(turn, found) if found else scopes.unknown(turn, said, self.name)
        every = teams.all_teams(turn.session)
        return _shown(turn, Scope(scopes.top(every), every, mine=True))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button; 0 means the company."""
        if verb != "of":
            return super().click(turn, verb, args)
        number = int(args[0])
        if not number:
            return self.typed(turn, Said("tree"))
        return _shown(turn, scopes.of_number(turn, number))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Harbour, one team, a large company, nothing yet, and hostile text."""
        return _examples(voice)


def _shown(turn: Turn, scope: Scope) -> Reply:
    one = scope.roots[0] if len(scope.roots) == 1 else None
    tree = alignment.grown(turn.session, turn.term, one.id if one else None)
    by_team = picture.now_of_teams(turn.session, turn.term, scope.teams)
    standings: dict[int, list[Standing]] = {}
    for standing in (s for own in by_team.values() for s in own):
        standings.setdefault(standing.objective.id or 0, []).append(standing)
    above = next((t for t in scope.every if one and t.id == one.parent_id), None)
    name = one.name if one else turn.term.organisation.name
    return Say(card(turn.voice, Served(name, tree, standings, above)))


def card(voice: Voice, served: Served) -> Card:
    """Each objective under the one that it serves; then those that serve none."""
    lines = list(_lines(voice, served))
    shown = (_line(voice, served, x) if isinstance(x, Line) else x for x in lines[:MOST_LINES])
    blocks: list[Block] = list(shown) or [*voice.blocks("tree.nothing")]
    if len(lines) > MOST_LINES:
        blocks.append(Text(voice.spans("digest.more", count=len(lines) - MOST_LINES), "quiet"))
    title = voice.line("tree.title", name=brief(served.name, LONGEST_NAME))
    return Card(title, tuple(blocks), tuple(_near(served)))


class Line(NamedTuple):
    """An objective in its place; most of a large company's are never written."""

    number: int
    depth: int = 0
    counted: bool = False


def _lines(voice: Voice, served: Served) -> Iterator[Line | Block]:
    short = len(served.aims) > MANY
    for top in served.tops:
        for depth, number in served.walk(top):
            if not short or depth <= 1:
                yield Line(number, depth, counted=short and depth == 1)
    if served.loose:
        yield from voice.blocks("tree.loose", any=bool(served.tops))
        for number in served.loose:
            yield Line(number, counted=short)
            if not short:
                for depth, child in list(served.walk(number))[1:]:
                    yield Line(child, depth)


def _line(voice: Voice, served: Served, line: Line) -> Text:
    number, depth, counted = line
    team, aim = served.aims[number]
    own = served.standings.get(number, ())
    progress, pace = picture.mean(own), picture.pace_of(own)
    owner = served.grown.people.get(aim.objective.owner_id or 0)
    return voice.text(
        "tree.line",
        path="› " * depth,
        title=aim.objective.title,
        team=team.name if len(served.grown.places) > 1 else "",
        owner=owner.name if owner else "",
        progress="" if progress is None else voice.percent(progress),
        pace=voice.line(f"picture.{pace}") if pace else "",
        below=len(list(served.walk(number))) - 1 if counted else 0,
        serves=served.serves(number),
    )


def _near(served: Served) -> Iterator[Button]:
    """The team above, and those below that have something."""
    if served.above is not None:
        yield _button(served.above)
    having = {team.id for team, _ in served.aims.values()}
    below = [limb for top in served.grown.limbs for limb in top.below]
    found = [limb for limb in below if any(one.team.id in having for _, one in limb.walk())]
    for limb in found[:MOST_TEAMS]:
        yield _button(limb.team)


def _button(team: Team) -> Button:
    return Button(picture.short(team.name), action("tree", "of", team.id), about=team.name)


def _examples(voice: Voice) -> Iterable[Example]:
    growing = cast.LOVED.model_copy(update={"id": 9, "team_id": 1, "title": "Clinics stay"})
    loved = cast.LOVED.model_copy(update={"parent_id": 9})
    aims = {o.id or 0: Aim(o) for o in (growing, loved, cast.STEADY)}
    growth = Limb(cast.GROWTH, (aims[1], aims[2]))
    known = {1: cast.ALICE, 2: cast.BOB}
    standings: dict[int, list[Standing]] = {}
    for standing in cast.standings(answered=True):
        standings.setdefault(standing.objective.id or 0, []).append(standing)
    company = Grown((Limb(cast.COMPANY, (aims[9],), (growth,)),), known, aims)
    team = Grown((growth,), known, aims)
    odd = Aim(cast.STEADY.model_copy(update={"title": cast.HOSTILE}))
    hostile = Grown((Limb(cast.COMPANY, (), (Limb(cast.GROWTH, (odd,)),)),), known, {2: odd})
    shown = (
        ("Harbour", Served("Harbour", company, standings)),
        ("one team", Served("Growth", team, standings, cast.COMPANY)),
        ("a large company", Served("Harbour", _large(), standings)),
        ("nothing yet", Served("Harbour", Grown((Limb(cast.COMPANY),)))),
        ("with hostile text", Served(cast.HOSTILE, hostile)),
    )
    return (Example("tree", name, card(voice, served)) for name, served in shown)


def _large() -> Grown:
    """A company objective, served by thirty teams, each of them by another."""
    top = Aim(cast.LOVED.model_copy(update={"id": 1, "team_id": 1}))
    limbs, aims = [], {1: top}
    for n in range(2, 32):
        one = Aim(cast.LOVED.model_copy(update={"id": n, "team_id": n, "parent_id": 1}))
        two = Aim(cast.STEADY.model_copy(update={"id": n + 50, "team_id": n, "parent_id": n}))
        aims |= {one.id: one, two.id: two}
        limbs.append(Limb(cast.GROWTH.model_copy(update={"id": n, "name": f"T{n}"}), (one, two)))
    return Grown((Limb(cast.COMPANY, (top,), limbs),), {}, aims)


flow = Tree()
