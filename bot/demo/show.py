"""The demo: the sample company in some week, with a clock that visitors move."""

from datetime import date, datetime, time, timedelta
from typing import assert_never

from sqlmodel import Session

from bot import cadence
from bot.chat.adapter import Adapter
from bot.chat.stage import Jump
from bot.clock import Clock
from bot.demo.players import InCharacter
from bot.founding import found
from bot.importing import apply, sample
from bot.quarter.lessons import ENOUGH
from bot.rehearsal.passage import Passage
from bot.rehearsal.players import Players
from bot.rehearsal.post import Overheard
from bot.running import Bot
from bot.settings import Settings
from bot.term import term
from bot.texts import Voice
from storage import keeping, letters, objectives, organisation, people, teams
from storage.database import Database
from storage.letters import Letter

SETTINGS = Settings.model_construct(
    organisation="Harbour",
    admin_email="alice@harbour.example",
    admin_name="Alice Brandt",
    language="en-GB",
    country="DE",
    zone="Europe/Berlin",
)
START_WEEK = 5
START = (3, time(10, 5))
"""Thursday, when the check-in has just been asked."""
PLANNING = (0, time(9))
"""Monday, before anybody is asked to plan."""
MOMENT = "demo:now"


class Show:
    """The clock bar, and the company that lives by it."""

    def __init__(self, database: Database, clock: Clock, adapter: Adapter, worker: str) -> None:
        self.players = Players(database, clock, InCharacter(), self._answered)
        overheard = Overheard(adapter, clock, self.players.listen)
        self.bot = Bot(database, {adapter.name: overheard}, clock, worker)
        self._passage = Passage(self.bot, self.players, self._keep)

    async def open(self, today: date, week: int = START_WEEK) -> None:
        """Found the company and let it live from week 1 to Thursday morning of this week.

        In week 1 nothing is approved yet: what the company means to do is drafts.
        """
        monday = today - timedelta(days=today.weekday() + 7 * (week - 1))
        first = cadence.instant(monday, time(6), SETTINGS.zone)
        self.bot.clock.move_to(first)
        settings = SETTINGS.model_copy(update={"week_one": monday})
        await self.bot.database.write(
            lambda session: _furnish(session, settings, first, drafts=week == 1), patience=None
        )
        await self.bot.duties.rollup()
        day, at = PLANNING if week == 1 else START
        start = cadence.first_day(monday, week) + timedelta(days=day)
        await self._passage.go_to(cadence.instant(start, at, SETTINGS.zone))

    async def resume(self) -> bool:
        """Go on where an earlier demo stopped; false where there was none."""
        kept = await self.bot.database.read(lambda session: keeping.get(session, "demo", MOMENT))
        if kept is None:
            return False
        self.bot.clock.move_to(datetime.fromisoformat(kept))
        await self.players.remember()
        return True

    async def jump(self, to: Jump, me: str) -> str:
        """Move business time on, visiting every due instant in order; says what happened."""
        if me:
            self.players.played.add(me)
        now, sent = self.bot.clock.now(), 0
        match to:
            case "message":
                sent = await self._passage.to_next_message(now + timedelta(days=21))
            case "day":
                sent = await self._passage.go_to(now + timedelta(days=1))
            case "week":
                sent = await self._passage.go_to(now + timedelta(days=7))
            case _:
                assert_never(to)
        return await self._told(now, sent, me)

    async def _keep(self, moment: datetime) -> None:
        """An earlier demo goes on at this moment."""
        at = moment.isoformat()
        await self.bot.database.write(lambda s: keeping.put(s, "demo", MOMENT, at), patience=None)

    async def _answered(self, replan: bool) -> None:
        if replan:
            await self.bot.duties.plan(at_once=True)

    async def _told(self, before: datetime, sent: int, me: str) -> str:
        now = self.bot.clock.now()

        def said(session: Session) -> str:
            at_the_moment = term(session, now)
            reader = people.by_email(session, me)
            ours = at_the_moment.organisation
            voice = at_the_moment.voice_of(reader) if reader else Voice(ours.language, ours.zone)
            newest: list[Letter] = [
                x for x in letters.newest(session, 20) if x.sent_at and x.sent_at > before
            ]
            return voice.line(
                "demo.jumped", moment=voice.moment(now), week=at_the_moment.week or 0,
                sent=sent, last=len(newest),
            )  # fmt: skip

        return await self.bot.database.read(said)


def _furnish(session: Session, settings: Settings, now: datetime, *, drafts: bool) -> None:
    found(session, settings, now)
    cycle = term(session, now).cycle
    outcome = apply(
        session, sample(), locale=settings.language, cycle_id=cycle.id if cycle else None, now=now
    )
    if outcome.errors:
        raise ValueError("\n".join(error.text for error in outcome.errors))
    for objective in objectives.live(session, cycle.id or 0) if cycle and drafts else ():
        objective.state = "draft"
        session.add(objective)
    members = teams.members(session)
    for number in [team.id or 0 for team in teams.all_teams(session)]:
        team = teams.to_change(session, number)
        if team is not None:  # their leads have chosen so: few people's words are shown with names
            team.named_retro = len(members.get(number, ())) < ENOUGH
            session.add(team)
    ours = organisation.organisation(session)
    if ours is not None:
        ours.running, ours.changed_at = "on", now
        session.add(ours)
