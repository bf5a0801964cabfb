"""Many are asked at once through the whole bot, and people answer meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from sqlmodel import Session

from adapters.slack import workspace
from adapters.slack.adapter import Slack as Adapter
from bot import deliver
from bot.chat.cards import Card
from bot.chat.replies import Say
from bot.chat.who import Destination
from bot.clock import Clock
from bot.running import Bot, Kept
from tests.adapters import contract
from tests.adapters.slack.bench import Bench, bench
from tests.adapters.slack.member import Member
from tests.adapters.slack.world import TEAM
from tests.adapters.stages import Ear
from tests.bench.company import MORNING, email, found

PEOPLE, RATE, BATCH = 90, 20.0, 10
POST, UPDATE = "chat.postMessage", "chat.update"


@asynccontextmanager
async def company(folder: Path) -> AsyncIterator[tuple[Bench, Bot]]:
    """Everybody is to be asked now, so many a second, a batch at a time."""
    company = found(folder, PEOPLE, platform="slack")
    async with bench(folder) as office:
        for number in range(1, PEOPLE + 1):
            office.slack.world.hire(f"U{number}", f"Person {number}", email(number))
        office.adapter = Adapter(msgspec.structs.replace(office.config, rate=RATE))
        adapter = office.adapter
        bot = Bot(company.database, {"slack": adapter}, Clock(lambda: MORNING), "w", patience=60)
        await company.database.write(_moved_to_slack, patience=None)
        await bot.duties.plan()
        await company.database.write(_due_now, patience=None)
        async with contract.listening(
            office,
            lambda event: bot.hear(adapter, event),
            Kept(company.database, "slack", bot.clock),
        ):
            yield office, bot
    company.database.close()


def _moved_to_slack(session: Session) -> None:
    session.connection().exec_driver_sql(
        f"UPDATE identity SET workspace = '{TEAM}', account = 'U' || person_id,"
        " address = 'U' || person_id"
    )


def _due_now(session: Session) -> None:
    other = "DELETE FROM letter WHERE kind <> 'ask' OR week <> 5"
    session.connection().exec_driver_sql(other)
    session.connection().exec_driver_sql(
        "UPDATE letter SET due_at = ?", (MORNING.strftime("%Y-%m-%d %H:%M:%S.%f"),)
    )


async def arrived(office: Bench, method: str, count: int) -> None:
    """Until so many calls of this method have."""
    while True:
        if len(office.slack.called(method)) >= count:
            return
        await asyncio.sleep(0.01)


def asked(office: Bench) -> Counter[str]:
    """How often each was asked."""
    world = office.slack.world
    return Counter(
        place.id
        for place in world.channels.values()
        for message in place.messages
        if "how are your 5 key results" in str(message["blocks"])
    )


async def test_answer_is_stored_and_shown_before_those_who_are_still_to_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "FRESH_FOR", BATCH / RATE)
    async with company(tmp_path) as (office, bot):
        wave = asyncio.create_task(bot.delivery.deliver())
        await arrived(office, POST, 1)
        first = office.slack.called(POST)[0]["channel"]
        person = Member(office.slack, office.adapter, first)
        at = Destination("slack", TEAM, first)
        seen = await person.presses("Check in", at)
        assert seen.form is not None
        seen = await person.sends({name: "31" for name in seen.form.values if "value" in name})
        assert (person.status, seen.form) == (200, None)
        before = len(office.slack.called(POST))
        await arrived(office, UPDATE, 1)
        assert len(office.slack.called(POST)) - before <= 2 * BATCH
        assert not wave.done(), "others are still to be asked"
        bot.delivery.halt()
        await wave
        (message,) = await person.reads(at)
        assert "31" in message
        assert not office.slack.tiers.refused


async def test_pause_that_slack_asks_for_is_everybodys_and_nobody_is_lost_or_asked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "SHORT", 0.3)
    async with company(tmp_path) as (office, bot):
        wave = asyncio.create_task(bot.delivery.deliver())
        await arrived(office, POST, 10)
        office.slack.tiers.shut(POST, 1.5)
        await wave
        while len(asked(office)) < PEOPLE:
            await bot.delivery.deliver()
            await asyncio.sleep(0.05)
        assert office.slack.tiers.refused == {POST: 1}
        assert set(asked(office).values()) == {1}


async def test_answer_in_words_waits_for_a_pause_to_end_instead_of_being_dropped(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "SHORT", 0.2)
    office.slack.tiers.shut(POST, 1.0)
    ear.answers = [Say(Card("First")), Say(Card("Second"))]
    seen = await office.bob.types("hello", office.bob.dm)
    assert (office.bob.status, seen.said) == (200, "First")
    assert (await office.bob.types("and?", office.bob.dm)).said == "Second"
    assert office.slack.tiers.refused == {POST: 1}
