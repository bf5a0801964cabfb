"""The calendar: its form, what can be wrong with it, and what a change moves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
from msgspec.structs import asdict

from bot import cadence, figures, plan
from bot.cadence import Calendar
from bot.chat.cards import Card, Text
from bot.chat.forms import Choice, Form, Number, Option, Page, Problem, Question, Read, ShortText
from bot.flow import Turn, action
from bot.flows.setup import cards
from bot.texts import Voice
from storage import audit

WEEKLY = ("checkin", "reminder", "summary", "digest")
MOST_UNASKED = 10
MOST_PLANNING = 4
AFTER_CHECKIN = cadence.SHORTEST_NOTICE


def form(voice: Voice, calendar: Calendar, unasked: int) -> Form:
    """The week on one page, the quarter on another."""
    now = asdict(calendar)
    week = tuple(question for name in WEEKLY for question in _weekly(voice, name, now))
    quarter = (
        _whole(voice, "review_week", calendar.review_week, 2, calendar.weeks - 1),
        _whole(voice, "planning_weeks", calendar.planning_weeks, 0, MOST_PLANNING),
        _whole(voice, "unasked", unasked, 1, MOST_UNASKED, voice.line("setup.unasked_hint")),
    )
    return Form(
        voice.line("setup.calendar_title"),
        action("setup", "calendar"),
        (
            Page(voice.line("setup.page_week"), week, voice.blocks("setup.own_clock")),
            Page(voice.line("setup.page_quarter"), quarter),
        ),
        voice.line("setup.save"),
        voice.locale,
    )


def _weekly(voice: Voice, name: str, now: dict[str, object]) -> Iterator[Question]:
    yield Choice(
        id=f"{name}-weekday",
        label=voice.line(f"setup.{name}_weekday"),
        options=tuple(
            Option(str(day), figures.format_weekday(day, voice.locale)) for day in range(7)
        ),
        value=str(now[f"{name}_weekday"]),
        required=True,
    )
    yield ShortText(
        id=f"{name}-time",
        label=voice.line(f"setup.{name}_time"),
        hint=voice.line("setup.time_hint"),
        value=str(now[f"{name}_time"]),
        required=True,
        longest=20,
    )


def _whole(voice: Voice, name: str, value: int, least: int, most: int, hint: str = "") -> Number:
    return Number(
        id=name.replace("_", "-"),
        label=voice.line(f"setup.{name}"),
        value=str(value),
        hint=hint,
        required=True,
        least=least,
        most=most,
        whole=True,
    )


def given(turn: Turn, read: Read) -> tuple[Calendar | None, list[Problem]]:
    """The calendar of a form, or what is wrong with it."""
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name in WEEKLY:
        typed = read.text(f"{name}-time")
        clock = figures.parse_time(typed)
        if typed and clock is None:
            text = turn.voice.line("setup.not_a_time", typed=typed)
            problems.append(Problem(f"{name}-time", text))
        values[f"{name}_time"] = "" if clock is None else clock.strftime("%H:%M")
        values[f"{name}_weekday"] = int(read.text(f"{name}-weekday") or 0)
    if problems or read.faults:
        return None, problems
    for question in ("review-week", "planning-weeks"):
        values[question.replace("-", "_")] = int(read.number(question) or 0)
    calendar = msgspec.structs.replace(turn.term.calendar, **values)
    problems = list(_wrong(turn.voice, calendar))
    return (None if problems else calendar), problems


def _wrong(voice: Voice, calendar: Calendar) -> Iterator[Problem]:
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


def _since_monday(weekday: int, clock: str) -> timedelta:
    hours, minutes = map(int, clock.split(":"))
    return timedelta(days=weekday, hours=hours, minutes=minutes)


def save(turn: Turn, calendar: Calendar, unasked: int) -> Card:
    """Keep it for this cycle and those to come; says how many unsent messages move."""
    voice, organisation, cycle = turn.voice, turn.term.organisation, turn.term.cycle
    text = msgspec.json.encode(calendar).decode()
    changed = calendar != turn.term.calendar or unasked != organisation.unasked_per_week
    for thing, row in (("organisation", organisation), ("cycle", cycle)):
        if row is None:
            continue
        before = audit.fields(row)
        row.calendar = text
        organisation.unasked_per_week = unasked
        after = audit.fields(row)
        audit.note(turn.session, turn.now, thing, row.id, by=turn.me, before=before, after=after)
        turn.session.add(row)
    turn.session.flush()
    turn.session.info["replan"] = True
    foreseen = plan.foresee(turn.session, replace(turn.term, calendar=calendar), turn.now)
    title = "setup.calendar_saved_title" if changed else "setup.calendar_same_title"
    blocks = (Text(cards.calendar_line(voice, calendar)),)
    moves = voice.blocks("setup.moves", count=len(foreseen.moves))
    return Card(voice.line(title), (*blocks, *moves))
