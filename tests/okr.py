"""`okr run` as an admin starts it: a process of its own, in a folder of its own."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from bot.founding import found
from bot.settings import Settings
from storage import letters
from storage.engine import open_database
from storage.letters import Draft, Letter
from storage.migrating import migrate
from storage.people import Identity, Person
from tests.ports import free_port
from tests.typed import surroundings

PATIENCE = 40.0


def furnish(room: Path, many: int) -> list[str]:
    """A company on the web page whose letters are all due now; the keys of its letters."""
    now = datetime.now(UTC)
    (room / "data").mkdir(exist_ok=True)
    url = f"sqlite:///{room}/data/okr.db"
    migrate(url)
    monday = now.date() - timedelta(days=now.weekday() + 7)
    database = open_database(url)
    try:
        return database.write_now(lambda s: _furnish(s, many, monday, now), patience=PATIENCE)
    finally:
        database.close()


def _furnish(session: Session, many: int, monday: date, now: datetime) -> list[str]:
    found(
        session,
        Settings(organisation="Many", admin_email="a@many.example", week_one=monday),
        now,
    )
    drafts = []
    for n in range(many):
        email = f"p{n}@many.example"
        person = Person(email=email, name=f"Person {n}", since=now)
        session.add(person)
        session.flush()
        session.add(
            Identity(platform="web", workspace="", account=email, address=f"dm:{email}",
                     person_id=person.id or 0, heard_at=now)
        )  # fmt: skip
        drafts.append(
            Draft(key=f"wave:{n}", flow="checkin", subject=f"ask:1:2:{person.id}", kind="reply",
                  due_at=now, expires_at=now + timedelta(days=1), person_id=person.id, cycle_id=1,
                  week=2, platform="web", address=f"dm:{email}")
        )  # fmt: skip
    letters.plan(session, drafts)
    return [draft.key for draft in drafts]


def the_letters(room: Path) -> list[Letter]:
    """What the bot believes."""
    database = open_database(f"sqlite:///{room}/data/okr.db", read_only=True)
    try:
        return list(database.read_now(lambda s: s.exec(select(Letter)).all(), patience=PATIENCE))
    finally:
        database.close()


class Running:
    """The bot, until it is stopped or killed."""

    def __init__(self, room: Path, *, ops: bool = False) -> None:
        self.room = room
        self._log = (room / "said.txt").open("a")
        self.port = free_port()
        self.ops = free_port() if ops else 0
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=self.room, stdout=self._log,
            stderr=self._log, env=surroundings(
                OKR_ORGANISATION="Many", OKR_ADMIN_EMAIL="a@many.example",
                OKR_WEB_PORT=str(self.port), OKR_LOG_LEVEL="error", OKR_OPS_PORT=str(self.ops),
            ),
        )  # fmt: skip

    def kill(self) -> None:
        """No last words; then it is started again."""
        self.process.kill()
        self.process.wait()
        self._start()

    def die(self) -> None:
        """No last words, and no new life."""
        self.process.kill()
        self.process.wait()
        self._log.close()

    def stop(self) -> int:
        """In good order; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        finally:
            self.process.kill()
            self._log.close()

    @property
    def said(self) -> str:
        """What stands in its log."""
        return (self.room / "said.txt").read_text()

    def posted(self) -> list[str]:
        """Whom the page shows a message of the bot."""
        file = self.room / "data" / "web.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as board:
            try:
                rows = board.execute("SELECT place FROM messages WHERE author = ''").fetchall()
            except sqlite3.OperationalError:  # it is being made
                return []
        return [place for (place,) in rows]

    def shows(self, count: int) -> bool:
        """Whether so many messages stand on the page."""
        return len(self.posted()) >= count

    def until(self, true: Callable[[], object]) -> None:
        """Wait for something that the bot does."""
        began = time.monotonic()
        while not true():
            assert self.process.poll() is None, self.said
            assert time.monotonic() - began < PATIENCE, self.said
            time.sleep(0.005)
