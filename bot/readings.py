"""Giving a KPI's reading: one a day, and the newest word on a day is the one that counts."""

from datetime import date, datetime

from sqlmodel import Session

from bot.flow import Term
from storage import audit
from storage.kpis import Kpi, Reading


def give(
    session: Session,
    _: Term,
    kpi: Kpi,
    day: date,
    value: float,
    *,
    by: int | None,
    how: str,
    now: datetime,
) -> None:
    """Store a day's reading in place of the one before, which stays in the audit."""
    row = session.get(Reading, (kpi.id, day))
    before = audit.fields(row) if row else None
    if row is None:
        row = Reading(kpi_id=kpi.id or 0, day=day, value=value, at=now)
    row.value, row.by_id, row.how, row.at = value, by, how, now
    session.add(row)
    key = f"{kpi.id}:{day.isoformat()}"
    after = audit.fields(row)
    audit.note(session, now, "kpi_reading", key, by=by, how=how, before=before, after=after)
