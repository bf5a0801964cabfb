"""The schema: the same from migrations as from the tables, on both engines, data kept."""

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec.structs import replace
from sqlalchemy import DateTime, MetaData, inspect, text
from sqlalchemy.engine import Connection
from sqlmodel.sql.sqltypes import UTCDateTime

import storage
from storage import letters, migrating
from storage.database import DatabaseInUse
from storage.engine import open_database, parse
from storage.migrating import CannotMigrate, current, head, migrate, tables
from tests.engines import Engine
from tests.storage.letterbox import draft


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    with migrating._engine(parse(url)) as engine, engine.begin() as connection:
        yield connection


def test_migrations_make_the_tables_that_the_code_has(url: str) -> None:
    with connected(url) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables()) == []


def test_migrations_make_the_checks_that_the_code_has(engine: Engine, tmp_path: Path) -> None:
    """Alembic does not compare these by itself."""
    migrated, made = engine.empty(tmp_path), engine.empty(tmp_path)
    migrate(migrated)
    with connected(made) as connection:
        tables().create_all(connection)
    assert checks(migrated) == checks(made)
    assert "ck_letter_state" in str(checks(migrated))


def checks(url: str) -> dict[str, object]:
    with connected(url) as connection:
        inspector = inspect(connection)
        return {
            name: [
                sorted(inspector.get_check_constraints(name), key=str),
                sorted(inspector.get_foreign_keys(name), key=str),
            ]
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }


def test_from_nothing_to_the_newest_and_once_only(engine: Engine, tmp_path: Path) -> None:
    url = engine.empty(tmp_path)
    assert current(url) == ""
    assert migrate(url) is None
    assert current(url) == head() != ""
    assert migrate(url) is None


def test_replicas_that_start_together_wait_for_each_other(server: Engine, tmp_path: Path) -> None:
    url, failed = server.empty(tmp_path), []

    def start() -> None:
        try:
            migrate(url)
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert current(url) == head()


def test_a_database_in_use_is_not_migrated(files: Engine, tmp_path: Path) -> None:
    url = files.clean(tmp_path)
    database = open_database(url)
    with pytest.raises(DatabaseInUse):
        migrate(url)
    database.close()


def test_a_newer_database_is_left_alone(url: str) -> None:
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotMigrate, match="newer"):
        migrate(url)
    with connected(url) as connection:  # the template is shared
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})


REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None

def upgrade() -> None:
    with op.batch_alter_table("parent", recreate="auto") as parent:
        parent.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        parent.alter_column("name", nullable=False, existing_type=sa.String())
    {more}
"""


@pytest.fixture
def next_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Room for a revision after the newest."""
    room = tmp_path / "versions"
    room.mkdir()
    plain = migrating._config
    own = Path(migrating.__file__).with_name("migrations") / "versions"

    def config(connection: Connection | None = None) -> object:
        config = plain(connection)
        config.set_main_option("version_locations", f"{own}:{room}")
        return config

    monkeypatch.setattr(migrating, "_config", config)
    return room


def a_family(url: str) -> None:
    """A parent and a child that goes with it."""
    with connected(url) as connection:
        connection.execute(
            text("CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR, UNIQUE (name))")
        )
        connection.execute(
            text(
                "CREATE TABLE child (id INTEGER PRIMARY KEY,"
                " parent_id INTEGER NOT NULL REFERENCES parent(id) ON DELETE CASCADE)"
            )
        )
        connection.execute(text("INSERT INTO parent (id, name) VALUES (1, 'Alice')"))
        connection.execute(text("INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1)"))


def test_a_table_made_anew_keeps_its_rows_and_their_children(
    engine: Engine, tmp_path: Path, next_one: Path
) -> None:
    """With foreign keys on, SQLite silently deletes all children here."""
    url = engine.empty(tmp_path)
    migrate(url)
    before = head()
    a_family(url)
    (next_one / "next.py").write_text(REVISION.format(head=head(), more=""))
    copy = migrate(url)
    with connected(url) as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 2
        assert connection.execute(text("SELECT name, note FROM parent")).one() == ("Alice", "")
    assert (copy is not None) == url.startswith("sqlite")
    if copy:
        assert current(f"sqlite:///{copy}") == before


def test_a_migration_that_fails_changes_nothing(
    engine: Engine, tmp_path: Path, next_one: Path
) -> None:
    url = engine.empty(tmp_path)
    migrate(url)
    a_family(url)
    before = head()
    (next_one / "next.py").write_text(REVISION.format(head=head(), more="raise ZeroDivisionError"))
    with pytest.raises(ZeroDivisionError):
        migrate(url)
    with connected(url) as connection:
        assert {c["name"] for c in inspect(connection).get_columns("parent")} == {"id", "name"}
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 2
    assert current(url) == before


def test_orphans_take_a_migration_back(files: Engine, tmp_path: Path, next_one: Path) -> None:
    url = files.empty(tmp_path)
    migrate(url)
    a_family(url)
    more = 'op.execute("DELETE FROM parent")'
    before = head()
    (next_one / "next.py").write_text(REVISION.format(head=head(), more=more))
    with pytest.raises(CannotMigrate, match="point to nothing"):
        migrate(url)
    assert current(url) == before


def test_rows_outlive_a_second_start(url: str) -> None:
    database = open_database(url)
    database.write_now(lambda s: letters.plan(s, [draft("a")]))
    database.close()
    migrate(url)
    database = open_database(url)
    assert database.write_now(lambda s: letters.plan(s, [draft("a")])) == 0
    database.close()


def test_what_was_told_of_a_kpi_becomes_a_flag(engine: Engine, tmp_path: Path) -> None:
    url = engine.clean(tmp_path)
    told = replace(draft("kpi:told:1:2026-11-06"), flow="kpi", subject="told:1:2026-11-06")
    asked = replace(draft("kpi:ask:1:2026-11-06"), flow="kpi", subject="ask:1:2026-11-06")
    database = open_database(url)
    database.write_now(lambda s: letters.plan(s, [told, asked]))
    database.close()
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0010'"))
        for made_since in ("ix_letter_week", "ix_letter_open"):
            connection.execute(text(f"DROP INDEX {made_since}"))
    migrate(url)
    with connected(url) as connection:
        rows = connection.execute(text("SELECT flow, subject, key FROM letter ORDER BY flow")).all()
    assert rows == [
        ("flag", "2026-11-06", "kpi:told:1:2026-11-06"),
        ("kpi", "ask:1:2026-11-06", "kpi:ask:1:2026-11-06"),
    ]


def test_every_moment_is_kept_in_utc(files: Engine) -> None:
    """A plain `datetime` field is; an explicit DateTime column was 13 hours wrong on SQLite."""
    wrong = [
        str(column)
        for table in tables().tables.values()
        for column in table.columns
        if isinstance(column.type, DateTime)
        or (
            (getattr(column.type, "impl", None).__class__ is DateTime)
            and not isinstance(column.type, UTCDateTime)
        )
    ]
    assert wrong == []


def test_everything_has_a_name_and_sqlmodel_its_annotations() -> None:
    def unnamed(metadata: MetaData) -> list[str]:
        return [str(c) for t in metadata.tables.values() for c in t.constraints if not c.name]

    assert unnamed(tables()) == []
    for file in Path(storage.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "__future__", file.name
