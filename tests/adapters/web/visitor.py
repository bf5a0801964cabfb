"""Somebody at the page, without a browser."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from itertools import count
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

Client = TestClient[web.Request, web.Application]
Json = dict[str, Any]


class Visitor:
    """Does over HTTP what the page's script does."""

    def __init__(self, client: Client, email: str) -> None:
        self.client, self.email = client, email
        self.dm = f"dm:{email}"
        self._ids = count(1)

    def other(self, email: str) -> "Visitor":
        """Somebody else at another tab."""
        return Visitor(self.client, email)

    @property
    def origin(self) -> str:
        return f"http://{self.client.host}:{self.client.port}"

    async def post(self, path: str, body: Json | bytes, **headers: str) -> ClientResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        send = {"Origin": self.origin, "Content-Type": "application/json"}
        send.update({name.replace("_", "-"): value for name, value in headers.items()})
        return await self.client.post(path, data=BytesIO(data), headers=send)

    async def tell(self, type_: str, **more: object) -> tuple[int, Json]:
        """One event; its status and its answer."""
        body: Json = {
            "type": type_,
            "me": self.email,
            "id": f"{self.email.partition('@')[0]}-event-{next(self._ids)}",
        }
        if type_ != "opened":
            body["at"] = self.dm
        response = await self.post("/api/event", body | more)
        return response.status, await response.json()

    async def read(self, at: str = "", **more: str) -> list[Json]:
        """The messages of a place."""
        query = {"me": self.email, "at": at or self.dm} | more
        response = await self.client.get("/api/messages", params=query)
        assert response.status == 200, await response.text()
        messages: list[Json] = (await response.json())["messages"]
        return messages

    async def follow(self, **headers: str) -> AsyncIterator[tuple[str, Json]]:
        """Live updates, as (kind, what)."""
        send = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get("/api/live", params={"me": self.email}, headers=send) as stream:
            kind = ""
            async for raw in stream.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                if line.startswith("data: "):
                    yield kind, json.loads(line.removeprefix("data: "))
