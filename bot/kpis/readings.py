"""Readings of KPIs: how they are asked, and what follows from one, in the same transaction."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot import cadence
from bot.cadence import Calendar, Works
from bot.chat.cards import Block, Bullets, Button, Buttons, Spans, Text
from bot.chat.forms import Number, Page, Read
from bot.flow import Term, action, opens
from bot.kpis import episodes, moved, watch
from bot.kpis.watch import Look
from bot.method import health
from bot.texts import Voice
from storage import audit, kpis, letters
from storage.kpis import Dot, Kpi, Reading

EDITABLE_FOR = timedelta(days=21)
LONGEST_LABEL = 60
MOST_ASKED = 20
FRIDAY = 4
AHEAD = timedelta(days=1)
"""Somewhere it is a day later than where the organisation is."""
SHOWN = 40
"""So many readings are looked at to find that of a month, be it of a daily KPI."""


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
        if day > term.today + AHEAD:
            raise Impossible(f"{day.isoformat()} is still to come; a reading is of the past.")
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


# Asking


@dataclass(frozen=True)
class Asked:
    """A KPI whose reading is wanted of a day: what was read before, and what was read for it."""

    kpi: Kpi
    day: date
    last: Dot | None = None
    given: Dot | None = None
    asked_on: date | None = None

    @property
    def on(self) -> date:
        """The day on which it is asked."""
        return self.asked_on or self.day

    @property
    def id(self) -> int:
        """The KPI's number."""
        return self.kpi.id or 0


def asked_on(calendar: Calendar, kpi: Kpi, monday: date, works: Works) -> Iterator[date]:
    """The days of a week on which a KPI's owner is asked for its reading.

    Weekly on the day of the check-in, monthly on the first of these in a month, daily on each day
    of work.
    """
    if kpi.cadence == "daily":
        days = (monday + timedelta(days=n) for n in range(cadence.DAYS_OF_WEEK))
        yield from (day for day in days if works(day))
        return
    if kpi.cadence == "monthly" and not opens_month(calendar, monday):
        return
    day = cadence.last_working(monday, calendar.checkin_weekday, works)
    if day is not None:
        yield day


def opens_month(calendar: Calendar, monday: date) -> bool:
    """Whether a week's day of check-in is the first in its month."""
    return (monday + timedelta(days=calendar.checkin_weekday)).day <= cadence.DAYS_OF_WEEK


def _weekday(calendar: Calendar, week: int | None) -> int:
    """The day of a week on which what is not read daily is asked, with what else is asked then."""
    closing = week == calendar.retrospective_week
    return calendar.grades_weekday if closing else calendar.checkin_weekday


def of_week(
    session: Session, term: Term, week: int, person_ids: Iterable[int]
) -> dict[int, list[Asked]]:
    """The readings that are a part of what these people are asked in a week, in two statements.

    That is their check-in, and in the last week their grades: the next plan needs both.
    """
    if term.cycle is None:
        return {}
    monday = cadence.first_day(term.cycle.starts, week)
    first = opens_month(term.calendar, monday)
    own = [kpi for kpi in kpis.asked(session, person_ids) if kpi.cadence != "monthly" or first]
    day = min(monday + timedelta(days=_weekday(term.calendar, week)), max(term.today, monday))
    last = monday + timedelta(days=cadence.DAYS_OF_WEEK - 1)
    return _by_owner(session, own, day, last, day if term.today > last else term.today)


def due(session: Session, term: Term, person_ids: Iterable[int]) -> dict[int, list[Asked]]:
    """The readings that are missing since these people were asked last, in two statements.

    They wait until they are given, or asked anew; given now, they are of today.
    """
    today = term.today
    found = _by_owner(session, kpis.asked(session, person_ids), today, today, today)
    return {
        owner: wanted
        for owner, asked in found.items()
        if (wanted := [one for one in asked if _is_missing(term, one)])
    }


def _is_missing(term: Term, one: Asked) -> bool:
    """Whether nothing was read in the day, week or month in which it was asked last."""
    newest = one.given or one.last
    return health.wanted(one.kpi.cadence, newest and newest.day, _asked_last(term, one.kpi))


def _asked_last(term: Term, kpi: Kpi) -> date:
    """The last day on which it was asked, or one in the same period."""
    today, weekday = term.today, _weekday(term.calendar, term.week)
    if kpi.cadence == "daily":
        return today - timedelta(days=max(0, today.weekday() - FRIDAY))
    if kpi.cadence == "weekly":
        return today - timedelta(days=(today.weekday() - weekday) % cadence.DAYS_OF_WEEK)
    first = today.replace(day=1)
    ahead = (weekday - first.weekday()) % cadence.DAYS_OF_WEEK
    return first if today >= first + timedelta(days=ahead) else first - timedelta(days=1)


def _by_owner(
    session: Session, own: Sequence[Kpi], on: date, until: date, day: date
) -> dict[int, list[Asked]]:
    """Given where there is a reading of the period of the day `on`; new ones are of `day`."""
    dots = kpis.dots(session, [kpi.id or 0 for kpi in own], SHOWN)
    found: dict[int, list[Asked]] = {}
    for kpi in own:
        read = dots.get(kpi.id or 0, ())
        found.setdefault(kpi.owner_id or 0, []).append(asked(kpi, read, on, until, day))
    return found


def asked(kpi: Kpi, read: Sequence[Dot], on: date, until: date, day: date) -> Asked:
    """A KPI as it is asked on a day, given its readings, oldest first."""
    first = health.period(kpi.cadence, on)
    given = next((dot for dot in reversed(read) if first <= dot.day <= until), None)
    last = next((dot for dot in reversed(read) if dot.day < first), None)
    return Asked(kpi, day, last, given, on)


def question(voice: Voice, asked: Asked) -> Number:
    """The number of one KPI; the last one stands beside it and is no answer yet."""
    kpi, last = asked.kpi, asked.last
    hint = voice.line("kpi.value_first")
    if last is not None:
        hint = voice.line(
            "kpi.value_hint", value=voice.number(last.value, kpi.unit), day=voice.day(last.day)
        )
    return Number(
        id=f"reading-{asked.id}",
        label=voice.line("kpi.value", name=kpi.name[:LONGEST_LABEL], unit=kpi.unit),
        value="" if asked.given is None else voice.number(asked.given.value),
        hint=hint,
    )


def page(voice: Voice, asked: Sequence[Asked]) -> Page:
    """The numbers of several KPIs."""
    return Page(
        voice.line("kpi.page"),
        tuple(question(voice, one) for one in asked[:MOST_ASKED]),
        (Text(voice.spans("kpi.page_hint"), "quiet"),),
    )


def button(voice: Voice, asked: Sequence[Asked], *, primary: bool = False) -> Button:
    """The form of what is due on a day."""
    numbers = ".".join(str(one.id) for one in asked[:MOST_ASKED])
    where = action("kpi", "due", numbers, asked[0].on.isoformat())
    return opens(voice.line("kpi.give_due"), where, primary=primary)


def part(voice: Voice, asked: Sequence[Asked]) -> Sequence[Block]:
    """What is due, as a part of another message of that day."""
    if not asked:
        return ()
    return (
        voice.text("kpi.part", count=len(asked)),
        Bullets(tuple(lines(voice, asked))),
        Buttons((button(voice, asked),)),
    )


def told(read: Read, asked: Iterable[Asked], today: date) -> list[Fresh]:
    """The readings that a form gives; what was known already is none."""
    found = []
    for one in asked:
        value = read.number(f"reading-{one.id}")
        if value is None or (one.given is not None and one.given.value == value):
            continue
        day = one.given.day if one.given is not None else min(one.day, today)
        found.append(Fresh(one.kpi, day, value))
    return found


def lines(
    voice: Voice, asked: Iterable[Asked], looks: Mapping[int, Look] | None = None
) -> Iterator[Spans]:
    """What is due and what was given, one line each."""
    for one in asked:
        given, last, look = one.given, one.last, (looks or {}).get(one.id)
        unit = one.kpi.unit
        if given is not None:
            yield voice.spans(
                "kpi.given",
                name=one.kpi.name,
                value=voice.number(given.value, unit),
                state="" if look is None else watch.state(voice, look),
            )
            continue
        yield voice.spans(
            "kpi.due",
            name=one.kpi.name,
            value="" if last is None else voice.number(last.value, unit),
            day="" if last is None else voice.day(last.day),
        )


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
