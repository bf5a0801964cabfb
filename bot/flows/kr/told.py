"""An owner is told when somebody else sets a value of theirs: one message a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel import Session

from bot import picture, ripples
from bot.chat.cards import Card
from bot.flow import Term, Turn
from bot.flows.kr import cards
from bot.picture import Standing
from storage import audit, people
from storage.checkins import Said
from storage.letters import Letter
from storage.people import Person

WAITS = timedelta(days=2)


def owner(turn: Turn, standing: Standing) -> None:
    """Tell the owner of a key result, or add it to what they were told that day."""
    theirs = people.person(turn.session, standing.kr.owner_id or 0)
    if theirs is None or theirs.id == turn.me or not theirs.active:
        return
    day = turn.term.day_of(theirs, turn.now)
    subject = f"changed:{theirs.id}:{day.isoformat()}"
    ripples.tell(turn.session, turn.term, turn.now, "kr", subject, theirs, WAITS)
    ripples.renew(turn.session, turn.now, "kr", subject)


def write(session: Session, term: Term, letters: Sequence[Letter]) -> Mapping[int, Card | None]:
    """What others have set that day, where it still stands."""
    readers = people.people(session, {letter.person_id or 0 for letter in letters})
    standings = picture.owned(session, term, readers)
    news = {letter.id or 0: _news(term, letter, readers, standings) for letter in letters}
    every = [each for own in news.values() for each in own]
    names = people.people(session, {said.by_id or 0 for _, said in every})
    before = _before(session, every)
    written: dict[int, Card | None] = {}
    for letter in letters:
        number, reader = letter.id or 0, readers.get(letter.person_id or 0)
        own = [
            cards.Change(
                standing, said, names.get(said.by_id or 0), before.get((standing.id, said.week))
            )
            for standing, said in news[number]
        ]
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


def _before(
    session: Session, news: Iterable[tuple[Standing, Said]]
) -> dict[tuple[int, int], float | None]:
    """What each value was before somebody else set it: that week's own, or the last one."""
    by_key = {f"{standing.id}:{said.week}": (standing, said) for standing, said in news}
    changes = audit.of_things(session, "update", by_key) if by_key else {}
    found: dict[tuple[int, int], float | None] = {}
    for key, (standing, said) in by_key.items():
        was = standing.value_before(said.week)
        for row in changes.get(key, ()):
            theirs = msgspec.json.decode(row.before or "{}")
            if theirs.get("by_id", said.by_id) != said.by_id and theirs["value"] is not None:
                was = theirs["value"]
                break
        found[standing.id, said.week] = was
    return found
