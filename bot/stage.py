"""The company as a page sees it that plays a whole platform."""

from datetime import datetime

import msgspec
from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.stage import Example, Face, Hands, Note, Place
from bot.clock import Clock
from bot.flows import flows
from bot.outside import exporting
from bot.term import NotSetUp, term
from bot.texts import Voice, sentence
from storage import daysoff, letters, organisation, people, teams
from storage.database import Database
from storage.letters import Letter


class Company:
    """Read from the database each time: imports and settings show at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.hands: Hands | None = None
        self._database = database
        self._clock = clock

    @property
    def organisation(self) -> str:
        """The organisation's name."""
        found = self._database.read_now(organisation.organisation)
        return found.name if found else "okr"

    def now(self) -> datetime:
        """Business time, aware UTC."""
        return self._clock.now()

    async def people(self) -> list[Face]:
        """Everybody one can be."""
        now = self.now()
        return await self._database.read(lambda session: _faces(session, now))

    async def places(self) -> list[Place]:
        """The channels of the page."""
        return await self._database.read(_places)

    async def notes(self, locale: str = "") -> list[Note]:
        """What was sent lately, newest first; why, in this language."""
        now = self.now()
        return await self._database.read(lambda session: _notes(session, now, locale))

    async def file(self, email: str, name: str) -> bytes | None:
        """What `export` hands out on the page; that everything was fetched is kept."""
        now = self.now()
        allowed = await self._database.write(
            lambda session: exporting.may_have(session, email, name, now)
        )
        if not allowed:
            return None
        return await self._database.read(
            lambda session: exporting.handed(session, email, name, now), patience=None
        )

    def gallery(self, locale: str = "en") -> list[Example]:
        """Every card and form of every flow."""
        voice = Voice(locale, "Europe/Berlin")
        return [example for flow in flows().values() for example in flow.examples(voice)]


def _faces(session: Session, now: datetime) -> list[Face]:
    try:
        at_the_moment = term(session, now)
    except NotSetUp:
        return []
    members = teams.members(session)
    names = {t.id: t.name for t in teams.all_teams(session)}
    team_of = {p: names[t] for t, own in sorted(members.items()) if t in names for p in own}
    away = daysoff.absences(session, at_the_moment.today, at_the_moment.today)
    return [
        Face(
            person.email,
            person.name,
            team_of.get(person.id or 0, ""),
            at_the_moment.zone_of(person),
            person.locale or at_the_moment.organisation.language,
            person.id in away,
        )
        for person in people.everyone(session)
    ]


def _places(session: Session) -> list[Place]:
    found = {
        channel.address: Place(channel.address, channel.name or channel.address.split(":")[-1])
        for own in teams.channels(session).values()
        for channel in own
        if channel.platform == "web"
    }
    return list(found.values())


def _notes(session: Session, now: datetime, locale: str) -> list[Note]:
    try:
        at_the_moment = term(session, now)
    except NotSetUp:
        return []
    ours = at_the_moment.organisation
    voice = Voice(locale or ours.language, ours.zone)
    newest = letters.newest(session)
    known = people.people(session, {letter.person_id or 0 for letter in newest})
    teams_known = teams.teams(session, {letter.team_id or 0 for letter in newest})
    return [
        Note(
            letter.sent_at or letter.due_at,
            known[letter.person_id].name
            if letter.person_id in known
            else teams_known[letter.team_id].name
            if letter.team_id in teams_known
            else letter.address,
            _title(voice, letter),
            _why(voice, letter),
            letter.state,
        )
        for letter in newest
    ]


def _title(voice: Voice, letter: Letter) -> str:
    """What it was called when it was sent, or what it would have been."""
    if letter.card:
        return msgspec.json.decode(letter.card, type=Card).title
    return flows()[letter.flow].label(voice, letter) if letter.flow in flows() else letter.kind


def _why(voice: Voice, letter: Letter) -> str:
    if letter.reason or letter.flow not in flows():
        return sentence(voice.line("report.reason", code=letter.reason))
    return sentence(flows()[letter.flow].because(voice, letter))
