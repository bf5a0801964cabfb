"""Saying how one key result is doing: what is asked, and how the answer is stored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from sqlmodel import Session

from bot import cadence, ripples
from bot.cadence import Calendar
from bot.chat.cards import Block, Bullets, Card, Text
from bot.chat.forms import (
    Choice,
    Choices,
    Form,
    LongText,
    Number,
    Option,
    Problem,
    Question,
    Read,
    ShortText,
)
from bot.chat.replies import Reply, Say
from bot.flow import Term, Turn
from bot.method import likely, score
from bot.picture import Standing
from bot.term import spoken_of
from bot.texts import Voice
from storage import audit, checkins, inbound, objectives, people, teams
from storage.checkins import Update
from storage.cycles import Cycle
from storage.objectives import KeyResult

LONGEST_NOTE = 500
MINE_SHOWN = 12
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


def seen(voice: Voice) -> Text:
    """Who will see what is said of key results."""
    return Text(voice.spans("saying.seen"), "quiet")


def given(read: Read, standing: Standing) -> Given:
    """What a form says of one key result."""
    question = f"value-{standing.id}"
    value: float | None
    match standing.kr.kind:
        case _ if standing.follows_kpi:
            value = standing.said.value if standing.said else None
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
    moved = value != standing.value and not standing.follows_kpi
    same = not moved and confidence == standing.confidence and not note
    return Given(value, confidence, note, not same)


def unchanged(standing: Standing) -> Given:
    """ "No change"."""
    value = standing.said.value if standing.follows_kpi and standing.said else standing.value
    return Given(value, standing.confidence, "", changed=False)


def doubt(turn: Turn, standing: Standing, value: float | None) -> str:
    """Asked back once: "Really 1000? It was 42." Said a second time, a value is taken: then ""."""
    kr, last = standing.kr, standing.value
    if last is None:
        last = kr.baseline
    if value is None or kr.kind not in ("increase", "decrease", "within"):
        return ""
    known = (kr.low, kr.high, *(update.value for update in standing.updates))
    if not likely.doubtful(value, last, (kr.baseline, kr.target), known) or last is None:
        return ""
    key = f"{turn.me}:{standing.id}:{standing.week}:{value!r}"
    if not inbound.first_time(turn.session, "doubt", key, turn.now):
        return ""
    unit = kr.unit
    return turn.voice.line(
        "saying.really", value=turn.voice.number(value, unit), last=turn.voice.number(last, unit)
    )


def doubts(turn: Turn, standings: Iterable[Standing], read: Read) -> Iterator[Problem]:
    """The same beside each value of a form."""
    for standing in standings:
        question = f"value-{standing.id}"
        text = doubt(turn, standing, read.number(question))
        if text:
            again = turn.voice.line("saying.send_again")
            yield Problem(question, f"{text} {again}")


def not_begun(turn: Turn) -> Reply | None:
    """When the quarter begins and what is mine in it; None where it has begun or there is none."""
    term = turn.term
    if term.cycle is None or term.week is not None:
        return None
    own = objectives.owned(turn.session, term.cycle_id, [turn.me]).get(turn.me, [])
    return Say(begins(turn.voice, term.cycle, term.calendar, [kr for kr, _ in own]))


def begins(voice: Voice, cycle: Cycle, calendar: Calendar, own: Sequence[KeyResult]) -> Card:
    """When a quarter begins, and what is somebody's in it."""
    checkins = cadence.first_day(cycle.starts, calendar.first_execution_week)
    blocks: list[Block] = [
        *voice.blocks(
            "saying.not_begun",
            name=spoken_of(voice, cycle),
            first=voice.day(cycle.starts),
            checkins=voice.day(checkins),
        )
    ]
    if own:
        blocks.append(voice.text("saying.mine_then"))
        some = own[:MINE_SHOWN]
        lines = (voice.spans("saying.mine_line", number=kr.id, title=kr.title) for kr in some)
        blocks.append(Bullets(tuple(lines)))
    return Card(voice.line("saying.not_begun_title"), tuple(blocks))


def kept(voice: Voice, form: Form, read: Read) -> Iterator[Text]:
    """Every text that was typed into a form that came too late, given back."""
    for question in form.questions():
        text = read.typed.get(question.id, "")
        if isinstance(question, ShortText | LongText) and isinstance(text, str) and text.strip():
            yield voice.text("saying.kept", label=question.label, text=text.strip())


def update(turn: Turn, standing: Standing, week: int, answer: Given) -> None:
    """Upsert one key result's update; what it said before is in the audit."""
    keep(turn.session, turn.term, standing, week, answer, by=turn.me, how="chat", now=turn.now)


def keep(
    session: Session,
    term: Term,
    standing: Standing,
    week: int,
    answer: Given,
    *,
    by: int | None,
    how: str,
    now: datetime,
) -> None:
    """The same, whoever or whatever gave it."""
    row = standing.said
    if row is not None and (row.value, row.confidence, row.note) == (
        answer.value,
        answer.confidence,
        answer.note,
    ):
        return
    before = row._asdict() if row else None
    after = {
        "cycle_id": term.cycle_id,
        "week": week,
        "key_result_id": standing.id,
        "value": answer.value,
        "confidence": answer.confidence,
        "note": answer.note,
        "changed": answer.changed,
        "by_id": by,
        "at": now,
        "version": row.version + 1 if row else 1,
    }
    checkins.keep(session, Update, after)
    key = f"{standing.id}:{week}"
    audit.note(session, now, "update", key, by=by, how=how, before=before, after=after)


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
    tell_leads_of(turn.session, turn.term, turn.now, alarming, but=turn.me)


def tell_leads_of(
    session: Session,
    term: Term,
    now: datetime,
    alarming: Iterable[Standing],
    *,
    but: int | None = None,
) -> None:
    """The same, save to the one who said it."""
    team_ids = {standing.objective.team_id for standing in alarming}
    if not team_ids:
        return
    lead_ids = {team.lead_id for team in teams.teams(session, team_ids).values()}
    leads = people.people(session, {i for i in lead_ids if i and i != but})
    if leads:
        ripples.flag(session, term, now, leads.values())


def _value(voice: Voice, standing: Standing) -> Iterator[Question]:
    number, value = standing.id, standing.value
    match standing.kr.kind:
        case _ if standing.follows_kpi:
            return
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
    unit, said = standing.kr.unit, standing.value
    value = standing.kr.baseline if said is None else said
    hint = "saying.start_hint" if said is None else "saying.value_hint"
    return Number(
        id=f"value-{standing.id}",
        label=voice.line("saying.value_in" if unit else "saying.value", unit=unit),
        value="" if value is None else voice.number(value),
        hint="" if value is None else voice.line(hint, value=voice.number(value, unit)),
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
