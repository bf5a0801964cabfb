"""Slack and Teams at once: a team that is split over both is one team, asked and summed up once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session

from bot import cast
from bot.chat.adapter import Adapter
from bot.running import Bot, Kept
from storage.database import Database
from storage.people import Identity
from storage.teams import Channel
from tests.adapters import contract
from tests.adapters.contract import Bench, Visitor
from tests.adapters.slack import bench as slack
from tests.adapters.slack.member import Member as Slacker
from tests.adapters.teams import bench as teams
from tests.adapters.teams.member import Member as Teamer
from tests.house import House


class Split(SimpleNamespace):
    """Alice in Slack, Bob in Teams, Charlie in both, and Growth's channel in each."""

    house: House
    alice: Visitor
    bob: Visitor
    charlie_in_slack: Visitor
    charlie_in_teams: Visitor
    slack: slack.Bench
    teams: teams.Bench

    async def summaries(self) -> list[list[str]]:
        """What stands in both channels, in the words of those who read there."""
        there: list[tuple[Visitor, Bench]] = [(self.alice, self.slack), (self.bob, self.teams)]
        return [
            [text for text in await visitor.reads(office.channel) if "week 5 of 13" in text]
            for visitor, office in there
        ]


@asynccontextmanager
async def split(database: Database, folder: Path) -> AsyncIterator[Split]:
    """The company at work, on Monday of week 5."""
    house = await House.open(database)
    async with slack.bench(folder) as in_slack, teams.bench(folder) as in_teams:
        users, people = in_slack.slack.world.users, in_teams.teams.world.people
        for user, person in (
            (slack.ALICE, cast.ALICE), (slack.BOB, None), ("U0CHARLIE", cast.CHARLIE)
        ):  # fmt: skip
            users[user]["profile"]["email"] = person.email if person else "x@elsewhere.example"
        for account, person in (
            (teams.ALICE, None), (teams.BOB, cast.BOB), (teams.CHARLIE, cast.CHARLIE)
        ):  # fmt: skip
            email = person.email if person else "y@elsewhere.example"
            people[account] |= {"email": email, "userPrincipalName": email}
        adapters: dict[str, Adapter] = {"slack": in_slack.adapter, "teams": in_teams.adapter}
        bot = house.bot = Bot(database, adapters, house.bot.clock, "both-worker", patience=60)
        await database.write(lambda session: _move(session, in_slack, in_teams), patience=None)
        async with _listening(bot, in_slack), _listening(bot, in_teams):
            yield Split(
                house=house,
                slack=in_slack,
                teams=in_teams,
                alice=in_slack.alice,
                bob=in_teams.bob,
                charlie_in_slack=Slacker(in_slack.slack, in_slack.adapter, "U0CHARLIE"),
                charlie_in_teams=Teamer(in_teams.teams, in_teams.adapter, teams.CHARLIE),
            )


def _move(session: Session, *offices: Bench) -> None:
    """The team no longer lives on the loopback platform, but in these two."""
    session.connection().execute(delete(Channel))
    session.connection().execute(delete(Identity))
    for office in offices:
        at = office.channel
        session.add(Channel(team_id=2, platform=at.platform, workspace=at.workspace,
                            address=at.address, name="growth"))  # fmt: skip


@asynccontextmanager
async def _listening(bot: Bot, office: Any) -> AsyncIterator[None]:
    adapter: Adapter = office.adapter
    kept = Kept(bot.database, adapter.name, bot.clock)
    async with contract.listening(office, lambda event: bot.hear(adapter, event), kept):
        yield


async def test_one_team_in_two_platforms(sqlite: Database, tmp_path: Path) -> None:
    async with split(sqlite, tmp_path) as both:
        house, alice, bob = both.house, both.alice, both.bob
        for visitor in (alice, bob, both.charlie_in_slack):
            await visitor.types("hello", visitor.dm)
        await house.go_to("Tue 10:00")
        await both.charlie_in_teams.types("hello", both.charlie_in_teams.dm)

        await house.go_to("Thu 18:00", zone="America/New_York")
        asked = [
            sum(text.startswith("Week 5 check-in") for text in await visitor.reads(visitor.dm))
            for visitor in (bob, both.charlie_in_slack, both.charlie_in_teams)
        ]
        assert asked == [1, 0, 1], "everybody once, Charlie where he last spoke"

        seen = await bob.presses("Check in", bob.dm)
        assert seen.form is not None
        value = next(name for name in seen.form.values if name.startswith("value"))
        assert (await bob.sends({value: "38.5"})).form is None

        await house.go_to("Sun 12:00")
        in_slack, in_teams = await both.summaries()
        assert len(in_slack) == len(in_teams) == 1, (in_slack, in_teams)
        assert "1 of 4 answered" in in_slack[0]
        assert "1 of 4 answered" in in_teams[0]

        late = both.charlie_in_teams
        seen = await late.types("checkin", late.dm)
        if seen.form is None:
            (label, *_) = seen.buttons
            seen = await late.presses(label, late.dm)
        assert seen.form is not None
        await late.sends({})
        await house.bot.settle()
        in_slack, in_teams = await both.summaries()
        assert len(in_slack) == len(in_teams) == 1, "edited, not posted again"
        assert "2 of 4 answered" in in_slack[0]
        assert "2 of 4 answered" in in_teams[0]
