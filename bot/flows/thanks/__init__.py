"""Thanking somebody, best of all for a key result that moved: "thanks @bob for kr 12 …"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from secrets import token_hex

from sqlmodel import Session

from bot import ripples
from bot.cadence import DAY
from bot.chat.cards import Card
from bot.chat.forms import Form, Problem, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Word
from bot.flows.thanks import cards, reading, samples
from bot.flows.thanks.reading import Meant
from bot.texts import Voice, brief
from bot.zones import zone_of
from storage import audit, inbound, kudos, objectives, people, teams
from storage.kudos import Kudos, Thanks
from storage.letters import Letter
from storage.objectives import KeyResult
from storage.people import Person

WAITS = timedelta(days=7)


class Thank(Flow):
    """Said to the person once a day, all of it together, and shown in their team's summary."""

    name = "thanks"
    words = (Word("thanks"),)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """All that somebody was thanked for on a day, where they are."""
        days = {
            letter.id or 0: date.fromisoformat(letter.subject.rpartition(":")[2])
            for letter in letters
        }
        readers = people.people(session, {letter.person_id or 0 for letter in letters})
        first, last = min(days.values()), max(days.values())
        midnight = datetime.combine(first, datetime.min.time(), now.tzinfo)
        found = kudos.between(session, readers, midnight - DAY, midnight + (last - first) + 2 * DAY)
        known = people.people(session, {each.kudos.from_id for each in found})
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        for letter in letters:
            reader = readers.get(letter.person_id or 0)
            if reader is not None:
                own = _of_day(term, reader, days[letter.id or 0], found)
                card = cards.told(term.voice_of(reader), own, known)
                written[letter.id or 0] = card if own else None
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """Thanks come together, once a day."""
        return voice.line("thanks.because")

    def typed(self, turn: Turn, said: Said) -> Reply:
        """At once where it is clear; else the form with what was understood."""
        if turn.term.cycle is None or turn.term.week is None:
            return _no_quarter(turn, said.rest)
        meant = reading.read(turn, said)
        if meant.whole and len(meant.text) <= cards.LONGEST:
            return _keep(turn, meant)
        return Open(cards.form(turn.voice, meant, token_hex(8)))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """A button that opens the form."""
        if verb != "open" or turn.term.week is None:
            return super().click(turn, verb, args)
        return Open(cards.form(turn.voice, Meant(), token_hex(8)))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form as it was sent."""
        if verb != "save" or turn.term.week is None:
            return None
        return cards.form(turn.voice, Meant(), args[0])

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it once, or say beside each question what is wrong."""
        number = read.text("key-result").lower().removeprefix("kr").strip(" #")
        pair = objectives.find(turn.session, turn.term.cycle_id, number) if number else None
        wrong = turn.fix(form, read, *_problems(turn, read, number, pair is not None))
        if wrong is not None:
            return wrong
        if not inbound.first_time(turn.session, "once", f"thanks:{args[0]}", turn.now):
            return turn.say("thanks.twice_title", "thanks.twice")
        whom = people.person(turn.session, int(read.text("whom")))
        return _keep(turn, Meant(whom, pair[0] if pair else None, read.text("text")))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The form, the reply, and what the thanked are told."""
        return samples.examples(voice)


def _problems(turn: Turn, read: Read, number: str, found: object) -> Iterable[Problem]:
    if read.text("whom") == str(turn.me):
        yield Problem("whom", turn.voice.line("thanks.yourself"))
    if number and not found:
        yield Problem(
            "key-result", turn.voice.line("thanks.no_key_result", typed=brief(number, 40))
        )


def _no_quarter(turn: Turn, typed: str) -> Reply:
    return turn.say("thanks.no_quarter_title", "thanks.no_quarter", typed=brief(typed))


def _keep(turn: Turn, meant: Meant) -> Reply:
    whom, term = meant.whom, turn.term
    if whom is None or whom.id is None or term.week is None:
        return _no_quarter(turn, meant.text)
    if whom.id == turn.me:
        return turn.say("thanks.yourself_title", "thanks.yourself")
    row = Kudos(
        cycle_id=term.cycle_id, week=term.week, from_id=turn.me, to_id=whom.id,
        key_result_id=meant.kr.id if meant.kr else None, text=meant.text, at=turn.now,
    )  # fmt: skip
    turn.session.add(row)
    turn.session.flush()
    audit.note(turn.session, turn.now, "kudos", row.id, by=turn.me, after=audit.fields(row))
    subject = f"{whom.id}:{term.day_of(whom, turn.now).isoformat()}"
    reached = ripples.tell(turn.session, term, turn.now, "thanks", subject, whom, WAITS)
    ripples.renew(turn.session, turn.now, "thanks", subject)
    own = [team.id or 0 for team in teams.of_person(turn.session, whom.id)]
    ripples.of_team(turn.session, term, turn.now, own, term.week)
    return Say(cards.said(turn.voice, whom, _title(meant.kr), meant.text, reached=reached))


def _title(kr: KeyResult | None) -> str:
    return kr.title if kr else ""


def _of_day(term: Term, reader: Person, day: date, found: Sequence[Thanks]) -> list[Thanks]:
    zone = zone_of(term.zone_of(reader))
    return [
        each
        for each in found
        if each.kudos.to_id == reader.id and each.kudos.at.astimezone(zone).date() == day
    ]


flow = Thank()
