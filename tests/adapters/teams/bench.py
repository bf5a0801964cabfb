"""Teams on the contract's bench: the adapter by HTTP, before a Teams that is played here."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from adapters.teams.adapter import Teams as Adapter
from adapters.teams.settings import Config
from bot.chat.who import Destination
from tests.adapters import contract
from tests.adapters.contract import State
from tests.adapters.stages import Ear, Memory
from tests.adapters.teams import signing
from tests.adapters.teams.looks import Looks
from tests.adapters.teams.loopback import SECRET, Teams, teams
from tests.adapters.teams.member import Member
from tests.adapters.teams.world import APP, TENANT, Refused, card
from tests.ports import free_port

ALICE = "a11ce000-0000-4000-8000-000000000003"
BOB = "b0b00000-0000-4000-8000-000000000004"
CHARLIE = "c4a12100-0000-4000-8000-000000000005"
TEAM, GROWTH = "19:general@thread.tacv2", "19:growth@thread.tacv2"
SENDS = ("post", "edit", "create")
looks = Looks()


class Bench:
    """The adapter, two people, a channel."""

    known = "alice@example.org"
    home = Destination("teams", TENANT, ALICE)
    channel = Destination("teams", TENANT, GROWTH)
    nowhere = Destination("teams", TENANT, "19:nowhere@thread.tacv2")

    def __init__(self, played: Teams, config: Config) -> None:
        self.teams, self.config = played, config
        self.adapter = Adapter(config)
        self.memory = Memory()
        self.alice = Member(played, self.adapter, ALICE)
        self.bob = Member(played, self.adapter, BOB)

    async def posted(self, to: Destination) -> list[str]:
        return [str(card(m)) for m in self.alice.sees(to) if m["root"] == m["id"]]

    async def thread(self, to: Destination, id: str) -> list[str]:
        root = id.partition(" ")[0]
        under = [m for m in self.alice.sees(to) if m["root"] == root and m["id"] != root]
        return [str(card(message)) for message in under]

    async def remove(self, to: Destination, id: str) -> bool:
        first, _, conversation = id.partition(" ")
        place = self.teams.world.place(conversation)
        place.messages.remove(self.teams.world.message(conversation, first))
        return True

    def platform_is(self, state: State) -> AbstractAsyncContextManager[None] | None:
        match state:
            case "busy":
                return self.teams.during((429, 1), *SENDS)
            case "gone":
                return self._closed()
            case "dropped before":
                return self.teams.during("drop before", *SENDS)
            case "dropped after":
                return self.teams.during("drop after", "post", "edit")

    @asynccontextmanager
    async def _closed(self) -> AsyncIterator[None]:
        """Alice has blocked the app."""
        place = self.teams.world.dm(ALICE)
        place.closed = Refused(403, "MessageWritesBlocked")
        try:
            yield
        finally:
            place.closed = None

    async def ready(self) -> None:
        while True:
            with socket.socket() as knock:
                if knock.connect_ex((self.config.host, self.config.port)) == 0:
                    return
            await asyncio.sleep(0.005)

    async def throws(self, body: bytes) -> int:
        signed = signing.token(APP, self.teams.service, self.teams.kid)
        return (await self.teams.send(body, f"Bearer {signed}"))[0]

    def misconfigured(self) -> Adapter:
        return Adapter(replace(self.config, app_password="wrong"))

    async def joins(self) -> None:
        """The app is added to the team, as an admin does before anything else."""
        said = self.teams.activity(ALICE, TEAM, type="conversationUpdate",
                                   membersAdded=[{"id": f"28:{APP}"}])  # fmt: skip
        async with contract.listening(self, Ear(), self.memory):
            assert (await self.teams.tell(said))[0] == 200


@asynccontextmanager
async def bench(folder: Path, *, is_new: bool = False) -> AsyncIterator[Bench]:
    """The fixed cast's tenant, and the adapter that is to serve it; a new one was asked nothing."""
    port = free_port()
    async with teams() as played:
        furnish(played)
        played.app_url = f"http://127.0.0.1:{port}/api/messages"
        made = Bench(played, config(played, port))
        if not is_new:
            await made.joins()
        try:
            yield made
        finally:
            await made.adapter.close()


def config(played: Teams, port: int) -> Config:
    """The settings of an admin whose Teams is this one."""
    return Config(
        app_id=APP,
        app_password=SECRET,
        tenant_id=TENANT,
        tenants=frozenset({TENANT}),
        service_urls=(played.service,),
        port=port,
        login_url=played.url,
        keys_url=f"{played.url}/openid",
        identity_url=f"{played.url}/identity",
    )


def furnish(played: Teams) -> None:
    """Alice, Bob, Charlie, and their channels."""
    world = played.world
    world.hire(ALICE, "Alice Berg", "alice@example.org")
    world.hire(BOB, "Bob Chen", "bob@example.org")
    world.hire(CHARLIE, "Charlie Adu", "charlie@example.org")
    everyone = (ALICE, BOB, CHARLIE)
    world.open(TEAM, "channel", *everyone, team=TEAM)
    world.open(GROWTH, "channel", *everyone, team=TEAM)
    world.dm(ALICE)
    world.dm(BOB)
