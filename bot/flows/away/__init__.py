"""Days away: said in one line or a form, by oneself or by one's lead, and ended by coming back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bot import figures, leads, moments
from bot.chat.forms import Form, Problem, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.flows.away import cards, store
from bot.may import may
from bot.texts import Voice
from bot.whom import whom
from storage import daysoff, people
from storage.daysoff import Absence
from storage.people import Person

LONGEST = timedelta(days=366)


class Away(Flow):
    """`away 24.12. 2.1.` and `back`."""

    name = "away"
    words = (Word("away"), Word("back"))

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The days in a line, or a form where none are given."""
        who, rest, name = whom(turn, said)
        if name and who is None:
            return turn.say("away.unknown_title", "away.unknown", name=name)
        person = who or turn.person
        if not _allowed(turn, person):
            return _refused(turn, person)
        if said.word == "back":
            return _back(turn, person)
        if not rest:
            return Open(_form(turn, person))
        days = figures.parse_days(rest, turn.voice.locale, turn.today)
        if days is None:
            return Say(cards.unread(turn.voice, rest, person.id or 0, turn.today))
        wrong = _wrong(turn, *days)
        if wrong:
            return Say(cards.wrong(turn.voice, wrong, _told(turn, *days), person.id or 0))
        return _kept(turn, person, *days)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """ "I'm back", and "not away after all"."""
        if verb == "cancel":
            return _cancel(turn, int(args[0]))
        if verb != "back":
            return super().click(turn, verb, args)
        person = _meant(turn, args)
        if person is None or not _allowed(turn, person):
            return _refused(turn, person or turn.person)
        return _back(turn, person)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """Two days, for oneself or for somebody one leads."""
        person = _meant(turn, args)
        if verb not in ("open", "save") or person is None or not _allowed(turn, person):
            return None
        return _form(turn, person)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep the days, or say beside the last one what is wrong."""
        person = _meant(turn, args) or turn.person
        first = read.day("first") or turn.today
        last = read.day("last") or first
        name = "" if read.faults else _wrong(turn, first, last)
        problem = _beside(turn, name, first, last) if name else None
        wrong = turn.fix(form, read, *([problem] if problem else []))
        return wrong if wrong is not None else _kept(turn, person, first, last)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Away now and later, for somebody else, and what can be wrong."""
        return cards.examples(voice)


def _form(turn: Turn, person: Person) -> Form:
    return cards.form(turn.voice, _other(turn, person), person.id or 0, turn.today)


def _meant(turn: Turn, args: Sequence[str]) -> Person | None:
    return people.person(turn.session, int(args[0])) if args and args[0] else turn.person


def _other(turn: Turn, person: Person) -> str:
    """The name of somebody else, "" for the reader."""
    return "" if person.id == turn.me else person.name


def _allowed(turn: Turn, person: Person) -> bool:
    if person.id == turn.me:
        return True
    return may(turn.person, "update", leads.leads_of_person(turn.session, person))


def _refused(turn: Turn, person: Person) -> Reply:
    return turn.say("away.refused_title", "away.refused", name=person.name)


def _wrong(turn: Turn, first: date, last: date) -> str:
    """The text that says why these days do not work, or ""."""
    if last < first:
        return "away.backwards"
    if last < turn.today:
        return "away.past"
    if last > turn.today + LONGEST or last - first > LONGEST:
        return "away.too_long"
    return ""


def _told(turn: Turn, first: date, last: date) -> Mapping[str, str]:
    return cards.told(turn.voice, first, last, turn.today)


def _beside(turn: Turn, name: str, first: date, last: date) -> Problem:
    return Problem("last", turn.voice.line(name, **_told(turn, first, last)))


def _kept(turn: Turn, person: Person, first: date, last: date) -> Reply:
    absence, merged = store.keep(turn, person, first, last)
    now = absence.first <= turn.today
    return Say(cards.away(turn.voice, _other(turn, person), absence, now=now, merged=merged))


def _back(turn: Turn, person: Person) -> Reply:
    known = daysoff.from_day(turn.session, person.id or 0, turn.today)
    current = [absence for absence in known if absence.first <= turn.today]
    if not current:
        return Say(cards.not_away(turn.voice, _other(turn, person), known))
    store.end(turn, current)
    other, asked = _other(turn, person), (turn.session, turn.term, person, turn.now)
    week = None if other else moments.open_week(*asked)
    this = week is not None and week == turn.term.week
    still_open = "" if not this else action("checkin", "open", turn.term.cycle_id, week)
    return Say(cards.back(turn.voice, other, moments.next_ask(*asked), still_open))


def _cancel(turn: Turn, number: int) -> Reply:
    absence: Absence | None = daysoff.absence(turn.session, number)
    person = people.person(turn.session, absence.person_id) if absence else None
    if absence is None or person is None:
        return turn.say("away.gone_title", "away.gone")
    if not _allowed(turn, person):
        return _refused(turn, person)
    if absence.first <= turn.today:
        return _back(turn, person)
    days = figures.format_days(absence.first, absence.last, turn.voice.locale)
    store.remove(turn, absence)
    other = _other(turn, person)
    return turn.say("away.cancelled_title", "away.cancelled", name=other, days=days)


flow = Away()
