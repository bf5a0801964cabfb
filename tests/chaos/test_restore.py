"""Yesterday's copy of the database is put in the place of today's, and the bot started on it."""

import subprocess
from pathlib import Path

from storage.on_sqlite import back_up
from tests.chaos.ground import Ground, many, wave
from tests.engines import Engine, tools


async def test_a_backup_is_restored(ground: Ground, engine: Engine) -> None:
    """What had been sent is not sent again, neither before the copy was made nor after it."""
    drafts = wave(many(40, 300), workspaces=2)
    ground.furnish(len(drafts), drafts=drafts)
    workers = await ground.start_two(rate=10)
    await ground.until_taken(len(drafts) // 4)
    copy = ground.room / "copy"
    copy_out(ground, copy)
    await ground.until_taken(len(drafts) // 2)
    for worker in workers:
        await ground.kill(worker)
    copy_in(ground, engine, copy)
    await ground.start_two("restored")
    await ground.until_over()
    assert await ground.seen([draft.key for draft in drafts]) == (0, 0)


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
