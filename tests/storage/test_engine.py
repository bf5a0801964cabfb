"""The port keeps its promises on both engines, and under bad circumstances."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from storage import keeping, letters
from storage.database import (
    CannotBackUp,
    Database,
    DatabaseInUse,
    DiskFull,
    StorageError,
    Unavailable,
    Unit,
)
from storage.engine import open_database
from storage.leases import Lease
from tests.engines import Engine, statements
from tests.storage.letterbox import draft


def read_then_write(session: Session) -> None:
    count = int(keeping.get(session, "test", "count") or 0)
    keeping.put(session, "test", "count", str(count + 1))


def count(session: Session) -> int:
    return int(keeping.get(session, "test", "count") or 0)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds the row (PostgreSQL) or the whole file (SQLite)."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as c:
            c.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url) as c:
            c.execute("LOCK TABLE kept IN ACCESS EXCLUSIVE MODE")
            yield


async def test_concurrent_units_that_read_and_write_lose_nothing(database: Database) -> None:
    await asyncio.gather(
        *(database.write(read_then_write, patience=30) for _ in range(60)),
    )
    assert await database.read(count) == 60


def test_two_replicas_lose_nothing(server: Engine, tmp_path: Path) -> None:
    url = server.clean(tmp_path)
    one, two = open_database(url), open_database(url)
    threads = [
        threading.Thread(target=lambda d=d: [d.write_now(read_then_write) for _ in range(20)])
        for d in (one, two)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.read_now(count) == 40
    one.close()
    two.close()


async def test_an_exception_takes_everything_back(database: Database) -> None:
    def unit(session: Session) -> None:
        keeping.put(session, "test", "a", "1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(unit)
    assert await database.read(lambda s: keeping.get(s, "test", "a")) is None


async def test_what_was_loaded_can_be_used_after_the_commit(database: Database) -> None:
    def unit(session: Session) -> keeping.Kept:
        kept = keeping.Kept(platform="test", key="a", value="1")
        session.add(kept)
        return kept

    assert (await database.write(unit)).value == "1"


async def test_a_reader_sees_one_snapshot_and_waits_for_no_writer(database: Database) -> None:
    reading, written = threading.Event(), threading.Event()

    def look_twice(session: Session) -> tuple[int, int]:
        before = count(session)
        reading.set()
        written.wait(5)
        session.expire_all()
        return before, count(session)

    async def write() -> None:
        await asyncio.to_thread(reading.wait, 5)
        await database.write(read_then_write)
        written.set()

    seen, _ = await asyncio.gather(database.read(look_twice, patience=10), write())
    assert seen == (0, 0)
    assert await database.read(count) == 1


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await database.read(read_then_write)
    assert await database.read(count) == 0


async def test_constraints_reach_the_caller_as_they_are(database: Database) -> None:
    def unit(session: Session) -> None:
        session.add(Lease(name="a", holder="x", until=1))
        session.flush()
        session.exec(text("INSERT INTO lease VALUES ('a', 'y', 2)"))  # type: ignore[call-overload]

    with pytest.raises(IntegrityError):
        await database.write(unit)


async def test_locked_means_unavailable_in_time_and_never_saved(
    database: Database, url: str
) -> None:
    with locked(url):
        began = time.monotonic()
        waiting = [database.write(read_then_write, patience=0.5) for _ in range(3)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert time.monotonic() - began < 2
        assert [type(r) for r in results] == [Unavailable] * 3
    assert await database.write(count, patience=10) == 0
    await asyncio.sleep(0.1)
    assert await database.read(count) == 0


def test_the_command_line_is_told_in_time_too(database: Database, url: str) -> None:
    with locked(url), pytest.raises(Unavailable, match="nothing was saved"):
        database.write_now(read_then_write, patience=0.3)
    database.write_now(read_then_write, patience=10)
    assert database.read_now(count) == 1


async def test_a_unit_given_up_in_its_middle_is_rolled_back(database: Database) -> None:
    def slow(session: Session) -> None:
        read_then_write(session)
        session.flush()
        time.sleep(0.4)

    with pytest.raises(Unavailable):
        await database.write(slow, patience=0.1)
    await database.write(lambda _: None, patience=5)
    await asyncio.sleep(0.5)
    assert await database.read(count) == 0


async def test_a_commit_that_has_begun_is_waited_for(database: Database) -> None:
    """The caller's patience ends within the commit: it hears what became of it."""
    from sqlalchemy import event

    engine = database.engines[0]

    def slowly(_: object) -> None:
        time.sleep(0.4)

    event.listen(engine, "commit", slowly)
    await database.write(read_then_write, patience=0.2)
    event.remove(engine, "commit", slowly)
    assert await database.read(count) == 1


async def test_a_cancelled_task_leaves_its_unit_to_finish(database: Database) -> None:
    def slow(session: Session) -> None:
        read_then_write(session)
        time.sleep(0.1)

    task = asyncio.create_task(database.write(slow))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.write(lambda _: None)
    for _ in range(100):
        if await database.read(count):
            return
        await asyncio.sleep(0.01)
    pytest.fail("the unit was lost")


@pytest.mark.parametrize("how", ["refused", "silent"])
async def test_a_server_that_is_away_is_unavailable_in_time(how: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if how == "refused":
            listener.close()
        database = open_database(f"postgres://okr:secret@127.0.0.1:{port}/okr")
        began = time.monotonic()
        with pytest.raises(Unavailable) as told:
            await database.write(read_then_write)
        assert time.monotonic() - began < 2.5
        assert "secret" not in str(told.value)
        database.close()


async def test_a_server_that_dropped_us_is_found_again(server: Engine, tmp_path: Path) -> None:
    url = server.clean(tmp_path)
    database = open_database(url)
    await database.write(read_then_write)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'okr'"
        )
    await database.write(read_then_write)
    assert await database.read(count) == 2
    database.close()


async def test_a_lost_connection_in_a_unit_is_unavailable(server: Engine, tmp_path: Path) -> None:
    url = server.clean(tmp_path)
    database = open_database(url)

    def unit(session: Session) -> None:
        read_then_write(session)
        session.exec(text("SELECT pg_terminate_backend(pg_backend_pid())"))  # type: ignore[call-overload]

    with pytest.raises(Unavailable):
        await database.write(unit)
    assert await database.read(count) == 0
    database.close()


def test_a_second_process_is_refused_with_what_to_do(sqlite: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okr.db'}"
    with pytest.raises(DatabaseInUse, match=rf"process {os.getpid()}.*stop that one"):
        open_database(url)
    reader = open_database(url, read_only=True)
    assert reader.read_now(count) == 0
    with pytest.raises(StorageError, match="reading only"):
        reader.write_now(read_then_write)
    reader.close()


def test_the_file_is_its_owners_alone(sqlite: Database, tmp_path: Path) -> None:
    made = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
    made.close()


def test_sqlite_is_set_up_as_it_must_be(sqlite: Database) -> None:
    def pragmas(session: Session) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        return {n: session.scalar(text(f"PRAGMA {n}")) for n in names}

    assert sqlite.write_now(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 1,
        "busy_timeout": 5000,
        "foreign_keys": 1,
    }


async def test_a_full_disk_says_so_and_goes_on_when_there_is_room(sqlite: Database) -> None:
    def much(session: Session) -> None:
        keeping.put(session, "test", "much", "x" * 1_000_000)

    def pages(limit: int) -> Unit[None]:
        def unit(session: Session) -> None:
            session.scalar(text(f"PRAGMA max_page_count = {limit}"))

        return unit

    await sqlite.write(pages(1))
    with pytest.raises(DiskFull, match="nothing was saved"):
        await sqlite.write(much)
    assert await sqlite.read(lambda s: keeping.get(s, "test", "much")) is None
    await sqlite.write(pages(1_000_000))
    await sqlite.write(much)


WRITES_UNTIL_KILLED = """
import sys
from storage import keeping
from storage.engine import open_database
database = open_database(sys.argv[1])
n = 0
while True:
    n += 1
    database.write_now(lambda s: keeping.put(s, "test", "count", str(n)))
    print(n, flush=True)
"""


def test_kill_9_loses_no_acknowledged_commit(url: str) -> None:
    acknowledged = 0
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITES_UNTIL_KILLED, url], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(20):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            acknowledged = int([str(acknowledged), *writer.stdout.read().split("\n")[:-1]][-1])
        database = open_database(url)
        assert database.read_now(count) >= acknowledged
        database.close()


async def test_a_commit_that_left_a_letter_wakes_delivery(database: Database) -> None:
    woken = asyncio.Event()
    stop = database.after_commit(woken.set)
    await database.write(read_then_write)
    await asyncio.sleep(0.05)
    assert not woken.is_set()
    await database.write(lambda s: letters.plan(s, [draft("a")]))
    await asyncio.wait_for(woken.wait(), 2)
    woken.clear()
    stop()
    await database.write(lambda s: letters.plan(s, [draft("b")]))
    await asyncio.sleep(0.05)
    assert not woken.is_set()


def test_a_hook_that_fails_does_not_unsay_the_commit(database: Database) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    database.after_commit(fail)
    assert database.write_now(lambda s: letters.plan(s, [draft("a")])) == 1


def test_after_closing_nothing_is_promised(url: str) -> None:
    database = open_database(url)
    database.close()
    with pytest.raises(Unavailable, match="closed"):
        database.write_now(read_then_write)


def test_a_backup_is_a_whole_database_and_overwrites_nothing(
    sqlite: Database, tmp_path: Path
) -> None:
    sqlite.write_now(read_then_write)
    copy = tmp_path / "copy.db"
    sqlite.backup(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotBackUp, match="exists already"):
        sqlite.backup(copy)
    restored = open_database(f"sqlite:///{copy}")
    assert restored.read_now(count) == 1
    restored.close()


def test_a_damaged_database_gives_no_backup(files: Engine, tmp_path: Path) -> None:
    database = open_database(files.clean(tmp_path))
    database.write_now(read_then_write)
    database.close()
    path = tmp_path / "okr.db"
    path.write_bytes(path.read_bytes()[:8192] + b"\x55" * (path.stat().st_size - 8192))
    database = open_database(f"sqlite:///{path}", read_only=True)
    with pytest.raises(CannotBackUp):
        database.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    database.close()


def test_postgresql_names_its_own_tool_and_no_password() -> None:
    database = open_database("postgresql://okr:secret@db.example/okr")
    with pytest.raises(CannotBackUp, match=r"pg_dump --format=custom --file=out\.dump") as told:
        database.backup(Path("out.dump"))
    assert "postgresql://okr@db.example/okr" in str(told.value)
    database.close()


@pytest.mark.parametrize("wrong", ["", "okr.db", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_other_urls_are_refused_in_words(wrong: str) -> None:
    with pytest.raises(StorageError, match="sqlite:///"):
        open_database(wrong)


async def test_a_unit_costs_its_own_statements_alone(database: Database) -> None:
    with statements(database) as said:
        await database.write(read_then_write)
    assert len(said) == 2


@pytest.mark.parametrize("replaced", [True, False])
def test_a_file_that_was_moved_away_or_replaced_takes_nothing_more(
    sqlite: Database, tmp_path: Path, replaced: bool
) -> None:
    copy = tmp_path / "copy.db"
    sqlite.backup(copy)
    (tmp_path / "okr.db").rename(tmp_path / "moved.db")
    if replaced:
        copy.rename(tmp_path / "okr.db")
    with pytest.raises(Unavailable, match="moved or replaced"):
        sqlite.write_now(lambda session: keeping.put(session, "x", "y", "z"), patience=5)
    with pytest.raises(Unavailable, match="moved or replaced"):
        sqlite.read_now(lambda session: keeping.get(session, "x", "y"), patience=5)
