"""A file for one alone: units are kept or taken back as everywhere."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from storage.alone import Alone
from storage.engine import open_database
from storage.migrating import migrate
from storage.people import Person

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def _named(session: Session) -> list[str]:
    return list(session.exec(select(Person.name)))


async def test_what_returns_is_kept_and_what_raises_is_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'okr.db'}"
    migrate(url)
    alone = Alone(tmp_path / "okr.db")

    def join(session: Session, name: str) -> None:
        session.add(Person(email=f"{name}@harbour.example", name=name, since=NOW))
        session.flush()

    def stumble(session: Session) -> None:
        join(session, "Bob")
        raise LookupError

    await alone.write(lambda session: join(session, "Alice"))
    with pytest.raises(LookupError):
        await alone.write(stumble)
    await alone.read(lambda session: join(session, "Carol"))
    assert await alone.read(_named) == ["Alice"]
    alone.backup(tmp_path / "kept.db")
    alone.close()
    for path in ("okr.db", "kept.db"):
        database = open_database(f"sqlite:///{tmp_path / path}")
        assert database.read_now(_named) == ["Alice"]
        database.close()
