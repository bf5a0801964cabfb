"""Statements that are kept: the same whether SQLite is asked directly or through SQLAlchemy."""

import pkgutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import Session, col, select

import storage
from bot import cast
from storage.checkins import Commitment
from storage.database import Database
from storage.engine import open_database
from storage.kept import among
from storage.people import Identity, Person
from storage.prepared import Prepared
from tests.engines import Engine, statements
from tests.house import House

PEOPLE = [p.id for p in (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)]
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOLD: dict[str, Any] = {
    "people": PEOPLE, "ids": PEOPLE, "also": PEOPLE, "person": cast.BOB.id, "me": cast.BOB.id,
    "team": cast.GROWTH.id, "teams": [cast.COMPANY.id, cast.GROWTH.id],
    "objectives": list(range(1, 20)), "kinds": ["ask", "notice"],
    "key_results": list(range(1, 30)), "numbers": list(range(1, 30)), "letters": list(range(1, 40)),
    "cycle": 1, "week": 4, "weeks": [4, 5], "most": 3, "day": date(2026, 11, 2),
    "first": date(2026, 11, 1), "last": date(2026, 12, 31),
    "platform": "loopback", "workspace": "", "account": cast.BOB.email,
    "keys": ["ask:1:5:2"], "subjects": ["ask:1:5:2"],
    "source": "loopback/", "event": "e1", "flow": "checkin", "key": "alive",
    "now": NOW, "since": NOW - timedelta(days=30), "until": NOW, "before": ["ask"],
}  # fmt: skip
"""A value for each name under which something is told."""


def kept() -> Iterator[tuple[str, Prepared]]:
    """Every statement that finds something and stands in a module of storage."""
    for found in pkgutil.iter_modules(storage.__path__):
        module = import_module(f"storage.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Prepared) and value.statement.is_select:
                yield f"{found.name}.{name}", value


STATEMENTS = dict(kept())


@pytest.fixture
async def full(files: Engine, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A company at work, on the engine that is asked directly."""
    database = open_database(files.clean(tmp_path_factory.mktemp("prepared")))
    return await House.open(database)


def both(database: Database) -> tuple[AbstractContextManager[Any], AbstractContextManager[Any]]:
    """Directly, and through SQLAlchemy: whoever counts statements has it so."""
    return nullcontext(), statements(database)


async def test_each_finds_the_same_either_way(full: House) -> None:
    found: dict[str, list[Any]] = {}
    for way in both(full.database):
        with way:
            for name, kept in STATEMENTS.items():
                rows = full.database.read_now(partial(kept.rows, told=TOLD), patience=60.0)
                found.setdefault(name, []).append([tuple(row) for row in rows])
    assert len(found) > 20
    for name, (directly, through) in found.items():
        assert directly == through, name
        kinds = [[type(value) for value in row] for row in directly]
        assert kinds == [[type(value) for value in row] for row in through], name
    assert sum(bool(directly) for directly, _ in found.values()) > len(found) / 2


@pytest.mark.parametrize("patience", [None, 60.0])
async def test_long_work_finds_the_same_a_few_rows_at_a_time(
    full: House, monkeypatch: pytest.MonkeyPatch, patience: float | None
) -> None:
    monkeypatch.setattr("storage.prepared.A_FEW", 3)
    kept = Prepared(select(Identity))

    def both_ways(session: Session) -> tuple[list[Any], list[Any]]:
        return list(kept.rows(session)), list(kept.gently(session))

    for way in both(full.database):
        with way:
            at_once, gently = full.database.read_now(both_ways, patience=patience)
        assert gently == at_once
        assert len(gently) > 3


async def test_a_change_says_how_many_rows_it_changed(full: House) -> None:
    renamed = Prepared(
        update(Person).where(among(col(Person.id), "people")).values(name=bindparam("new_name"))
    )
    for way in both(full.database):
        with way:
            told = {"people": [*PEOPLE, 999], "new_name": "Zoë “Z”"}
            changed = full.database.write_now(partial(renamed.run, told=told))
        assert changed == len(PEOPLE)
        names = full.database.read_now(
            lambda s: s.exec(select(Person.name).where(col(Person.id).in_(PEOPLE))).all()
        )
        assert set(names) == {"Zoë “Z”"}


async def test_what_the_database_refuses_is_told_alike_and_without_the_values(full: House) -> None:
    nowhere = Prepared(select(Table("nowhere", MetaData(), Column("id", Integer)).c.id))
    twice = Prepared(
        Commitment.__table__.insert(),  # type: ignore[attr-defined] # SQLModel hides its table
        ["cycle_id", "week", "person_id", "position", "text"],
    )
    row = {"cycle_id": 1, "week": 9, "person_id": 1, "position": 0, "text": "secret words"}

    def ask(session: Session) -> None:
        nowhere.rows(session)

    def keep(session: Session) -> None:
        twice.each(session, [row, row])

    for way in both(full.database):
        with way:
            with pytest.raises(OperationalError, match="no such table: nowhere"):
                full.database.read_now(ask)
            with pytest.raises(IntegrityError) as told:
                full.database.write_now(keep)
            assert "secret words" not in str(told.value)


async def test_a_list_that_would_be_written_into_the_statement_is_refused(full: House) -> None:
    spelt_out = Prepared(
        select(Person.id).where(col(Person.id).in_(bindparam("people", expanding=True)))
    )
    with pytest.raises(TypeError, match=r"people: a list is told with kept\.among"):
        full.database.read_now(lambda s: spelt_out.rows(s, TOLD))


MOMENTS = [
    NOW,
    NOW.replace(microsecond=1),
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(-timedelta(hours=9, minutes=30))),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
async def test_a_moment_is_the_same_whoever_writes_it_and_whoever_reads_it(
    full: House, moment: datetime
) -> None:
    kept = Prepared(update(Identity).values(heard_at=bindparam("moment")))
    found = Prepared(select(Identity.heard_at))
    for writes in both(full.database):
        with writes:
            full.database.write_now(partial(kept.run, told={"moment": moment}))
        for reads in both(full.database):
            with reads:
                read = {at for (at,) in full.database.read_now(found.rows)}
                assert read == {moment.astimezone(UTC)}


async def test_a_moment_in_no_zone_is_refused(full: House) -> None:
    kept = Prepared(update(Identity).values(heard_at=bindparam("moment")))
    unit = partial(kept.run, told={"moment": NOW.replace(tzinfo=None)})
    for way in both(full.database):
        with way, pytest.raises((ValueError, StatementError), match="zone"):
            full.database.write_now(unit)
