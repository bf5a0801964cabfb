"""What is kept of a person: handed to them, or erased while the team keeps its numbers."""

from datetime import datetime

import msgspec
from sqlmodel import Session

from bot import ripples
from bot.chat.replies import Quiet, encode
from bot.term import term
from bot.texts import Voice
from storage import audit, erasing, letters, people
from storage.people import Person


class NotPossible(ValueError):
    """It cannot be done, in words for an admin."""


def found(session: Session, email: str) -> Person:
    """The person with this e-mail address. Raises NotPossible."""
    person = people.by_email(session, email)
    if person is None:
        raise NotPossible(f"Nobody here has the e-mail address {email}.")
    return person


def export(session: Session, email: str) -> bytes:
    """Everything that is kept of somebody, as JSON. Raises NotPossible."""
    person = found(session, email)
    kept = erasing.kept_of(session, person.id or 0)
    return msgspec.json.format(msgspec.json.encode(kept), indent=2)


def erase(session: Session, email: str, now: datetime) -> str:
    """Take somebody out for good; says what stands in their place. Raises NotPossible."""
    person = found(session, email)
    number, at_the_moment = person.id or 0, term(session, now)
    admins = [admin.id for admin in people.admins(session)]
    if admins == [number]:
        raise NotPossible(f"{person.name} is the only admin: make somebody else one first.")
    ours = at_the_moment.organisation
    former = Voice(ours.language, ours.zone).line("privacy.former", number=number)
    if at_the_moment.week is not None:  # what shows them now is edited, where it can be
        ripples.shown(session, at_the_moment, now, [number], at_the_moment.week)
    letters.cancel(session, reason="erased", person_id=number)
    address = f"former-{number}@erased.invalid"
    erasing.erase(session, person, former, address, encode(Quiet()))
    after = {"id": number, "name": former}
    audit.note(session, now, "person", number, how="command", before={}, after=after)
    session.info["replan"] = True
    return former
