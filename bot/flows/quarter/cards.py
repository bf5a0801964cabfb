"""A quarter on one card: objectives, teams, how it was answered, my teams."""

from collections.abc import Iterator, Sequence

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Card, Spans, Text
from bot.flow import action
from bot.flows.quarter.state import Own, State, sorted_by_grade
from bot.goals import hindsight
from bot.quarter import attended, calibrations, verdicts
from bot.quarter.verdicts import Judged
from bot.term import spoken_of
from bot.texts import Voice, brief
from storage.cycles import Cycle

MOST_OBJECTIVES = 8
MOST_TEAMS = 10
MOST_OWN = 4
MOST_QUARTERS = 12
BUTTONS = 5
LONGEST_NAME = 24


def card(
    voice: Voice, state: State, earlier: Cycle | None = None, later: Cycle | None = None
) -> Card:
    """Grades once it is over, progress while it runs."""
    cycle = state.cycle
    blocks: list[Block] = [
        voice.text(
            "quarter.when",
            first=voice.day(cycle.starts),
            last=voice.day(cycle.ends),
            over=state.over,
            week=state.week or 0,
            weeks=state.term.calendar.weeks,
        ),
        *(_judged(voice, state) if state.over else _running(voice, state)),
        *(hindsight.shown(voice, state.foretold) if state.foretold else ()),
        *_answers(voice, state),
        *_own(voice, state),
    ]
    near = [(name, each) for name, each in (("earlier", earlier), ("later", later)) if each]
    buttons = tuple(
        Button(
            voice.line(f"quarter.{name}"),
            action("quarter", "show", each.id),
            about=spoken_of(voice, each),
        )
        for name, each in near
    )
    return Card(spoken_of(voice, cycle)[:60], tuple(blocks), buttons)


def _running(voice: Voice, state: State) -> Iterator[Block]:
    every = state.all_standings
    if not every:
        yield from voice.blocks("quarter.nothing")
        return
    progress, pace = picture.mean(every), picture.pace_of(every)
    yield voice.text(
        "quarter.progress",
        objectives=len({s.objective.id for s in every}),
        key_results=len(every),
        progress="" if progress is None else voice.percent(progress),
        pace=voice.line(f"picture.{pace}") if pace else "",
        at_risk=state.at_risk,
        unsaid=state.unsaid,
    )
    own = [s for number in state.top for s in state.standings.get(number, ())]
    shown = picture.objective_progress(own or every)
    titles = {s.objective.id or 0: s.objective.title for s in every}
    yield from voice.blocks("quarter.heading_objectives")
    yield from _list(
        voice,
        [
            voice.spans(
                "quarter.line",
                title=titles[number],
                told=voice.line("quarter.no_values") if share is None else voice.percent(share),
            )
            for number, share in list(shown.items())[:MOST_OBJECTIVES]
        ],
        len(shown),
    )


def _judged(voice: Voice, state: State) -> Iterator[Block]:
    every = [v for own in state.grades.values() for v in own.verdicts]
    if not every:
        yield from voice.blocks("quarter.nothing")
        return
    given = [v for v in every if v.grade is not None]
    yield voice.text(
        "quarter.graded",
        objectives=sum(len(own.objectives) for own in state.grades.values()),
        key_results=len(every),
        came=sum(not v.missed for v in given),
        open=len(every) - len(given),
    )
    top = [o for i in state.top if i in state.grades for o in state.grades[i].objectives]
    shown = top or [o for own in state.grades.values() for o in own.objectives]
    yield from voice.blocks("quarter.heading_objectives")
    lines = [_line(voice, each.objective.title, each) for each in shown[:MOST_OBJECTIVES]]
    yield from _list(voice, lines, len(shown))
    teams = sorted_by_grade(state.grades.values())
    yield from voice.blocks("quarter.heading_teams")
    named = [_line(voice, state.teams[own.team_id].name, own) for own in teams[:MOST_TEAMS]]
    yield from _list(voice, named, len(teams))


def _line(voice: Voice, title: str, judged: Judged) -> Spans:
    return voice.spans("quarter.line", title=title, told=verdicts.told(voice, judged))


def _answers(voice: Voice, state: State) -> Iterator[Block]:
    told = attended.told(voice, state.attendance)
    if not told:
        return
    yield from voice.blocks("quarter.heading_answers")
    yield voice.text("quarter.answers", told=told)
    if state.blockers or state.thanks:
        yield voice.text(
            "quarter.counts", blockers=state.blockers, solved=state.solved, thanks=state.thanks
        )


def _own(voice: Voice, state: State) -> Iterator[Block]:
    told = [own for own in state.own if own.attendance.asked or own.calibration]
    if not told:
        return
    yield from voice.blocks("quarter.heading_own")
    for own in told[:MOST_OWN]:
        yield voice.text("quarter.own", team=own.team.name, told=_told(voice, own))
        if own.calibration is not None:
            yield Text(
                voice.spans("quarter.answers", told=calibrations.told(voice, own.calibration)),
                "quiet",
            )


def _told(voice: Voice, own: Own) -> str:
    return attended.told(voice, own.attendance) or voice.line("quarter.nobody_asked")


def _list(voice: Voice, items: Sequence[Spans], count: int) -> Iterator[Block]:
    yield Bullets(tuple(items))
    if count > len(items):
        yield Text(voice.spans("digest.more", count=count - len(items)), "quiet")


def listed(voice: Voice, every: Sequence[Cycle], typed: str = "") -> Card:
    """All quarters, where the one that was typed is not among them."""
    blocks: list[Block] = [
        *voice.blocks("quarter.unknown", typed=brief(typed, 40), any=bool(every))
    ]
    if every:
        items = [
            voice.spans(
                "quarter.listed",
                name=spoken_of(voice, cycle),
                first=voice.day(cycle.starts),
                last=voice.day(cycle.ends),
            )
            for cycle in every[:MOST_QUARTERS]
        ]
        blocks += _list(voice, items, len(every))
    buttons = tuple(
        Button(
            picture.short(spoken_of(voice, cycle), LONGEST_NAME),
            action("quarter", "show", cycle.id),
            about=spoken_of(voice, cycle),
        )
        for cycle in every[:BUTTONS]
    )
    return Card(voice.line("quarter.list_title"), tuple(blocks), buttons)
