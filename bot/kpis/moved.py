"""A KPI used as a key result moves it: the newest reading of a week is that week's value."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot import cadence, ripples
from bot.flow import Term
from storage import audit, checkins, kpis
from storage.checkins import Said, Update
from storage.kpis import Dot


def move(
    session: Session,
    term: Term,
    dots: Mapping[int, Sequence[Dot]],
    days: Mapping[int, Iterable[date]],
    by: int | None,
    now: datetime,
) -> None:
    """Set the key results that follow these KPIs, in the weeks of these days.

    What their owners believe and wrote stays. Nobody has said anything by it, so that it keeps no
    confidence fresh: the row says of nobody.
    """
    if term.cycle is None:
        return
    weeks = {kpi: _weeks(term, own) for kpi, own in days.items()}
    if not any(weeks.values()):
        return
    pairs = kpis.moved_by(session, term.cycle_id, [kpi for kpi, own in weeks.items() if own])
    if not pairs:
        return
    said = checkins.updates(session, term.cycle_id, [kr.id or 0 for kr, _ in pairs])
    shown: dict[int, set[int]] = {}
    for kr, _ in pairs:
        known = {update.week: update for update in said.get(kr.id or 0, ())}
        for week in weeks.get(kr.kpi_id or 0, ()):
            value = _value(term, dots.get(kr.kpi_id or 0, ()), week)
            if value is not None and _set(session, term, kr.id or 0, week, value, known, by, now):
                shown.setdefault(week, set()).add(kr.owner_id or 0)
    for week, owners in shown.items():
        ripples.shown(session, term, now, owners, week)


def _weeks(term: Term, days: Iterable[date]) -> set[int]:
    if term.cycle is None:
        return set()
    starts, weeks = term.cycle.starts, term.calendar.weeks
    return {week for day in days if (week := cadence.week_of(starts, weeks, day)) is not None}


def _value(term: Term, dots: Sequence[Dot], week: int) -> float | None:
    """The newest reading of a week."""
    return next((dot.value for dot in reversed(dots) if _weeks(term, [dot.day]) == {week}), None)


def _set(
    session: Session,
    term: Term,
    number: int,
    week: int,
    value: float,
    known: Mapping[int, Said],
    by: int | None,
    now: datetime,
) -> bool:
    row = known.get(week)
    if row is not None and row.value == value:
        return False
    before = row._asdict() if row else None
    after = {
        "cycle_id": term.cycle_id,
        "week": week,
        "key_result_id": number,
        "value": value,
        "confidence": row.confidence if row else None,
        "note": row.note if row else "",
        "changed": True,
        "by_id": row.by_id if row else None,
        "at": row.at if row else now,
        "version": row.version + 1 if row else 1,
    }
    checkins.keep(session, Update, after)
    audit.note(
        session, now, "update", f"{number}:{week}", by=by, how="kpi", before=before, after=after
    )
    return True
