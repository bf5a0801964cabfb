"""The company's screen: objectives, teams, KPIs outside their range, what needs eyes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Card, Spans, Text
from bot.flow import Term, action
from bot.kpis import watch
from bot.kpis.watch import Look
from bot.looking.tree import Branch, stand, summed, took_part
from bot.picture import Standing
from bot.texts import Voice, brief
from storage.objectives import Objective

MOST_OBJECTIVES = 6
MOST_TEAMS = 10
MOST_KPIS = 5
LONGEST_NAME = 40


@dataclass(frozen=True)
class Screen:
    """The company at one moment."""

    term: Term
    branches: Sequence[Branch]
    at_risk: int
    counted: int
    blockers: int
    outside: Sequence[Look]
    unsaid: int = 0
    """Of how many key results nothing was said yet."""

    @property
    def teams(self) -> Sequence[Branch]:
        """The teams directly below the company; where nothing stands above, the teams."""
        below = [child for branch in self.branches for child in branch.below]
        return below or [b for b in self.branches if b.team.level != "company"]

    @property
    def took_part(self) -> tuple[int, int]:
        """How many answered this week and how many were asked; who is in two teams counts once."""
        return took_part(branch for top in self.branches for branch in top.all)


def card(voice: Voice, screen: Screen) -> Card:
    """All of it on one phone screen, or little more."""
    standings = [s for branch in screen.branches for s in branch.counted]
    blocks: list[Block] = [
        _overall(voice, screen, standings),
        *_objectives(voice, screen),
        *_teams(voice, screen),
        *_kpis(voice, screen),
        *voice.blocks("company.heading_eyes"),
        voice.text(
            "company.eyes",
            at_risk=screen.at_risk,
            counted=screen.counted,
            unsaid=screen.unsaid,
            blockers=screen.blockers,
        ),
    ]
    name = screen.branches[0].team.name if len(screen.branches) == 1 else ""
    title = voice.line(
        "company.title",
        name=brief(name or screen.term.organisation.name, LONGEST_NAME),
        week=screen.term.week or 0,
        weeks=screen.term.calendar.weeks,
    )
    return Card(title, tuple(blocks), tuple(_buttons(voice, screen)))


def _overall(voice: Voice, screen: Screen, standings: Sequence[Standing]) -> Text:
    told = summed(voice, standings, screen.took_part, some=bool(standings))
    return voice.text("company.stand", own=len(standings) < screen.counted, told=told)


def _objectives(voice: Voice, screen: Screen) -> Iterator[Block]:
    found = [
        (branch, objective, own)
        for branch in screen.branches
        if branch.team.level == "company"
        for objective, own in branch.objectives
    ]
    yield from voice.blocks("company.heading_objectives")
    if not found:
        yield from voice.blocks("company.no_objectives")
        return
    items = [_objective(voice, *each) for each in found[:MOST_OBJECTIVES]]
    yield from _list(voice, items, len(found))


def _objective(
    voice: Voice, branch: Branch, objective: Objective, standings: Sequence[Standing]
) -> Spans:
    progress, pace = picture.mean(standings), picture.pace_of(standings)
    owner = branch.people.get(objective.owner_id or 0)
    return voice.spans(
        "team.objective",
        title=objective.title,
        owner=owner.name if owner else "",
        progress="" if progress is None else voice.percent(progress),
        pace=voice.line(f"picture.{pace}") if pace else "",
    )


def _teams(voice: Voice, screen: Screen) -> Iterator[Block]:
    found = list(screen.teams)
    if not found:
        return
    yield from voice.blocks("company.heading_teams", sorted=len(found) > MOST_TEAMS)
    if len(found) > MOST_TEAMS:
        found.sort(key=_gap, reverse=True)
    items = [
        voice.spans("team.child", path="", name=branch.team.name, stand=stand(voice, branch))
        for branch in found[:MOST_TEAMS]
    ]
    yield from _list(voice, items, len(found))


def _gap(branch: Branch) -> float:
    """How far behind; where nothing is known yet, that is not the worst."""
    expected, progress = picture.mean_expected(branch.counted), picture.mean(branch.counted)
    return (expected or 0.0) - progress if progress is not None else -1.0


def _kpis(voice: Voice, screen: Screen) -> Iterator[Block]:
    if not screen.outside:
        return
    yield from voice.blocks("company.heading_kpis")
    items = [watch.line(voice, look) for look in screen.outside[:MOST_KPIS]]
    yield from _list(voice, items, len(screen.outside))


def _list(voice: Voice, items: Sequence[Spans], count: int) -> Iterator[Block]:
    yield Bullets(tuple(items))
    if count > len(items):
        yield Text(voice.spans("digest.more", count=count - len(items)), "quiet")


def _buttons(voice: Voice, screen: Screen) -> Iterator[Button]:
    one = screen.branches[0].team.id if len(screen.branches) == 1 else None
    if one is None:
        return
    if screen.at_risk:
        yield Button(voice.line("company.at_risk"), action("risk", "of", one))
    if screen.blockers:
        yield Button(voice.line("risk.blockers"), action("blockers", "of", one))
    yield Button(voice.line("company.tree"), action("tree", "of", one))
    yield Button(voice.line("company.heatmap"), action("heatmap", "of", one))
