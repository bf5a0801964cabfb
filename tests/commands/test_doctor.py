"""`okr doctor` looks at what the bot needs, says what to do, and exits with 1 if it cannot run."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import typer
from sqlalchemy import create_engine, text
from sqlmodel import Session
from typer.testing import CliRunner

from adapters import load
from bot.commands import checking
from bot.founding import found
from bot.settings import Settings
from storage.engine import mark_of, open_database
from storage.migrating import migrate
from storage.organisation import Organisation
from storage.people import Person

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
URL = "sqlite:///okr.db"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no settings but these."""
    for name in [name for name in os.environ if name.startswith(("OKR_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    for name in ("OKR_WEB_PORT", "OKR_OPS_PORT"):  # whoever tests may have one running
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def doctor() -> tuple[int, str]:
    app = typer.Typer()
    app.command()(checking.command(load, lambda: NOW))
    done = CliRunner().invoke(app, [])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def furnish(running: str = "on", people: int = 0) -> None:
    migrate(URL)
    database = open_database(URL)

    def unit(session: Session) -> None:
        found(session, Settings(organisation="Nord", admin_email="anna@nord.example"), NOW)
        ours = session.get_one(Organisation, 1)
        ours.running = running
        for n in range(people):
            session.add(Person(email=f"p{n}@nord.example", name=f"P {n:02}", since=NOW))

    database.write_now(unit)
    database.close()


def test_before_anything_is_there() -> None:
    code, said = doctor()
    assert code == 0
    assert f"There is no database {Path('okr.db').absolute()} yet." in " ".join(said.split())
    assert "okr init, then okr run" in said


def test_all_is_well() -> None:
    furnish()
    code, said = doctor()
    assert code == 0
    for word in ("answers, at", "Nord: 1 person.", "runs for everybody", "The page is at"):
        assert word in said


@pytest.mark.parametrize("running", ["waiting", "paused"])
def test_nothing_is_sent(running: str) -> None:
    furnish(running)
    code, said = doctor()
    assert code == 0
    assert "Type setup go to the bot." in said
    engine = create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text("UPDATE organisation SET language = 'de'"))
        connection.execute(text("UPDATE cycle SET state = 'closed'"))
    engine.dispose()
    said = doctor()[1]
    assert "Type setup start to the bot." in said
    assert "Type setup quartal and its first Monday." in said


def test_who_cannot_be_reached_is_named_and_counted() -> None:
    furnish(people=14)
    code, said = doctor()
    assert code == 0
    assert "Cannot be reached: Anna, P 00, P 01" in said
    assert "and 5 more" in said


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("OKR_ZONE", "Mars/Base", ("OKR_ZONE", "Mars/Base", "Correct .env.")),
        ("OKR_PLATFORMS", "fax", ("fax", "Correct .env.")),
        ("OKR_LOG_LEVEL", "loud", ("OKR_LOG_LEVEL: 'loud' is no level", "Correct .env.")),
        ("OKR_WEB_PORT", "many", ("OKR_WEB_PORT", "Correct .env.")),
        ("OKR_WEB_STORE", "/proc/nowhere/web.db", ("/proc/nowhere/web.db",)),
        ("DATABASE_URL", "mysql://x/y", ("mysql", "Look at DATABASE_URL.")),
        ("DATABASE_URL", "sqlite:///", ("names no file", "sqlite:///data/okr.db")),
        ("DATABASE_URL", "sqlite:///:memory:", ("names no file", "sqlite:///data/okr.db")),
        ("DATABASE_URL", "sqlite:////proc", ("/proc is a folder", "sqlite:////proc/okr.db")),
        ("DATABASE_URL", "sqlite:///.", (". is a folder", "such as sqlite:///okr.db")),
        ("DATABASE_URL", "sqlite://data/okr.db", ("a slash too few", "sqlite:///data/okr.db")),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x", ("Look at DATABASE_URL.",)),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: tuple[str, ...]
) -> None:
    furnish()
    monkeypatch.setenv(name, value)
    code, said = doctor()
    assert code == 1
    told = " ".join(said.replace("│", " ").split())
    for word in words:
        assert word in told, said


def test_a_platform_that_is_named_twice_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    furnish()
    monkeypatch.setenv("OKR_PLATFORMS", "web,WEB")
    assert doctor()[1].count("The page is at") == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("-1", "SLACK_RATE: -1 is too low. It must be more than 0."),
        ("21", "SLACK_RATE: 21 is too high. The highest possible is 20"),
        ("fast", "SLACK_RATE: “fast” is no number. Write it like 1.5."),
    ],
)
def test_a_number_out_of_range_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    furnish()
    monkeypatch.setenv("OKR_PLATFORMS", "slack")
    monkeypatch.setenv("SLACK_RATE", value)
    assert words in doctor()[1]


@pytest.mark.parametrize("setting", ["OKR_WEB_PORT", "OKR_OPS_PORT"])
def test_a_port_that_another_program_holds_is_told(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    furnish()
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv(setting, str(other.getsockname()[1]))
        code, said = doctor()
    assert code == 1
    assert "is taken." in said
    assert f"choose another with {setting}" in said
    assert doctor()[0] == 0  # it was let go


@pytest.mark.parametrize("serves", ["ours", "another"])
def test_a_bot_that_runs_here_is_ours_or_serves_another_database(
    monkeypatch: pytest.MonkeyPatch, serves: str
) -> None:
    furnish()
    mark = mark_of(URL) if serves == "ours" else mark_of("postgresql://okr@db.example/okr")
    with livez(mark) as port:
        monkeypatch.setenv("OKR_OPS_PORT", str(port))
        code, said = doctor()
    if serves == "ours":
        assert code == 0
        assert f"The bot is running (process {os.getpid()})." in said
        assert f"Port {port} is the running bot's." in said
    else:
        assert code == 1
        assert f"process {os.getpid()}) serves another database" in said
        assert "beside its .env" in said
    with livez("", status=404) as port:
        monkeypatch.setenv("OKR_OPS_PORT", str(port))
        assert f"Port {port} of /healthz is taken." in doctor()[1], "no bot of ours"


@contextmanager
def livez(mark: str, status: int = 200) -> Iterator[int]:
    """What /livez says in a bot that serves this database."""

    class Probe(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            about = {"process": os.getpid(), "serves": mark, "live": True}
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(about if status == 200 else []).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Probe) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_a_schema_of_another_version() -> None:
    furnish()
    engine = create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    code, said = doctor()
    assert code == 1
    assert "this version needs" in said
    assert "okr migrate" in said


def test_an_organisation_without_a_cycle_or_an_admin() -> None:
    furnish()
    engine = create_engine(URL)
    with engine.begin() as connection:
        connection.execute(text("UPDATE cycle SET state = 'closed'"))
        connection.execute(text("UPDATE person SET admin = 0"))
    engine.dispose()
    code, said = doctor()
    assert code == 1
    assert "There is no cycle." in said
    assert "There is no admin." in said
