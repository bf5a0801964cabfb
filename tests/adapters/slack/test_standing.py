"""A workspace that shuts okr out and lets it in again, by tokens revoked and an app removed."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.slack import standing, workspace
from bot.chat.adapter import Sent, TryLater
from bot.chat.cards import Card
from bot.chat.events import WorkspaceChanged
from bot.chat.replies import Quiet, Unsaved
from tests.adapters import contract
from tests.adapters.slack.bench import Bench, bench
from tests.adapters.slack.loopback import BOT_TOKEN
from tests.adapters.slack.world import TEAM
from tests.adapters.stages import NOT_SAVED, Ear, Memory

CARD = Card("Hello")


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


LOST, BACK = (TEAM, "lost", "token_revoked"), (TEAM, "regained", "")


async def test_loss_is_told_once_and_the_return_too(office: Bench, ear: Ear, kept: Memory) -> None:
    await until(lambda: bool(kept.kept))
    office.slack.revoked[BOT_TOKEN] = "token_revoked"
    assert isinstance(await office.adapter.send(office.home, CARD, key="1"), TryLater)
    await until(lambda: told(ear) == [LOST])
    await asyncio.sleep(0.2)  # several knocks in vain
    office.slack.revoked.clear()
    await until(lambda: told(ear) == [LOST, BACK])
    assert isinstance(await office.adapter.send(office.home, CARD, key="1"), Sent)


async def test_what_was_lost_while_okr_did_not_run_is_told_at_its_start(office: Bench) -> None:
    kept, ear = Memory(), Ear()
    async with contract.listening(office, ear, kept):
        await until(lambda: bool(kept.kept))
    assert ear.heard == []
    office.slack.revoked[BOT_TOKEN] = "account_inactive"
    again = Bench(office.slack, office.config)
    async with contract.listening(again, ear, kept):
        await until(lambda: told(ear) == [(TEAM, "lost", "account_inactive")])
    office.slack.revoked.clear()
    again = Bench(office.slack, office.config)
    async with contract.listening(again, ear, kept):
        await until(lambda: told(ear)[1:] == [BACK])


async def test_loss_that_could_not_be_saved_is_told_again(
    office: Bench, ear: Ear, kept: Memory
) -> None:
    await until(lambda: bool(kept.kept))
    ear.answers = [Unsaved(NOT_SAVED), RuntimeError("a fault of ours"), Quiet()]
    office.slack.revoked[BOT_TOKEN] = "token_revoked"
    await office.adapter.send(office.home, CARD, key="1")
    await until(lambda: told(ear) == [LOST] * 3)


async def test_slack_that_is_away_shuts_nobody_out(office: Bench) -> None:
    kept, ear = Memory(), Ear()
    office.slack.does("auth.test", 503, "drop before", 503)
    async with contract.listening(office, ear, kept):
        await until(lambda: bool(kept.kept))
    assert ear.heard == []


async def test_socket_that_opens_says_nothing_of_the_bots_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app-level token still works where the bot's was revoked."""
    monkeypatch.setattr(workspace, "WORKSPACE_AGAIN", 0.0)
    ear, kept = Ear(), Memory()
    async with bench(tmp_path, by_socket=True) as made, contract.listening(made, ear, kept):
        await until(lambda: bool(kept.kept))
        made.slack.revoked[BOT_TOKEN] = "token_revoked"
        await made.adapter.send(made.home, CARD, key="1")
        before = made.slack.opened
        await made.slack.hang_up()
        await until(lambda: made.slack.opened > before)
        await until(lambda: told(ear) != [])
        assert told(ear) == [LOST]
