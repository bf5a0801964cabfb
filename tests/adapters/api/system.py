"""A company's own system, as it speaks to the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.outside import tokens
from tests.house import House

Client = TestClient[web.Request, web.Application]
NPS, CHURN, UPTIME, GUIDE = (f"/api/key-results/{number}/value" for number in (1, 2, 3, 4))
SUPPORT = "/api/kpis/support-time/readings"


@dataclass(frozen=True)
class Heard:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> tuple[int, str]:
        """The status and the word for programs; the one shape is checked on the way."""
        assert {"error", "message"} <= self.body.keys() <= {"error", "message", "field"}, self.body
        assert self.body["message"].strip().endswith((".", "values", "make")), self.body
        return self.status, self.body["error"]


@dataclass(frozen=True)
class System:
    """Sends figures with its token."""

    house: House
    client: Client
    secret: str

    async def posts(
        self, path: str, json: Any = None, *, key: str = "", raw: bytes | None = None, **more: str
    ) -> Heard:
        """A figure, or raw bytes in place of one; `more` are headers."""
        headers = {"Authorization": f"Bearer {self.secret}"} | (
            {"Idempotency-Key": key} if key else {}
        )
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        if raw is None:
            sent = self.client.post(path, json=json, headers=headers)
        else:
            kind = {"Content-Type": "application/json"} | headers
            sent = self.client.post(path, data=raw, headers=kind)
        async with sent as answer:
            return Heard(answer.status, await answer.json(), answer.headers)

    async def gets(self, path: str) -> tuple[int, bytes]:
        """A file."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        async with self.client.get(path, headers=headers) as answer:
            return answer.status, await answer.read()

    async def with_token(self, name: str, *scopes: str) -> "System":
        """Another system, with a token of its own."""
        secret = await self.house.database.write(
            lambda session: tokens.make(session, name, scopes, self.house.now)
        )
        return replace(self, secret=secret)
