"""What the scenarios share, and the table of what they did."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from rich.console import Console
from rich.table import Table

from tests.chaos.ground import COLUMNS, LONG, Ground
from tests.chaos.nursery import Nursery
from tests.engines import Engine, Files

ENGINES = ("sqlite", "postgresql")


IN_THE_LONG_FORM = (
    "test_the_database_has_reached_its_quota",
    "test_the_database_is_away[postgresql-silent]",
    "test_any_weather_where_nobody_can_ask_what_arrived[postgresql]",
    "test_any_weather_with_two_at_work[postgresql]",
    "test_slower_than_the_bot_waits[postgresql]",
    "test_the_wall_clock_is_moved[postgresql",
)
"""What the short form tries on the other engine, or in another way."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long form takes its time, and tries more."""
    for item in items:
        if "chaos" in item.path.parts and LONG:
            item.add_marker(pytest.mark.timeout(400))
        elif "chaos" in item.path.parts and item.name.startswith(IN_THE_LONG_FORM):
            item.add_marker(pytest.mark.skip(reason="make chaos tries it"))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for each process of the suite."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def platform(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its address; it outlives every bot."""
    return nursery.platform(tmp_path_factory.mktemp("platform") / "said.txt")


@pytest.fixture
async def ground(
    engine: Engine,
    url: str,
    tmp_path: Path,
    nursery: Nursery,
    platform: str,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Ground]:
    """Both engines in turn."""
    name = "sqlite" if isinstance(engine, Files) else "postgresql"
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        ground = Ground(name, url, tmp_path, nursery, platform, session, partial(_keep, request))
        try:
            yield ground
        finally:
            await ground.close()


def _keep(request: pytest.FixtureRequest, row: dict[str, object]) -> None:
    name = request.node.originalname.removeprefix("test_").replace("_", " ")
    variant = [part for part in request.node.callspec.id.split("-") if part not in ENGINES]
    row["scenario"] = f"{name} ({', '.join(variant)})" if variant else name
    request.node.user_properties.append(("chaos", row))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In the long form, a table of what was done."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind)]
    rows = [v for r in reports for name, v in getattr(r, "user_properties", ()) if name == "chaos"]
    if not (LONG and rows):
        return
    table = Table(*COLUMNS, title="What was done to the bot, and what its readers saw")
    for row in sorted(rows, key=lambda row: (str(row["scenario"]), str(row["engine"]))):
        table.add_row(*(str(row[column]) for column in COLUMNS))
    Console(width=120).print(table)
