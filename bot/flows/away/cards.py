"""Absences as cards, and the form that asks for two days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot import cast, figures
from bot.chat.cards import Block, Button, Buttons, Card, Text, Words
from bot.chat.forms import Day, Form, Page
from bot.chat.stage import Example
from bot.flow import action, opens
from bot.texts import Voice, brief
from storage.daysoff import Absence

ECHOED = 60


def away(voice: Voice, other: str, absence: Absence, *, now: bool, merged: bool = False) -> Card:
    """From when to when somebody is away, and what that means."""
    blocks = list(voice.blocks("away.means", name=other))
    if merged:
        blocks += voice.blocks("away.merged", name=other)
    return Card(
        voice.line("away.title", name=other, days=_days(voice, absence)),
        tuple(blocks),
        (_end(voice, absence) if now else _cancel(voice, absence),),
    )


def back(voice: Voice, other: str, at: datetime | None, still_open: str = "") -> Card:
    """Somebody is back: what is still open (an action), or when they are asked next."""
    title = (
        voice.line("away.back_title_other", name=other) if other else voice.line("away.back_title")
    )
    if still_open:
        label = voice.line("away.check_in")
        return Card(title, voice.blocks("away.still_open"), (opens(label, still_open),))
    if at is None:
        return Card(title, voice.blocks("away.next_unknown"))
    return Card(title, voice.blocks("away.next", name=other, at=voice.moment(at)))


def not_away(voice: Voice, other: str, planned: Sequence[Absence]) -> Card:
    """There is nothing to end; what is planned can be taken back."""
    blocks: list[Block] = list(voice.blocks("away.planned" if planned else "away.nothing_planned"))
    for absence in planned:
        blocks.append(Text((Words(_days(voice, absence)),)))
        blocks.append(Buttons((_cancel(voice, absence),)))
    return Card(voice.line("away.not_away_title", name=other), tuple(blocks))


def unread(voice: Voice, typed: str, person_id: int, today: date) -> Card:
    """How days can be written, in the reader's own way."""
    first = today + timedelta(days=14)
    return Card(
        voice.line("away.unread_title"),
        voice.blocks(
            "away.unread",
            typed=brief(typed, ECHOED),
            first=_written(first, voice),
            last=_written(first + timedelta(days=4), voice),
            weekday=figures.format_weekday(4, voice.locale),
        ),
        (_open(voice, person_id),),
    )


def told(voice: Voice, first: date, last: date, today: date) -> Mapping[str, str]:
    """Both days, with their years where those are not the one of today."""
    return {"first": voice.day(first, today), "last": voice.day(last, today)}


def wrong(voice: Voice, name: str, days: Mapping[str, str], person_id: int) -> Card:
    """Why these days do not work."""
    return Card(
        voice.line("away.wrong_title"),
        voice.blocks(name, **days),
        (_open(voice, person_id),),
    )


def form(voice: Voice, other: str, person_id: int, today: date) -> Form:
    """The first and the last day."""
    questions = (
        Day(id="first", label=voice.line("away.first"), value=today.isoformat(), required=True),
        Day(
            id="last",
            label=voice.line("away.last"),
            hint=voice.line("away.last_hint"),
            first=today.isoformat(),
        ),
    )
    return Form(
        voice.line("away.form_title", name=other),
        action("away", "save", person_id),
        (Page("", questions),),
        voice.line("away.save"),
        voice.locale,
    )


def _days(voice: Voice, absence: Absence) -> str:
    return figures.format_days(absence.first, absence.last, voice.locale)


def _written(day: date, voice: Voice) -> str:
    """A day as this reader may type it."""
    return figures.format_short_day(day, voice.locale)


def _open(voice: Voice, person_id: int) -> Button:
    return opens(voice.line("away.open"), action("away", "open", person_id), primary=True)


def _end(voice: Voice, absence: Absence) -> Button:
    return Button(voice.line("away.back"), action("away", "back", absence.person_id))


def _cancel(voice: Voice, absence: Absence) -> Button:
    return Button(
        voice.line("away.cancel"),
        action("away", "cancel", absence.id or 0),
        about=_days(voice, absence),
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Dana is away, Alice says it for Bob, and what can be wrong."""
    today = cast.FRIDAY.date()

    def absence(first: date, last: date) -> Absence:
        return Absence(id=1, person_id=4, first=first, last=last, said_at=cast.FRIDAY)

    now = absence(today, today + timedelta(days=4))
    later = absence(date(2026, 12, 24), date(2027, 1, 2))
    swapped = told(voice, later.last, later.first, today)
    shown = (
        ("away now", away(voice, "", now, now=True)),
        ("away later", away(voice, "", later, now=False, merged=True)),
        ("said for somebody", away(voice, cast.BOB.name, later, now=False)),
        ("back", back(voice, "", datetime(2026, 11, 12, 9, 0, tzinfo=cast.FRIDAY.tzinfo))),
        ("back, nothing planned", back(voice, cast.BOB.name, None)),
        ("back, still open", back(voice, "", None, "checkin:open:1:5")),
        ("not away", not_away(voice, "", [later])),
        ("unreadable", unread(voice, cast.HOSTILE, 4, today)),
        ("backwards", wrong(voice, "away.backwards", swapped, 4)),
        ("form", form(voice, "", 4, today)),
        ("form for somebody", form(voice, cast.BOB.name, 2, today)),
    )
    return (Example("away", name, card) for name, card in shown)
