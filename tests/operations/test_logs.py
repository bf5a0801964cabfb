"""What the log says of a letter is its key, and never what anybody wrote or any secret."""

import json
import subprocess
import sys

from sqlmodel import Session, select

from storage.engine import open_database
from storage.letters import Letter
from tests.operations.talkative import MARKED

EVENTS = (
    *("letter", "letter.attempt_failed", "letter.not_written", "planned", "it failed", "unsaved"),
    *("failed_after_the_reply", "Task exception was never retrieved", "away", "wrong"),
)


def test_a_week_of_conversations_and_troubles_betrays_nothing(url: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.operations.talkative", url],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert told.returncode == 1, told.stderr[-3000:]
    lines = [json.loads(line) for line in told.stderr.splitlines()]  # not one that is no JSON
    assert lines[-1]["event"] == "crashed", lines[-1]
    betraying = [line for line in lines if MARKED in json.dumps(line)]
    assert betraying == []

    said = {line["event"] for line in lines}
    for event in EVENTS:
        assert event in said, event
    stumbled = next(line for line in lines if line["event"] == "letter.not_written")
    assert "in stumble" in stumbled["exception"]  # where it was is told all the same
    assert stumbled["exception"].endswith("KeyError")

    keys = {line["key"] for line in lines if "key" in line}
    assert sent(url) - keys == set()
    assert all("key" in line for line in lines if line["event"].startswith("letter"))


def sent(url: str) -> set[str]:
    """The keys of the letters that were sent; that something was typed proves the marks."""
    database = open_database(url, read_only=True)

    def unit(session: Session) -> set[str]:
        rows = session.exec(select(Letter).where(Letter.state == "sent")).all()
        assert MARKED in "".join(row.card or "" for row in rows)
        return {row.key for row in rows}

    try:
        return database.read_now(unit)
    finally:
        database.close()
