"""What the bot learns from platforms by and by: accounts, zones, absences, channels."""

from datetime import date, datetime, timedelta
from typing import assert_never

from sqlmodel import Session

from bot.chat.adapter import Found
from bot.chat.events import Arrived, Left, PlaceChanged, Profile, ProfileChanged
from bot.chat.reading import clean
from bot.chat.who import Actor, Destination
from bot.zones import zone_of
from storage import audit, daysoff, organisation, people, teams
from storage.daysoff import Absence
from storage.people import Identity, Person
from storage.teams import Channel


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
                if profile.away_until is not None:
                    _status(session, found[0], profile.away_until, now)
        case PlaceChanged():
            _place(session, event, now)
        case _:
            assert_never(event)


def link(session: Session, found: Found, now: datetime) -> Person | None:
    """Keep an account of a person, matched by the e-mail address its platform has verified.

    None, and nothing kept, where it belongs to nobody of the organisation.
    """
    profile, actor = found.profile, found.actor
    if profile.guest or not profile.active or not profile.email:
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
    session.info["replan"] = True
    session.add(identity)
    _profile(session, person, profile, now)
    if profile.away_until:
        _status(session, person, profile.away_until, now)
    return person


def lost(session: Session, actor: Actor, reason: str, now: datetime) -> None:
    """Keep that an account can no longer be written to, until it is heard from again."""
    found = people.by_account(session, actor.platform, actor.workspace, actor.id)
    if found is not None:
        found[1].unreachable = reason
        session.add(found[1])
        session.info["replan"] = True
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
        _closed(session, channel, reason, now)


def _profile(session: Session, person: Person, profile: Profile, now: datetime) -> None:
    """Zone and locale fill what nobody has set."""
    before = audit.fields(person)
    if person.zone is None and _is_zone(profile.zone):
        person.zone = profile.zone
    if person.locale is None and profile.locale:
        person.locale = profile.locale
    session.add(person)
    audit.note(
        session, now, "person", person.id, how="profile", before=before, after=audit.fields(person)
    )
    session.info["replan"] = True


def _status(session: Session, person: Person, away_until: str, now: datetime) -> None:
    """Somebody is away as long as their status says so, and back when it no longer does."""
    ours = organisation.organisation(session)
    zone = person.zone or (ours.zone if ours else "UTC")
    today = now.astimezone(zone_of(zone)).date()
    last = _day(away_until) or today - timedelta(days=1)
    absence = daysoff.running(session, person.id or 0, "status", today)
    before = audit.fields(absence) if absence else None
    if absence is None and last < today:
        return
    if absence is None:
        absence = Absence(
            person_id=person.id or 0, first=today, last=last, source="status", said_at=now
        )
    absence.last = last
    if last < absence.first:
        session.delete(absence)
    else:
        session.add(absence)
        session.flush()
    after = audit.fields(absence) if last >= absence.first else None
    audit.note(session, now, "absence", absence.id, how="profile", before=before, after=after)


def _is_zone(name: str) -> bool:
    try:
        return bool(name and zone_of(name))
    except ValueError:
        return False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _closed(session: Session, channel: Channel, reason: str, now: datetime) -> None:
    """Keep that a team's channel takes no messages, and since when."""
    channel.unreachable = reason
    session.add(channel)
    key = f"{channel.team_id}:{channel.platform}:{channel.workspace}"
    after = {"unreachable": reason}
    audit.note(session, now, "channel", key, how=channel.platform, before={}, after=after)


def _place(session: Session, event: PlaceChanged, now: datetime) -> None:
    at = event.at
    session.info["replan"] = True
    for channel in teams.at_address(session, at.platform, at.workspace, at.address):
        match event.change:
            case "renamed":
                channel.name = clean(event.name)
            case "moved":
                channel.address, channel.unreachable = event.to, None
            case "archived" | "removed":
                _closed(session, channel, event.change, now)
            case "joined":
                channel.unreachable = None
            case _:
                assert_never(event.change)
        session.add(channel)
