"""What the adapter and the loopback say to each other is what Microsoft's Bot Connector takes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from bot.chat.adapter import Sent
from bot.chat.cards import Card, Text, Words
from bot.chat.replies import Open, Say
from tests.adapters import examples, extremes
from tests.adapters.stages import Ear
from tests.adapters.teams.bench import Bench
from tests.adapters.teams.world import Json

SWAGGER = Path(__file__).parents[4] / "shared" / "peers" / "bot-connector.swagger.json"
NEWER = {"messageId"}
"""What Teams takes that its published description does not know."""


@pytest.fixture(scope="module")
def swagger() -> Json:
    if not SWAGGER.exists():
        pytest.skip("the Bot Connector's description is not beside this repository")
    found: Json = json.loads(SWAGGER.read_text("utf-8"))
    return found


async def everything(office: Bench, ear: Ear) -> None:
    """Whatever the adapter can ask of Teams, once."""
    first = await office.adapter.send(office.home, examples.CARD, key="k")
    thread = await office.adapter.send(office.channel, examples.CARD, key="c")
    assert isinstance(first, Sent)
    assert isinstance(thread, Sent)
    long = Card("Long", tuple(Text((Words(f"{n} {'word ' * 500}"),)) for n in range(30)))
    for card in (long, examples.CARD):
        assert isinstance(
            await office.adapter.send(office.channel, card, key="e", replaces=thread.id), Sent
        )
    await office.adapter.send(office.home, examples.CARD, key="u", under=first.id)
    await office.adapter.send(office.channel, examples.CARD, key="v", under=thread.id)
    ear.answers = [Say(Card("For you")), Say(Card("Hi")), Open(extremes.FORMS["no questions"])]
    await office.alice.whispers("mine", office.channel)
    await office.alice.types("hi", office.channel)
    await office.bob.types("hi", office.bob.dm)
    assert await office.adapter.look_up("charlie@example.org")


async def test_what_is_asked_is_what_the_connector_takes(
    office: Bench, ear: Ear, swagger: Json
) -> None:
    await everything(office, ear)
    methods = {method for method, _, _ in office.teams.calls}
    assert methods == {"GET", "POST", "PUT", "DELETE"}
    for method, path, body in office.teams.calls:
        operation = _operation(swagger, method, f"/v3/{path}")
        schema = next((p["schema"] for p in operation["parameters"] if p["in"] == "body"), None)
        assert (schema is None) == (body == {}), path
        if schema is not None:
            assert list(_faults(swagger, schema, body)) == []


async def test_what_is_told_is_an_activity(office: Bench, ear: Ear, swagger: Json) -> None:
    said = office.teams.activity(office.alice.account, office.channel.address, type="message")
    assert list(_faults(swagger, {"$ref": "#/definitions/Activity"}, said)) == []


def _operation(swagger: Json, method: str, path: str) -> Json:
    """The one operation of this path. A member is asked for by a path that Teams added later."""
    if method == "GET" and re.fullmatch(r"/v3/conversations/[^/]+/members/[^/]+", path):
        return {"parameters": []}
    for template, operations in swagger["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            found: Json = operations[method.lower()]
            return found
    raise AssertionError(f"the Bot Connector knows no {method} {path}")


def _faults(swagger: Json, schema: Json, value: Any) -> Iterator[str]:
    """What is of another type, and what has a name that nobody knows."""
    validator = Draft4Validator({**schema, "definitions": swagger["definitions"]})
    yield from (error.message for error in validator.iter_errors(value))
    yield from _strange(swagger, schema, value)


def _strange(swagger: Json, schema: Json, value: Any) -> Iterator[str]:
    if "$ref" in schema:
        schema = swagger["definitions"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for each in value:
            yield from _strange(swagger, schema.get("items", {}), each)
    known = schema.get("properties")
    if isinstance(value, dict) and known is not None and schema.get("additionalProperties") is None:
        yield from (f"{name}?" for name in value if name not in known and name not in NEWER)
        for name in known.keys() & value.keys():
            yield from _strange(swagger, known[name], value[name])
