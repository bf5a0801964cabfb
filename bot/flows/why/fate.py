"""How a key result fared besides its figures: targets that moved, its grade, its lineage."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.chat.cards import Block, Bullets, Spans
from bot.goals import shown
from bot.goals.moving import Goalposts
from bot.quarter import carrying
from bot.quarter.verdicts import Verdict, cause, figure, told
from bot.texts import Voice
from storage.grades import Grade
from storage.objectives import KeyResult, Moved

Name = Callable[[int | None], str]


@dataclass(frozen=True)
class Fate:
    """What is known of it; `came_from` is of the quarter `then`, where it was `graded`."""

    verdict: Verdict | None = None
    came_from: KeyResult | None = None
    then: str = ""
    graded: Grade | None = None
    became: KeyResult | None = None


def blocks(voice: Voice, fate: Fate, name: Name) -> Iterator[Block]:
    """Each part with its heading, where there is something to say."""
    verdict = fate.verdict
    if verdict is not None and verdict.moved:
        yield from voice.blocks("why.moved")
        yield Bullets(tuple(_moved(voice, verdict, name)))
    if verdict is not None and verdict.given is not None:
        yield from _grade(voice, verdict, verdict.given, name)
    lineage = tuple(_lineage(voice, fate))
    if lineage:
        yield from voice.blocks("why.lineage")
        yield Bullets(lineage)


def _moved(voice: Voice, verdict: Verdict, name: Name) -> Iterator[Spans]:
    """Each step from what counted before to what counted then."""
    kr = verdict.kr
    after: list[Moved | KeyResult] = [*verdict.moved[1:], kr]
    for row, then in zip(verdict.moved, after, strict=True):
        yield voice.spans(
            "why.moved_line",
            week=row.week,
            was=shown.course(voice, Goalposts.of(row).into(kr)),
            now=shown.course(voice, Goalposts.of(then).into(kr)),
            who=name(row.by_id) if row.by_id else voice.line("why.by_import"),
            approver="" if row.approver_id in (None, row.by_id) else name(row.approver_id),
            reason=row.reason,
        )


def _grade(voice: Voice, verdict: Verdict, given: Grade, name: Name) -> Iterator[Block]:
    yield from voice.blocks("why.grade")
    yield voice.text(
        "why.grade_line",
        grade=told(voice, verdict),
        figures="" if given.suggested is None else figure(voice, given.suggested),
        who=name(given.by_id),
        when=voice.moment(given.at),
        cause=cause(voice, given.cause) if given.cause else "",
        reason=given.reason,
    )


def _lineage(voice: Voice, fate: Fate) -> Iterator[Spans]:
    if fate.came_from is not None:
        yield voice.spans(
            "why.came_from",
            number=fate.came_from.id or 0,
            cycle=fate.then,
            grade=figure(voice, fate.graded.grade) if fate.graded else "",
        )
    carry = fate.verdict.carry if fate.verdict is not None else None
    if fate.verdict is not None and carry is not None:
        yield voice.spans(
            "why.goes_on",
            decision=carrying.told(voice, carry.decision, fate.verdict.kr, fate.became),
            why=carry.why,
        )
