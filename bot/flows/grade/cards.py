"""Grades as cards: the question, the reminder, what was said, a team's."""

from collections.abc import Iterator, Mapping, Sequence

from bot import picture
from bot.chat.cards import Block, Button, Buttons, Card, Text, Words
from bot.flow import LONGEST_ABOUT, action, opens
from bot.flows.grade import form
from bot.flows.grade.sheet import Sheet
from bot.kpis import readings
from bot.quarter.verdicts import TeamGrades, Verdict, cause, figure, told
from bot.texts import Voice
from storage.people import Person
from storage.teams import Team

MANY = 20


def ask(voice: Voice, sheet: Sheet) -> Card:
    """Last values and grades: each with what the figures say, one tap where no words are needed."""
    name, count = sheet.person.name.split()[0], len(sheet.verdicts)
    blocks: list[Block] = [voice.text("grade.ask", name=name, count=count)]
    for verdict in sheet.verdicts:
        blocks += _asked(voice, sheet, verdict)
    blocks += readings.part(voice, sheet.due)
    return Card(voice.line("grade.title"), tuple(blocks), _buttons(voice, sheet))


def _asked(voice: Voice, sheet: Sheet, verdict: Verdict) -> Iterator[Block]:
    yield picture.meter(voice, verdict.standing)
    if verdict.grade is not None:
        yield voice.text("grade.already", grade=told(voice, verdict))
        return
    yield from form.said(voice, verdict)
    if verdict.figures is not None and not sheet.needs_words(verdict):
        label = voice.line("grade.confirm", figures=figure(voice, verdict.figures))
        meaning = action("grade", "same", sheet.term.cycle_id, verdict.id)
        yield Buttons((Button(label, meaning, about=verdict.kr.title[:LONGEST_ABOUT]),))


def _buttons(voice: Voice, sheet: Sheet) -> tuple[Button, ...]:
    cycle_id = sheet.term.cycle_id
    first = opens(voice.line("grade.open"), action("grade", "open", cycle_id), primary=True)
    every = Button(voice.line("grade.confirm_all"), action("grade", "all", cycle_id))
    return (first, every) if sheet.one_tap and len(sheet.ungraded) > 1 else (first,)


def remind(voice: Voice, sheet: Sheet) -> Card:
    """The one reminder: short, with the same buttons."""
    count = len(sheet.ungraded)
    blocks = voice.blocks("grade.remind", name=sheet.person.name.split()[0], count=count)
    return Card(voice.line("grade.remind_title"), blocks, _buttons(voice, sheet))


def reminded(voice: Voice) -> Card:
    """What the reminder becomes."""
    return Card(voice.line("grade.said_title"), voice.blocks("grade.reminded"))


def said(voice: Voice, sheet: Sheet, *, editable: bool = True) -> Card:
    """What somebody said, and what comes of it."""
    blocks: list[Block] = []
    for verdict in sheet.verdicts:
        blocks.append(picture.meter(voice, verdict.standing))
        blocks += _said(voice, verdict)
    blocks += readings.part(voice, sheet.due)
    again = opens(voice.line("grade.change"), action("grade", "open", sheet.term.cycle_id))
    return Card(voice.line("grade.said_title"), tuple(blocks), (again,) if editable else ())


def _said(voice: Voice, verdict: Verdict) -> Iterator[Block]:
    given, carry = verdict.given, verdict.carry
    yield voice.text("grade.already", grade=told(voice, verdict))
    if given is not None and (given.cause or given.reason):
        yield Text(
            voice.spans(
                "grade.because",
                cause=cause(voice, given.cause) if given.cause else "",
                reason=given.reason,
            ),
            "quiet",
        )
    if carry is not None:
        yield Text(
            voice.spans(
                "grade.carried",
                decision=voice.line(f"carrying.was_{carry.decision}", number=carry.became_id or 0),
                why=carry.why,
            ),
            "quiet",
        )


def team(
    voice: Voice, one: Team, judged: TeamGrades | None, people: Mapping[int, Person], *,
    changes: bool = False, open_until: str = "",
) -> Card:  # fmt: skip
    """A team's grades; who leads it can change each."""
    blocks: list[Block] = []
    if judged is None or not judged.verdicts:
        blocks += voice.blocks("grade.team_nothing")
        return Card(voice.line("grade.team_title", team=one.name), tuple(blocks))
    blocks.append(voice.text("grade.team_line", grade=told(voice, judged)))
    if open_until:
        blocks.append(Text(voice.spans("grade.open_until", day=open_until), "quiet"))
    left = MANY
    for each in judged.objectives:
        if not (each.verdicts or each.dropped):
            continue
        shown = told(voice, each) if each.verdicts else ""
        blocks.append(voice.text("grade.objective", title=each.objective.title, grade=shown))
        for verdict in each.verdicts[: max(0, left)]:
            blocks += _line(voice, verdict, people, changes=changes)
        left -= len(each.verdicts)
        for kr in each.dropped:
            blocks.append(Text(voice.spans("grade.dropped", title=kr.title), "quiet"))
    if left < 0:
        blocks.append(voice.text("grade.more", count=-left))
    return Card(voice.line("grade.team_title", team=one.name), tuple(blocks))


def _line(
    voice: Voice, verdict: Verdict, people: Mapping[int, Person], *, changes: bool
) -> Iterator[Block]:
    owner = people.get(verdict.kr.owner_id or 0)
    yield voice.text(
        "grade.line",
        title=verdict.kr.title,
        grade=told(voice, verdict),
        cause=cause(voice, verdict.cause) if verdict.cause else "",
        owner=owner.name if owner else "",
    )
    if changes:
        button = opens(
            voice.line("grade.change_one"),
            action("grade", "change", verdict.id),
            about=verdict.kr.title[:LONGEST_ABOUT],
        )
        yield Buttons((button,))


def kept(voice: Voice, verdict: Verdict) -> Card:
    """What one key result's grade and future are now."""
    blocks: list[Block] = [Text((Words(verdict.kr.title),)), *_said(voice, verdict)]
    return Card(voice.line("grade.kept_title"), tuple(blocks))


def choices(found: Sequence[Team]) -> tuple[Button, ...]:
    """Teams whose grades one may want to see."""
    return tuple(
        Button(picture.short(each.name), action("grade", "team", each.id), about=each.name)
        for each in found[:4]
    )
