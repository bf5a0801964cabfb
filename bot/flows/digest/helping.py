"""Taking what is in somebody's way, and saying that it is solved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import ripples
from bot.chat.cards import Card
from bot.chat.replies import Reply
from bot.flow import Forgotten, Term, Turn, named
from bot.flows.digest.cards import solved as solved_button
from bot.may import may
from bot.texts import Voice
from storage import audit, checkins, people
from storage.checkins import Blocker
from storage.letters import Letter
from storage.people import Person

NEWS_FOR = timedelta(days=2)


def take(turn: Turn, number: int) -> Reply:
    """ "I can help": the blocked person is told once; pressing again changes nothing."""
    blocker, person = _found(turn, number)
    if person.id == turn.me and blocker.state != "solved":
        return turn.say("digest.own_title", "digest.own")
    before = audit.fields(blocker)
    if blocker.state != "open" or not checkins.take(turn.session, blocker, turn.me, turn.now):
        return _too_late(turn, blocker, person)
    _changed(turn, blocker, before)
    if tell(turn, blocker, person):
        return turn.say("digest.thanks_title", "digest.thanks", name=first(person))
    return turn.say("digest.thanks_title", "digest.thanks_unreached", name=first(person))


def solve(turn: Turn, number: int) -> Reply:
    """ "Solved", by the blocked person or who is helping."""
    blocker, person = _found(turn, number)
    if blocker.state == "solved":
        return turn.say("digest.solved_title", "digest.solved_before", name=first(person))
    if not may(turn.person, "update", (blocker.person_id, blocker.taken_by_id)):
        return turn.say("digest.not_yours_title", "digest.not_yours", name=first(person))
    before = audit.fields(blocker)
    if checkins.solve(turn.session, blocker, turn.now):
        _changed(turn, blocker, before)
    return turn.say("digest.solved_title", "digest.solved_said", name=first(person))


def _found(turn: Turn, number: int) -> tuple[Blocker, Person]:
    blocker = checkins.blockers_by_id(turn.session, [number]).get(number)
    person = people.person(turn.session, blocker.person_id) if blocker else None
    if blocker is None or person is None or blocker.cycle_id != turn.term.cycle_id:
        raise Forgotten(str(number))
    return blocker, person


def _too_late(turn: Turn, blocker: Blocker, person: Person) -> Reply:
    if blocker.state == "solved":
        return turn.say("digest.solved_title", "digest.solved_before", name=first(person))
    if blocker.taken_by_id == turn.me:
        return turn.say("digest.yours_title", "digest.yours", name=first(person))
    taker = people.person(turn.session, blocker.taken_by_id or 0)
    return turn.say("digest.taken_title", "digest.taken", who=named(taker), name=first(person))


def _changed(turn: Turn, blocker: Blocker, before: Mapping[str, object]) -> None:
    audit.note(
        turn.session,
        turn.now,
        "blocker",
        blocker.id,
        by=turn.me,
        before=before,
        after=audit.fields(blocker),
    )
    helpers = {number for number in (blocker.helper_id, blocker.taken_by_id) if number}
    ripples.blocked(turn.session, turn.term, turn.now, blocker.person_id, blocker.week, helpers)


def tell(turn: Turn, blocker: Blocker, person: Person) -> bool:
    """One short message to the blocked person; false where they cannot be reached."""
    subject = f"helped:{blocker.id}:{turn.me}"
    return ripples.tell(
        turn.session, turn.term, turn.now, "digest", subject, person, NEWS_FOR, "answer"
    )


def write(
    session: Session, term: Term, batch: Sequence[Letter], _: datetime
) -> dict[int, Card | None]:
    """What the blocked are told, while it is still so."""
    about = {letter.id or 0: [int(n) for n in letter.subject.split(":")[1:]] for letter in batch}
    blockers = checkins.blockers_by_id(session, {blocker for blocker, _ in about.values()})
    ids = {taker for _, taker in about.values()} | {b.person_id for b in blockers.values()}
    known = people.people(session, ids)
    written: dict[int, Card | None] = {}
    for number, (blocker_id, taker_id) in about.items():
        blocker, taker = blockers.get(blocker_id), known.get(taker_id)
        written[number] = None
        if blocker and taker and blocker.state == "taken" and blocker.taken_by_id == taker_id:
            voice = term.voice_of(known[blocker.person_id])
            written[number] = card(voice, taker, blocker)
    return written


def card(voice: Voice, taker: Person, blocker: Blocker) -> Card:
    """Who can help, and with what."""
    return Card(
        voice.line("digest.helped_title", name=first(taker)),
        voice.blocks("digest.helped", who=named(taker), text=blocker.text),
        (solved_button(voice, blocker),),
    )


def first(person: Person) -> str:
    """A first name."""
    return person.name.split()[0] if person.name.strip() else "?"
