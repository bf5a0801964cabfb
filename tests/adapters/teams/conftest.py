"""The bench of Teams with an adapter that runs before an ear."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.events import Event
from bot.chat.replies import Reply
from tests.adapters import contract
from tests.adapters.stages import Ear, Memory
from tests.adapters.teams.bench import Bench
from tests.adapters.teams.bench import bench as benches


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bench]:
    async with benches(tmp_path) as office:
        yield office


@pytest.fixture
def memory(office: Bench) -> Memory:
    """What the adapter keeps."""
    return office.memory


class Musing(Ear):
    """An ear that may take its time."""

    pause = 0.0

    async def __call__(self, event: Event) -> Reply:
        await asyncio.sleep(self.pause)
        return await super().__call__(event)


@pytest.fixture
async def ear(office: Bench, memory: Memory) -> AsyncIterator[Musing]:
    """The bot before which the office's adapter runs."""
    ear = Musing()
    async with contract.listening(office, ear, memory):
        yield ear
