"""People's answers go before work that nobody waits for."""

import asyncio
import gc
import threading
import time
from itertools import pairwise

from sqlmodel import Session

from storage.courtesy import A_FEW, A_TURN, LONGEST, SLICE, few, give_way, unnoticed
from storage.database import Database
from storage.people import everyone
from tests.bench.company import furnish

MANY = 40


def test_polite_work_pauses_while_somebody_waits(database: Database) -> None:
    begun, done = threading.Event(), threading.Event()

    def a_person(_: Session) -> None:
        begun.set()
        done.wait(5)

    def polite(session: Session) -> int:
        begun.wait(5)
        until, slices = time.monotonic() + 10 * LONGEST, 0
        while time.monotonic() < until:
            time.sleep(SLICE * 1.5)
            give_way(session)
            slices += 1
        done.set()
        return slices

    waiting = threading.Thread(target=database.write_now, args=(a_person,), kwargs={"patience": 5})
    waiting.start()
    slices = database.read_now(polite, patience=None)
    waiting.join()
    assert 1 <= slices <= 11, "it goes on, but only a slice at a time"


def test_nobody_pauses_where_nobody_waits(database: Database) -> None:
    assert database.read_now(_pauses, patience=None) < 10 * LONGEST


def test_polite_work_reads_the_same_rows_a_few_at_a_time(database: Database) -> None:
    people = A_FEW * 2 + 7
    database.write_now(lambda session: furnish(session, people), patience=None)
    polite = database.read_now(lambda s: [p.id for p in everyone(s)], patience=None)
    at_once = database.read_now(lambda s: [p.id for p in everyone(s)])
    assert polite == at_once
    assert len(polite) == people


def test_only_polite_work_is_cut_up(database: Database) -> None:
    assert database.read_now(few) == {}
    assert database.read_now(few, patience=None) == {"yield_per": A_FEW}


async def test_the_loop_goes_on_beside_a_long_unit(database: Database) -> None:
    done = threading.Event()

    def long(_: Session) -> bool:
        return done.wait(5)

    waiting = asyncio.create_task(database.write(long, patience=10))
    await asyncio.sleep(0)
    assert not waiting.done()
    done.set()
    assert await waiting, "the loop let it go on, or it would have waited for ever"


async def test_the_loop_hears_between_many_short_units(database: Database) -> None:
    """All at once they would hold it up for as long as all of them take."""
    heard: list[int] = []
    written = 0

    async def write() -> None:
        nonlocal written
        await database.write(lambda _: time.sleep(A_TURN / 4), patience=30)
        written += 1

    async def hear() -> None:
        while written < MANY:
            heard.append(written)
            await asyncio.sleep(0)

    await asyncio.gather(*(write() for _ in range(MANY)), hear())
    assert max(b - a for a, b in pairwise([*heard, MANY])) <= 10


async def test_who_goes_away_before_their_turn_keeps_nobody_waiting(database: Database) -> None:
    slow = [asyncio.create_task(database.write(lambda _: time.sleep(A_TURN))) for _ in range(5)]
    await asyncio.sleep(0)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    await database.write(lambda _: None)
    assert database.read_now(_pauses, patience=None) < 10 * LONGEST


def test_garbage_is_looked_for_again_when_the_last_is_done() -> None:
    assert gc.isenabled()
    with unnoticed():
        with unnoticed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def _pauses(session: Session) -> float:
    """For how many seconds twenty slices of work made way."""
    pauses = 0.0
    for _ in range(20):
        time.sleep(SLICE * 1.5)
        start = time.monotonic()
        give_way(session)
        pauses += time.monotonic() - start
    return pauses
