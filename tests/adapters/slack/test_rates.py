"""Slack's speed limits, by a clock of the test's own, against Slack's own count."""

import asyncio
import heapq
import selectors
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

import pytest
from msgspec import Struct, field
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.outcomes import Trouble
from adapters.slack.rates import A_CHANNEL, A_LITTLE, BURST, METHODS, ROOM, Rates
from adapters.slack.settings import Access
from adapters.slack.workspace import Workspace
from tests.adapters.slack.tiers import Tiers

POST, UPDATE = "chat.postMessage", "chat.update"
RATE = 4.0
"""What is sent to a workspace unless SLACK_RATE says otherwise."""
T = TypeVar("T")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def go(rates: Rates, clock: Hand, method: str, channel: str, times: int) -> float:
    """So many calls, each as soon as it is welcome; the seconds that took."""
    start = clock.now
    for _ in range(times):
        clock.now += rates.turn(method, channel)
        rates.went(method, channel)
    return clock.now - start


def test_one_channel_takes_a_few_at_once_and_then_one_a_second() -> None:
    clock = Hand()
    rates = Rates(clock)
    assert go(rates, clock, POST, "C1", BURST) == 0
    assert round(go(rates, clock, POST, "C1", 10), 6) == 10 * A_CHANNEL
    assert rates.wait(POST, "C2") == 0
    clock.now += 60
    assert go(rates, clock, POST, "C1", BURST) == 0


def test_edits_keep_to_their_minute_wherever_they_are() -> None:
    clock = Hand()
    rates = Rates(clock)
    a_minute = int(ROOM * METHODS[UPDATE])
    assert sum(go(rates, clock, UPDATE, f"D{n}", 1) for n in range(a_minute)) == 0
    assert go(rates, clock, UPDATE, "D1", 1) == 60
    assert rates.wait(POST, "U1") == 0


def test_what_is_said_to_people_who_wait_is_taken_off_the_wave() -> None:
    clock = Hand()
    rates = Rates(clock, RATE)
    for number in range(int(60 * RATE)):
        rates.spend(POST, f"U{number}")
    assert rates.wait(POST, "U1000") == 60


def test_what_slack_refuses_waits_as_long_as_it_says_and_nothing_else_does() -> None:
    clock = Hand()
    rates = Rates(clock)
    rates.refused(POST, 30 - A_LITTLE)
    assert rates.wait(POST, "C1") == rates.wait(POST, "C2") == rates.paused(POST) == 30
    assert rates.wait(UPDATE, "C1") == rates.paused(UPDATE) == 0
    clock.now += 30
    assert rates.wait(POST, "C1") == rates.paused(POST) == 0


def test_letter_that_was_put_off_keeps_its_place_in_its_channel() -> None:
    clock = Hand()
    rates = Rates(clock)
    rates.refused(POST, 30 - A_LITTLE, "C1", "first")
    clock.now += 26
    assert rates.turn(POST, "C1", "second") == 5
    assert rates.turn(POST, "C2", "elsewhere") == 4
    clock.now += 4
    assert rates.turn(POST, "C1", "first") == 0
    assert rates.turn(POST, "C1", "second") == 1
    clock.now += 1
    assert rates.turn(POST, "C1", "second") == 0


# A wave, with Slack's own count


class Skipping(selectors.DefaultSelector):
    """Nobody waits: where the loop would, its clock is moved on."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """Minutes pass in no time, and always the same."""

    def __init__(self) -> None:
        self._skipping = Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The work, done in a loop whose time is skipped."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(work)


class Wave(Struct):
    """Letters to one workspace, sent as `bot.deliver` does: one by one, the most urgent first."""

    tiers: Tiers
    workspace: Workspace
    arrived: list[tuple[float, str, int]] = field(default_factory=list)

    async def bring(self, letters: Iterable[tuple[str, int, str]]) -> float:
        """Letters as method, rank and channel, due at once; the seconds until all arrived."""
        loop, clear = asyncio.get_running_loop(), 0.0
        start = loop.time()
        left = sorted((start, rank, n, method, at) for n, (method, rank, at) in enumerate(letters))
        while left:
            due = [each for each in left[:400] if each[0] <= loop.time()]
            if not due:
                await asyncio.sleep(max(0.001, left[0][0] - loop.time()))
                continue
            letter = min(due, key=lambda each: each[1:3])
            left.remove(letter)
            await asyncio.sleep(max(0.0, clear - loop.time()))
            clear = max(loop.time(), clear) + 1 / RATE
            _, rank, number, method, channel = letter
            try:
                await self.workspace.post(method, self._ask(method, channel), channel, str(number))
            except Trouble as problem:
                if not problem.pause:
                    raise
                later = loop.time() + problem.pause
                heapq.heappush(left, (later, rank, number, method, channel))
                left.sort()
            else:
                self.arrived.append((loop.time(), channel, number))
        await self.workspace.close()
        return loop.time() - start

    def _ask(self, method: str, channel: str) -> Any:
        async def ask(_: AsyncWebClient) -> AsyncSlackResponse:
            pause = self.tiers.refuse(method, channel)
            status, headers = (429, {"Retry-After": str(pause)}) if pause else (200, {})
            data = {"ok": not pause, "error": "ratelimited"}
            answer = AsyncSlackResponse(
                client=_, http_verb="POST", api_url=method, req_args={}, data=data,
                headers=headers, status_code=status,
            )  # fmt: skip
            if pause:
                raise SlackApiError("ratelimited", answer)  # type: ignore[no-untyped-call] # the SDK names no types here
            return answer

        return ask

    def order(self, channel: str) -> list[int]:
        """The letters of a channel as they arrived."""
        return [number for _, at, number in self.arrived if at == channel]


def wave(messages: int) -> Wave:
    """To a workspace that takes so many messages a minute."""
    clock = asyncio.get_running_loop().time
    return Wave(Tiers(clock, messages), Workspace(Access("", "xoxb-"), "http://x/", RATE))


@pytest.mark.parametrize(("messages", "refused"), [(300, 0), (240, 0), (180, 1), (100, 1)])
def test_wave_keeps_to_what_slack_permits_and_is_refused_once_at_most(
    messages: int, refused: int
) -> None:
    async def run() -> None:
        sent = wave(messages)
        took = await sent.bring((POST, 1, f"U{n}") for n in range(2000))
        assert len(sent.arrived) == 2000
        assert 2000 / took >= 0.95 * min(RATE, messages / 60)
        assert sent.tiers.refused.total() == refused

    at_once(run())


def test_channel_with_much_to_take_holds_up_nobody_else_and_stays_in_order() -> None:
    async def run() -> None:
        sent = wave(300)
        many = [(POST, 1, "C1")] * 20
        took = await sent.bring([*many, *((POST, 1, f"U{n}") for n in range(400))])
        assert took <= 420 / RATE / 0.9, "each letter that is put off takes a place in the wave"
        assert sent.order("C1") == list(range(20))
        assert not sent.tiers.refused

    at_once(run())


def test_answers_go_first_and_at_their_own_pace_while_a_wave_runs() -> None:
    async def run() -> None:
        sent = wave(300)
        edits = [(UPDATE, 0, f"D{n}") for n in range(100)]
        took = await sent.bring([*((POST, 1, f"U{n}") for n in range(500)), *edits])
        assert took <= 600 / RATE / 0.9, "each edit that is put off takes a place in the wave"
        assert sent.order("D0") == [500]
        first = [channel[0] for _, channel, _ in sent.arrived[:40]]
        assert first == ["D"] * 40
        assert not sent.tiers.refused

    at_once(run())


def test_after_a_pause_nothing_is_lost_and_each_channel_is_in_order() -> None:
    async def run() -> None:
        sent = wave(60)
        await sent.bring((POST, 1, f"U{n % 40}") for n in range(200))
        assert sent.tiers.refused[POST] == 1
        for place in range(40):
            assert sent.order(f"U{place}") == list(range(place, 200, 40))

    at_once(run())
