"""Leases, inbound events and what adapters keep."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from storage import inbound, keeping, leases
from storage.database import Database
from tests.engines import statements
from tests.storage.letterbox import FRIDAY


def test_one_holds_a_lease_until_it_runs_out_or_is_given_back(database: Database) -> None:
    def take(holder: str, seconds: float = 60) -> bool:
        return database.write_now(lambda s: leases.take(s, "plan", holder, seconds))

    assert take("one")
    assert not take("two")
    assert take("one", seconds=-1)  # kept, and run out
    assert take("two")
    assert not take("one")
    database.write_now(lambda s: leases.release(s, "plan", "one"))
    assert not take("one")
    database.write_now(lambda s: leases.release(s, "plan", "two"))
    assert take("one")


def test_of_many_one_gets_the_lease(database: Database) -> None:
    won: list[str] = []

    def try_it(holder: str) -> None:
        if database.write_now(lambda s: leases.take(s, "plan", holder, 60), patience=30):
            won.append(holder)

    threads = [threading.Thread(target=try_it, args=(f"w{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_lease_is_one_statement(database: Database) -> None:
    with statements(database) as said:
        database.write_now(lambda s: leases.take(s, "plan", "one", 60))
    assert len(said) == 1


def test_an_event_is_new_once(database: Database) -> None:
    def hear(event: str) -> bool:
        return database.write_now(lambda s: inbound.first_time(s, "slack", event, FRIDAY))

    assert [hear("a"), hear("a"), hear("b")] == [True, False, True]
    assert database.write_now(lambda s: inbound.first_time(s, "teams", "a", FRIDAY))


def test_an_event_whose_effect_failed_is_new_again(database: Database) -> None:
    def hear_and_fail(session: Session) -> None:
        inbound.first_time(session, "slack", "a", FRIDAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write_now(hear_and_fail)
    assert database.write_now(lambda s: inbound.first_time(s, "slack", "a", FRIDAY))


def test_old_events_are_forgotten(database: Database) -> None:
    week = timedelta(days=7)
    database.write_now(lambda s: inbound.first_time(s, "slack", "old", FRIDAY - week))
    database.write_now(lambda s: inbound.first_time(s, "slack", "new", FRIDAY))
    assert database.write_now(lambda s: inbound.forget_before(s, FRIDAY - week / 2)) == 1
    assert not database.write_now(lambda s: inbound.first_time(s, "slack", "new", FRIDAY))


def test_what_is_kept_is_kept_per_platform_and_the_newest(database: Database) -> None:
    def put(platform: str, value: str) -> None:
        database.write_now(lambda s: keeping.put(s, platform, "url", value))

    put("teams", "one")
    put("teams", "two")
    put("slack", "three")
    assert database.read_now(lambda s: keeping.get(s, "teams", "url")) == "two"
    assert database.read_now(lambda s: keeping.get(s, "slack", "url")) == "three"
    assert database.read_now(lambda s: keeping.get(s, "web", "url")) is None
    database.write_now(lambda s: keeping.drop(s, "teams", "url"))
    assert database.read_now(lambda s: keeping.get(s, "teams", "url")) is None
    assert database.read_now(lambda s: keeping.get(s, "slack", "url")) == "three"


def test_machine_time_is_the_servers_on_postgresql(database: Database) -> None:
    database.write_now(lambda s: leases.take(s, "plan", "one", 60))
    with statements(database) as said:
        database.write_now(lambda s: leases.take(s, "plan", "one", 60))
    assert ("statement_timestamp" in said.said[0]) == (database.dialect == "postgresql")
    until = database.read_now(lambda s: s.scalar(text("SELECT until FROM lease")))
    assert until is not None


def test_the_same_event_heard_twice_at_once_finds_the_reply_of_the_first(
    database: Database,
) -> None:
    """On PostgreSQL the second adds its row while the first has not committed yet."""
    both_have_looked = threading.Barrier(2)
    said: list[str] = []

    def hear(session: Session) -> str:
        before = inbound.reply_to(session, "slack", "e")
        if before is None:
            with suppress(threading.BrokenBarrierError):  # SQLite has one writer at a time
                both_have_looked.wait(0.3)
            inbound.note(session, "slack", "e", FRIDAY, threading.current_thread().name)
        return before or threading.current_thread().name

    def do() -> None:
        said.append(database.write_now(hear, patience=30))

    threads = [threading.Thread(target=do) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2
    assert said[0] == said[1]


def test_a_row_that_is_there_already_is_still_a_mistake(database: Database) -> None:
    def note(session: Session) -> None:
        inbound.note(session, "slack", "e", FRIDAY, "")

    database.write_now(note)
    with pytest.raises(IntegrityError):
        database.write_now(note)


def test_leases_are_given_back_on_a_stop_and_cleared_at_a_start(database: Database) -> None:
    def take(name: str, holder: str) -> bool:
        return database.write_now(lambda s: leases.take(s, name, holder, 60))

    assert take("a", "one")
    assert take("b", "two")
    database.write_now(lambda s: leases.release_all(s, "one"))
    assert take("a", "three")
    assert not take("b", "three")
    database.write_now(leases.clear)
    assert take("b", "three")
