"""A tenant that shuts okr out and lets it in again: a secret that ended, an app switched off."""

import asyncio
from collections.abc import Callable

import pytest

from adapters.teams import standing
from bot.chat.adapter import Sent, TryLater
from bot.chat.cards import Card
from bot.chat.events import WorkspaceChanged
from bot.chat.replies import Quiet, Unsaved
from tests.adapters import contract
from tests.adapters.stages import NOT_SAVED, Ear, Memory
from tests.adapters.teams.bench import ALICE, Bench
from tests.adapters.teams.world import TENANT, Refused

CARD = Card("Hello")
OFF = Refused(403, "BotDisabledByAdmin")
LOST, BACK = (TENANT, "lost", "admin_off"), (TENANT, "regained", "")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "KNOCK", 0.05)


async def until(it_is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not it_is_so():  # noqa: ASYNC110 - what the bot hears tells no event
            await asyncio.sleep(0.01)


def told(ear: Ear) -> list[tuple[str, str, str]]:
    return [
        (event.workspace, event.change, event.reason)
        for event in ear.heard
        if isinstance(event, WorkspaceChanged)
    ]


def looks(office: Bench) -> int:
    return len(office.teams.called("GET", "pagedmembers"))


async def test_app_switched_off_is_told_once_and_its_return_too(office: Bench, ear: Ear) -> None:
    async with office.teams.during(OFF, "post", "members"):
        assert isinstance(await office.adapter.send(office.home, CARD, key="1"), TryLater)
        await until(lambda: told(ear) == [LOST])
        await asyncio.sleep(0.2)  # several knocks in vain
    await until(lambda: told(ear) == [LOST, BACK])
    assert isinstance(await office.adapter.send(office.home, CARD, key="1"), Sent)


async def test_app_switched_off_for_one_person_shuts_nobody_else_out(
    office: Bench, ear: Ear
) -> None:
    office.teams.world.dm(ALICE).closed = OFF
    await until(lambda: looks(office) == 1)
    assert isinstance(await office.adapter.send(office.home, CARD, key="1"), TryLater)
    await until(lambda: looks(office) == 2)
    await asyncio.sleep(0.1)
    assert told(ear) == []


async def test_refused_login_is_told_at_the_start_and_after_it(office: Bench) -> None:
    kept, ear = office.memory, Ear()
    office.adapter = office.misconfigured()
    async with contract.listening(office, ear, kept):
        await until(lambda: told(ear) == [(TENANT, "lost", "login")])
        await asyncio.sleep(0.2)
    office.adapter = type(office.adapter)(office.config)
    async with contract.listening(office, ear, kept):
        await until(lambda: told(ear)[1:] == [BACK])


async def test_loss_that_could_not_be_saved_is_told_again(office: Bench) -> None:
    ear = Ear()
    ear.answers = [Unsaved(NOT_SAVED), RuntimeError("a fault of ours"), Quiet()]
    office.adapter = office.misconfigured()
    async with contract.listening(office, ear, Memory()):
        await until(lambda: told(ear) == [(TENANT, "lost", "login")] * 3)


async def test_teams_that_is_away_shuts_nobody_out(office: Bench) -> None:
    ear = Ear()
    away = office.teams.during(503, "members")
    async with away, contract.listening(office, ear, office.memory):
        await asyncio.sleep(0.3)
    assert told(ear) == []
