"""Yesterday's copy of the database is put in the place of today's, and the bot started on it."""

import subprocess
import time
from pathlib import Path

from storage.on_sqlite import back_up
from tests.chaos.ground import Ground, many, wave
from tests.engines import Engine, tools


async def test_a_backup_is_restored(ground: Ground, engine: Engine) -> None:
    """What had been sent before it is not sent again; what was sent after it may be, once."""
    drafts = wave(many(40, 300), workspaces=2)
    ground.furnish(len(drafts), drafts=drafts)
    workers = await ground.start_two(rate=10)
    await ground.until_taken(len(drafts) // 4)
    copy, before = ground.room / "copy", time.monotonic()
    copy_out(ground, copy)
    await ground.until_taken(len(drafts) // 2)
    for worker in workers:
        await ground.kill(worker)
    sent_before = {m.key for m in await ground.messages() if m.at < before}
    copy_in(ground, engine, copy)
    await ground.start_two("restored")
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    counts = await ground.counts()
    assert await ground.seen([key for key in keys if key in sent_before]) == (0, 0)
    assert all(counts[key] in (1, 2) for key in keys)


def copy_out(ground: Ground, copy: Path) -> None:
    """As the README says, while the bot runs."""
    if ground.engine == "sqlite":
        back_up(Path(ground.url.removeprefix("sqlite:///")), copy)
    else:
        run("pg_dump", "--format=custom", f"--file={copy}", ground.url)


def copy_in(ground: Ground, engine: Engine, copy: Path) -> None:
    """The bot is down."""
    if ground.engine == "sqlite":
        file = Path(ground.url.removeprefix("sqlite:///"))
        for name in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            name.unlink(missing_ok=True)
        copy.rename(file)
    else:
        ground.url = engine.empty(ground.room)
        run("pg_restore", "--no-owner", f"--dbname={ground.url}", copy)


def run(tool: str, *args: object) -> None:
    """One of PostgreSQL's own tools."""
    told = [str(tools() / tool), *map(str, args)]
    done = subprocess.run(told, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
