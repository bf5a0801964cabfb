"""The newcomer's path with the whole bot, as Slack's own payloads, by socket and by HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import cast, courier
from bot.chat.adapter import Adapter
from bot.running import Bot, Kept
from storage.database import Database
from tests.adapters import contract
from tests.adapters.slack.bench import BOB, Bench, bench
from tests.house import House


@asynccontextmanager
async def at_work(database: Database, office: Bench) -> AsyncIterator[House]:
    """The fixed cast's company, with a bot that lives in Slack."""
    house = await House.open(database)
    office.slack.world.users[BOB]["profile"]["email"] = cast.BOB.email
    adapter: Adapter = office.adapter
    bot = Bot(database, {"slack": adapter}, house.bot.clock, "slack-worker", patience=60)
    house.bot = bot
    async with contract.listening(
        office, lambda event: bot.hear(adapter, event), Kept(database, "slack", bot.clock)
    ):
        yield house


@pytest.mark.parametrize("by_socket", [False, True], ids=["http", "socket"])
async def test_a_newcomer_checks_in(sqlite: Database, tmp_path: Path, by_socket: bool) -> None:
    async with bench(tmp_path, by_socket=by_socket) as office, at_work(sqlite, office) as house:
        bob, slack = office.bob, office.slack
        assert "Hello Bob" in (await bob.types("hello", bob.dm)).said
        await house.go_to("Thu 10:00", zone="America/New_York")
        asked = (await bob.reads(bob.dm))[-1]
        assert "how are your 4 key results doing?" in asked
        assert slack.called("chat.postMessage")[-1]["text"].startswith("Week 5 check-in")

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
        assert len(slack.called("chat.update")) == 1

        home = await bob.opens_home()
        assert "38.5" in home.said
        assert await bob.reads(bob.dm) == messages


async def test_question_that_arrived_unheard_is_found_and_not_asked_twice(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "LOOK_UP_AFTER", 0.0)
    async with bench(tmp_path) as office, at_work(sqlite, office) as house:
        bob = office.bob
        await bob.types("hello", bob.dm)
        office.slack.does("chat.postMessage", "drop after")
        await house.go_to("Thu 10:00", zone="America/New_York")
        await asyncio.sleep(0.05)
        await house.bot.settle()
        asked = [m for m in await bob.reads(bob.dm) if "how are your 4 key results" in m]
        assert len(asked) == 1
        assert len(office.slack.called("chat.postMessage")) == 2
        await bob.presses("Not this week", bob.dm)
        await house.bot.settle()
        assert asked[0] not in await bob.reads(bob.dm), "the message that was found is edited"
