"""Claiming twenty letters, however many are planned; the floor is one UPDATE of twenty rows."""

import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from storage import letters, outbox
from storage.database import Database
from storage.engine import open_database
from storage.letters import Draft
from storage.migrating import migrate
from storage.outbox import Bucket
from tests.bench.company import MORNING, PLATFORM
from tests.bench.table import Figure, middle, ms

SIZES = (10_000, 100_000)
TIMES = 40
BATCH = 20
AIM, FLAT = 0.002, 2.0


def bench(folder: Path) -> Iterable[Figure]:
    """At two sizes, a tenth of the letters being due."""
    found = {}
    for size in SIZES:
        took, floor = _claims(folder / f"{size}.db", size)
        found[size] = took
        yield Figure(
            f"{BATCH} letters claimed of {size:,}",
            ms(took),
            f"{ms(floor)} (an UPDATE of {BATCH} rows)",
            f"{took / floor:.0f}×",
            ms(AIM),
            took <= AIM,
        )
    growth = found[SIZES[1]] / found[SIZES[0]]
    yield Figure(
        "… ten times as many letters", f"{growth:.1f}× the time", "", "", "flat", growth <= FLAT
    )


def _claims(file: Path, size: int) -> tuple[float, float]:
    url = f"sqlite:///{file}"
    migrate(url)
    database = open_database(url)
    for first in range(0, size, 5_000):
        _plan(database, first, size)
    database.write_now(lambda session: _timed(_claim, session), patience=None)
    took = [database.write_now(lambda session: _timed(_claim, session)) for _ in range(TIMES)]
    floor = [database.write_now(lambda session: _timed(_touch, session)) for _ in range(TIMES)]
    database.close()
    return middle(took), middle(floor)


def _timed(work: object, session: Session) -> float:
    if not callable(work):
        raise TypeError
    session.connection()
    start = time.perf_counter()
    work(session)
    return time.perf_counter() - start


def _claim(session: Session) -> None:
    bucket = Bucket(PLATFORM, "")
    claimed = outbox.claim(
        session, worker="bench", bucket=bucket, limit=BATCH, now=MORNING, lease=60
    )
    if len(claimed) != BATCH:
        raise ValueError(f"{len(claimed)} letters were claimed")


def _touch(session: Session) -> None:
    some = "(SELECT id FROM letter WHERE state = 'planned' LIMIT 20)"
    session.connection().execute(
        text(f"UPDATE letter SET version = version + 1 WHERE id IN {some}")
    )


def _plan(database: Database, first: int, size: int) -> None:
    drafts = [
        Draft(
            key=f"ask:{n}",
            flow="checkin",
            subject=f"ask:{n}",
            kind=("ask", "reminder", "summary")[n % 3],
            due_at=MORNING + timedelta(minutes=n % 10 or -1),
            expires_at=MORNING + timedelta(days=2),
            person_id=n,
            platform=PLATFORM,
            address=f"dm:{n}",
        )
        for n in range(first, min(first + 5_000, size))
    ]
    database.write_now(lambda session: letters.plan(session, drafts), patience=None)
