"""Slack as a platform."""

import asyncio

from aiohttp import web
from msgspec import Struct

from adapters.slack.accounts import Accounts
from adapters.slack.app import app
from adapters.slack.doctor import findings
from adapters.slack.outcomes import Trouble
from adapters.slack.places import Places
from adapters.slack.posts import Posts
from adapters.slack.server import routes, serve
from adapters.slack.settings import Config
from adapters.slack.socket_mode import PING, Socket
from adapters.slack.standing import Standing
from adapters.slack.talk import Talk
from adapters.slack.workspace import NAME, Workspace
from bot.chat.adapter import Finding, Found, Handle, Keep, Outcome, Undeliverable
from bot.chat.cards import Card
from bot.chat.events import Profile
from bot.chat.memory import Memory
from bot.chat.who import Actor, Destination


class Room(Struct, frozen=True):
    """One workspace with all that works in it."""

    workspace: Workspace
    places: Places
    accounts: Accounts
    posts: Posts


class Slack:
    """Shows, hears and sends in one or several workspaces."""

    name = NAME
    looks_up = True

    def __init__(self, config: Config, ping: float = PING) -> None:
        self.config = config
        self.rate = config.rate
        self._ping = ping
        self._keep: Keep = Memory()
        self._talks: dict[Room, Talk] = {}
        self._rooms = tuple(
            self._room(Workspace(access, config.api_url, config.rate)) for access in config.accesses
        )

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Listen until cancelled; then let what was heard be answered."""
        self._keep = keep
        talks = self._talks = {room: self._talk(room, handle) for room in self._rooms}
        sockets = [
            Socket(room.workspace, app(room.workspace, talk), self._ping)
            for room, talk in talks.items()
            if room.workspace.access.by_socket
        ]
        served = self._served(talks)
        runner = await serve(served, self.config.host, self.config.port) if served else None
        try:
            async with asyncio.TaskGroup() as group:
                for socket in sockets:
                    group.create_task(socket.run())
                for room in talks:
                    standing = Standing(room.workspace, handle, lambda: self._keep)
                    group.create_task(standing.run())
                await asyncio.Event().wait()
        finally:
            await asyncio.gather(*(talk.chores.end() for talk in talks.values()))
            await asyncio.gather(*(socket.close() for socket in sockets))
            if runner is not None:
                await runner.cleanup()
            self._talks = {}
            await self.close()

    async def answered(self) -> None:
        """Until everything that was heard has been answered and shown, for tests and rehearsals."""
        await asyncio.gather(*(talk.chores.done() for talk in self._talks.values()))

    async def close(self) -> None:
        """Let go of all connections; the next call opens new ones."""
        for room in self._rooms:
            await room.workspace.close()

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`."""
        try:
            room = await self._at(to.workspace)
        except Trouble as problem:
            return problem.outcome
        if room is None or to.platform != NAME:
            return Undeliverable("no_workspace")
        return await room.posts.send(to, card, key=key, replaces=replaces, under=under)

    async def find(self, to: Destination, key: str) -> str | None:
        """The message that was posted with this key. Raises where Slack does not say."""
        room = await self._at(to.workspace)
        return await room.posts.find(to, key) if room else None

    async def profile(self, actor: Actor) -> Profile | None:
        """What the workspace knows of an account. Raises where Slack does not say."""
        room = await self._at(actor.workspace)
        return await room.accounts.profile(actor.id) if room else None

    async def look_up(self, email: str) -> Found | None:
        """The account with this verified address, in the first workspace that has it."""
        for room in self._rooms:
            found = await room.accounts.look_up(email)
            if found is not None:
                return found
        return None

    async def check(self) -> list[Finding]:
        """Tokens, scopes and ways of each workspace."""
        try:
            return [
                finding
                for room in self._rooms
                async for finding in findings(
                    room.workspace, self.config, listens=bool(self._talks)
                )
            ]
        finally:
            if not self._talks:
                await self.close()

    async def _at(self, workspace: str) -> Room | None:
        """The room of a workspace. Raises Trouble while it cannot be known which one it is."""
        unknown: Trouble | None = None
        for room in self._rooms:
            try:
                if (await room.workspace.who()).id == workspace:
                    return room
            except Trouble as problem:
                unknown = problem
        if unknown is not None:
            raise unknown
        return None

    def _room(self, workspace: Workspace) -> Room:
        places = Places(workspace)
        posts = Posts(workspace, places, lambda: self._keep)
        return Room(workspace, places, Accounts(workspace), posts)

    def _talk(self, room: Room, handle: Handle) -> Talk:
        return Talk(room.workspace, room.accounts, room.places, handle, lambda: self._keep)

    def _served(self, talks: dict[Room, Talk]) -> web.Application | None:
        apps = {
            room.workspace.access: app(room.workspace, talk)
            for room, talk in talks.items()
            if not room.workspace.access.by_socket
        }
        return routes(apps) if apps else None
