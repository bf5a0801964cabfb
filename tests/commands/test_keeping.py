"""Tokens, exports and erasures by command, also beside the running bot."""

import csv
import json
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.commands.test_living import okr
from tests.okr import Running, furnish
from tests.ports import free_port
from tests.typed import okr as typed


@pytest.fixture
def living(tmp_path: Path) -> Iterator[tuple[Running, str]]:
    """The bot with its API, in a folder with a company of three."""
    furnish(tmp_path, 3)
    port = free_port()
    (tmp_path / ".env").write_text(f"OKR_PLATFORMS=web,api\nOKR_API_PORT={port}\n")
    running = Running(tmp_path)
    running.until(lambda: _listens(port))
    yield running, f"http://127.0.0.1:{port}/api"
    if running.process.poll() is None:
        running.stop()


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def fetched(url: str, secret: str) -> tuple[int, bytes]:
    try:
        asked = Request(url, headers={"Authorization": f"Bearer {secret}"})  # noqa: S310 our own
        with urlopen(asked) as answer:  # noqa: S310 the same
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def test_a_token_lives_from_its_making_until_it_is_revoked_while_the_bot_runs(
    tmp_path: Path, living: tuple[Running, str]
) -> None:
    bot, api = living
    made = okr(tmp_path, "token", "make", "warehouse", "--scope", "export", "--scope", "values")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("okr_")
    assert "not shown again" in made.stderr
    listed = okr(tmp_path, "token", "list").stdout
    assert "warehouse" in listed
    assert "values, export" in listed
    assert secret not in listed

    export = f"{api}/export.json"
    status, body = fetched(export, secret)
    assert (status, len(json.loads(body)["people"])) == (200, 4)

    twice = okr(tmp_path, "token", "make", "warehouse", "--scope", "values")
    assert (twice.returncode, "already" in twice.stderr) == (1, True)
    wrong = okr(tmp_path, "token", "make", "other", "--scope", "root")
    assert (wrong.returncode, "no scope “root”" in wrong.stderr) == (1, True)
    assert okr(tmp_path, "token", "revoke", "nobody").returncode == 1
    assert okr(tmp_path, "token", "revoke", "warehouse").returncode == 0
    assert fetched(export, secret)[0] == 401

    doctor = okr(tmp_path, "doctor")
    assert "is the running bot's" in doctor.stdout
    erased = okr(tmp_path, "person", "erase", "p1@many.example", "--yes")
    assert erased.returncode == 0, erased.stderr
    assert "Former member" in erased.stdout
    assert "backups" in erased.stdout
    assert "p1@many" not in okr(tmp_path, "export").stdout
    gone = okr(tmp_path, "person", "export", "p1@many.example")
    assert (gone.returncode, "Nobody here" in gone.stderr) == (1, True)
    assert bot.stop() == 0, bot.said
    assert secret not in bot.said


def test_what_is_kept_is_written_to_files_and_handed_to_whom_it_is_about(tmp_path: Path) -> None:
    furnish(tmp_path, 3)
    done = okr(tmp_path, "export", "--format", "csv", "--out", "files")
    assert done.returncode == 0, done.stderr
    people = (tmp_path / "files" / "people.csv").read_text("utf-8-sig")
    assert [row["email"] for row in csv.DictReader(StringIO(people))][1] == "p0@many.example"
    assert len([*(tmp_path / "files").glob("*.csv")]) > 15
    nowhere = okr(tmp_path, "export", "--format", "csv")
    assert (nowhere.returncode, "--out" in nowhere.stderr) == (1, True)
    own = json.loads(okr(tmp_path, "person", "export", "P0@many.example").stdout)
    assert own["person"][0]["name"] == "Person 0"
    assert own["letter"][0]["key"] == "wave:0"
    no = typed(tmp_path, "person", "erase", "p0@many.example", typed="n\n")
    assert no.returncode == 1
    assert "p0@many" in okr(tmp_path, "export").stdout
    last = okr(tmp_path, "person", "erase", "a@many.example", "--yes")
    assert (last.returncode, "only admin" in last.stderr) == (1, True)
