"""Socket Mode: nothing is lost when a socket goes, and a dead one is replaced."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.slack import socket_mode
from bot.chat.cards import Card
from bot.chat.events import Event, Typed
from bot.chat.replies import Quiet, Say, Unsaved
from tests.adapters import contract
from tests.adapters.slack import loopback
from tests.adapters.slack.bench import ALICE, Bench, bench
from tests.adapters.slack.loopback import APP_TOKEN
from tests.adapters.stages import NOT_SAVED, Ear, Memory


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """The fixed cast's workspace, reached by a socket whose watchdog is quick."""
    monkeypatch.setattr(socket_mode, "PATIENCE", 0.5)
    async with bench(tmp_path, by_socket=True, ping=0.2) as made:
        yield made


def typed(ear: Ear) -> list[str]:
    return [event.text for event in ear.heard if isinstance(event, Typed)]


async def until(it_is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not it_is_so():  # noqa: ASYNC110 - a log or a server of aiohttp's tells no event
            await asyncio.sleep(0.01)


async def opened(office: Bench, times: int) -> None:
    """Until so many sockets have been opened, and one is open."""
    await until(lambda: office.slack.opened >= times)
    await office.slack.connected()


async def test_words_buttons_and_forms_come_by_the_socket(office: Bench, ear: Ear) -> None:
    ear.answers = [Say(Card("Hello"))]
    assert "Hello" in (await office.alice.types("help", office.alice.dm)).said
    ear.answers = [Say(Card("Your team"))]
    assert "Your team" in (await office.alice.commands("team", office.channel)).said
    assert typed(ear) == ["help", "team"]


@pytest.mark.parametrize("warned", [True, False])
async def test_slack_may_take_the_socket_away_at_any_time(
    office: Bench, ear: Ear, warned: bool
) -> None:
    for word in ("one", "two", "three"):
        before = office.slack.opened
        await office.slack.hang_up(warn=warned)
        await opened(office, before + 1)
        await office.alice.types(word, office.alice.dm)
    assert typed(ear) == ["one", "two", "three"]


async def test_socket_that_opens_and_stays_silent_is_replaced(office: Bench) -> None:
    ear = Ear()
    office.slack.mute = True
    running = asyncio.create_task(office.adapter.run(ear, Memory()))
    await until(lambda: office.slack.opened > 0)
    office.slack.mute = False
    await opened(office, 2)
    await office.alice.types("help", office.alice.dm)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert typed(ear) == ["help"]


async def test_hand_that_has_died_is_noticed(office: Bench, ear: Ear) -> None:
    """A socket that answers pings and whose messages nobody takes any more."""
    before = office.slack.opened
    (dead,) = [t for t in asyncio.all_tasks() if "process_messages" in repr(t.get_coro())]
    dead.cancel()
    await opened(office, before + 1)
    await office.alice.types("help", office.alice.dm)
    assert typed(ear) == ["help"]


async def test_event_is_acknowledged_after_it_was_heard(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "ACK_WITHIN", 0.3)
    ear.answers = [Unsaved(NOT_SAVED), Quiet()]
    change = {"type": "user_change", "user": office.slack.world.users[ALICE]}
    assert await office.slack.event(change, "Ev1") == 0
    assert await office.slack.event(change, "Ev1", retry=1) == 200
    assert len(ear.heard) == 2


async def test_wrong_app_token_is_said_and_tried_again(
    office: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    office.slack.app_tokens.clear()
    running = asyncio.create_task(office.adapter.run(ear, Memory()))
    await until(lambda: "invalid_auth" in caplog.text)
    office.slack.app_tokens.add(APP_TOKEN)
    await opened(office, 1)
    await office.alice.types("help", office.alice.dm)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert typed(ear) == ["help"]


async def test_what_is_being_heard_when_okr_stops_is_answered(office: Bench) -> None:
    go = asyncio.Event()

    class Slow(Ear):
        async def __call__(self, event: Event) -> Quiet:
            await go.wait()
            return Quiet()

    async with contract.listening(office, Slow(), Memory()):
        message = {"type": "message", "channel": f"D{ALICE[1:]}", "channel_type": "im",
                   "user": ALICE, "ts": "1.2", "text": "help"}  # fmt: skip
        telling = asyncio.create_task(office.slack.event(message))
        await asyncio.sleep(0.1)
        asyncio.get_running_loop().call_later(0.1, go.set)
    assert await telling == 200
