"""The web page on the contract's bench."""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from aiohttp import ClientSession

from adapters.web import company, rows
from adapters.web.adapter import Web
from adapters.web.company import place
from adapters.web.live import shown
from adapters.web.rows import Message
from adapters.web.settings import Settings
from bot.chat.adapter import Adapter
from bot.chat.who import Destination
from tests.adapters.contract import State
from tests.adapters.stages import Still
from tests.adapters.web.looks import Looks
from tests.adapters.web.tab import Tab
from tests.ports import free_port

looks = Looks()


class Bench:
    """The page on a port of its own, looked at by two visitors and through its own board."""

    known = "alice@example.org"
    home = place("dm:alice@example.org")
    channel = place("channel:growth")
    nowhere = place("dm:nobody@example.org")

    def __init__(self, folder: Path, line: ClientSession, port: int) -> None:
        self.stage, self._folder, self._port = Still(), folder, port
        self.adapter = Web(self.stage, Settings(store=folder / "web.db", port=port))
        self._line, self._origin = line, f"http://127.0.0.1:{port}"
        self.alice = Tab(self.known, line, self._origin)
        self.bob = Tab("bob@example.org", line, self._origin)

    async def posted(self, to: Destination) -> list[str]:
        return [str(shown(each)["html"]) for each in await self._messages(to) if not each.under]

    async def thread(self, to: Destination, id: str) -> list[str]:
        return [str(shown(each)["html"]) for each in await self._messages(to) if each.under == id]

    async def remove(self, to: Destination, id: str) -> bool:
        return False

    def platform_is(self, state: State) -> AbstractAsyncContextManager[None] | None:
        match state:
            case "busy":
                return self._locked()
            case "gone":
                return self._left()
            case "dropped before" | "dropped after":
                return None

    async def ready(self) -> None:
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            await asyncio.sleep(0.005)

    async def throws(self, body: bytes) -> int:
        send = {"Origin": self._origin, "Content-Type": "application/json"}
        async with self._line.post("/api/event", data=BytesIO(body), headers=send) as answer:
            return answer.status

    def misconfigured(self) -> Adapter:
        in_the_way = self._folder / "a file"
        in_the_way.touch()
        return Web(self.stage, Settings(store=in_the_way / "web.db"))

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """Another program holds the store and does not let go."""
        await self.adapter.check()
        with closing(sqlite3.connect(self._folder / "web.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield

    @asynccontextmanager
    async def _left(self) -> AsyncIterator[None]:
        """Alice has left the company."""
        with patch.object(self.stage, "cast", self.stage.cast[1:]):
            yield

    async def _messages(self, to: Destination) -> list[Message]:
        return await self.adapter.messages(to, self.known)


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """The company is asked anew each time, and a locked store is not waited for."""
    port = free_port()
    async with ClientSession(f"http://127.0.0.1:{port}") as line:
        with patch.object(company, "FRESH", -1.0), patch.object(rows, "PATIENCE", 0.05):
            bench = Bench(folder, line, port)
            try:
                yield bench
            finally:
                await bench.adapter.close()
