"""Slack on the contract's bench: the adapter by HTTP, before a Slack that is played here."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from adapters.slack.adapter import Slack as Adapter
from adapters.slack.settings import Access, Config
from bot.chat.who import Destination
from tests.adapters.contract import State
from tests.adapters.slack.looks import Looks
from tests.adapters.slack.loopback import APP_TOKEN, BOT_TOKEN, SECRET, Slack, slack
from tests.adapters.slack.member import Member
from tests.adapters.slack.world import BOT, TEAM, Json
from tests.ports import free_port

ALICE, BOB, GROWTH = "U0ALICE", "U0BOB", "C0GROWTH"
looks = Looks()
POSTS = ("chat.postMessage", "chat.update")


class Bench:
    """The adapter, two people, a channel."""

    known = "alice@example.org"
    home = Destination("slack", TEAM, ALICE)
    channel = Destination("slack", TEAM, GROWTH)
    nowhere = Destination("slack", TEAM, "C0NOWHERE")

    def __init__(self, played: Slack, config: Config, ping: float = 0.5) -> None:
        self.slack, self.config = played, config
        self.adapter = Adapter(config, ping)
        self.alice = Member(played, self.adapter, ALICE)
        self.bob = Member(played, self.adapter, BOB)

    async def posted(self, to: Destination) -> list[str]:
        return [str(m["blocks"]) for m in self._sees(to) if m.get("thread_ts", m["ts"]) == m["ts"]]

    async def thread(self, to: Destination, id: str) -> list[str]:
        ts = id.partition(":")[2]
        under = [m for m in self._sees(to) if m.get("thread_ts") == ts and m["ts"] != ts]
        return [str(message["blocks"]) for message in under]

    async def remove(self, to: Destination, id: str) -> bool:
        place = self.slack.world.place(to.address)
        place.messages.remove(self.slack.world.message(place, id.partition(":")[2]))
        return True

    def platform_is(self, state: State) -> AbstractAsyncContextManager[None] | None:
        match state:
            case "busy":
                return self.slack.during(("busy", 1), *POSTS)
            case "gone":
                return patch_user(self.slack.world.users[ALICE])
            case "dropped before":
                return self.slack.during("drop before", *POSTS)
            case "dropped after":
                return self.slack.during("drop after", *POSTS)

    async def ready(self) -> None:
        if not self.slack.app_url:
            await self.slack.connected()
            return
        while True:
            with socket.socket() as knock:
                if knock.connect_ex((self.config.host, self.config.port)) == 0:
                    return
            await asyncio.sleep(0.005)

    async def throws(self, body: bytes) -> int:
        kind = "application/json" if body[:1] in b"{[" else "application/x-www-form-urlencoded"
        return (await self.slack.post(body, kind))[0]

    def misconfigured(self) -> Adapter:
        wrong = Access("", "xoxb-wrong", signing_secret=SECRET)
        return Adapter(Config((wrong,), api_url=self.config.api_url))

    def _sees(self, to: Destination) -> list[Json]:
        return self.alice.sees(to)


@asynccontextmanager
async def patch_user(user: Json) -> AsyncIterator[None]:
    """Somebody whose account is switched off."""
    with patch.dict(user, {"deleted": True}):
        yield


@asynccontextmanager
async def bench(
    folder: Path, *, by_socket: bool = False, ping: float = 0.5
) -> AsyncIterator[Bench]:
    """The fixed cast's workspace, and the adapter that is to serve it."""
    port = free_port()
    async with slack() as played:
        furnish(played)
        way = {"app_token": APP_TOKEN} if by_socket else {"signing_secret": SECRET}
        access = Access("", BOT_TOKEN, **way)
        if not by_socket:
            played.app_url = f"http://127.0.0.1:{port}{access.path}"
        config = Config((access,), port=port, api_url=f"{played.url}/api/")
        made = Bench(played, config, ping)
        try:
            yield made
        finally:
            await made.adapter.close()


def furnish(played: Slack) -> None:
    """Alice, Bob, Charlie, and their channels."""
    world = played.world
    world.hire(ALICE, "Alice Berg", "alice@example.org")
    world.hire(BOB, "Bob Chen", "bob@example.org", tz="America/New_York")
    world.hire("U0CHARLIE", "Charlie Adu", "charlie@example.org", tz="Asia/Tokyo")
    world.hire(BOT, "okr", "", is_bot=True)
    world.open(GROWTH, "growth", ALICE, BOB, BOT)
    world.open("C0ALL", "all", ALICE, BOB)
    world.dm(ALICE)
    world.dm(BOB)
