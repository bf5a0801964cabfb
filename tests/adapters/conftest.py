"""Every adapter in turn: how it draws, and itself before a platform that is played."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters import contract
from tests.adapters.contract import Bench, Looks
from tests.adapters.stages import Ear, Memory


@pytest.fixture(params=contract.names())
def looks(request: pytest.FixtureRequest) -> Looks:
    return contract.looks(request.param)


@pytest.fixture(params=contract.names())
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with contract.bench(request.param, tmp_path) as bench:
        yield bench


@pytest.fixture
async def ear(bench: Bench) -> AsyncIterator[Ear]:
    """The bot before which the bench's adapter runs."""
    ear = Ear()
    async with contract.listening(bench, ear, Memory()):
        yield ear
