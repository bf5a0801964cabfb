"""Verbs beside the running bot, and a backup that is put back."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlmodel import Session, select

from storage.engine import open_database
from storage.people import Identity, Person
from tests.okr import Running, furnish, the_letters
from tests.typed import okr as typed

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the bot; whatever still runs in the end is stopped."""
    started: list[Running] = []

    def run(*, ops: bool = False) -> Running:
        started.append(Running(tmp_path, ops=ops))
        return started[-1]

    yield run
    for bot in started:
        if bot.process.poll() is None:
            bot.stop()


def okr(room: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {"OKR_ORGANISATION": "Many", "OKR_ADMIN_EMAIL": "a@many.example", **environment}
    return typed(room, *words, **known)


def accounts(room: Path) -> tuple[int, int]:
    """How many people there are, and how many of them the page knows."""
    database = open_database(f"sqlite:///{room}/data/okr.db", read_only=True)

    def count(session: Session) -> tuple[int, int]:
        return len(session.exec(select(Person)).all()), len(session.exec(select(Identity)).all())

    with closing(database):
        return database.read_now(count, patience=60)


def test_an_import_is_done_by_the_running_bot_which_then_knows_everybody(
    tmp_path: Path, start: Start
) -> None:
    assert okr(tmp_path, "import", "--example", "company").returncode == 0
    files = [str(path) for path in sorted((tmp_path / "company").glob("*.csv"))]
    bot = start()
    bot.until((tmp_path / "data" / "okr.db.sock").exists)
    looked = okr(tmp_path, "import", *files)
    assert (looked.returncode, "Nothing was changed yet" in looked.stdout) == (0, True)
    done = okr(tmp_path, "import", *files, "--apply")
    assert (done.returncode, "102 added" in done.stdout) == (0, True), done.stderr
    assert accounts(tmp_path) == (15, 15)

    broken = tmp_path / "company" / "people.csv"
    broken.write_text(broken.read_text().replace("elif@harbour.example,Elif", "elif,Elif"))
    wrong = okr(tmp_path, "import", *files, "--apply")
    assert (wrong.returncode, "nothing was changed" in wrong.stdout) == (1, True)
    assert accounts(tmp_path) == (15, 15)

    second = okr(tmp_path, "run")
    assert (second.returncode, "in use" in second.stderr) == (1, True)
    assert "up to date" in okr(tmp_path, "migrate").stdout
    assert bot.stop() == 0, bot.said
    assert not (tmp_path / "data" / "okr.db.sock").exists()


def test_an_import_before_the_first_start_is_known_at_once(tmp_path: Path, start: Start) -> None:
    assert okr(tmp_path, "import", "--example", "company").returncode == 0
    start().stop()  # whatever it held is given back
    files = [str(path) for path in sorted((tmp_path / "company").glob("*.csv"))]
    assert okr(tmp_path, "import", *files, "--apply").returncode == 0
    bot = start()
    bot.until(lambda: accounts(tmp_path) == (15, 15))
    assert bot.stop() == 0


def test_what_was_sent_before_a_backup_is_not_sent_again_after_it_is_put_back(
    tmp_path: Path, start: Start
) -> None:
    furnish(tmp_path, 20)
    bot = start()
    bot.until(lambda: {row.state for row in the_letters(tmp_path)} == {"sent"})
    assert okr(tmp_path, "backup", "copy.db").returncode == 0
    assert bot.stop() == 0
    for old in (tmp_path / "data").glob("*.db*"):  # the page's own memory too
        old.unlink()
    shutil.copy(tmp_path / "copy.db", tmp_path / "data" / "okr.db")
    again = start()
    again.until((tmp_path / "data" / "okr.db.sock").exists)
    time.sleep(1)
    assert again.stop() == 0, again.said
    assert again.posted() == []
    assert {row.tries for row in the_letters(tmp_path)} == {1}


def test_what_was_sent_after_a_backup_is_looked_up_once_it_is_restored(
    tmp_path: Path, start: Start
) -> None:
    furnish(tmp_path, 20)
    assert okr(tmp_path, "backup", "copy.db").returncode == 0
    bot = start()
    bot.until(lambda: bot.shows(20))
    refused = okr(tmp_path, "restore", "copy.db")
    assert (refused.returncode, "in use by process" in refused.stderr) == (1, True)
    bot.die()  # the database's log is still beside it
    assert (tmp_path / "data" / "okr.db-wal").exists()

    (tmp_path / "no.db").write_text("nothing of ours")
    wrong = okr(tmp_path, "restore", "no.db")
    assert (wrong.returncode, "no backup of okr" in wrong.stderr) == (1, True)
    done = okr(tmp_path, "restore", "copy.db")
    assert (done.returncode, "okr.db.old-1" in done.stdout) == (0, True), done.stderr
    assert "nothing is sent unasked, as it was then" in " ".join(done.stdout.split())
    itself = okr(tmp_path, "restore", "data/okr.db")
    assert (itself.returncode, "the database itself" in itself.stderr) == (1, True)
    assert {row.state for row in the_letters(tmp_path)} == {"planned"}

    again = start()
    again.until(lambda: {row.state for row in the_letters(tmp_path)} == {"sent"})
    assert again.stop() == 0, again.said
    assert sorted(again.posted()) == sorted({f"dm:p{n}@many.example" for n in range(20)})


def test_the_running_bot_is_watched_reported_on_and_recognised_by_the_doctor(
    tmp_path: Path, start: Start
) -> None:
    furnish(tmp_path, 3)
    bot = start(ops=True)
    bot.until(lambda: (probed(bot) or (0, {}))[0] == 200)
    status, said = probed(bot) or (0, {})
    assert (status, said["live"], said["ready"]) == (200, True, True)
    bot.until(lambda: 'okr_letters_total{end="sent",kind="reply"} 3.0' in scraped(bot))

    reported = okr(tmp_path, "report")
    assert reported.returncode == 0, reported.stderr
    assert "Last sign of life" in reported.stdout

    examined = okr(tmp_path, "doctor", OKR_WEB_PORT=str(bot.port), OKR_OPS_PORT=str(bot.ops))
    assert examined.returncode == 0, examined.stdout
    assert f"The bot is running (process {bot.process.pid})." in examined.stdout
    assert f"Port {bot.port} is the running bot's." in examined.stdout
    assert f"Port {bot.ops} is the running bot's." in examined.stdout
    assert bot.stop() == 0, bot.said


def probed(bot: Running) -> tuple[int, dict[str, Any]] | None:
    """What /healthz says, once it answers."""
    try:
        with urlopen(f"http://127.0.0.1:{bot.ops}/healthz", timeout=5) as reply:
            return reply.status, json.load(reply)
    except HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return None


def scraped(bot: Running) -> str:
    """What /metrics says."""
    with urlopen(f"http://127.0.0.1:{bot.ops}/metrics", timeout=5) as reply:
        return str(reply.read().decode())
