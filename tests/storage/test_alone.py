"""A file for one alone: units are kept or taken back as everywhere."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from storage.alone import MANY, Alone
from storage.database import DiskFull, Unavailable
from storage.engine import open_database
from storage.migrating import migrate
from storage.people import Person

FULL = "PRAGMA max_page_count = 1"  # no more than there are
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def _join(session: Session, name: str) -> None:
    session.add(Person(email=f"{name}@harbour.example", name=name, since=NOW))
    session.flush()


def _stumble(session: Session) -> None:
    _join(session, "Bob")
    raise LookupError


def _named(session: Session) -> list[str]:
    return list(session.exec(select(Person.name)))


async def test_what_returns_is_kept_and_what_raises_is_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okr.db'}"
    migrate(url)
    alone = Alone(tmp_path / "okr.db")

    await alone.write(partial(_join, name="Alice"))
    with pytest.raises(LookupError):
        await alone.write(_stumble)
    await alone.read(partial(_join, name="Carol"))
    assert await alone.read(_named) == ["Alice"]
    alone.backup(tmp_path / "kept.db")
    alone.close()
    for path in ("okr.db", "kept.db"):
        database = open_database(f"sqlite:///{tmp_path / path}")
        assert database.read_now(_named) == ["Alice"]
        database.close()


async def test_units_are_kept_however_many_share_a_transaction(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okr.db'}"
    migrate(url)
    alone = Alone(tmp_path / "okr.db")
    everybody = [f"Person {number:03}" for number in range(MANY + 3)]
    for name in everybody:
        await alone.write(partial(_join, name=name))
    with pytest.raises(LookupError):
        await alone.write(_stumble)
    alone.backup(tmp_path / "kept.db")
    await alone.write(partial(_join, name="Zoe"))
    alone.close()
    for path, there in (("okr.db", [*everybody, "Zoe"]), ("kept.db", everybody)):
        database = open_database(f"sqlite:///{tmp_path / path}")
        assert sorted(database.read_now(_named)) == there
        database.close()


async def test_nothing_is_added_once_a_full_disk_has_taken_what_was_kept(tmp_path: Path) -> None:
    """SQLite takes back a whole transaction where it cannot go on with it."""
    url = f"sqlite:///{tmp_path / 'okr.db'}"
    migrate(url)
    alone = Alone(tmp_path / "okr.db")
    await alone.write(partial(_join, name="Alice"))
    await alone.write(lambda session: session.connection().execute(text(FULL)).all())
    with pytest.raises(DiskFull):
        await alone.write(partial(_join, name="Bob" * 100_000))
    with pytest.raises(Unavailable, match="the copy is lost"):
        await alone.write(partial(_join, name="Carol"))
    alone.close()
