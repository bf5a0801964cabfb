"""Readings given in chat: typed, one by its form, or all that are due."""

from collections.abc import Sequence
from datetime import date

from bot import saying
from bot.chat.cards import Card, Text
from bot.chat.forms import Day, Form, Page, Problem, Read
from bot.chat.replies import Reply, Say
from bot.flow import Turn, action
from bot.flows.kpi import cards, entry, rights
from bot.flows.kpi.entry import Entry, Misread
from bot.kpis import readings, watch
from bot.kpis.readings import Asked
from bot.texts import Voice
from storage import kpis
from storage.kpis import Kpi


def due(turn: Turn) -> Sequence[Asked]:
    """The readings that somebody can give now."""

    def find() -> Sequence[Asked]:
        return readings.due(turn.session, turn.term, [turn.me]).get(turn.me, [])

    return turn.once("kpis due", find)


def entered(turn: Turn, kpi: Kpi, text: str) -> Reply:
    """A value that was typed behind the KPI's name, and perhaps its day."""
    if not kpi.active or not rights.gives(turn, kpi):
        return rights.refused(turn, kpi, giving=True, kept=text)
    found = entry.read(turn.voice, kpi, text, turn.today)
    if isinstance(found, Entry):
        return _saved(turn, kpi, found.day, found.value)
    return _misread(turn, kpi, found)


def _misread(turn: Turn, kpi: Kpi, found: Misread) -> Reply:
    voice, typed = turn.voice, found.typed[:60]
    match found.why:
        case "no_number":
            example = voice.number(42.5)
            blocks = voice.blocks("kpi.no_number", typed=typed, name=kpi.name, example=example)
        case "other_unit":
            blocks = voice.blocks("kpi.other_unit", unit=kpi.unit or "–", name=kpi.name)
        case "no_day":
            example = turn.today.isoformat()
            blocks = voice.blocks("kpi.no_day", typed=typed, example=example)
        case "future":
            blocks = voice.blocks("kpi.future", day=typed)
    return Say(Card(voice.line("kpi.no_number_title"), blocks))


def _saved(turn: Turn, kpi: Kpi, day: date, value: float) -> Reply:
    given = readings.give(
        turn.session, turn.term, kpi, day, value, by=turn.me, how="chat", now=turn.now
    )
    return Say(cards.saved(turn.voice, given.look, value, day, given.before))


def one_form(turn: Turn, args: Sequence[str]) -> Form | None:
    """The form of one KPI, for who may give its readings."""
    kpi = kpis.kpi(turn.session, int(args[0]))
    if kpi is None or not kpi.active or not rights.gives(turn, kpi):
        return None
    dots = kpis.dots(turn.session, [kpi.id or 0], 1).get(kpi.id or 0, ())
    return reading(turn.voice, Asked(kpi, turn.today, dots[-1] if dots else None))


def reading(voice: Voice, asked: Asked) -> Form:
    """One value, and the day it is of."""
    day = Day(
        id="day",
        label=voice.line("kpi.day"),
        value=asked.day.isoformat(),
        last=asked.day.isoformat(),
        required=True,
    )
    page = Page(
        "",
        (readings.question(voice, asked), day),
        (Text(voice.spans("kpi.page_hint"), "quiet"),),
    )
    where = action("kpi", "read", asked.id)
    return Form(voice.line("kpi.read_title"), where, (page,), voice.line("kpi.send"), voice.locale)


def read_one(turn: Turn, args: Sequence[str], form: Form, read: Read) -> Reply:
    """One reading by its form."""
    kpi = kpis.kpi(turn.session, int(args[0]))
    if kpi is None or not kpi.active or not rights.gives(turn, kpi):
        kept = str(read.typed.get(f"reading-{args[0]}", ""))
        return rights.refused(turn, kpi, giving=True, kept=kept)
    value, day = read.number(f"reading-{kpi.id}"), read.day("day") or turn.today
    missing = () if value is not None or read.faults else (_missing(turn, kpi),)
    wrong = turn.fix(form, read, *missing)
    if wrong is not None or value is None:
        return wrong or turn.say("kpi.nothing_due_title", "kpi.saved_none")
    return _saved(turn, kpi, day, value)


def _missing(turn: Turn, kpi: Kpi) -> Problem:
    return Problem(
        f"reading-{kpi.id}", turn.voice.line("faults.required", typed="", limit="", example="")
    )


def due_form(turn: Turn, args: Sequence[str]) -> Form | None:
    """All that is due; the KPIs that a form was opened for travel in its action."""
    asked = _meant(turn, args) if args else due(turn)
    return due_of(turn.voice, asked) if asked else None


def due_of(voice: Voice, asked: Sequence[Asked]) -> Form:
    """One number for each KPI."""
    shown = asked[: readings.MOST_ASKED]
    numbers = ".".join(str(one.id) for one in shown)
    where = action("kpi", "due", numbers, shown[0].on.isoformat())
    title = voice.line("kpi.ask_title", count=len(shown))
    return Form(title, where, (readings.page(voice, shown),), voice.line("kpi.send"), voice.locale)


def _meant(turn: Turn, args: Sequence[str]) -> Sequence[Asked]:
    """The KPIs of an open form that still are this person's to read, of the day it was opened."""
    numbers = [int(part) for part in args[0].split(".") if part.isdecimal() and len(part) < 10]
    try:
        day = min(date.fromisoformat(args[1]), turn.term.today)
    except ValueError:
        day = turn.term.today
    found = kpis.by_number(turn.session, numbers)
    dots = kpis.dots(turn.session, found, readings.SHOWN)
    return [
        readings.asked(found[number], dots.get(number, ()), day, turn.term.today, day)
        for number in numbers
        if number in found and found[number].active and rights.gives(turn, found[number])
    ]


def read_due(turn: Turn, args: Sequence[str], form: Form, read: Read) -> Reply:
    """All that was filled in; what was left empty stays due."""
    wrong = turn.fix(form, read)
    if wrong is not None:
        return wrong
    fresh = readings.told(read, _meant(turn, args), turn.term.today)
    readings.give_all(turn.session, turn.term, fresh, by=turn.me, how="chat", now=turn.now)
    looks = watch.look(turn.session, turn.term, [one.kpi for one in fresh])
    kept = tuple(saying.kept(turn.voice, form, read))
    said = cards.saved_many(turn.voice, looks)
    return Say(Card(said.title, (*said.blocks, *kept)))
