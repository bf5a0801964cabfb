"""A cycle, a day in its fifth week, and files written in a test."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from bot.importing import Company, Tables, check, read_bytes
from bot.importing.rows import KINDS
from storage.cycles import Cycle
from storage.database import Database
from storage.migrating import tables as tables_there_are
from storage.organisation import Organisation

NOW = datetime(2026, 11, 5, 12, tzinfo=UTC)
TODAY = NOW.date()
WEEK = 5
STARTS, ENDS = date(2026, 10, 5), date(2027, 1, 3)


def tables(files: dict[str, str], locale: str = "en") -> Tables:
    """Files by their names and contents, read."""
    read = [read_bytes(text.encode(), name, locale) for name, text in files.items()]
    rows = {kind: [row for one in read for row in one.of(kind)] for kind in KINDS}
    return Tables(rows, tuple(e for one in read for e in one.errors))


def wrong(
    files: dict[str, str], locale: str = "en", known: Company | None = None
) -> list[tuple[int, str, str]]:
    """Row, column and text of everything that is wrong with files."""
    cycle = Cycle(name="Q4", starts=STARTS, ends=ENDS)
    found = check(
        tables(files, locale), known or Company(), locale=locale, cycle=cycle, today=TODAY
    )
    return [(error.row, error.column, error.text) for error in found.errors]


@pytest.fixture
def cycle_id(database: Database) -> int:
    """The database with an organisation and a cycle."""
    return database.write_now(begun)


def begun(session: Session) -> int:
    """An organisation in Berlin and its cycle, and nothing else."""
    for table in reversed(tables_there_are().sorted_tables):
        session.connection().execute(table.delete())
    session.add(Organisation(name="Harbour", zone="Europe/Berlin", changed_at=NOW))
    cycle = Cycle(name="Q4", starts=STARTS, ends=ENDS)
    session.add(cycle)
    session.flush()
    assert cycle.id is not None
    return cycle.id
