"""On top of what is asked: falls of confidence and KPIs out of range, on the day itself.

On a day off they hear nothing: what still stands on their next day of work is told then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.stage import Example
from bot.flow import Flow, Term
from bot.flows.flag import cards, falls, samples
from bot.kpis import left
from bot.kpis.left import Span
from bot.texts import Voice
from storage import letters, people, teams
from storage.letters import Letter
from storage.people import Person


class Flag(Flow):
    """One message a day and person at most; what comes later that day joins it."""

    name = "flag"

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """All from a letter's day until that on which it is told, where its reader is."""
        return _cards(session, term, letters, now)

    def because(self, voice: Voice, letter: Letter) -> str:
        """They lead the team, or own the KPI."""
        return voice.line("flag.because")

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob's churn fell from 9 to 4 and answers come late, as Alice is told."""
        return samples.examples(voice)


def _cards(
    session: Session, term: Term, batch: Sequence[Letter], now: datetime
) -> dict[int, Card | None]:
    ids = {letter.person_id or 0 for letter in batch}
    known, led = people.people(session, ids), teams.led_by(session, ids)
    told = letters.by_numbers(session, {letter.replaces or 0 for letter in batch})
    spans = {
        letter.id or 0: _span(term, reader, letter, told.get(letter.replaces or 0), now)
        for letter in batch
        if (reader := known.get(letter.person_id or 0)) is not None
    }
    running = {letter.id for letter in batch if letter.cycle_id == term.cycle_id}
    current = {number: span for number, span in spans.items() if number in running}
    fallen = falls.fallen(session, term, current, led) if current else {}
    out = left.news(session, term, spans, led)
    written: dict[int, Card | None] = {letter.id or 0: None for letter in batch}
    for number, span in spans.items():
        voice, own = term.voice_of(span.reader), fallen.get(number, ())
        if own or out[number]:
            since = None if span.first == span.last else span.first
            written[number] = cards.card(voice, own, out[number], since)
        elif number in current and span.again:
            written[number] = cards.cleared(voice)
    return written


def _span(term: Term, reader: Person, letter: Letter, told: Letter | None, now: datetime) -> Span:
    """From the first day on which something was flagged until that on which it was told."""
    at = told.sent_at if told is not None and told.sent_at is not None else now
    first, again = date.fromisoformat(letter.subject), letter.replaces is not None
    return Span(reader, first, term.day_of(reader, at), again)


flow = Flag()
