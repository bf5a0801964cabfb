"""The cards of letters, written from the data of the moment they are claimed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import structlog
from msgspec.structs import replace
from sqlmodel import Session

from bot.chat.cards import Button, Card
from bot.flow import Term, action
from bot.flows import flows
from bot.term import term
from bot.texts import Voice
from storage import letters, people, teams
from storage.database import Database, Unavailable
from storage.letters import Letter

log = structlog.get_logger()

UNUSUAL = ("flag", "digest", "notice")
"""What may puzzle its reader: it offers to say why it came. The weekly question and its reminder
are what everybody knows, and have four buttons already: of them one asks by typing `why`.
"""


async def cards(
    database: Database, batch: Sequence[Letter], now: datetime
) -> dict[int, str | None]:
    """Each letter's card as JSON, None where it is pointless now; missing where writing failed.

    What cannot be written holds nobody up: the rest of its batch is written in halves.
    """
    if not batch:
        return {}
    try:
        return await database.read(lambda session: written(session, batch, now), patience=None)
    except Unavailable:
        raise
    except Exception:  # whatever a flow stumbles over: the others' letters must go out
        if len(batch) == 1:
            log.exception("letter.not_written", key=batch[0].key)
            return {}
    middle = len(batch) // 2
    first = await cards(database, batch[:middle], now)
    return first | await cards(database, batch[middle:], now)


def written(session: Session, batch: Sequence[Letter], now: datetime) -> dict[int, str | None]:
    """The same in a transaction, with whatever a flow stumbles over.

    A flow at a time, so that the number of statements does not grow with the batch.
    """
    by_flow: dict[str, list[Letter]] = {}
    for letter in batch:
        by_flow.setdefault(letter.flow, []).append(letter)
    at_the_moment = term(session, now)
    found: dict[int, str | None] = {letter.id or 0: None for letter in batch}
    for name, own in by_flow.items():
        if name in flows():
            its = flows()[name].write(session, at_the_moment, own, now)
            locales = _locales(session, at_the_moment, own)
            puzzling = _puzzling(session, own)
            for number, card in its.items():
                if card is not None:
                    spoken = replace(card, locale=locales.get(number, card.locale))
                    if number in puzzling:
                        spoken = _explained(spoken, puzzling[number])
                    found[number] = msgspec.json.encode(spoken).decode()
    return found


def _puzzling(session: Session, batch: Sequence[Letter]) -> dict[int, str]:
    """The letters that offer to say why they came, each with the key of what was sent first."""
    personal = [letter for letter in batch if letter.person_id is not None]
    edited = {letter.replaces for letter in personal if letter.replaces is not None}
    before = letters.kinds(session, edited) if edited else {}
    first = {x.id or 0: before.get(x.replaces or 0, (x.kind, x.key)) for x in personal}
    return {number: key for number, (kind, key) in first.items() if kind in UNUSUAL}


def _explained(card: Card, key: str) -> Card:
    why = Button(Voice(card.locale).line("why.this"), action("why", "letter", key))
    return replace(card, buttons=(*card.buttons, why))


def _locales(session: Session, term: Term, batch: Sequence[Letter]) -> dict[int, str]:
    """How each letter's reader is spoken to, for words that a platform adds."""
    readers = people.people(session, {letter.person_id for letter in batch if letter.person_id})
    wanted = {letter.team_id for letter in batch if letter.team_id and not letter.person_id}
    groups = teams.teams(session, wanted) if wanted else {}
    found: dict[int, str] = {}
    for letter in batch:
        reader, team = readers.get(letter.person_id or 0), groups.get(letter.team_id or 0)
        if reader is not None:
            found[letter.id or 0] = term.voice_of(reader).locale
        elif team is not None:
            found[letter.id or 0] = term.voice_to(team).locale
    return found
