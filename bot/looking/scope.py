"""What a reading word is asked of: my teams, or one by its name, with all below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot import picture
from bot.chat.cards import Button, Card
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.flow import Flow, Forgotten, Said, Turn, action
from bot.likeness import nearest
from bot.texts import Voice, brief
from storage import teams
from storage.teams import Team

NEAR = 55
CHOICES = 5


@dataclass(frozen=True)
class Scope:
    """Some teams with all below them."""

    roots: Sequence[Team]
    every: Sequence[Team]
    mine: bool = False

    @property
    def name(self) -> str:
        """What they are called together; nothing where they are simply mine."""
        return "" if self.mine and len(self.roots) != 1 else self.roots[0].name

    @property
    def number(self) -> int:
        """The number of the one team that was asked of, or 0 for mine."""
        return (self.roots[0].id or 0) if len(self.roots) == 1 else 0

    @cached_property
    def teams(self) -> Mapping[int, Team]:
        """All of them by number, each after the team that it belongs to."""
        return {team.id or 0: team for _, team in self.walk()}

    def walk(self) -> Iterable[tuple[int, Team]]:
        """Each team after the one it belongs to, and how deep it lies."""
        children: dict[int, list[Team]] = {}
        for team in self.every:
            children.setdefault(team.parent_id or 0, []).append(team)
        seen: set[int] = set()
        waiting = [(0, team) for team in reversed(self.roots) if not self._below_another(team)]
        while waiting:
            depth, team = waiting.pop()
            if team.id not in seen:
                seen.add(team.id or 0)
                yield depth, team
                own = children.get(team.id or 0, ())
                waiting += [(depth + 1, child) for child in reversed(own)]

    def _below_another(self, team: Team) -> bool:
        """Whether it stands under another of the teams that were asked of."""
        by_id, asked = {t.id: t for t in self.every}, {t.id for t in self.roots}
        seen, at = {team.id}, team.parent_id
        while at is not None and at in by_id and at not in seen:
            if at in asked:
                return True
            seen.add(at)
            at = by_id[at].parent_id
        return False


class Looking(Flow):
    """A word that looks at teams: mine with all below, or one by its name, page by page."""

    def look(self, turn: Turn, scope: Scope, page: int) -> Reply:
        """What there is to see."""
        raise NotImplementedError

    def typed(self, turn: Turn, said: Said) -> Reply:
        """My teams and all below them, or one team."""
        found = scope(turn, said)
        return self.look(turn, found, 1) if found else unknown(turn, said, self.name)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button, and the next ones."""
        if verb not in ("of", "page"):
            return super().click(turn, verb, args)
        page = int(args[1]) if verb == "page" else 1
        return self.look(turn, of_number(turn, int(args[0])), page)


def scope(turn: Turn, said: Said) -> Scope | None:
    """What somebody meant: a team by its name, all, or theirs; None where there is no such team."""
    every = teams.all_teams(turn.session)
    name = " ".join(clean(said.rest).split())
    if name:
        found = called(name, every) or (top(every) if _means_all(turn.voice, name) else ())
        return Scope(found, every) if len(found) == 1 else None
    own = {t.id: t for t in teams.of_person(turn.session, turn.me)}
    led = {t.id: t for t in teams.led_by(turn.session, [turn.me])}
    return Scope(list((own | led).values()) or top(every), every, mine=True) if every else None


def of_number(turn: Turn, number: int) -> Scope:
    """The same by a button; 0 means mine."""
    if not number:
        found = scope(turn, Said(""))
    else:
        every = teams.all_teams(turn.session)
        own = [team for team in every if team.id == number]
        found = Scope(own, every) if own else None
    if found is None:
        raise Forgotten(str(number))
    return found


def top(every: Sequence[Team]) -> Sequence[Team]:
    """The company; where none is called so, the teams that belong to none."""
    return [t for t in every if t.level == "company"] or [t for t in every if not t.parent_id]


def called(name: str, every: Sequence[Team]) -> Sequence[Team]:
    """The team with this name, or those whose names begin so."""
    exact = [team for team in every if teams.is_called(team, name)]
    begin = name.casefold()
    return exact[:1] or [team for team in every if team.name.casefold().startswith(begin)]


def _means_all(voice: Voice, name: str) -> bool:
    return name.casefold() in voice.line("scope.words_all").split(", ")


def near(name: str, every: Sequence[Team]) -> Sequence[Team]:
    """The teams whose names are most like it."""
    by_id = {team.id or 0: team for team in every}
    names = {number: team.name for number, team in by_id.items()}
    return [by_id[number] for number in nearest(name, names, limit=CHOICES, least=NEAR)]


def unknown(turn: Turn, said: Said, flow: str) -> Reply:
    """No such team: those whose names are like it, each a button of the flow that asks."""
    every = teams.all_teams(turn.session)
    name = " ".join(clean(said.rest).split())
    found = called(name, every) or near(name, every)
    return Say(choice(turn.voice, flow, name, found[:CHOICES]))


def choice(voice: Voice, flow: str, typed: str, found: Sequence[Team]) -> Card:
    """Which team was meant?"""
    buttons = tuple(
        Button(picture.short(team.name), action(flow, "of", team.id), about=team.name)
        for team in found
    )
    blocks = voice.blocks("scope.unknown", typed=brief(typed, 40), any=bool(found))
    return Card(voice.line("scope.unknown_title"), blocks, buttons)
