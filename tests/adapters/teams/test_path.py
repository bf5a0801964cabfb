"""The newcomer's path with the whole bot, as Teams' own activities through real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import cast
from bot.chat.adapter import Adapter
from bot.running import Bot, Kept
from storage.database import Database
from tests.adapters import contract
from tests.adapters.teams.bench import BOB, Bench, bench
from tests.house import House


@asynccontextmanager
async def at_work(database: Database, office: Bench) -> AsyncIterator[House]:
    """The fixed cast's company, with a bot that lives in Teams."""
    house = await House.open(database)
    bob = office.teams.world.people[BOB]
    bob["email"] = bob["userPrincipalName"] = cast.BOB.email
    adapter: Adapter = office.adapter
    bot = Bot(database, {"teams": adapter}, house.bot.clock, "teams-worker", patience=60)
    house.bot = bot
    async with contract.listening(
        office, lambda event: bot.hear(adapter, event), Kept(database, "teams", bot.clock)
    ):
        yield house


async def test_a_newcomer_checks_in(sqlite: Database, tmp_path: Path) -> None:
    async with bench(tmp_path) as office, at_work(sqlite, office) as house:
        bob, teams = office.bob, office.teams
        bob.more = {"localTimezone": "America/New_York", "locale": "en-US"}
        seen = await bob.installs()
        assert "Week 5" in seen.said, seen
        assert "Hello Bob" in (await bob.types("hello", bob.dm)).said
        await house.go_to("Thu 10:00", zone="America/New_York")
        asked = (await bob.reads(bob.dm))[-1]
        assert "how are your 4 key results doing?" in asked
        assert teams.called("POST", "/activities")[-1]["summary"].startswith("Week 5 check-in")

        seen = await bob.presses("Check in", bob.dm)
        assert seen.form is not None
        value = next(name for name in seen.form.values if name.startswith("value"))
        seen = await bob.sends({value: "a lot"})
        assert seen.form is not None
        assert {*seen.form.problems} == {value}
        assert "a lot" in seen.form.problems[value]
        assert seen.form.values[value] == "a lot"

        seen = await bob.sends({value: "38.5"})
        assert seen.form is None
        await house.bot.settle()
        messages = await bob.reads(bob.dm)
        assert asked not in messages
        (answered,) = [m for m in messages if m.startswith("Week 5: what you said")]
        assert "38.5" in answered
        assert len(teams.called("PUT")) == 1

        home = await bob.opens_home()
        assert "38.5" in home.said
        assert await bob.reads(bob.dm) == messages


async def test_restart_in_the_middle_of_a_form_loses_nothing(
    sqlite: Database, tmp_path: Path
) -> None:
    async with bench(tmp_path) as office:
        async with at_work(sqlite, office) as house:
            await office.bob.types("hello", office.bob.dm)
            await house.go_to("Thu 10:00", zone="America/New_York")
            seen = await office.bob.presses("Check in", office.bob.dm)
            assert seen.form is not None
        adapter = office.adapter
        async with contract.listening(
            office,
            lambda event: house.bot.hear(adapter, event),
            Kept(sqlite, "teams", house.bot.clock),
        ):
            value = next(name for name in seen.form.values if name.startswith("value"))
            assert (await office.bob.sends({value: "38.5"})).form is None
            await house.bot.settle()
            assert "38.5" in (await office.bob.reads(office.bob.dm))[-1]


async def test_guest_is_told_a_polite_no(sqlite: Database, tmp_path: Path) -> None:
    async with bench(tmp_path) as office, at_work(sqlite, office):
        office.teams.world.people[BOB]["userPrincipalName"] = "bob#EXT#@fjord.onmicrosoft.com"
        said = (await office.bob.types("mine", office.bob.dm)).said
        assert "another organisation" in said or "guest" in said.lower(), said
        assert "key result" not in said.lower()
