"""The API does what its description says: schemathesis sends what fits it, and what does not."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case

from adapters.api import openapi
from adapters.api.adapter import Api
from adapters.api.settings import Settings
from bot.outside import tokens
from storage.engine import open_database
from tests.engines import Engine
from tests.house import House
from tests.ports import free_port

pytestmark = pytest.mark.filterwarnings("ignore")  # schemathesis' own kit warns of itself

EXAMPLES = 12
KNOWN = {"kpi": ("support-time", "1"), "key_result": ("1", "2", "3", "4")}

schema = schemathesis.openapi.from_dict(openapi.description())
schema.config.generation.update(deterministic=True, allow_x00=True)


@schema.hook
def map_path_parameters(_: object, parameters: Any) -> Any:
    """Most of what is made up names nothing: every second name becomes a known one."""
    if not isinstance(parameters, dict):
        return parameters
    return {name: _known(name, value) for name, value in parameters.items()}


def _known(name: str, value: object) -> object:
    names = KNOWN.get(name, ())
    known = isinstance(value, str) and len(value) % 2
    return names[len(str(value)) % len(names)] if names and known else value


@pytest.fixture(scope="module")
def api(files: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The running API before the fixed cast's company, and a token that may do everything."""
    database = open_database(files.clean(tmp_path_factory.mktemp("api")))
    port, ready, secrets = free_port(), threading.Event(), []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        house = await House.open(database)
        secrets.append(
            await database.write(
                lambda session: tokens.make(session, "schemathesis", tokens.SCOPES, house.now)
            )
        )
        serving = asyncio.create_task(Api(Settings(port=port)).serve(house.bot.take))
        while True:
            try:
                _, line = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            line.close()
            break
        ready.set()
        await serving

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except asyncio.CancelledError:
            pass
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(60)
    yield f"http://127.0.0.1:{port}", secrets[0]
    for task in asyncio.all_tasks(loop):
        loop.call_soon_threadsafe(task.cancel)
    thread.join(20)
    loop.close()
    database.close()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_as_it_is_described(case: Case[Any], api: tuple[str, str]) -> None:
    where, secret = api
    case.call_and_validate(base_url=where, headers={"Authorization": f"Bearer {secret}"})
