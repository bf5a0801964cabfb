"""Which term it is: the organisation, its cycle and its week at a moment; and how cycles turn."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import cadence
from bot.cadence import Calendar
from bot.flow import Term
from bot.quarter import carrying
from bot.texts import Voice
from storage import audit, checkins, cycles, organisation
from storage.cycles import Cycle
from storage.organisation import Organisation

NAME = re.compile(r"(\d{4}) Q([1-4])")
"""A quarter's name as `name_of` makes it, without its first day."""


class NotSetUp(Exception):
    """There is no organisation in this database yet. Run `okr init`, then `okr run`."""

    def __str__(self) -> str:
        return super().__str__() or self.__doc__ or ""


def term(session: Session, now: datetime) -> Term:
    """The term at this moment. Raises NotSetUp before there is an organisation."""
    return term_of(cycles.ours(session), now)


def term_of(ours: tuple[Organisation, Sequence[Cycle]] | None, now: datetime) -> Term:
    """The same of an organisation and its open cycles."""
    if ours is None:
        raise NotSetUp
    found, cycles_open = ours
    today = now.astimezone(ZoneInfo(found.zone)).date()
    cycle = next((c for c in cycles_open if c.ends >= today), None)
    calendar = calendar_of(cycle.calendar if cycle else found.calendar)
    week = cadence.week_of(cycle.starts, calendar.weeks, today) if cycle else None
    return Term(found, cycle, calendar, week, today)


calendar_of = cadence.calendar_of
"""A stored calendar."""


def open_cycle(session: Session, starts: date, now: datetime, by: int | None = None) -> Cycle:
    """Open a cycle on a Monday, with the organisation's calendar; `by` an admin or by itself."""
    found = organisation.organisation(session)
    if found is None:
        raise NotSetUp
    calendar = calendar_of(found.calendar)
    cadence.first_day(starts, 1)
    cycle = Cycle(
        name=name_of(starts),
        starts=starts,
        ends=starts + timedelta(days=7 * calendar.weeks - 1),
        calendar=found.calendar,
    )
    session.add(cycle)
    session.flush()
    how = "clock" if by is None else "chat"
    audit.note(session, now, "cycle", cycle.id, by=by, how=how, after=audit.fields(cycle))
    _bring(session, found, cycle, now)
    return cycle


def name_of(starts: date) -> str:
    """A cycle's name: the year and the quarter that most of it lies in, and its first day."""
    middle = starts + timedelta(days=45)
    return f"{middle.year} Q{(middle.month - 1) // 3 + 1} ({starts.isoformat()})"


def spoken_of(voice: Voice, cycle: Cycle | None) -> str:
    """How people say its name: without its first day, unless they named it themselves."""
    name = cycle.name.removesuffix(f" ({cycle.starts.isoformat()})") if cycle else ""
    named = NAME.fullmatch(name)
    return voice.line("saying.quarter", year=named[1], number=named[2]) if named else name


def turns_at(session: Session, now: datetime) -> Sequence[datetime]:
    """When the last open cycle is over, if that is to come: what the next asks is planned then."""
    found, cycles_open = cycles.ours(session) or (None, ())
    if found is None or not cycles_open:
        return ()
    at = cadence.instant(cycles_open[-1].ends + timedelta(days=1), time(), found.zone)
    return (at,) if at > now else ()


def turn(session: Session, now: datetime) -> bool:
    """Close cycles that have ended and open the next one, so that there always is one.

    What goes on of the last one stands in the drafts of the new.
    """
    found = organisation.organisation(session)
    if found is None:
        return False
    today = now.astimezone(ZoneInfo(found.zone)).date()
    turned = False
    for cycle in cycles.overdue(session, today):
        cycle.state, cycle.closed_at, turned = "closed", now, True
        session.add(cycle)
    newest = cycles.latest(session)
    if newest is not None and newest.state == "closed" and found.running != "paused":
        starts = cadence.next_monday(max(newest.ends, today - timedelta(days=7)))
        open_cycle(session, starts, now)
        turned = True
    elif turned and newest is not None:
        _bring(session, found, newest, now)
    return turned


def _bring(session: Session, found: Organisation, cycle: Cycle, now: datetime) -> None:
    """What goes on of the cycle before, once that is over, is drafted in this one.

    What is still in somebody's way comes along.
    """
    old = cycles.before(session, cycle.starts)
    if old is not None and old.state == "closed":
        left = Term(found, old, Calendar(), None, now.date()).at_the_end_of(old)
        carrying.bring(session, left, cycle, now)
        checkins.go_on(session, cycle)
