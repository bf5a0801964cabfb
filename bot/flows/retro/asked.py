"""What asks somebody: one message for all their teams, which becomes the thanks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Card
from bot.flow import Term, Turn, Waiting
from bot.flows.retro import cards
from bot.flows.retro.survey import Survey, surveys
from bot.quarter.verdicts import of_owners
from bot.texts import Voice
from storage import people, teams
from storage.letters import Letter


def write(
    session: Session, term: Term, batch: Sequence[Letter], now: datetime
) -> Mapping[int, Card | None]:
    """The question while there is one; the thanks, once all is answered."""
    if not batch:
        return {}
    ids = {letter.person_id or 0 for letter in batch}
    readers = people.people(session, ids)
    found = surveys(session, term, now, teams.members(session, person_ids=ids))
    judged = of_owners(session, term, ids)
    written: dict[int, Card | None] = {}
    for letter in batch:
        reader = readers.get(letter.person_id or 0)
        own = [each for each in found.values() if each.asks(letter.person_id or 0)]
        if reader is not None and own:
            left = sum(verdict.grade is None for verdict in judged.get(reader.id or 0, ()))
            written[letter.id or 0] = _card(
                term.voice_of(reader), letter, own, reader.id or 0, left
            )
    return written


def _card(
    voice: Voice, letter: Letter, own: Sequence[Survey], reader: int, ungraded: int
) -> Card | None:
    edits = letter.replaces is not None
    if any(each.open_to(reader) and reader not in each.taken for each in own):
        if letter.subject.startswith("remind:"):
            return cards.remind(voice, own, reader)
        return cards.ask(voice, own, reader, ungraded)
    if not edits:
        return None
    if all(reader in each.taken for each in own):
        return cards.received(voice, own, reader)
    return cards.over(voice, own)


def waiting(turn: Turn) -> Iterable[Waiting]:
    """What somebody has not answered yet, from the day on which they are asked.

    Before that, leads hear of teams whose answers would be too few to be shown without names.
    """
    term, voice = turn.term, turn.voice
    if term.week != term.calendar.retrospective_week:
        return
    own = {team.id or 0 for team in teams.of_person(turn.session, turn.me)}
    led = {team.id or 0 for team in teams.led_by(turn.session, [turn.me])}
    asked_already = turn.today.weekday() >= term.calendar.survey_weekday
    for each in surveys(turn.session, term, turn.now, own | led).values():
        if each.id in led and cards.warns(each) and not each.settled:
            yield Waiting(cards.too_few(voice, each, leads=True), cards.switch(voice, each))
        if asked_already and each.open_to(turn.me) and turn.me not in each.taken:
            line = voice.spans("retro.waiting", team=each.team.name, at=voice.moment(each.due))
            yield Waiting(line, cards.answer(voice, each, turn.me))
