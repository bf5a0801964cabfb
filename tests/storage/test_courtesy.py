"""People's answers go before work that nobody waits for."""

import gc
import threading
import time

from sqlmodel import Session

from storage.courtesy import A_FEW, LONGEST, SLICE, few, give_way, unnoticed
from storage.database import Database
from storage.people import everyone
from tests.bench.company import furnish


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
    def polite(session: Session) -> float:
        pauses = 0.0
        for _ in range(20):
            time.sleep(SLICE * 1.5)
            start = time.monotonic()
            give_way(session)
            pauses += time.monotonic() - start
        return pauses

    assert database.read_now(polite, patience=None) < 10 * LONGEST


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


def test_garbage_is_looked_for_again_when_the_last_is_done() -> None:
    assert gc.isenabled()
    with unnoticed():
        with unnoticed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
