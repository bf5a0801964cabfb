"""An owner is told when somebody else sets a value of theirs: one message a day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import picture, ripples
from bot.chat.cards import Card
from bot.flow import Term, Turn
from bot.flows.kr import cards
from bot.picture import Standing
from storage import people
from storage.checkins import Said
from storage.letters import Letter
from storage.people import Person

WAITS = timedelta(days=2)


def owner(turn: Turn, standing: Standing) -> None:
    """Tell the owner of a key result, or add it to what they were told that day."""
    theirs = people.person(turn.session, standing.kr.owner_id or 0)
    if theirs is None or theirs.id == turn.me or not theirs.active:
        return
    day = turn.now.astimezone(ZoneInfo(turn.term.zone_of(theirs))).date()
    subject = f"changed:{theirs.id}:{day.isoformat()}"
    ripples.tell(turn.session, turn.term, turn.now, "kr", subject, theirs, WAITS)
    ripples.renew(turn.session, turn.now, "kr", subject)


def write(session: Session, term: Term, letters: Sequence[Letter]) -> Mapping[int, Card | None]:
    """What others have set that day, where it still stands."""
    readers = people.people(session, {letter.person_id or 0 for letter in letters})
    standings = picture.owned(session, term, readers)
    news = {letter.id or 0: _news(term, letter, readers, standings) for letter in letters}
    others = {said.by_id or 0 for own in news.values() for _, said in own}
    names = people.people(session, others)
    written: dict[int, Card | None] = {}
    for letter in letters:
        number, reader = letter.id or 0, readers.get(letter.person_id or 0)
        own = [(standing, said, names.get(said.by_id or 0)) for standing, said in news[number]]
        written[number] = None
        if reader is not None and own:
            written[number] = cards.changed(term.voice_of(reader), own)
        elif reader is not None and letter.replaces is not None:
            written[number] = cards.changed_over(term.voice_of(reader))
    return written


def _news(
    term: Term,
    letter: Letter,
    readers: Mapping[int, Person],
    standings: Mapping[int, Sequence[Standing]],
) -> list[tuple[Standing, Said]]:
    reader = readers.get(letter.person_id or 0)
    if reader is None or letter.cycle_id != term.cycle_id:
        return []
    day = date.fromisoformat(letter.subject.rpartition(":")[2])
    zone = ZoneInfo(term.zone_of(reader))
    return [
        (standing, said)
        for standing in standings.get(reader.id or 0, ())
        for said in standing.updates
        if said.by_id not in (None, reader.id)
        and said.value is not None
        and said.at.astimezone(zone).date() == day
    ]
