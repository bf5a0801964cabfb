"""The calendar as a form: the week, the quarter, the days of planning and of looking back."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

import msgspec
from msgspec.structs import asdict

from bot import cadence, figures
from bot.cadence import Calendar
from bot.chat.forms import Choice, Form, Number, Option, Page, Problem, Question, Read, ShortText
from bot.flow import action
from bot.texts import Voice

WEEKLY = ("checkin", "reminder", "summary", "digest")
PLANNING = ("company", "teams", "people", "drafts", "approved")
CLOSING = ("grades", "survey", "results")
WHOLE = ("review_week", "planning_weeks")
CLOCKS = (*(f"{name}_time" for name in WEEKLY), "ask_time")
DAYS = tuple(f"{name}_weekday" for name in (*WEEKLY, *PLANNING, *CLOSING))
MOST_PLANNING = 4
AFTER_CHECKIN = cadence.SHORTEST_NOTICE


def form(voice: Voice, calendar: Calendar, meaning: str = "") -> Form:
    """Each with the value that counts now; the default stands beside it where it is another."""
    now, usual = asdict(calendar), asdict(Calendar())

    def day(name: str) -> Question:
        field = f"{name}_weekday"
        return _day(voice, field, int(str(now[field])), int(str(usual[field])))

    def clock(field: str) -> Question:
        return _clock(voice, field, str(now[field]), str(usual[field]))

    week = tuple(q for name in WEEKLY for q in (day(name), clock(f"{name}_time")))
    quarter = (
        _whole(voice, "review_week", calendar.review_week, 2, calendar.weeks - 1),
        _whole(voice, "planning_weeks", calendar.planning_weeks, 0, MOST_PLANNING),
        clock("ask_time"),
    )
    return Form(
        voice.line("setup.calendar_title"),
        meaning or action("setup", "calendar"),
        (
            Page(voice.line("setup.page_week"), week, voice.blocks("setup.own_clock")),
            Page(voice.line("setup.page_quarter"), quarter),
            Page(
                voice.line("setup.page_planning"),
                tuple(map(day, PLANNING)),
                voice.blocks("setup.days_off"),
            ),
            Page(voice.line("setup.page_closing"), tuple(map(day, CLOSING))),
        ),
        voice.line("setup.look"),
        voice.locale,
    )


def _id(field: str) -> str:
    return field.replace("_", "-")


def _day(voice: Voice, field: str, now: int, usual: int) -> Choice:
    names = [figures.format_weekday(day, voice.locale) for day in range(7)]
    return Choice(
        id=_id(field),
        label=voice.line(f"setup.{field}"),
        options=tuple(Option(str(day), name) for day, name in enumerate(names)),
        value=str(now),
        hint="" if now == usual else voice.line("setup.usually", value=names[usual]),
        required=True,
    )


def _clock(voice: Voice, field: str, now: str, usual: str) -> ShortText:
    return ShortText(
        id=_id(field),
        label=voice.line(f"setup.{field}"),
        hint=voice.line("setup.time_hint")
        if now == usual
        else voice.line("setup.usually", value=usual),
        value=now,
        required=True,
        longest=20,
    )


def _whole(voice: Voice, field: str, value: int, least: int, most: int) -> Number:
    return Number(
        id=_id(field),
        label=voice.line(f"setup.{field}"),
        hint=voice.line("setup.usually", value=asdict(Calendar())[field]),
        value=str(value),
        required=True,
        least=least,
        most=most,
        whole=True,
    )


def given(voice: Voice, form: Form, read: Read) -> tuple[Mapping[str, str], list[Problem]]:
    """What a form says, each value as it would stand in the form; and what is wrong."""
    problems = [
        Problem(_id(field), voice.line("setup.not_a_time", typed=read.text(_id(field))))
        for field in CLOCKS
        if read.text(_id(field)) and figures.parse_time(read.text(_id(field))) is None
    ]
    if problems or read.faults:
        return {}, problems
    said: dict[str, str] = {}
    for question in form.questions():
        said[question.id] = read.text(question.id)
        if isinstance(question, Number):
            said[question.id] = str(int(read.number(question.id) or 0))
        elif isinstance(question, ShortText):
            clock = figures.parse_time(read.text(question.id))
            said[question.id] = clock.strftime("%H:%M") if clock else ""
    return said, problems


def made(calendar: Calendar, said: Mapping[str, str]) -> Calendar:
    """The calendar with what was said."""
    fields: dict[str, object] = {
        field: said[_id(field)] for field in CLOCKS if _id(field) in said
    } | {field: int(said[_id(field)]) for field in (*DAYS, *WHOLE) if _id(field) in said}
    return msgspec.structs.replace(calendar, **fields)


def wrong(voice: Voice, calendar: Calendar) -> Iterator[Problem]:
    """Why a quarter cannot run by it."""
    checkin = _since_monday(calendar.checkin_weekday, calendar.checkin_time)
    reminder = _since_monday(calendar.reminder_weekday, calendar.reminder_time)
    summary = _since_monday(calendar.summary_weekday, calendar.summary_time)
    gap, notice = calendar.reminder_gap_hours, AFTER_CHECKIN // timedelta(hours=1)
    if summary <= checkin:
        yield Problem("summary-time", voice.line("setup.summary_too_early", gap=gap))
    elif reminder < checkin + AFTER_CHECKIN:
        yield Problem("reminder-time", voice.line("setup.reminder_too_early", gap=notice))
    elif reminder > summary - timedelta(hours=gap):
        yield Problem("reminder-time", voice.line("setup.reminder_too_late", gap=gap))
    if not cadence.asks_checkin(calendar, calendar.review_week):
        first, last = calendar.first_execution_week, calendar.retrospective_week - 1
        yield Problem("review-week", voice.line("setup.review_outside", first=first, last=last))
    for names in (PLANNING, CLOSING):
        yield from _out_of_order(voice, calendar, names)


def _out_of_order(voice: Voice, calendar: Calendar, names: tuple[str, ...]) -> Iterator[Problem]:
    """Each of these days follows the one before it, or is the same."""
    for before, after in pairwise(names):
        if getattr(calendar, f"{after}_weekday") < getattr(calendar, f"{before}_weekday"):
            text = voice.line("setup.too_early", before=voice.line(f"setup.{before}_weekday"))
            yield Problem(f"{after}-weekday", text)


def _since_monday(weekday: int, clock: str) -> timedelta:
    hours, minutes = map(int, clock.split(":"))
    return timedelta(days=weekday, hours=hours, minutes=minutes)
