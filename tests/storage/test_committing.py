"""Answers that wait at the same time share a transaction, and nobody notices anything but speed."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from storage import audit, keeping, pending
from storage.audit import Audit
from storage.committing import MOST
from storage.database import Database, Unavailable, Unit
from storage.engine import open_database
from tests.engines import Engine

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)


@pytest.fixture(params=[False, True], ids=["quick", "durable"])
def shared(request: pytest.FixtureRequest, files: Engine, tmp_path: Path) -> Iterator[Database]:
    database = open_database(files.clean(tmp_path), durable=request.param)
    yield database
    database.close()


def put(name: str, value: str = "kept") -> Unit[str]:
    """A unit that keeps something, and returns its name."""

    def unit(session: Session) -> str:
        keeping.put(session, "test", name, value)
        return name

    return unit


def fails(session: Session) -> str:
    keeping.put(session, "test", "half", "done")
    raise ValueError("this one went wrong")


async def at_once(database: Database, *units: Unit[Any], patience: float = 20) -> list[Any]:
    """Write them all while the writer is busy, so that they wait together."""
    begun, go = threading.Event(), threading.Event()

    def busy(_: Session) -> None:
        begun.set()
        go.wait(20)

    first = asyncio.create_task(database.write(busy, patience=None))
    await asyncio.to_thread(begun.wait, 20)
    rest = [asyncio.create_task(database.write(unit, patience=patience)) for unit in units]
    await asyncio.sleep(0.1)
    go.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


def commits(database: Database) -> list[object]:
    seen: list[object] = []
    for engine in database.engines:
        event.listen(engine, "commit", seen.append)
    return seen


def kept(database: Database, *names: str) -> list[str | None]:
    return database.read_now(lambda s: [keeping.get(s, "test", name) for name in names])


async def test_who_waits_at_the_same_time_shares_a_commit(shared: Database) -> None:
    seen, names = commits(shared), [f"n{n}" for n in range(10)]
    assert await at_once(shared, *map(put, names)) == names
    assert kept(shared, *names) == ["kept"] * 10
    assert len(seen) < 10


async def test_however_many_wait_each_is_told_of_its_own(shared: Database) -> None:
    names = [f"n{n}" for n in range(3 * MOST)]
    assert await at_once(shared, *map(put, names)) == names
    assert kept(shared, *names) == ["kept"] * len(names)


async def test_one_sees_what_the_one_before_it_did(shared: Database) -> None:
    def look(session: Session) -> str | None:
        return keeping.get(session, "test", "a")

    assert await at_once(shared, put("a", "before"), look) == ["a", "before"]


async def test_what_is_written_last_is_there_for_the_next(shared: Database) -> None:
    def note(session: Session) -> None:
        audit.note(session, NOW, "test", "a", how="test", after={"said": True})

    def count(session: Session) -> int:
        return len(session.exec(select(Audit)).all())

    assert await at_once(shared, note, count, note, count) == [None, 1, None, 2]


async def test_where_one_fails_the_others_are_saved(shared: Database) -> None:
    a, wrong, b = await at_once(shared, put("a"), fails, put("b"))
    assert (a, str(wrong), b) == ("a", "this one went wrong", "b")
    assert kept(shared, "a", "half", "b") == ["kept", None, "kept"]


async def test_who_takes_back_what_they_did_takes_back_nothing_of_others(shared: Database) -> None:
    def undone(session: Session) -> str:
        keeping.put(session, "test", "half", "done")
        pending.undo(session)
        keeping.put(session, "test", "then", "done")
        return "undone"

    assert await at_once(shared, put("a"), undone, put("b")) == ["a", "undone", "b"]
    assert kept(shared, "a", "half", "then", "b") == ["kept", None, "done", "kept"]


async def test_who_loses_patience_meanwhile_is_not_saved(shared: Database) -> None:
    """It had its turn, and gave up before the commit."""
    given_up = threading.Event()

    def slow(session: Session) -> str:
        given_up.wait(20)
        return put("slow")(session)

    writing = asyncio.create_task(at_once(shared, put("a"), slow, patience=0.5))
    await asyncio.sleep(1)
    given_up.set()
    a, late = await writing
    assert isinstance(late, Unavailable)
    assert kept(shared, "slow") == [None]
    assert kept(shared, "a") == ([None] if isinstance(a, Unavailable) else ["kept"])


async def test_a_letter_of_one_of_them_wakes_delivery(shared: Database) -> None:
    woken = asyncio.Event()
    shared.after_commit(woken.set)

    def wakes(session: Session) -> None:
        session.info["wake"] = True

    await at_once(shared, put("a"), wakes, put("b"))
    async with asyncio.timeout(5):
        await woken.wait()


async def test_work_for_nobody_shares_with_nobody(shared: Database) -> None:
    seen = commits(shared)
    await asyncio.gather(*(shared.write(put(f"n{n}"), patience=None) for n in range(5)))
    assert len(seen) == 5
