"""A team as a card: a line on how it stands, its objectives, the teams below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot import cast, picture
from bot.chat.cards import Block, Bullets, Button, Card, Divider, Spans, Text
from bot.chat.stage import Example
from bot.flow import action
from bot.looking.tree import Branch, stand
from bot.method.calibration import Calibration
from bot.participation import Participation
from bot.picture import Standing
from bot.quarter import attended, calibrations
from bot.quarter.attendance import Attendance
from bot.texts import Voice, brief
from storage.objectives import Objective
from storage.teams import Team

MOST_KEY_RESULTS = 20
MOST_OBJECTIVES = 10
MOST_TEAMS = 12
CHOICES = 5
NEAR = 3
"""Of one team's parent and children, beside its other words: six buttons show on every platform."""
NOBODY = Attendance()


@dataclass(frozen=True)
class Season:
    """A team's quarter so far: who took part; to its leads, last quarter's confidence."""

    attendance: Attendance = NOBODY
    calibration: Calibration | None = None


def show(
    voice: Voice,
    branches: Sequence[Branch],
    parent: Team | None = None,
    season: Season | None = None,
) -> Card:
    """One team, or all of mine."""
    blocks: list[Block] = []
    for branch in branches:
        if len(branches) > 1:
            blocks += [*([Divider()] if blocks else []), _heading(voice, branch)]
        blocks += _team(voice, branch)
    one = branches[0] if len(branches) == 1 else None
    blocks += _season(voice, season) if season else ()
    title = brief(one.team.name, 60) if one else voice.line("team.mine_title")
    near = [parent] if parent else []
    near += [branch.team for branch in one.below] if one else [b.team for b in branches]
    buttons = [*(_words(voice, one) if one else ()), *_choose(near[: NEAR if one else CHOICES])]
    return Card(title, tuple(blocks), tuple(buttons))


def _words(voice: Voice, branch: Branch) -> Iterator[Button]:
    """What else there is to see of a team that has something."""
    if branch.all_standings:
        number = branch.team.id
        yield Button(voice.line("company.at_risk"), action("risk", "of", number))
        yield Button(voice.line("risk.blockers"), action("blockers", "of", number))
        yield Button(voice.line("company.tree"), action("tree", "of", number))


def _season(voice: Voice, season: Season) -> Iterator[Text]:
    told = attended.told(voice, season.attendance)
    if told:
        yield Text(voice.spans("team.season", told=told), "quiet")
    if season.calibration is not None:
        line = calibrations.told(voice, season.calibration)
        yield Text(voice.spans("quarter.before", told=line), "quiet")


def choice(voice: Voice, typed: str, found: Sequence[Team]) -> Card:
    """No such team: those whose names are like it."""
    name = "team.unknown" if typed else "team.none_mine"
    blocks = voice.blocks(name, typed=brief(typed, 40), any=bool(found))
    title = voice.line("team.unknown_title" if typed else "team.choose_title")
    return Card(title, blocks, tuple(_choose(found)))


def _choose(found: Sequence[Team]) -> Iterator[Button]:
    for team in found[:CHOICES]:
        yield Button(picture.short(team.name), action("team", "show", team.id), about=team.name)


def _heading(voice: Voice, branch: Branch) -> Text:
    return Text(voice.spans("team.heading", name=branch.team.name), "heading")


def _team(voice: Voice, branch: Branch) -> Iterator[Block]:
    lead = branch.people.get(branch.team.lead_id or 0)
    yield Text(voice.spans("team.line", stand=stand(voice, branch), lead=lead.name if lead else ""))
    for objective, standings in branch.objectives[:MOST_OBJECTIVES]:
        yield _objective(voice, branch, objective, standings)
        yield Bullets(tuple(_key_results(voice, branch, standings)))
    if len(branch.objectives) > MOST_OBJECTIVES:
        yield voice.text("team.more_objectives", count=len(branch.objectives) - MOST_OBJECTIVES)
    if branch.dropped:
        titles = ", ".join(
            voice.line("picture.quoted", text=kr.title) for kr in branch.dropped[:MOST_OBJECTIVES]
        )
        yield Text(voice.spans("team.dropped", titles=titles), "quiet")
    if not branch.all_standings:
        yield from voice.blocks("team.no_objectives")
    yield from _below(voice, branch)


def _objective(
    voice: Voice, branch: Branch, objective: Objective, standings: Sequence[Standing]
) -> Text:
    owner = branch.people.get(objective.owner_id or 0)
    return voice.text(
        "team.objective",
        title=objective.title,
        owner=owner.name if owner else "",
        **_figures(voice, standings),
    )


def _figures(voice: Voice, standings: Sequence[Standing]) -> dict[str, str]:
    progress, pace = picture.mean(standings), picture.pace_of(standings)
    return {
        "progress": "" if progress is None else voice.percent(progress),
        "pace": voice.line(f"picture.{pace}") if pace else "",
    }


def _key_results(voice: Voice, branch: Branch, standings: Sequence[Standing]) -> Iterator[Spans]:
    for standing in standings[:MOST_KEY_RESULTS]:
        owner = branch.people.get(standing.kr.owner_id or 0)
        yield voice.spans(
            "team.key_result",
            number=standing.id,
            title=standing.kr.title,
            summary=picture.summary(voice, standing),
            owner=owner.name if owner else "",
            stale=picture.belief(voice, standing) if standing.stale else "",
        )
    if len(standings) > MOST_KEY_RESULTS:
        yield voice.spans("team.more_key_results", count=len(standings) - MOST_KEY_RESULTS)


def _below(voice: Voice, branch: Branch) -> Iterator[Block]:
    walked = list(branch.walk())
    if walked:
        yield Text(voice.spans("team.below"), "heading")
    for depth, child in walked[:MOST_TEAMS]:
        yield voice.text(
            "team.child", path="› " * (depth - 1), name=child.team.name, stand=stand(voice, child)
        )
        items = tuple(
            voice.spans("team.child_objective", title=o.title, **_figures(voice, own))
            for o, own in child.objectives[:MOST_OBJECTIVES]
        )
        if items:
            yield Bullets(items)
    if len(walked) > MOST_TEAMS:
        yield voice.text("team.more_teams", count=len(walked) - MOST_TEAMS)


def examples(voice: Voice) -> Iterable[Example]:
    """Growth, the company above it, and names that are not clear."""
    known = {1: cast.ALICE, 2: cast.BOB}
    took_part = Participation(on_time=(cast.BOB,), open=(cast.CHARLIE, cast.DANA))
    gone = cast.GUIDE.model_copy(update={"title": cast.HOSTILE[:60], "state": "dropped"})
    growth = Branch(cast.GROWTH, cast.standings(answered=True), took_part, (), known, (gone,))
    company = Branch(cast.COMPANY, (), Participation(), (growth,), known)
    hostile = Branch(
        cast.GROWTH.model_copy(update={"name": cast.HOSTILE}),
        [
            Standing(
                cast.NPS.model_copy(update={"title": cast.HOSTILE}),
                cast.LOVED.model_copy(update={"title": cast.HOSTILE}),
                cast.WEEK,
                cast.STARTS,
            )
        ],
        people=known,
    )
    taken = Attendance(31, 4, 5, (40.0, 48.0, 52.0, 71.0))
    season = Season(taken, Calibration(8, 0.72, 0.5))
    shown = (
        ("a team", show(voice, [growth], cast.COMPANY)),
        ("a team, to its lead", show(voice, [growth], cast.COMPANY, season)),
        ("the company", show(voice, [company])),
        ("several of mine", show(voice, [growth, company])),
        ("without objectives", show(voice, [Branch(cast.GROWTH)])),
        ("with hostile text", show(voice, [hostile])),
        ("unknown", choice(voice, "grwoth", [cast.GROWTH])),
        ("unknown, hostile", choice(voice, cast.HOSTILE, [])),
        ("no team of mine", choice(voice, "", [cast.COMPANY, cast.GROWTH])),
    )
    return (Example("team", name, card) for name, card in shown)
