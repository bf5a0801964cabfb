"""The whole way: rows in, changes out; looked at, or made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session

from bot.cadence import week_of
from bot.importing import moves
from bot.importing.applying import write
from bot.importing.changes import Change, Week, compare
from bot.importing.checking import check
from bot.importing.known import known
from bot.importing.records import Company, KpiRecord, ReadingRecord
from bot.importing.rows import RowError, Tables
from bot.kpis import readings
from bot.term import term
from bot.zones import zone_of
from storage import kpis
from storage.cycles import Cycle
from storage.organisation import organisation


@dataclass(frozen=True)
class Outcome:
    """What an import changes, or would change. With errors it changes nothing."""

    changes: tuple[Change, ...]
    errors: tuple[RowError, ...]
    notices: tuple[RowError, ...]

    def count(self, verb: str) -> int:
        """How many things are added, changed, the same or kept."""
        return sum(change.verb == verb for change in self.changes)


def plan(
    session: Session, tables: Tables, *, locale: str, cycle_id: int | None, now: datetime
) -> Outcome:
    """What these rows would change. Writes nothing."""
    return _plan(session, tables, locale, cycle_id, now)[0]


def apply(
    session: Session, tables: Tables, *, locale: str, cycle_id: int | None, now: datetime
) -> Outcome:
    """Make the changes in the caller's transaction; with a single error, none of them."""
    outcome, before, week = _plan(session, tables, locale, cycle_id, now)
    if not outcome.errors:
        write(session, outcome.changes, before, week, now)
        moves.record(session, outcome.changes, before, now)
        _follow(session, outcome, now)
    return outcome


def _follow(session: Session, outcome: Outcome, now: datetime) -> None:
    """What follows from new readings and ranges: episodes, key results, messages that show them."""
    days: dict[str, set[date]] = {}
    for change in outcome.changes:
        match change.record:
            case ReadingRecord(kpi=slug, day=day) if change.verb in ("add", "change"):
                days.setdefault(slug, set()).add(day)
            case KpiRecord(slug=slug) if change.verb == "change":
                days.setdefault(slug, set())
    if not days or organisation(session) is None:
        return
    found = [kpi for kpi in kpis.every(session) if kpi.slug in days]
    read = {kpi.id or 0: days[kpi.slug] for kpi in found}
    readings.follow(session, term(session, now), found, read, None, "import", now)


def _plan(
    session: Session, tables: Tables, locale: str, cycle_id: int | None, now: datetime
) -> tuple[Outcome, Company, Week | None]:
    cycle = None if cycle_id is None else session.get(Cycle, cycle_id)
    ours = organisation(session)
    today = now.astimezone(zone_of(ours.zone) if ours else UTC).date()
    before = known(session, cycle_id)
    checked = check(tables, before, locale=locale, cycle=cycle, today=today)
    week = None
    if cycle is not None and cycle.id is not None:
        weeks = ((cycle.ends - cycle.starts).days + 1) // 7
        week = Week(cycle.id, week_of(cycle.starts, weeks, today))
    changes = [] if checked.errors else compare(session, before, checked.company, week)
    changes = moves.told(session, changes, before, now)
    return Outcome(tuple(changes), checked.errors, checked.notices), before, week
