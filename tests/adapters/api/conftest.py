"""The API on a test server, before the fixed cast's company, on both engines in turn."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.api.adapter import Api
from adapters.api.settings import Settings
from bot.outside import tokens
from tests.adapters.api.system import System
from tests.house import House


@pytest.fixture
async def system(house: House) -> AsyncIterator[System]:
    """A system of the company's, with a token that may do everything."""
    app = Api(Settings()).app(house.bot.take)
    async with TestClient(TestServer(app)) as client:
        secret = await house.database.write(
            lambda session: tokens.make(session, "warehouse", tokens.SCOPES, house.now)
        )
        yield System(house, client, secret)
