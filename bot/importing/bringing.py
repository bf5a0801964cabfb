"""The whole way: rows in, changes out; looked at, or made."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from bot.cadence import week_of
from bot.importing.applying import write
from bot.importing.changes import Change, Week, compare
from bot.importing.checking import check
from bot.importing.known import known
from bot.importing.records import Company
from bot.importing.rows import RowError, Tables
from bot.zones import zone_of
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
    return outcome


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
    return Outcome(tuple(changes), checked.errors, checked.notices), before, week
