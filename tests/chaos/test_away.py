"""The database is away for a while, or its disk is full: people are told, and the bot goes on."""

import asyncio
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from pathlib import Path

import pytest

from tests.chaos.ground import Ground, many, wave
from tests.chaos.people import Human
from tests.chaos.proxy import line_to
from tests.engines import Engine

Step = Callable[[], Awaitable[None]]
AT_ONCE = 3.0
"""Seconds within which somebody is told that their answer is not saved."""


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds the file, as a tool that copies it badly does."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=5000")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def away(
    ground: Ground, how: str
) -> AsyncIterator[tuple[str, Callable[[], AbstractContextManager[None]]]]:
    """The URL that workers use, and how to lose the database."""
    if ground.engine == "sqlite":
        yield ground.url, lambda: locked(ground.url)
        return
    async with line_to(ground.url) as (line, url):

        @contextmanager
        def gone() -> Iterator[None]:
            (line.cut if how == "cut" else line.hold)()
            yield
            line.mend()

        yield url, gone


@pytest.mark.parametrize(
    ("engine", "how"),
    [("sqlite", "locked"), ("postgresql", "cut"), ("postgresql", "silent")],
    indirect=["engine"],
)
async def test_the_database_is_away(ground: Ground, how: str) -> None:
    """Nothing is sent that could not be marked; an answer is saved, or people are told that not."""
    drafts = wave(many(30, 400), workspaces=2)
    ground.furnish(len(drafts) + 1, drafts=drafts)
    human = Human(len(drafts) + 1, ground.platform, ground.session)  # whom no letter waits for
    async with away(ground, how) as (url, gone):
        for worker in await ground.start_two(url=url, rate=many(4, 10)):
            await ground.until_listens(worker)
        await human.insist("before")
        await ground.until_taken(4)
        with gone():
            until = time.monotonic() + many(4, 60)
            while time.monotonic() < until:
                assert not await human.answer("meanwhile")
                assert human.longest_wait < AT_ONCE
                await asyncio.sleep(0.2)
        ground.hurt()
        await human.insist("afterwards")
        await ground.until_over(120)
    assert human.turned_away > 1
    keys = [draft.key for draft in drafts]
    assert set((await ground.states(keys)).values()) == {"sent"}
    assert await ground.seen(keys) == (0, 0)
    assert await ground.failed() == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, where the machine lets a test have one."""
    room = tmp_path / "disk"
    room.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "okr-chaos", str(room)],
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    try:
        yield room
    finally:
        subprocess.run(["umount", "-l", str(room)], check=True, timeout=20)


on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@on_sqlite
async def test_the_disk_is_full(ground: Ground, files: Engine, small_disk: Path) -> None:
    ground.url = files.clean(small_disk)
    junk = small_disk / "junk"

    async def fill() -> None:
        with junk.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(bytes(1024)):
                pass

    async def room() -> None:
        junk.unlink()

    await full(ground, fill, room)


@on_sqlite
async def test_the_database_has_reached_its_quota(ground: Ground) -> None:
    async def fill() -> None:
        await ground.control(ground.workers[0], "pages", 0)

    async def room() -> None:
        await ground.control(ground.workers[0], "pages", -1)

    await full(ground, fill, room)


async def full(ground: Ground, fill: Step, room: Step) -> None:
    """No more is claimed, and that is said; when there is room it goes on by itself."""
    drafts = wave(many(80, 300))
    ground.furnish(len(drafts) + 1, drafts=drafts)
    (worker,) = await ground.start_two(rate=many(10, 20))
    human = Human(len(drafts) + 1, ground.platform, ground.session)
    await ground.until_listens(worker)
    await ground.until_taken(len(drafts) // 6)
    await fill()

    async def told() -> bool:
        return "the disk is full" in worker.said and bool(human.turned_away)

    n = 0

    async def keep_answering() -> bool:
        nonlocal n
        n += 1
        await human.answer(f"{n} " + "blah " * 30)
        return await told()

    await ground.until(keep_answering)
    await asyncio.sleep(many(1, 20))
    await ground.until_still(2)  # what had its card before may go out yet
    assert await ground.count() < len(drafts)
    assert human.longest_wait < AT_ONCE
    await room()
    ground.hurt()
    await human.insist("there is room")
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert await ground.failed() == []
    assert set((await ground.states(keys)).values()) == {"sent"}
