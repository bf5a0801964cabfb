"""Where one key result's figures come from: formulas, inputs, history, course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bot import picture
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Card,
    Column,
    Divider,
    Spans,
    Table,
    Words,
)
from bot.flow import action
from bot.flows.why import fate as fates
from bot.flows.why import formulas
from bot.flows.why.fate import Fate
from bot.picture import Standing
from bot.texts import Voice, brief
from bot.zones import zone_of
from storage.audit import Audit
from storage.checkins import Said
from storage.people import Person

LONGEST_NOTE = 120
LONGEST_LIST = 25


@dataclass(frozen=True)
class Story:
    """One key result, the others of its objective, who said what, and how it was made."""

    standing: Standing
    siblings: Sequence[Standing] = ()
    people: Mapping[int, Person] | None = None
    made: Sequence[Audit] = ()
    fate: Fate | None = None

    def name(self, person_id: int | None) -> str:
        """Who that was."""
        person = (self.people or {}).get(person_id or 0)
        return person.name if person else "–"


def story(voice: Voice, told: Story) -> Card:
    """All of it on one card."""
    standing = told.standing
    blocks: list[Block] = [
        picture.meter(voice, standing),
        *voice.blocks("why.progress"),
        *formulas.progress(voice, standing),
        Bullets(tuple(_inputs(voice, told))),
        *voice.blocks("why.pace"),
        *formulas.expected(voice, standing),
        *voice.blocks("why.objective", title=standing.objective.title),
        *formulas.objective(voice, told.siblings),
    ]
    if told.fate is not None:
        blocks += fates.blocks(voice, told.fate, told.name)
    if standing.updates:
        blocks += [Divider(), _history(voice, told)]
    course = picture.course(voice, voice.line("why.course"), [standing], standing.week)
    if course is not None:
        blocks.append(course)
    team = Button(voice.line("why.team"), action("team", "show", standing.objective.team_id))
    return Card(voice.line("why.title", number=standing.id), tuple(blocks), (team,))


def listed(
    voice: Voice,
    standings: Sequence[Standing],
    unknown: str = "",
    before: Sequence[Block] = (),
) -> Card:
    """My key results, to choose one from; my messages may stand before them."""
    blocks: list[Block] = [*before]
    if before:
        blocks += voice.blocks("why.heading_numbers")
    if unknown:
        blocks += voice.blocks("why.unknown", typed=unknown)
    if not standings:
        blocks += voice.blocks("why.none_mine")
        return Card(voice.line("why.list_title"), tuple(blocks))
    items = tuple(
        voice.spans("why.item", number=s.id, title=s.kr.title, summary=picture.summary(voice, s))
        for s in standings[:LONGEST_LIST]
    )
    blocks += [*voice.blocks("why.how", example=standings[0].id), Bullets(items)]
    buttons = tuple(
        Button(picture.short(s.kr.title), action("why", "show", s.id), about=s.kr.title)
        for s in standings[:3]
    )
    return Card(voice.line("why.list_title"), tuple(blocks), buttons)


def _inputs(voice: Voice, told: Story) -> Iterator[Spans]:
    """Each number of the formula: what it is, who gave it, and when."""
    standing, kr = told.standing, told.standing.kr
    match kr.kind:
        case "increase" | "decrease":
            for name, value in (("baseline", kr.baseline), ("target", kr.target)):
                if value is not None:
                    shown, made = voice.number(value, kr.unit), _made(voice, told, name)
                    yield voice.spans(f"why.{name}", value=shown, made=made)
        case "milestones":
            for step in standing.milestones:
                yield voice.spans(
                    "why.step",
                    title=step.title,
                    weight=voice.number(step.weight),
                    done="" if step.done_on is None else voice.day(step.done_on),
                    due="" if step.due is None else voice.day(step.due),
                )
        case "within" | "done":
            pass
    newest = next((u for u in reversed(standing.updates) if u.value is not None), None)
    if newest is not None and newest.value is not None:
        yield voice.spans(
            "why.newest",
            value=picture.value(voice, standing, newest.value),
            who=told.name(newest.by_id),
            when=voice.moment(newest.at),
            week=newest.week,
        )


def _made(voice: Voice, told: Story, name: str) -> str:
    """Who gave this number last, and when, as far as the audit knows."""
    for row in told.made:
        before, after = (msgspec.json.decode(text or "{}") for text in (row.before, row.after))
        if before.get(name) != after.get(name):
            day = row.at.astimezone(zone_of(voice.zone)).date()
            return voice.line("why.made", who=told.name(row.by_id), day=voice.day(day))
    return voice.line("why.made_with_it")


def _history(voice: Voice, told: Story) -> Table:
    names = ("week", "value", "confidence", "note", "who", "when")
    columns = tuple(
        Column(voice.line(f"why.column_{name}"), name in ("value", "confidence")) for name in names
    )
    rows = tuple(_row(voice, told, update) for update in reversed(told.standing.updates))
    return Table(voice.line("why.history"), columns, rows)


def _row(voice: Voice, told: Story, update: Said) -> tuple[Spans, ...]:
    value, note = update.value, update.note
    when = voice.moment(update.at)
    if update.version > 1:
        when = voice.line("why.changed", when=when, times=update.version - 1)
    cells = (
        str(update.week),
        "–" if value is None else picture.value(voice, told.standing, value),
        "–" if update.confidence is None else str(update.confidence),
        brief(note, LONGEST_NOTE),
        told.name(update.by_id),
        when,
    )
    return tuple((Words(cell or "–"),) for cell in cells)
