"""okr import, as it is typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from sqlmodel import Session, select
from typer.testing import CliRunner

from bot.commands.importing import Store, command, command_for_readings
from storage.database import Database
from storage.kpis import Episode, Kpi
from storage.people import Person
from tests.bot.importing.conftest import NOW


@pytest.fixture
def okr(database: Database, cycle_id: int) -> typer.Typer:
    @contextmanager
    def opened() -> Iterator[Store]:
        yield database

    app = typer.Typer()
    app.command("import")(command(opened, lambda: NOW))
    return app


def typed(okr: typer.Typer, *words: object) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(okr, [str(word) for word in words])
    return result.exit_code, result.output


def names(database: Database) -> list[str]:
    return database.read_now(lambda s: sorted(one.name for one in s.exec(select(Person))))


def test_shown_first_then_applied_then_unchanged(
    okr: typer.Typer, database: Database, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email;name;country\nanna@x.org;Anna Groß;\n", encoding="cp1252")
    code, said = typed(okr, people)
    assert code == 0
    assert "people.csv: 1 row of people (CP1252, semicolons)" in said
    assert "Anna Groß" in said
    assert "1 to add, 0 to change, 0 unchanged." in said
    assert "with --apply" in said
    assert names(database) == []
    assert "1 added, 0 changed, 0 unchanged." in typed(okr, people, "--apply")[1]
    assert names(database) == ["Anna Groß"]
    people.write_text("email,name\nanna@x.org,[red]Anna[/red]\n", encoding="utf-8")
    assert "name: Anna Groß → [red]Anna[/red]" in typed(okr, people)[1]


def test_errors_are_a_table_and_exit_with_1(
    okr: typer.Typer, database: Database, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,name,zone\na@x.org,A,UTC\nb,B,Moon/Base\n", encoding="utf-8")
    code, said = typed(okr, people, "--apply")
    assert code == 1
    assert "'b' is not an e-mail address." in said
    assert "There is no time zone 'Moon/Base'." in said
    assert "2 errors; nothing was changed." in said
    assert names(database) == []


def test_no_files_exit_with_2(okr: typer.Typer) -> None:
    assert typed(okr)[0] == 2


def test_an_unknown_locale_exits_with_2(okr: typer.Typer, tmp_path: Path) -> None:
    code, said = typed(okr, tmp_path / "people.csv", "--locale", "klingon")
    assert (code, "There is no locale 'klingon'" in said) == (2, True)


def test_examples_are_written_and_import(
    okr: typer.Typer, database: Database, tmp_path: Path
) -> None:
    code, _ = typed(okr, "--example", tmp_path / "ex", "--locale", "de-DE")
    assert code == 0
    files = sorted((tmp_path / "ex").glob("*.csv"))
    code, said = typed(okr, *files, "--apply", "--locale", "de-DE")
    assert (code, "102 added" in said) == (0, True)
    assert len(names(database)) == 14
    assert typed(okr, "--example", tmp_path / "ex")[0] == 2


READINGS = "kpi;day;value\nfirst-reply;2026-10-02;3,5\nfirst-reply;2026-10-05;5\n"


@pytest.fixture
def okr_kpi(database: Database, cycle_id: int) -> typer.Typer:
    """`okr kpi import`, with a KPI to read."""

    @contextmanager
    def opened() -> Iterator[Store]:
        yield database

    def founded(session: Session) -> None:
        session.add(Kpi(id=1, slug="first-reply", name="First reply", high=4, direction="lower"))

    database.write_now(founded)
    app = typer.Typer()
    app.command("import")(command_for_readings(opened, lambda: NOW))
    return app


def test_readings_are_imported_once_and_what_they_mean_follows(
    okr_kpi: typer.Typer, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "support.csv"
    file.write_text(READINGS, encoding="utf-8")
    code, said = typed(okr_kpi, file, "--locale", "de-DE")
    assert code == 0
    assert "2 to add, 0 to change, 0 unchanged." in said
    code, said = typed(okr_kpi, file, "--locale", "de-DE", "--apply")
    assert "2 added, 0 changed, 0 unchanged." in said

    def kept(session: Session) -> list[tuple[str, float]]:
        return [(row.state, row.worst) for row in session.exec(select(Episode))]

    assert database.read_now(kept) == [("breached", 5)]
    assert "2 unchanged" in typed(okr_kpi, file, "--locale", "de-DE", "--apply")[1]
    assert database.read_now(kept) == [("breached", 5)]


def test_what_is_no_reading_is_refused_in_plain_words(
    okr_kpi: typer.Typer, database: Database, tmp_path: Path
) -> None:
    file, people = tmp_path / "readings.csv", tmp_path / "people.csv"
    file.write_text("kpi,day,value\nfirst-replay,2026-10-02,1\nfirst-reply,x,y\n", "utf-8")
    people.write_text("email,name\na@x.org,A\n", "utf-8")
    code, said = typed(okr_kpi, file, people, "--apply")
    assert code == 1
    assert "Did you mean 'first-reply'?" in said
    assert "'x' is not a day." in said
    assert "'y' is not a number" in said
    assert "These are people, not readings: use okr import for them." in said
    assert names(database) == []
