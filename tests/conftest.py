"""What every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from storage.database import Database
from storage.engine import open_database
from tests.engines import Engine, Files, Server
from tests.house import House

HERE = Path(__file__).parent

# Property tests are judged by what they find, not by how busy the machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

structlog.configure(
    processors=[
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    ]
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left with it in the end."""
    items.sort(key=lambda item: item.path.parent not in (HERE, HERE / "chaos"))


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Files(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Either engine; the server is started by the first test that wants it."""
    name = "files" if request.param == "sqlite" else "server"
    found: Engine = request.getfixturevalue(name)
    return found


@pytest.fixture
def url(engine: Engine, tmp_path: Path) -> str:
    """A clean, migrated database, on both engines in turn."""
    return engine.clean(tmp_path)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The same, opened."""
    database = open_database(url)
    yield database
    database.close()


@pytest.fixture
def sqlite(files: Engine, tmp_path: Path) -> Iterator[Database]:
    """For what SQLite alone can do."""
    database = open_database(files.clean(tmp_path))
    yield database
    database.close()


@pytest.fixture
async def house(database: Database) -> House:
    """The fixed cast's company at work, on both engines in turn."""
    return await House.open(database)
