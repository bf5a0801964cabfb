"""Saying how one key result is doing: what is asked, and how the answer is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot import ripples
from bot.chat.cards import Text
from bot.chat.forms import (
    Choice,
    Choices,
    Form,
    LongText,
    Number,
    Option,
    Question,
    Read,
    ShortText,
)
from bot.flow import Turn
from bot.method import score
from bot.picture import Standing
from bot.texts import Voice
from storage import audit, checkins, people, teams
from storage.checkins import Update

LONGEST_NOTE = 500
CONFIDENCE = tuple(Option(str(n), str(n)) for n in range(1, 11))


@dataclass(frozen=True)
class Given:
    """What was given for one key result. Confidence is None where nobody was asked for it."""

    value: float | None
    confidence: int | None
    note: str = ""
    changed: bool = True


def questions(voice: Voice, standing: Standing) -> tuple[Question, ...]:
    """Value, confidence and what changed, pre-filled with what was said last."""
    return (*_value(voice, standing), _confidence(voice, standing), _note(voice, standing))


def value(voice: Voice, standing: Standing) -> tuple[Question, ...]:
    """The value alone."""
    return tuple(_value(voice, standing))


def given(read: Read, standing: Standing) -> Given:
    """What a form says of one key result."""
    question = f"value-{standing.id}"
    value: float | None
    match standing.kr.kind:
        case "done":
            value = 1.0 if read.text(question) == "1" else 0.0
        case "milestones":
            value = float(len(read.chosen(question)))
        case "increase" | "decrease" | "within":
            value = read.number(question)
        case kind:
            assert_never(kind)
    confidence = int(read.text(f"confidence-{standing.id}") or standing.confidence)
    note = read.text(f"note-{standing.id}")
    same = value == standing.value and confidence == standing.confidence and not note
    return Given(value, confidence, note, not same)


def unchanged(standing: Standing) -> Given:
    """ "No change"."""
    return Given(standing.value, standing.confidence, "", changed=False)


def kept(voice: Voice, form: Form, read: Read) -> Iterator[Text]:
    """Every text that was typed into a form that came too late, given back."""
    for question in form.questions():
        text = read.typed.get(question.id, "")
        if isinstance(question, ShortText | LongText) and isinstance(text, str) and text.strip():
            yield voice.text("saying.kept", label=question.label, text=text.strip())


def update(turn: Turn, standing: Standing, week: int, answer: Given) -> None:
    """Upsert one key result's update; what it said before is in the audit."""
    row = standing.said
    if row is not None and (row.value, row.confidence, row.note) == (
        answer.value,
        answer.confidence,
        answer.note,
    ):
        return
    before = row._asdict() if row else None
    after = {
        "cycle_id": turn.term.cycle_id,
        "week": week,
        "key_result_id": standing.id,
        "value": answer.value,
        "confidence": answer.confidence,
        "note": answer.note,
        "changed": answer.changed,
        "by_id": turn.me,
        "at": turn.now,
        "version": row.version + 1 if row else 1,
    }
    checkins.keep(turn.session, Update, after)
    audit.note(
        turn.session, turn.now, "update", f"{standing.id}:{week}", by=turn.me, before=before,
        after=after,
    )  # fmt: skip


def finish(turn: Turn, standing: Standing, finished: set[str], day: date | None = None) -> None:
    """Mark the milestones with these numbers as finished (today or on `day`), others as not."""
    for milestone in standing.milestones:
        done = str(milestone.id) in finished
        if done == (milestone.done_on is not None):
            continue
        row = turn.session.merge(milestone)
        before = audit.fields(row)
        row.done_on = (day or turn.today) if done else None
        audit.note(
            turn.session,
            turn.now,
            "milestone",
            row.id,
            by=turn.me,
            before=before,
            after=audit.fields(row),
        )


def alarms(standing: Standing, answer: Given) -> bool:
    """Whether an answer is news for the lead; what was said before this week decides."""
    return ripples.flagged(standing.confidence_before, answer.confidence)


def tell_leads(turn: Turn, alarming: Iterable[Standing]) -> None:
    """A flag to the lead of each team, the same day."""
    team_ids = {standing.objective.team_id for standing in alarming}
    if not team_ids:
        return
    lead_ids = {team.lead_id for team in teams.teams(turn.session, team_ids).values()}
    for lead in people.people(turn.session, {i for i in lead_ids if i}).values():
        if lead.id != turn.me:
            ripples.flag(turn.session, turn.term, turn.now, lead)


def _value(voice: Voice, standing: Standing) -> Iterator[Question]:
    number, value = standing.id, standing.value
    match standing.kr.kind:
        case "done":
            yield Choice(
                id=f"value-{number}",
                label=voice.line("saying.is_done"),
                options=(
                    Option("0", voice.line("picture.not_done")),
                    Option("1", voice.line("picture.done")),
                ),
                value="1" if (value or 0) >= 1 else "0",
                required=True,
            )
        case "milestones":
            if standing.milestones:
                yield Choices(
                    id=f"value-{number}",
                    label=voice.line("saying.which_milestones"),
                    options=tuple(Option(str(m.id), m.title) for m in standing.milestones),
                    value=tuple(str(m.id) for m in standing.milestones if m.done_on is not None),
                )
        case "increase" | "decrease" | "within":
            yield _number(voice, standing)
        case kind:
            assert_never(kind)


def _number(voice: Voice, standing: Standing) -> Number:
    unit, value = standing.kr.unit, standing.value
    return Number(
        id=f"value-{standing.id}",
        label=voice.line("saying.value_in" if unit else "saying.value", unit=unit),
        value="" if value is None else voice.number(value),
        hint=""
        if value is None
        else voice.line("saying.value_hint", value=voice.number(value, unit)),
        required=standing.kr.kind != "within",
    )


def _confidence(voice: Voice, standing: Standing) -> Choice:
    return Choice(
        id=f"confidence-{standing.id}",
        label=voice.line("saying.confidence"),
        hint=voice.line(
            "saying.confidence_hint_asks" if standing.disagrees else "saying.confidence_hint",
            band=voice.line(f"picture.{score.band(standing.confidence)}"),
            pace=voice.line(f"picture.{standing.pace}") if standing.pace else "",
        ),
        options=CONFIDENCE,
        value=str(standing.confidence),
        required=True,
    )


def _note(voice: Voice, standing: Standing) -> ShortText:
    return ShortText(
        id=f"note-{standing.id}",
        label=voice.line("saying.note"),
        value=standing.said.note if standing.said else "",
        longest=LONGEST_NOTE,
    )
