"""The bot as a whole: it wakes at once, stops in good order, and survives being killed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session
from structlog.testing import capture_logs

from bot import deliver, running
from bot.chat.adapter import Adapter, Handle, Keep, Outcome, TryLater
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.running import Bot
from bot.scheduler import metronome, watch
from storage import leases, outbox
from storage.database import Database
from storage.letters import Draft
from storage.outbox import Bucket
from tests.bot.post import NOW, Post, ask
from tests.loopback import Loopback
from tests.okr import Running, furnish, the_letters

ROOT = Path(__file__).parents[2]
DANA = "checkin:reply:1:5:4"


@pytest.fixture
async def post(sqlite: Database) -> Post:
    return await Post.open(sqlite)


def reply(person: int) -> Draft:
    """A letter that planning leaves alone."""
    return ask(person, kind="reply")


def a_bot(post: Post, adapter: Adapter | None = None) -> Bot:
    return Bot(post.database, {"loopback": adapter or post.platform}, post.clock, "alive")


@asynccontextmanager
async def alive(bot: Bot) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(bot.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], object], seconds: float = deliver.TICK - 5) -> None:
    """Long before the metronome would look by itself."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 what it waits for has no event of its own
            await asyncio.sleep(0.01)


class Listening(Loopback):
    """Says what happens to it, in order."""

    def __init__(self, sending: float = 0.0) -> None:
        super().__init__()
        self.sending = sending
        self.told: list[str] = []

    async def run(self, handle: Handle, keep: Keep) -> None:
        await keep.put("seat", "7")
        self.told.append(f"listens with {await keep.get('seat')}")
        try:
            await asyncio.Event().wait()
        finally:
            self.told.append("deaf")

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        self.told.append("sends")
        await asyncio.sleep(self.sending)
        self.told.append("sent")
        return await super().send(to, card, key=key, replaces=replaces, under=under)


async def test_a_commit_wakes_delivery_at_once(post: Post) -> None:
    bot = a_bot(post)
    await post.plan(reply(3))
    async with alive(bot):
        await until(lambda: post.messages)  # what was due at the start
        await bot.delivery.quiet()
        await post.plan(reply(4))
        await until(lambda: len(post.messages) == 2)


async def test_a_stop_lets_arrive_what_is_in_flight_before_it_hangs_up(post: Post) -> None:
    adapter = Listening(sending=0.2)
    await post.plan(reply(3), reply(4))
    async with alive(a_bot(post, adapter)) as task:
        await until(lambda: "sends" in adapter.told)
        began = time.monotonic()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 5
    assert adapter.told == ["listens with 7", "sends", "sent", "deaf"]
    assert sorted((await post.states()).values()) == ["planned", "sent"]


async def test_a_stop_does_not_wait_for_ever(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE", 0.1)
    adapter = Listening(sending=60)
    await post.plan(reply(4))
    async with alive(a_bot(post, adapter)):
        await until(lambda: "sends" in adapter.told)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    given_back = await post.the(DANA)
    assert (given_back.state, given_back.tries) == ("planned", 1)  # looked up before it is resent


async def test_at_the_start_whatever_was_claimed_belongs_to_the_dead(post: Post) -> None:
    here = Bucket("loopback", "")

    def predecessor(session: Session) -> None:
        outbox.claim(session, worker="dead", bucket=here, limit=9, now=NOW, lease=3600)
        for name in ("send:loopback/", "duty:plan", "duty:rollup"):
            leases.take(session, name, "dead", 3600)

    await post.plan(reply(4))
    await post.database.write(predecessor)
    bot = a_bot(post)
    async with alive(bot):
        await until(lambda: post.messages)
    assert await post.database.write(lambda s: leases.take(s, "duty:plan", "next", 60))


async def test_a_clock_that_was_set_back_makes_no_pause_longer(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = 0.0
    watched = partial(watch, wall=lambda: time.monotonic() + moved, every=0.01)
    monkeypatch.setattr(running, "watch", watched)
    await post.plan(reply(3), reply(4))
    await post.change("checkin:reply:1:5:3", not_before=time.time() + 86_400)  # while it was down
    bot = a_bot(post)
    async with alive(bot):
        await until(lambda: len(post.messages) == 2)
        asked_to_wait: list[Outcome | None] = [TryLater(86_400)]
        post.platform.fate = lambda *_: asked_to_wait.pop() if asked_to_wait else None
        await post.plan(reply(1))
        await until(lambda: not asked_to_wait)
        await bot.delivery.quiet()
        assert len(post.messages) == 2
        moved = -86_400.0
        await until(lambda: len(post.messages) == 3)


async def test_an_adapter_that_cannot_start_stops_the_bot(post: Post) -> None:
    class Broken(Loopback):
        async def run(self, handle: Handle, keep: Keep) -> None:
            raise OSError("the port is taken")

    with pytest.raises(ExceptionGroup) as told:
        await a_bot(post, Broken()).run()
    assert [str(problem) for problem in told.value.exceptions] == ["the port is taken"]


# The metronome


async def nothing() -> None:
    """A job."""


def test_no_beat_is_lost_or_doubled() -> None:
    scheduler = metronome({"tick": (15, nothing), "plan": (600, nothing)})
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {"tick", "plan"}
    assert scheduler._job_defaults == {
        "misfire_grace_time": None,
        "coalesce": True,
        "max_instances": 1,
    }
    for job in jobs.values():
        assert isinstance(job.trigger, IntervalTrigger)
        assert str(job.trigger.timezone) == "UTC"
    assert jobs["plan"].trigger.interval == timedelta(minutes=10)


async def test_every_job_is_beaten_at_the_start_and_one_that_fails_is_told() -> None:
    beaten: list[str] = []

    async def good() -> None:
        beaten.append("good")

    async def bad() -> None:
        beaten.append("bad")
        raise ZeroDivisionError

    scheduler = metronome({"good": (3600, good), "bad": (3600, bad)})
    with capture_logs() as said:
        scheduler.start()
        await until(lambda: len(beaten) == 2 and said)
    job = scheduler.get_job("good")
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    scheduler.shutdown(wait=False)
    assert [(line["event"], line["job"]) for line in said] == [("job.failed", "bad")]


@pytest.mark.parametrize(("seconds", "again"), [(-3600, True), (3600, True), (2, False)])
async def test_a_moved_clock_beats_every_job_at_once(seconds: float, *, again: bool) -> None:
    beaten: list[str] = []
    moved = 0.0

    async def job() -> None:
        beaten.append("beat")

    scheduler = metronome({"hourly": (3600, job)})
    scheduler.start()
    await until(lambda: beaten)
    watching = asyncio.create_task(
        watch(scheduler, lambda: time.monotonic() + moved, time.monotonic, every=0.01)
    )
    await asyncio.sleep(0.05)
    moved = seconds
    with suppress(TimeoutError):
        await until(lambda: len(beaten) > 1, 3 if again else 0.2)
    await asyncio.sleep(0.1)  # and once only
    assert len(beaten) == 1 + again
    watching.cancel()
    scheduler.shutdown(wait=False)


# kill -9

MANY = 300
KILLS = 3


def test_killed_at_any_moment_it_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    keys = furnish(tmp_path, MANY)
    okr = Running(tmp_path)
    dice = random.Random()  # noqa: S311 for moments, not for secrets
    for _ in range(KILLS):
        enough = len(okr.posted()) + dice.randint(1, MANY // 5)
        okr.until(partial(okr.shows, enough))
        time.sleep(dice.uniform(0, 0.02))
        okr.kill()
    okr.until(partial(okr.shows, MANY))
    assert okr.stop() == 0, okr.said
    posted, known = okr.posted(), the_letters(tmp_path)
    assert len(posted) == len(set(posted)) == MANY
    assert {letter.key: letter.state for letter in known} == dict.fromkeys(keys, "sent")
    assert sum(letter.tries - 1 for letter in known) <= KILLS  # no more than was in flight
