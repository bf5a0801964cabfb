"""What the tests of the Slack adapter may ask for: a Slack, by HTTP or by socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters import contract
from tests.adapters.slack.bench import Bench, bench
from tests.adapters.stages import Ear, Memory


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bench]:
    """The fixed cast's workspace, reached by HTTP; the adapter does not listen yet."""
    async with bench(tmp_path) as made:
        yield made


@pytest.fixture
def kept() -> Memory:
    """What the adapter has put down."""
    return Memory()


@pytest.fixture
async def ear(office: Bench, kept: Memory) -> AsyncIterator[Ear]:
    """The bot before which the adapter listens."""
    ear = Ear()
    async with contract.listening(office, ear, kept):
        yield ear
