"""Storing what somebody answered: upserts on natural keys, what was before goes to the audit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import ripples
from bot.chat.forms import Problem, Read
from bot.flow import Turn
from bot.flows.checkin.form import COMMITMENTS
from bot.flows.checkin.sheet import Sheet
from bot.picture import Standing
from storage import audit, people, teams
from storage.checkins import Blocker, Checkin, Commitment, Update

LONGEST_ANSWER = 3600.0


@dataclass(frozen=True)
class Given:
    """What was given for one key result."""

    value: float | None
    confidence: int
    note: str = ""
    changed: bool = True


def given(read: Read, standing: Standing) -> Given:
    """What a form says of one key result."""
    question = f"value-{standing.id}"
    value: float | None
    match standing.kr.kind:
        case "done":
            value = 1.0 if read.text(question) == "1" else 0.0
        case "milestones":
            value = float(len(read.chosen(question)))
        case _:
            value = read.number(question)
    confidence = int(read.text(f"confidence-{standing.id}") or standing.confidence)
    note = read.text(f"note-{standing.id}")
    same = value == standing.value and confidence == standing.confidence and not note
    return Given(value, confidence, note, not same)


def unchanged(standing: Standing) -> Given:
    """ "No change"."""
    return Given(standing.value, standing.confidence, "", changed=False)


def conflicts(turn: Turn, sheet: Sheet, read: Read, opened: datetime) -> list[Problem]:
    """Values that somebody else has set while the form was open, and this form would undo."""
    found = []
    for standing in sheet.standings:
        said, mine = standing.said, given(read, standing)
        if said is None or said.by_id == turn.me or said.at <= opened:
            continue
        if mine.value != said.value and said.value is not None:
            other = people.person(turn.session, said.by_id or 0)
            found.append(
                Problem(
                    f"value-{standing.id}",
                    turn.voice.line(
                        "checkin.conflict",
                        who=other.name if other else "?",
                        value=turn.voice.number(said.value, standing.kr.unit),
                        at=turn.voice.time(said.at),
                    ),
                )
            )
    return found


def store(turn: Turn, sheet: Sheet, read: Read, opened: datetime) -> None:
    """Everything a form says, in this transaction."""
    for standing in sheet.standings:
        if standing.kr.kind == "milestones":
            _milestones(turn, standing, set(read.chosen(f"value-{standing.id}")))
    said(turn, sheet, {s.id: given(read, s) for s in sheet.standings})
    _meant(turn, sheet, {int(p) for p in read.chosen("meant")})
    _next(turn, sheet, [read.text(f"next-{n}") for n in range(COMMITMENTS)])
    _blocker(turn, sheet, read)
    seconds = (turn.now - opened).total_seconds()
    settle(
        turn,
        sheet,
        "answered",
        line=read.text("line"),
        seconds=seconds if 0 < seconds <= LONGEST_ANSWER else None,
    )


def said(turn: Turn, sheet: Sheet, answers: Mapping[int, Given]) -> None:
    """What was said of key results, with a flag to the lead where it must not wait."""
    alarming = []
    for standing in sheet.standings:
        answer = answers.get(standing.id)
        if answer is None:
            continue
        update(turn, standing, sheet.week, answer)
        if ripples.flagged(standing.confidence_before, answer.confidence):
            alarming.append(standing)
    _tell_leads(turn, alarming)


def update(turn: Turn, standing: Standing, week: int, answer: Given) -> Update:
    """Upsert one key result's update."""
    row = standing.said
    before = audit.fields(row) if row else None
    if row is None:
        row = Update(cycle_id=turn.term.cycle_id, week=week, key_result_id=standing.id, at=turn.now)
        turn.session.add(row)
    elif (row.value, row.confidence, row.note) == (answer.value, answer.confidence, answer.note):
        return row
    else:
        row.version += 1
    row.value, row.confidence, row.note = answer.value, answer.confidence, answer.note
    row.changed, row.by_id, row.at = answer.changed, turn.me, turn.now
    audit.note(
        turn.session,
        turn.now,
        "update",
        f"{standing.id}:{week}",
        by=turn.me,
        before=before,
        after=audit.fields(row),
    )
    return row


def settle(
    turn: Turn, sheet: Sheet, state: str, *, line: str = "", seconds: float | None = None
) -> None:
    """The check-in itself: answered or skipped; what asks for it is cancelled or edited."""
    row = sheet.checkin
    before = audit.fields(row) if row else None
    if row is None:
        row = Checkin(cycle_id=turn.term.cycle_id, week=sheet.week, person_id=turn.me)
        turn.session.add(row)
    elif row.state == "answered":
        row.version, row.edited_at = row.version + 1, turn.now
    row.state, row.line = state, line
    row.answered_at = row.answered_at or (turn.now if state == "answered" else None)
    row.seconds = row.seconds if row.seconds is not None else seconds
    audit.note(
        turn.session,
        turn.now,
        "checkin",
        f"{sheet.week}:{turn.me}",
        by=turn.me,
        before=before,
        after=audit.fields(row),
    )
    turn.session.flush()
    ripples.answered(turn.session, turn.term, turn.now, turn.person, sheet.week)


def _milestones(turn: Turn, standing: Standing, finished: set[str]) -> None:
    for milestone in standing.milestones:
        done = str(milestone.id) in finished
        if done == (milestone.done_on is not None):
            continue
        row = turn.session.merge(milestone)
        before = audit.fields(row)
        row.done_on = turn.today if done else None
        audit.note(
            turn.session,
            turn.now,
            "milestone",
            row.id,
            by=turn.me,
            before=before,
            after=audit.fields(row),
        )


def _meant(turn: Turn, sheet: Sheet, done: set[int]) -> None:
    for commitment in sheet.meant:
        commitment.done = commitment.position in done
        turn.session.add(commitment)


def _next(turn: Turn, sheet: Sheet, texts: Iterable[str]) -> None:
    known = {c.position: c for c in sheet.commitments}
    for position, text in enumerate(texts):
        row = known.get(position)
        if text and row is None:
            turn.session.add(
                Commitment(
                    cycle_id=turn.term.cycle_id,
                    week=sheet.week,
                    person_id=turn.me,
                    position=position,
                    text=text,
                )
            )
        elif row is not None and text:
            row.text = text
        elif row is not None:
            turn.session.delete(row)


def _blocker(turn: Turn, sheet: Sheet, read: Read) -> None:
    text, row = read.text("blocker"), sheet.blocker
    if not text:
        if row is not None and row.state != "solved":
            row.state, row.changed_at = "solved", turn.now
        return
    if row is None:
        row = Blocker(
            cycle_id=turn.term.cycle_id,
            week=sheet.week,
            person_id=turn.me,
            text=text,
            changed_at=turn.now,
        )
        turn.session.add(row)
    elif row.state == "solved":
        row.state = "open"
    row.text, row.by, row.changed_at = text, read.day("by"), turn.now
    row.helper_id = int(read.text("helper")) if read.text("helper") else None


def _tell_leads(turn: Turn, alarming: Iterable[Standing]) -> None:
    team_ids = {standing.objective.team_id for standing in alarming}
    lead_ids = {team.lead_id for team in teams.teams(turn.session, team_ids).values()}
    for lead in people.people(turn.session, {i for i in lead_ids if i}).values():
        if lead.id != turn.me:
            ripples.flag(turn.session, turn.term, turn.now, lead)


def opened_at(args: Iterable[str], now: datetime) -> datetime:
    """When a form was opened, as its action says."""
    try:
        return datetime.fromtimestamp(int(list(args)[-1]), UTC)
    except (ValueError, IndexError, OverflowError, OSError):
        return now
