"""Where the company's database lies: a file, or a server's database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.engine import open_database
from tests.engines import Engine, Files
from tests.house import furnish


class OnFile:
    """One SQLite file for all examples, filled anew for each: that takes 2 ms."""

    def __init__(self, engine: Engine, room: Path) -> None:
        url = engine.clean(room)
        self._room = room
        self.database = open_database(url)
        self.database.write_now(lambda session: furnish(session), patience=None)
        self.database.backup(room / "first day.db")

    def fresh(self) -> None:
        """The company on its first day."""
        self._becomes(self._room / "first day.db")

    def keep(self) -> None:
        """Make a backup."""
        backup = self._room / "backup.db"
        backup.unlink(missing_ok=True)
        self.database.backup(backup)

    def restore(self) -> None:
        """Put it in its place."""
        self._becomes(self._room / "backup.db")

    def close(self) -> None:
        """Let go of it."""
        self.database.close()

    def _becomes(self, file: Path) -> None:
        ours = self._room / "okr.db"
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(ours)) as target:
            source.backup(target)


class OnServer:
    """A server's database, emptied and furnished for each example. It is not ours to back up."""

    def __init__(self, engine: Engine, room: Path) -> None:
        self._engine, self._room = engine, room
        self.database = open_database(engine.clean(room))

    def fresh(self) -> None:
        """The company on its first day."""
        self._engine.clean(self._room)
        self.database.write_now(lambda session: furnish(session), patience=None)

    def keep(self) -> None:
        """No rule asks for it."""

    def restore(self) -> None:
        """No rule asks for it."""

    def close(self) -> None:
        """Let go of it."""
        self.database.close()


@contextmanager
def place_of(engine: Engine, room: Path) -> Iterator[OnFile | OnServer]:
    """Where this engine's database lies."""
    place = OnFile(engine, room) if isinstance(engine, Files) else OnServer(engine, room)
    try:
        yield place
    finally:
        place.close()
