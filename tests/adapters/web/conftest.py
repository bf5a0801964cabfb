"""The page on a test server, among people who stand still, before a bot that says its lines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.adapter import Web
from adapters.web.settings import Settings
from tests.adapters.stages import Ear, Still
from tests.adapters.web.visitor import Visitor


@pytest.fixture
def stage() -> Still:
    return Still()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def page(stage: Still, tmp_path: Path) -> AsyncIterator[Web]:
    page = Web(stage, Settings(store=tmp_path / "web.db"))
    yield page
    await page.close()


@pytest.fixture
async def alice(page: Web, ear: Ear) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(page.app(ear))) as client:
        yield Visitor(client, "alice@example.org")
