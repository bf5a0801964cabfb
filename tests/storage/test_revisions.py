"""A start finds out whether the schema is current without loading Alembic."""

from pathlib import Path

from sqlalchemy import text

from storage.engine import open_database
from storage.migrating import head, migrate
from storage.revisions import is_current, newest
from tests.engines import Engine


def test_the_newest_revision_is_alembics_head() -> None:
    assert newest() == head() != ""


def test_only_a_migrated_database_is_current(engine: Engine, tmp_path: Path) -> None:
    url = engine.empty(tmp_path)
    assert not is_current(url)
    migrate(url)
    assert is_current(url)
    database = open_database(url)
    database.write_now(
        lambda session: session.connection().execute(
            text("UPDATE alembic_version SET version_num = '0000'")
        )
    )
    database.close()
    assert not is_current(url)


def test_a_file_that_is_no_database_is_not_current(tmp_path: Path) -> None:
    (tmp_path / "okr.db").write_text("not a database")
    assert not is_current(f"sqlite:///{tmp_path / 'okr.db'}")
