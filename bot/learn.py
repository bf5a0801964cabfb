"""What the bot learns from platforms by and by: accounts, zones, absences, channels."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.chat.adapter import Found
from bot.chat.events import Arrived, Left, PlaceChanged, Profile, ProfileChanged
from bot.chat.who import Actor, Destination
from storage import audit, daysoff, people, teams
from storage.daysoff import Absence
from storage.people import Identity, Person


def learn(
    session: Session, event: Arrived | Left | ProfileChanged | PlaceChanged, now: datetime
) -> None:
    """Keep what an event tells."""
    match event:
        case Arrived(actor=actor, at=at, profile=profile):
            link(session, Found(actor, at, profile), now)
        case Left(actor=actor, reason=reason):
            lost(session, actor, reason, now)
        case ProfileChanged(actor=actor, profile=profile):
            found = people.by_account(session, actor.platform, actor.workspace, actor.id)
            if found is not None:
                _profile(session, found[0], profile, now)
        case PlaceChanged():
            _place(session, event)


def link(session: Session, found: Found, now: datetime) -> Person | None:
    """Keep an account of a person, matched by the e-mail address its platform has verified.

    None, and nothing kept, where it belongs to nobody of the organisation.
    """
    profile, actor = found.profile, found.actor
    if profile.guest or not profile.email:
        return None
    person = people.by_email(session, profile.email)
    if person is None or not person.active:
        return None
    known = people.by_account(session, actor.platform, actor.workspace, actor.id)
    identity = known[1] if known else None
    if identity is None:
        identity = Identity(
            platform=actor.platform,
            workspace=actor.workspace,
            account=actor.id,
            person_id=person.id or 0,
            address=found.at.address,
            heard_at=now,
        )
    identity.address, identity.unreachable = found.at.address, None
    session.add(identity)
    _profile(session, person, profile, now)
    return person


def lost(session: Session, actor: Actor, reason: str, now: datetime) -> None:
    """Keep that an account can no longer be written to, until it is heard from again."""
    found = people.by_account(session, actor.platform, actor.workspace, actor.id)
    if found is not None:
        found[1].unreachable = reason
        session.add(found[1])
        audit.note(
            session,
            now,
            "identity",
            found[1].id,
            how=actor.platform,
            before={},
            after={"unreachable": reason},
        )


def unreachable(session: Session, at: Destination, reason: str, now: datetime) -> None:
    """Keep that a place or account took no message, until it is heard from again."""
    for identity in people.at_address(session, at.platform, at.workspace, at.address):
        lost(session, Actor(identity.platform, identity.workspace, identity.account), reason, now)
    for channel in teams.at_address(session, at.platform, at.workspace, at.address):
        channel.unreachable = reason
        session.add(channel)


def _profile(session: Session, person: Person, profile: Profile, now: datetime) -> None:
    """Zone and locale fill what nobody has set; an absence ends when the status says so."""
    before = audit.fields(person)
    if person.zone is None and profile.zone:
        person.zone = profile.zone
    if person.locale is None and profile.locale:
        person.locale = profile.locale
    session.add(person)
    audit.note(
        session, now, "person", person.id, how="profile", before=before, after=audit.fields(person)
    )
    if profile.away_until:
        zone = ZoneInfo(person.zone or "UTC")
        _away(session, person, now.astimezone(zone).date(), profile.away_until, now)


def _away(session: Session, person: Person, today: date, until: str, now: datetime) -> None:
    last = date.fromisoformat(until)
    absence = daysoff.running(session, person.id or 0, "status", today) or Absence(
        person_id=person.id or 0, first=today, last=last, source="status", said_at=now
    )
    absence.last = max(last, absence.first)
    session.add(absence)


def _place(session: Session, event: PlaceChanged) -> None:
    at = event.at
    for channel in teams.at_address(session, at.platform, at.workspace, at.address):
        match event.change:
            case "renamed":
                channel.name = event.name
            case "moved":
                channel.address, channel.unreachable = event.to, None
            case "archived" | "removed":
                channel.unreachable = event.change
            case "joined":
                channel.unreachable = None
        session.add(channel)
