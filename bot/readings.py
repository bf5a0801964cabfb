"""Readings of KPIs: how they are asked, and what follows from one, in the same transaction."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot import episodes, moved, watch
from bot.flow import Term
from bot.method import health
from bot.watch import Look
from storage import audit, kpis, letters
from storage.kpis import Kpi, Reading

EDITABLE_FOR = timedelta(days=21)


class Impossible(ValueError):
    """A reading that cannot be."""


class Fresh(NamedTuple):
    """A reading that is given: of which KPI, of which day."""

    kpi: Kpi
    day: date
    value: float


@dataclass(frozen=True)
class Given:
    """What was known of that day before, and how the KPI stands now."""

    before: float | None
    look: Look


def give(
    session: Session,
    term: Term,
    kpi: Kpi,
    day: date,
    value: float,
    *,
    by: int | None,
    how: str,
    now: datetime,
) -> Given:
    """Keep one day's value, early, late or corrected, with all that follows from it."""
    known = kpis.reading(session, kpi.id or 0, day)
    before = known.value if known is not None else None
    give_all(session, term, [Fresh(kpi, day, value)], by=by, how=how, now=now)
    return Given(before, watch.look(session, term, [kpi])[0])


def give_all(
    session: Session,
    term: Term,
    given: Sequence[Fresh],
    *,
    by: int | None,
    how: str,
    now: datetime,
) -> None:
    """Keep several readings, and once all that follows from them."""
    for kpi, day, value in given:
        _keep(session, Fresh(kpi, day, value), by, how, now)
    days: dict[int, set[date]] = {}
    for kpi, day, _ in given:
        days.setdefault(kpi.id or 0, set()).add(day)
    follow(session, term, {kpi.id or 0: kpi for kpi, _, _ in given}.values(), days, by, how, now)


def follow(
    session: Session,
    term: Term,
    wanted: Iterable[Kpi],
    days: Mapping[int, Iterable[date]],
    by: int | None,
    how: str,
    now: datetime,
) -> None:
    """What follows from readings of these days: episodes, key results, messages that show them."""
    own = list(wanted)
    if not own:
        return
    dots = kpis.dots(session, [kpi.id or 0 for kpi in own])
    episodes.advance(session, term, own, dots, by=by if how == "chat" else None, now=now)
    moved.move(session, term, dots, days, by, now)
    _renew_asks(session, term, own, days, now)


def _keep(session: Session, given: Fresh, by: int | None, how: str, now: datetime) -> None:
    kpi, day, value = given
    if not math.isfinite(value):
        raise Impossible(f"{value} is not a number that a KPI can have.")
    row = Reading(kpi_id=kpi.id or 0, day=day, value=value, by_id=by, how=how, at=now)
    known = kpis.reading(session, row.kpi_id, day)
    if known is not None and known.value == value:
        return
    before = None if known is None else audit.fields(known)
    kpis.keep(session, row)
    audit.note(
        session, now, "reading", f"{row.kpi_id}:{day.isoformat()}", by=by, how=how, before=before,
        after=audit.fields(row),
    )  # fmt: skip


def ask_subject(person_id: int, day: date) -> str:
    """What an ask for readings is about: whose, and the day they are due."""
    return f"ask:{person_id}:{day.isoformat()}"


def _renew_asks(
    session: Session,
    term: Term,
    own: Iterable[Kpi],
    days: Mapping[int, Iterable[date]],
    now: datetime,
) -> None:
    """What asked for these readings shows them now."""
    subjects = set()
    for kpi in own:
        for day in days.get(kpi.id or 0, ()) if kpi.owner_id else ():
            first = max(health.period(kpi.cadence, day), term.today - timedelta(days=31))
            span = range((term.today - first).days + 1)
            subjects |= {ask_subject(kpi.owner_id or 0, first + timedelta(n)) for n in span}
    asked = letters.of_subjects(session, "kpi", subjects)
    kinds: tuple[letters.Kind, ...] = ("ask",)
    owners = {kpi.owner_id for kpi in own if kpi.owner_id}
    if term.week is not None:
        asked += letters.about(session, term.cycle_id, term.week, person_ids=owners, kinds=kinds)
    letters.renew_edits(session, asked, due_at=now, expires_at=now + EDITABLE_FOR)
