"""The company's digest: every team's week, for those who lead."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot import picture
from bot.chat.cards import Block, Buttons, Card, Column, Spans, Table, Text, Words
from bot.flows.digest import words
from bot.flows.digest.week import Concern, TeamWeek
from bot.method import pace
from bot.method.score import clamp
from bot.picture import Standing
from bot.texts import Voice
from storage.checkins import Blocker
from storage.teams import Team

FEW = 5
OLDEST = 3
TEAMS = 20


class Move(NamedTuple):
    """How far a key result has come in a week, or fallen back, of the way from 0 to 1."""

    standing: Standing
    team: Team
    before: float
    after: float


def digest(voice: Voice, name: str, weeks: Mapping[int, TeamWeek]) -> Card:
    """All teams in one message."""
    shown = [w for w in weeks.values() if w.counted or w.participation.anybody]
    every = [s for week in shown for s in week.standings]
    number = next((week.week for week in weeks.values()), 0)
    chart = picture.course(voice, voice.line("digest.company_course"), every, number)
    news = [*_moves(voice, shown), *_decisions(voice, shown), *_blockers(voice, shown)]
    return Card(
        voice.line("digest.company_title", name=name, week=number),
        (
            *_teams(voice, shown),
            *([chart] if chart else []),
            *(news or voice.blocks("digest.company_quiet")),
        ),
    )


def _teams(voice: Voice, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    shown = weeks if len(weeks) <= TEAMS else sorted(weeks, key=_gap, reverse=True)[:TEAMS]
    headings = ("team", "progress", "expected", "pace", "answered")
    yield Table(
        voice.line("digest.teams_table"),
        tuple(
            Column(voice.line(f"digest.{name}"), name in ("progress", "expected", "answered"))
            for name in headings
        ),
        tuple(_row(voice, week) for week in shown),
    )
    if len(weeks) > len(shown):
        yield Text(voice.spans("digest.more_teams", count=len(weeks) - len(shown)), "quiet")


def _gap(week: TeamWeek) -> float:
    both = [s for s in week.counted if s.progress is not None and s.expected is not None]
    progress, expected = picture.means(both)
    return (expected or 0.0) - (progress or 0.0)


def _row(voice: Voice, week: TeamWeek) -> tuple[Spans, ...]:
    progress, expected = picture.means(week.counted)
    judged, part = pace.judge(expected, progress), week.participation
    cells = (
        week.team.name,
        "–" if progress is None else voice.percent(progress),
        "–" if expected is None else voice.percent(expected),
        voice.line(f"picture.{judged}") if judged else "–",
        voice.line("digest.answered_of", answered=part.answered, expected=part.expected)
        if part.expected
        else "–",
    )
    return tuple((Words(cell),) for cell in cells)


def moves(weeks: Sequence[TeamWeek]) -> list[Move]:
    """What has moved this week, the furthest first."""
    found = []
    for week in weeks:
        for standing in week.standings:
            before, after = standing.progress_at(week.week - 1), standing.progress
            if before is None and standing.kr.kind != "within":
                before = 0.0  # until a value is given it stands where it starts
            if before is not None and after is not None:
                found.append(Move(standing, week.team, clamp(before), clamp(after)))
    moved = [move for move in found if move.before != move.after]
    return sorted(moved, key=lambda move: -abs(move.after - move.before))


def _moves(voice: Voice, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    items = [
        voice.spans(
            "digest.move",
            title=move.standing.kr.title,
            team=move.team.name,
            moved=_moved(voice, move),
            fell=move.after < move.before,
        )
        for move in moves(weeks)[:FEW]
    ]
    if items:
        yield from voice.blocks("digest.moves")
        yield from words.lines(voice, items)


def _moved(voice: Voice, move: Move) -> str:
    """Its values, as its title has them; where there are none, its progress, called so."""
    has_values = move.standing.kr.kind in ("increase", "decrease")
    values = words.moved(voice, move.standing) if has_values else ""
    shares = {"before": voice.percent(move.before), "after": voice.percent(move.after)}
    return values or voice.line("digest.progressed", **shares)


def _decisions(voice: Voice, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    found = [(week, concern) for week in weeks for concern in week.concerns]
    found.sort(key=lambda pair: _weight(pair[1]))
    items = [
        voice.spans(
            "digest.company_decision",
            title=concern.standing.kr.title,
            team=week.team.name,
            reasons=words.reasons(voice, concern),
            who=words.only_named(week, concern.standing.kr.owner_id),
        )
        for week, concern in found[:FEW]
    ]
    if items:
        yield from voice.blocks("digest.decisions")
        yield from words.lines(voice, items, FEW, of=len(found))


def _weight(concern: Concern) -> int:
    """What somebody has said or the numbers say comes before silence."""
    return min(
        ("differs", "far", "low", "fell", "stale").index(reason) for reason in concern.reasons
    )


def _blockers(voice: Voice, weeks: Sequence[TeamWeek]) -> Iterator[Block]:
    found: dict[int, tuple[Blocker, TeamWeek]] = {}
    for week in weeks:
        for blocker in week.open_blockers:
            found.setdefault(blocker.id or 0, (blocker, week))
    oldest = sorted(found.values(), key=lambda pair: (pair[0].week, pair[0].id or 0))
    if oldest:
        yield from voice.blocks("digest.blockers", count=len(oldest))
        yield voice.text("digest.blockers_count", count=len(oldest))
        for blocker, week in oldest[:OLDEST]:
            yield words.blocked(voice, week, blocker, tell=False)
            if offers := words.in_full(voice, week, blocker):
                yield Buttons(offers)
