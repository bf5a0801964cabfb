"""What a piece of work costs a database, counted: no clock, so the same on any machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from storage.database import Database

EVERY = 100


@dataclass
class Steps:
    """Steps of SQLite's machine, in hundreds: reading a row more takes a few more."""

    hundreds: int = 0


@contextmanager
def steps(database: Database) -> Iterator[Steps]:
    """Count what the writer's connection does."""
    counted = Steps()

    def tell() -> int:
        counted.hundreds += 1
        return 0

    held = database.engines[0].raw_connection()
    raw = held.driver_connection
    held.close()
    raw.set_progress_handler(tell, EVERY)  # type: ignore[union-attr] # it is sqlite3's
    try:
        yield counted
    finally:
        raw.set_progress_handler(None, 0)  # type: ignore[union-attr] # the same
