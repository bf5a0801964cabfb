"""Teams by weeks: how far each had come against its pace, or what its people believed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple, TypeAlias

from bot import picture
from bot.chat.cards import Column, Spans, Table, Words
from bot.looking.scope import Scope
from bot.method import pace, score
from bot.picture import Standing
from bot.texts import Voice
from storage.teams import Team

Kind: TypeAlias = Literal["progress", "confidence"]
Verdict: TypeAlias = Literal["good", "fair", "poor", "none"]

MOST_WEEKS = 19
"""With the team's name, as many columns as every platform takes."""
MOST_ROWS = 25
LONGEST_NAME = 24

_PACE: Mapping[pace.Pace | None, Verdict] = {
    "on_pace": "good",
    "behind": "fair",
    "at_risk": "poor",
    None: "none",
}
_BAND: Mapping[score.Band, Verdict] = {"high": "good", "medium": "fair", "low": "poor"}


class Cell(NamedTuple):
    """One team in one week: a share of 1 or a confidence, and how that is judged."""

    value: float
    verdict: Verdict


class Row(NamedTuple):
    """One team, how deep it lies, and a cell for every week; None where nothing is known."""

    team: Team
    depth: int
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class Heat:
    """The whole of it; `left` teams did not fit."""

    kind: Kind
    weeks: Sequence[int]
    rows: Sequence[Row]
    left: int = 0


def heat(kind: Kind, scope: Scope, standings: Mapping[int, Sequence[Standing]], until: int) -> Heat:
    """The teams that have key results, the upper ones first to stay where they are too many."""
    weeks = range(max(1, until - MOST_WEEKS + 1), until + 1)
    found = [(depth, team, own) for depth, team, own in _counted(scope, standings) if own]
    shown = found
    deepest = max((depth for depth, *_ in found), default=0)
    while len(shown) > MOST_ROWS and deepest > 0:
        deepest -= 1
        shown = [each for each in found if each[0] <= deepest]
    rows = [
        Row(team, depth, [_cell(kind, own, week) for week in weeks])
        for depth, team, own in shown[:MOST_ROWS]
    ]
    return Heat(kind, weeks, rows, len(found) - len(rows))


def _counted(
    scope: Scope, standings: Mapping[int, Sequence[Standing]]
) -> Iterator[tuple[int, Team, Sequence[Standing]]]:
    """Each team with its own key results or, without any, those of all below it."""
    walked = list(scope.walk())
    for place, (depth, team) in enumerate(walked):
        own = list(standings.get(team.id or 0, ()))
        if not own:
            for below, other in walked[place + 1 :]:
                if below <= depth:
                    break
                own += standings.get(other.id or 0, ())
        yield depth, team, own


def _cell(kind: Kind, standings: Sequence[Standing], week: int) -> Cell | None:
    if kind == "confidence":
        said = _said(standings, week)
        mean = sum(said) / len(said) if said else None
        return None if mean is None else Cell(mean, _BAND[score.band(round(mean))])
    progress = picture.mean(standings, week)
    if progress is None:
        return None
    return Cell(progress, _PACE[pace.judge(picture.mean_expected(standings, week), progress)])


def _said(standings: Iterable[Standing], week: int) -> list[int]:
    """What was said in that very week: an older belief is no news, and silence none at all."""
    return [
        update.confidence
        for standing in standings
        for update in standing.updates
        if update.week == week and update.confidence is not None
    ]


def table(voice: Voice, heat: Heat) -> Table:
    """A row a team, a column a week."""
    weeks = (Column(voice.line("picture.short_week", week=w), number=True) for w in heat.weeks)
    return Table(
        voice.line(f"heatmap.caption_{heat.kind}"),
        (Column(voice.line("digest.team")), *weeks),
        tuple(
            (
                (Words("› " * row.depth + picture.short(row.team.name, LONGEST_NAME)),),
                *((Words(_short(voice, heat.kind, cell)),) for cell in row.cells),
            )
            for row in heat.rows
        ),
    )


def _short(voice: Voice, kind: Kind, cell: Cell | None) -> str:
    if cell is None:
        return "–"
    mark = voice.line(f"heatmap.mark_{cell.verdict}")
    return f"{_figure(voice, kind, cell)} {mark}".strip()


def _figure(voice: Voice, kind: Kind, cell: Cell) -> str:
    if kind == "progress":
        return voice.percent(cell.value)
    return voice.number(round(cell.value, 1))


def lines(voice: Voice, heat: Heat) -> Iterator[Spans]:
    """The same in words: a line a team, weeks that are judged alike together."""
    for row in heat.rows:
        known = [(w, c) for w, c in zip(heat.weeks, row.cells, strict=True) if c is not None]
        parts = [
            voice.line(
                f"heatmap.run_{heat.kind}_{verdict}",
                weeks=" · ".join(
                    voice.line("heatmap.week", week=week, figure=_figure(voice, heat.kind, cell))
                    for week, cell in run
                ),
            )
            for verdict, run in groupby(known, key=lambda each: each[1].verdict)
        ]
        yield voice.spans(
            "heatmap.line",
            path="› " * row.depth,
            team=row.team.name,
            parts="; ".join(parts),
        )
