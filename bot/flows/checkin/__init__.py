"""The weekly check-in: asked once, answered in under a minute, changed as long as it is open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot import cadence, moments, ripples, saying
from bot.chat.cards import Block, Button, Card
from bot.chat.forms import Form, Problem, Read
from bot.chat.replies import Open, Quiet, Reply, Say
from bot.chat.stage import Example
from bot.chat.who import Destination
from bot.flow import Flow, Malformed, Said, Term, Turn, Word, opens
from bot.flow import action as meaning
from bot.flows.checkin import answer, cards, samples
from bot.flows.checkin import form as forms
from bot.flows.checkin.sheet import Sheet, sheet, sheets
from bot.outlook import Outlook
from bot.quarter import reviewing
from bot.texts import Voice
from storage import letters
from storage.letters import Draft, Letter
from storage.people import Person

LATE = timedelta(hours=2)


class CheckIn(Flow):
    """Owners get one card with all of their key results, others the short form."""

    name = "checkin"
    words = (Word("checkin"),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """One ask and one reminder for each person and week, where they are."""
        for person in outlook.asked:
            number = person.id or 0
            where = outlook.reach(number)
            for week in outlook.weeks if where else ():
                if where and (week, number) not in outlook.answered:
                    yield from _of_person(outlook, person, where, week)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """The question while it is open; what was said, once it is answered."""
        written: dict[int, Card | None] = {}
        by_week: dict[int, list[Letter]] = {}
        for letter in letters:
            by_week.setdefault(letter.week or 0, []).append(letter)
        for week, batch in by_week.items():
            found = sheets(session, term, week, [letter.person_id or 0 for letter in batch])
            for letter in batch:
                own = found.get(letter.person_id or 0)
                written[letter.id or 0] = _card(term, letter, own, now) if own else None
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """Who owns key results, or belongs to a team with the short form, is asked each week."""
        reminds = letter.subject.startswith("reminder")
        return voice.line("checkin.because_reminder" if reminds else "checkin.because_ask")

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The form of this week, or why there is none."""
        term = turn.term
        if term.cycle is None or term.week is None:
            return saying.not_begun(turn) or turn.say("checkin.none_title", "checkin.no_cycle")
        if not cadence.asks_checkin(term.calendar, term.week):
            phase = cadence.phase(term.calendar, term.week)
            return turn.say("checkin.none_title", "checkin.no_week", phase=phase)
        return Open(_form(turn, _own(turn, term.week)))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form of the week that the button belongs to."""
        if verb not in ("open", "answer"):
            return None
        week = _week(args)
        if verb == "open" and not _open(turn, args):
            return None
        return _form(turn, _own(turn, week), answer.begun_at(args, turn.now))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """ "No change" for one or for all, "not this week"."""
        if not _open(turn, args):
            return _closed(turn, _week(args))
        own = _own(turn, _week(args))
        match verb:
            case "same":
                return self._same(turn, own, int(args[2]))
            case "none":
                unsaid = {s.id: saying.unchanged(s) for s in own.standings if not own.is_said(s)}
                answer.said(turn, own, unsaid)
                if own.reviewed_in is not None:
                    reviewing.unchanged(turn, own.standings, own.week)
                return _shown(turn, own.week, answer.settle(turn, own, "answered"))
            case "skip" if own.answered:
                return _shown(turn, own.week, _there(turn, own.week))
            case "skip":
                return _shown(turn, own.week, answer.settle(turn, own, "skipped"))
            case _:
                return super().click(turn, verb, args)

    def _same(self, turn: Turn, own: Sheet, number: int) -> Reply:
        marked = next((s for s in own.standings if s.id == number), None)
        if marked is None:
            return turn.say("checkin.not_yours_title", "checkin.not_yours")
        if not own.is_said(marked):
            saying.update(turn, marked, own.week, saying.unchanged(marked))
            if own.reviewed_in is not None:
                reviewing.unchanged(turn, [marked], own.week)
        if all(own.is_said(s) for s in own.standings if s is not marked):
            return _shown(turn, own.week, answer.settle(turn, own, "answered"))
        turn.session.flush()
        ripples.shown(turn.session, turn.term, turn.now, [turn.me], own.week)
        return Quiet()

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Store the answer, or say beside each question what is wrong."""
        week = _week(args)
        if not _open(turn, args):
            return _closed(turn, week, form, read)
        own = _own(turn, week)
        opened = answer.opened_at(args, turn.now)
        problems = answer.conflicts(turn, own, read, opened) + list(_incomplete(turn, read))
        for standing in own.standings if own.reviewed_in is not None else ():
            outcome = own.outcome(standing.id)
            review = outcome.review if outcome else None
            problems += reviewing.problems(turn.voice, read, standing, review)
        problems += saying.doubts(turn, own.standings, read)
        wrong = turn.fix(form, read, *problems)
        if wrong is not None:
            return wrong
        there = answer.store(turn, own, read, answer.begun_at(args, turn.now))
        return _shown(turn, week, there)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Everything above, for Bob and for Dana, who owns no key result."""
        return samples.examples(voice)


class _Times(NamedTuple):
    """When somebody is asked and reminded in a week, and until when that makes sense."""

    asked: datetime
    asked_until: datetime
    reminded: datetime | None
    reminded_until: datetime


def _of_person(outlook: Outlook, person: Person, where: Destination, week: int) -> Iterable[Draft]:
    number = person.id
    summary = outlook.first_summary_at(number or 0, week)
    times = outlook.alike(
        person, ("checkin", week, summary), lambda: _times(outlook, person, week, summary)
    )
    if times is None:
        return
    cycle_id = outlook.term.cycle_id
    subject = f"{cycle_id}:{week}:{number}"

    def draft(kind: letters.Kind, due: datetime, expires: datetime) -> Draft:
        return Draft(
            key=f"checkin:{kind}:{subject}",
            flow="checkin",
            subject=f"{kind}:{subject}",
            kind=kind,
            due_at=due,
            expires_at=expires,
            person_id=number,
            cycle_id=cycle_id,
            week=week,
            platform=where.platform,
            workspace=where.workspace,
            address=where.address,
        )

    yield draft("ask", times.asked, times.asked_until)
    if times.reminded is not None:
        yield draft("reminder", times.reminded, times.reminded_until)


def _times(outlook: Outlook, person: Person, week: int, summary: datetime | None) -> _Times | None:
    asked = outlook.checkin_at(person, week)
    if asked is None:
        return None
    monday, zone = outlook.monday(week), outlook.term.zone_of(person)
    works = outlook.calendars.of_person(person).works
    weekend = cadence.instant(monday + timedelta(days=5), datetime.min.time(), zone)
    reminder = cadence.reminder_at(outlook.term.calendar, monday, zone, works, asked, summary)
    return _Times(
        asked,
        max(weekend, asked + timedelta(hours=8)),
        reminder,
        summary or (reminder or asked) + timedelta(hours=8),
    )


def _card(term: Term, letter: Letter, own: Sheet, now: datetime) -> Card | None:
    voice = term.voice_of(own.person)
    settled = own.answered or own.skipped
    edits = letter.replaces is not None
    if letter.subject.startswith("reminder"):
        if settled:
            return cards.reminded(voice, own) if edits else None
        return cards.remind(voice, term.cycle_id, own)
    if settled:
        return cards.said(voice, term.cycle_id, own) if edits else None
    late = not edits and now - letter.due_at > LATE
    return cards.ask(voice, term.cycle_id, own, late=late)


def _own(turn: Turn, week: int) -> Sheet:
    """The person's sheet, read once for the form and its answer."""
    if not 1 <= week <= turn.term.calendar.weeks:
        raise Malformed(str(week))
    return turn.once(("checkin", week), lambda: sheet(turn.session, turn.term, week, turn.person))


def _form(turn: Turn, own: Sheet, begun: datetime | None = None) -> Form:
    """The form as it is now; `begun` is when it was opened first, where it was sent before."""
    times = [int(moment.timestamp()) for moment in (begun or turn.now, turn.now)]
    return forms.form(turn.voice, turn.term.cycle_id, own, turn.today, *times)


def _week(args: Sequence[str]) -> int:
    return int(args[1])


def _open(turn: Turn, args: Sequence[str]) -> bool:
    """Whether a week can still be answered: until the next week's question goes out."""
    return int(args[0]) == turn.term.cycle_id and moments.answerable(
        turn.session, turn.term, turn.person, _week(args), turn.now
    )


def _there(turn: Turn, week: int) -> bool:
    """Whether they have a message that shows the week."""
    return bool(letters.about(turn.session, turn.term.cycle_id, week, person_ids=[turn.me]))


def _shown(turn: Turn, week: int, there: bool) -> Reply:
    """Quiet where the asked card is `there` to become the answer, else the answer itself."""
    if there:
        return Quiet()
    turn.session.flush()
    own = sheet(turn.session, turn.term, week, turn.person)
    return Say(cards.said(turn.voice, turn.term.cycle_id, own))


def _incomplete(turn: Turn, read: Read) -> Iterable[Problem]:
    if read.text("blocker"):
        return
    if read.text("helper"):
        yield Problem("blocker", turn.voice.line("checkin.helper_without_blocker"))
    elif read.day("by"):
        yield Problem("blocker", turn.voice.line("checkin.by_without_blocker"))


def _closed(turn: Turn, week: int, form: Form | None = None, read: Read | None = None) -> Reply:
    """Too late for this week; every text that was typed is given back."""
    voice = turn.voice
    blocks: list[Block] = list(voice.blocks("checkin.closed", week=week))
    kept = list(saying.kept(voice, form, read)) if form and read else []
    if kept:
        blocks += [*voice.blocks("checkin.closed_kept"), *kept]
    buttons: tuple[Button, ...] = ()
    if turn.term.week is not None and cadence.asks_checkin(turn.term.calendar, turn.term.week):
        label = voice.line("checkin.closed_open", week=turn.term.week)
        where = meaning("checkin", "open", turn.term.cycle_id, turn.term.week)
        buttons = (opens(label, where, primary=True),)
    return Say(Card(voice.line("checkin.closed_title", week=week), tuple(blocks), buttons))


flow = CheckIn()
