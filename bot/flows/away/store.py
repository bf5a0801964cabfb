"""Keeping absences: what overlaps or touches becomes one."""

from collections.abc import Iterable
from datetime import date

from bot.cadence import DAY
from bot.flow import Turn
from storage import audit, daysoff
from storage.daysoff import Absence
from storage.people import Person

SOURCE = "chat"


def keep(turn: Turn, person: Person, first: date, last: date) -> tuple[Absence, bool]:
    """Somebody's absence, and whether it was put together with others."""
    number = person.id or 0
    coming = daysoff.from_day(turn.session, number, first - DAY)
    old = [each for each in coming if each.first <= last + DAY and each.source == SOURCE]
    for absence in old:
        first, last = min(first, absence.first), max(last, absence.last)
    if not old:
        row = Absence(person_id=number, first=first, last=last, source=SOURCE, said_at=turn.now)
        turn.session.add(row)
        _changed(turn, row, None)
        return row, False
    row, *others = old
    for absence in others:
        remove(turn, absence)
    before = audit.fields(row)
    merged = (row.first, row.last) != (first, last)
    row.first, row.last, row.said_at = first, last, turn.now
    _changed(turn, row, before)
    return row, merged


def end(turn: Turn, absences: Iterable[Absence]) -> None:
    """They ended yesterday; what began today never was."""
    for absence in absences:
        if absence.first >= turn.today:
            remove(turn, absence)
        else:
            before = audit.fields(absence)
            absence.last = turn.today - DAY
            _changed(turn, absence, before)


def remove(turn: Turn, absence: Absence) -> None:
    """It will not be."""
    before = audit.fields(absence)
    turn.session.delete(absence)
    turn.session.flush()
    audit.note(turn.session, turn.now, "absence", before["id"], by=turn.me, before=before)
    turn.session.info["replan"] = True


def _changed(turn: Turn, absence: Absence, before: dict[str, object] | None) -> None:
    turn.session.flush()
    audit.note(
        turn.session,
        turn.now,
        "absence",
        absence.id,
        by=turn.me,
        before=before,
        after=audit.fields(absence),
    )
    turn.session.info["replan"] = True
