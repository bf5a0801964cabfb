"""The command line as an admin types it: in a folder, with a `.env`, in plain words."""

import errno
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands import initialising
from storage.engine import open_database
from tests.typed import okr

ANSWERS = "Nord\nAnna Nord\nanna@nord.example\nen\nDE\nEurope/Berlin\nWednesday\n2026-11-23\n"


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `okr init` leaves."""
    folder = tmp_path_factory.mktemp("begun")
    assert okr(folder, "init", typed=ANSWERS).returncode == 0
    return folder


@pytest.fixture
def room(begun: Path, tmp_path: Path) -> Path:
    """A folder after `okr init`."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_init_writes_what_was_answered_and_asks_again_where_it_makes_no_sense(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("OKR_WEB_PORT=8555\n")
    wrong = "\nNord\nAnna\nno address\nanna@nord.example\nklingon\nde-DE\nAtlantis\nDE\nMars\n"
    days = "Sunday\nfriday\n2026-11-24\n07.12.2026\n\n"
    done = okr(tmp_path, "init", typed=f"{wrong}Europe/Berlin\n{days}")
    assert done.returncode == 0, done.stderr
    assert "“07.12.2026” is no day. Write it like 2026-12-07." in done.stdout
    for word in ("no e-mail address", "klingon", "Atlantis", "Mars", "Monday to Friday", "Monday"):
        assert word in done.stdout
    assert "starts the bot; type setup start there" in done.stdout
    written = (tmp_path / ".env").read_text()
    assert "OKR_WEB_PORT=8555" in written
    assert "OKR_LANGUAGE=de-DE" in written
    assert "OKR_CHECKIN_DAY=friday" in written


def test_init_does_not_write_over_an_answer_without_asking(room: Path) -> None:
    before = (room / ".env").read_text()
    assert okr(room, "init", typed="n\n").returncode == 1
    assert (room / ".env").read_text() == before


def test_init_keeps_the_env_of_before_where_the_new_one_cannot_be_written_whole(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = (room / ".env").read_text()
    monkeypatch.chdir(room)
    monkeypatch.setattr(os, "fsync", breaks)
    app = typer.Typer()
    app.command()(initialising.command(lambda: datetime(2026, 11, 5, tzinfo=UTC)))
    done = CliRunner().invoke(app, [], input=f"y\n{ANSWERS.replace('Nord', 'South')}")
    assert isinstance(done.exception, OSError)
    assert (room / ".env").read_text() == before
    assert [path.name for path in room.glob(".env*")] == [".env"]
    monkeypatch.undo()
    assert okr(room, "init", typed=f"y\n{ANSWERS.replace('Nord', 'South')}").returncode == 0
    assert "OKR_ORGANISATION=South" in (room / ".env").read_text()
    assert (room / ".env").stat().st_mode & 0o777 == 0o600


def test_run_before_init_says_what_to_do(tmp_path: Path) -> None:
    done = okr(tmp_path, "run")
    assert done.returncode == 1
    assert "okr init" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "import people.csv",
        "kpi import readings.csv",
        "token make warehouse --scope values",
        "token list",
        "person export anna@nord.example",
        "person erase anna@nord.example --yes",
        "export",
        "report",
        "backup copy.db",
        "rehearse",
        "doctor",
    ],
)
def test_in_another_folder_the_database_that_was_looked_for_is_named_and_none_is_made(
    room: Path, words: str
) -> None:
    below = room / "company"
    below.mkdir()
    done = okr(below, *words.split())
    said = " ".join((done.stdout + done.stderr).split())
    assert str(below / "data" / "okr.db") in said
    assert "okr init" in said
    assert "Traceback" not in said
    assert list(below.iterdir()) == []


def test_before_the_first_run_a_verb_that_needs_what_is_there_makes_nothing(room: Path) -> None:
    done = okr(room, "token", "make", "warehouse", "--scope", "values")
    assert done.returncode == 1
    assert f"no database {room / 'data' / 'okr.db'} yet" in " ".join(done.stderr.split())
    assert "okr run makes it" in done.stderr
    assert not (room / "data").exists()


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("OKR_CHECKIN_DAY", "Funday", "weekday"),
        ("OKR_WEEK_ONE", "2026-11-24", "Monday"),
        ("OKR_WEEK_ONE", "07.12.2026", "like 2026-12-07"),
        ("OKR_WEEK_ONE", "9999-12-27", "OKR_WEEK_ONE: 9999-12-27 is more than a year from today."),
        ("OKR_WEEK_ONE", "0001-01-01", "OKR_WEEK_ONE: 0001-01-01 is more than a year from today."),
        ("OKR_ADMIN_EMAIL", "ada", "OKR_ADMIN_EMAIL: “ada” is no e-mail address."),
        ("OKR_WEB_PORT", "abc", "OKR_WEB_PORT: “abc” is no whole number. Write it like 8420."),
        ("OKR_WEB_PORT", "70000", "The highest possible is 65535"),
        ("OKR_ZONE", "Mars/Base", "Mars/Base"),
        ("OKR_LOG_LEVEL", "loud", "loud"),
        ("OKR_WEB_HOST", "0.0.0.0", "loopback"),  # noqa: S104 it must be refused
        ("OKR_PLATFORMS", "fax", "fax"),
        ("DATABASE_URL", "mysql://x/y", "mysql"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    room: Path, setting: str, value: str, word: str
) -> None:
    done = okr(room, "run", **{setting: value})
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_the_doctor_tries_the_platforms_before_the_first_run(room: Path) -> None:
    done = okr(room, "doctor", OKR_PLATFORMS="slack,teams", SLACK_BOT_TOKEN="nonsense")
    assert done.returncode == 1
    assert "okr run makes it" in done.stdout
    for word in ("slack: SLACK_BOT_TOKEN", "teams: TEAMS_APP_ID"):
        assert word in done.stdout
    assert not (room / "data").exists()


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_settings_in_another_encoding_are_told_so(tmp_path: Path, encoding: str) -> None:
    known = 'OKR_ORGANISATION="Büro"\nSLACK_BOT_TOKEN=xoxb-kept\n'.encode(encoding)
    (tmp_path / ".env").write_bytes(known)
    for verb in ("run", "doctor", "init"):
        done = okr(tmp_path, verb)
        said = " ".join((done.stderr + done.stdout).split())
        assert done.returncode == 1
        assert ".env cannot be read: save it as UTF-8" in said
    assert (tmp_path / ".env").read_bytes() == known


def test_a_path_is_named_as_it_is(room: Path) -> None:
    assert okr(room, "import", "--example", "company").returncode == 0
    okr(room, "import", *map(str, (room / "company").glob("*.csv")), "--apply")
    (room / "a[").mkdir()
    for name in ("copy [red] of today.db", "a[/b].db"):
        done = okr(room, "backup", name)
        assert done.returncode == 0, done.stderr
        assert f"The backup is {name}." in done.stdout
        restored = okr(room, "restore", name)
        assert restored.returncode == 0, restored.stderr
        assert f"The database is {name} again" in restored.stdout


@pytest.mark.parametrize("words", ["import --example notes", "export --out notes/of/today"])
def test_a_file_in_the_way_of_a_folder_is_named(room: Path, words: str) -> None:
    if words.startswith("export"):
        okr(room, "import", "--example", "company")
        assert okr(room, "import", "company/company.yaml", "--apply").returncode == 0
    (room / "notes").write_text("mine")
    done = okr(room, *words.split())
    assert done.returncode
    assert "notes is a file: name a folder." in (done.stdout + done.stderr).splitlines()
    assert (room / "notes").read_text() == "mine"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
def test_a_demo_is_not_begun_where_the_calendar_ends(tmp_path: Path, day: str) -> None:
    refused = okr(tmp_path, "demo", "--on", day)
    assert refused.returncode != 0
    assert "a year from 2000 to 2100 will do" in " ".join(refused.stderr.split())
    assert not (tmp_path / "data").exists()


def test_from_import_to_backup(room: Path) -> None:
    assert okr(room, "import", "--example", "company").returncode == 0
    files = [str(path) for path in sorted((room / "company").glob("*.csv"))]
    looked = okr(room, "import", *files)
    assert "Nothing was changed yet" in looked.stdout
    assert "102 added" in okr(room, "import", *files, "--apply").stdout
    assert "102 unchanged" in okr(room, "import", *files, "--apply").stdout

    broken = room / "company" / "people.csv"
    broken.write_text(
        broken.read_text().replace("elif@harbour.example,Elif", "elif-at-harbour,Elif")
    )
    wrong = okr(room, "import", *files, "--apply")
    assert wrong.returncode == 1
    assert "nothing was changed" in wrong.stdout

    examined = okr(room, "doctor")
    assert examined.returncode == 0, examined.stdout
    assert "15 people" in examined.stdout
    assert "setup go" in examined.stdout

    assert okr(room, "backup", "copy.db").returncode == 0
    again = okr(room, "backup", "copy.db")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert "up to date" in okr(room, "migrate").stdout
    restored = open_database(f"sqlite:///{room / 'copy.db'}", read_only=True)
    restored.close()


def test_a_second_process_is_refused_in_words(room: Path) -> None:
    assert okr(room, "migrate").returncode == 0
    holder = open_database(f"sqlite:///{room / 'data' / 'okr.db'}")
    try:
        done = okr(room, "run")
    finally:
        holder.close()
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr
