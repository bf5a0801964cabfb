"""Storing what somebody answered: upserts on natural keys, what was before goes to the audit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bot import ripples, saying
from bot.chat.forms import Problem, Read
from bot.flow import Turn
from bot.flows.checkin.form import COMMITMENTS
from bot.flows.checkin.sheet import Sheet
from bot.kpis import readings
from bot.quarter import reviewing
from bot.saying import Given, given
from storage import audit, checkins, people
from storage.checkins import Blocker, Checkin, Commitment

LONGEST_ANSWER = 3600.0
_UNASKED = audit.fields(Checkin(cycle_id=0, week=0, person_id=0))


def conflicts(turn: Turn, sheet: Sheet, read: Read, opened: datetime) -> list[Problem]:
    """Values that somebody else has set while the form was open, and this form would undo."""
    found = []
    for standing in sheet.standings:
        said = standing.said
        if said is None or said.by_id == turn.me or said.at <= opened or said.value is None:
            continue
        if given(read, standing).value != said.value:
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


def store(turn: Turn, sheet: Sheet, read: Read, begun: datetime) -> bool:
    """Everything a form says, in this transaction; whether a message will show it."""
    for standing in sheet.standings:
        if standing.kr.kind == "milestones":
            saying.finish(turn, standing, set(read.chosen(f"value-{standing.id}")))
    said(turn, sheet, {s.id: given(read, s) for s in sheet.standings})
    if sheet.reviewed_in is not None:
        reviewing.put_all(turn, sheet.standings, sheet.week, read)
    _meant(turn, sheet, {int(p) for p in read.chosen("meant")})
    _next(turn, sheet, [read.text(f"next-{n}") for n in range(COMMITMENTS)])
    _blocker(turn, sheet, read)
    solved = [b.id or 0 for b in sheet.in_the_way if str(b.id) in read.chosen("solved")]
    for older in checkins.blockers_by_id(turn.session, solved).values():
        checkins.solve(turn.session, older, turn.now)
    fresh = readings.told(read, sheet.readings, turn.term.today)
    readings.give_all(turn.session, turn.term, fresh, by=turn.me, how="checkin", now=turn.now)
    seconds = (turn.now - begun).total_seconds()
    return settle(
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
        alarms = saying.alarms(standing, answer)
        saying.update(turn, standing, sheet.week, answer)
        if alarms:
            alarming.append(standing)
    saying.tell_leads(turn, alarming)


def settle(
    turn: Turn, sheet: Sheet, state: str, *, line: str = "", seconds: float | None = None
) -> bool:
    """The check-in itself: answered or skipped; what asks for it is cancelled or edited.

    Says whether there is a message of their own to show it.
    """
    row = sheet.checkin
    whose = {"cycle_id": turn.term.cycle_id, "week": sheet.week, "person_id": turn.me}
    known = audit.fields(row) if row else {**_UNASKED, **whose}
    edits = known["state"] == "answered"
    if known["answered_at"] is None and state == "answered":
        turn.session.info["answered"] = tuple(whose.values())
    after = {
        **known,
        "state": state,
        "version": known["version"] + 1 if edits else known["version"],
        "line": line,
        "answered_at": known["answered_at"] or (turn.now if state == "answered" else None),
        "edited_at": turn.now if edits else known["edited_at"],
        "seconds": known["seconds"] if known["seconds"] is not None else seconds,
    }
    checkins.keep(turn.session, Checkin, after)
    audit.note(
        turn.session,
        turn.now,
        "checkin",
        f"{sheet.week}:{turn.me}",
        by=turn.me,
        before=known if row else None,
        after=after,
    )
    return ripples.answered(turn.session, turn.term, turn.now, turn.person, sheet.week)


def _meant(turn: Turn, sheet: Sheet, done: set[int]) -> None:
    for commitment in sheet.meant:
        kept = commitment.position in done
        if commitment.done != kept:
            checkins.keep(turn.session, Commitment, {**audit.fields(commitment), "done": kept})


def _next(turn: Turn, sheet: Sheet, texts: Iterable[str]) -> None:
    known = {c.position: c for c in sheet.commitments}
    for position, text in enumerate(texts):
        row = known.get(position)
        if text and (row is None or row.text != text):
            meant = {
                "cycle_id": turn.term.cycle_id,
                "week": sheet.week,
                "person_id": turn.me,
                "position": position,
                "text": text,
                "done": row.done if row else None,
            }
            checkins.keep(turn.session, Commitment, meant)
        elif row is not None and not text:
            checkins.take_back(turn.session, row)


def _blocker(turn: Turn, sheet: Sheet, read: Read) -> None:
    text, shown = read.text("blocker"), sheet.blocker
    own = [shown.id or 0] if shown is not None else []
    row = next(iter(checkins.blockers_by_id(turn.session, own).values()), None)
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


def opened_at(args: Sequence[str], now: datetime) -> datetime:
    """Of when the form is that was sent, as its action says."""
    return _moment(args[-1:], now)


def begun_at(args: Sequence[str], now: datetime) -> datetime:
    """When somebody began to fill it in: it may have come back to them since."""
    return _moment(args[2:3], now)


def _moment(written: Sequence[str], now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(written[0]), UTC)
    except (ValueError, IndexError, OverflowError, OSError):
        return now
