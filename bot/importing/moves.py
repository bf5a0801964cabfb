"""Targets that an import moves while the quarter runs: kept as if somebody had moved them.

Whoever imports needs nobody's word, so that they count at once; a proposal that still waited for
one is no longer meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import ripples
from bot.flow import Term
from bot.goals import moving
from bot.goals.moving import Goalposts
from bot.importing.changes import Change
from bot.importing.records import Company, KeyResultRecord
from bot.term import term
from storage import audit, bulk, reviews
from storage.organisation import organisation
from storage.reviews import Review

WHY = "the quarter is running: what counted until now is graded too"


def told(
    session: Session, changes: Sequence[Change], before: Company, now: datetime
) -> list[Change]:
    """The changes, and of each target that they move what follows."""
    moved = {after.token for _, after in _moved(changes, before)}
    if not moved or _running(session, now) is None:
        return list(changes)
    return [
        replace(change, why=WHY)
        if isinstance(change.record, KeyResultRecord) and change.record.token in moved
        else change
        for change in changes
    ]


def record(session: Session, changes: Iterable[Change], before: Company, now: datetime) -> None:
    """Keep what counted before, and what was decided; a fixed number of statements."""
    moved = {after.id or 0: (was, after) for was, after in _moved(changes, before)}
    running = _running(session, now) if moved else None
    if running is None:
        return
    week = running.week or 1
    bulk.insert(
        session, [moving.counted(number, was, week, now) for number, (was, _) in moved.items()]
    )
    decided = reviews.of_key_results(session, moved)
    for number, (_, after) in moved.items():
        _withdraw(session, decided.get(number, ()), week, now)
        _decide(session, decided.get(number, ()), running, Goalposts.of(after), number, now)
    emails = {kr.owner for pair in moved.values() for kr in pair}
    owners = {person.id or 0 for email, person in before.people.items() if email in emails}
    ripples.shown(session, running, now, owners, week)


def _moved(
    changes: Iterable[Change], before: Company
) -> Iterator[tuple[KeyResultRecord, KeyResultRecord]]:
    """Each key result that is held against something else than before: before and after."""
    for change in changes:
        after = change.record
        if change.verb == "change" and isinstance(after, KeyResultRecord):
            was = before.key_results[after.token]
            if moving.differ(was, after):
                yield was, after


def _running(session: Session, now: datetime) -> Term | None:
    """The term, where the quarter runs."""
    if organisation(session) is None:
        return None
    found = term(session, now)
    return found if moving.running(found) else None


def _withdraw(session: Session, rows: Iterable[Review], week: int, now: datetime) -> None:
    for row in rows:
        if row.state == "waiting":
            ripples.renew(session, now, "review", moving.told_in("ask", row))
            if row.week != week:
                gone = {**audit.fields(row), "state": "withdrawn", "decided_at": now}
                _keep(session, row, gone, now)


def _decide(
    session: Session, rows: Iterable[Review], running: Term, posts: Goalposts, number: int,
    now: datetime,
) -> None:  # fmt: skip
    week = running.week or 1
    row = next((each for each in rows if each.week == week), None)
    after = {"cycle_id": running.cycle_id, "week": week, "key_result_id": number}
    after |= moving.said(row, "adjust", "", posts, None, now)
    _keep(session, row, after | {"state": "approved", "decided_at": now}, now)


def _keep(session: Session, was: Review | None, after: dict[str, Any], now: datetime) -> None:
    row = reviews.keep(session, after)
    key = f"{row.week}:{row.key_result_id}"
    before = None if was is None else audit.fields(was)
    audit.note(session, now, "review", key, how="import", before=before, after=audit.fields(row))
