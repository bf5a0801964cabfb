"""The web page as a platform: an equal among adapters."""

import asyncio
import errno
import sqlite3

from aiohttp import web

from adapters.web.board import Board
from adapters.web.company import NAME, Company, actor, dm, profile
from adapters.web.live import Live
from adapters.web.rows import Message, Missing, Post
from adapters.web.server import Server
from adapters.web.settings import Settings
from bot.chat.adapter import Finding, Found, Handle, Keep, Outcome, Sent, TryLater, Undeliverable
from bot.chat.cards import Card
from bot.chat.events import Profile
from bot.chat.stage import Stage
from bot.chat.who import Actor, Destination

AGAIN = 5.0


class Web:
    """Shows, hears and sends on one page that plays the whole platform."""

    name = NAME
    rate = 200.0
    looks_up = True

    def __init__(self, stage: Stage, settings: Settings) -> None:
        self.settings = settings
        self._stage, self._company = stage, Company(stage)
        self._board = Board(settings.store)
        self._live = Live(self._board, lambda: stage.now().isoformat())

    def app(self, handle: Handle) -> web.Application:
        """The page's routes, for a server of one's own."""
        app = Server(self._stage, self._company, self._board, self._live, handle).app()

        async def end_streams(_: web.Application) -> None:
            await self._live.close()

        app.on_shutdown.append(end_streams)
        return app

    async def run(self, handle: Handle, keep: Keep) -> None:
        """Listen until cancelled."""
        runner = web.AppRunner(self.app(handle), access_log=None, shutdown_timeout=2)
        await runner.setup()
        try:
            await self._listen(runner)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
            await self.close()

    async def close(self) -> None:
        """Let go of the store; the next use opens it again."""
        await self._board.close()

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`."""
        if not await self._company.has(to):
            return Undeliverable(f"The page has no place called {to.address!r}.")
        now, key = self._stage.now(), f"letter:{key}" if key else ""
        try:
            if replaces:
                sent = await self._board.edit(to.address, replaces, card, key, now)
            else:
                (sent,) = await self._board.post(Post(to.address, card, now, key, under=under))
        except Missing:
            return Undeliverable(f"The message {replaces or under!r} is not in {to.address!r}.")
        except sqlite3.OperationalError:
            return TryLater(AGAIN)
        self._live.ring()
        return Sent(sent)

    async def find(self, to: Destination, key: str) -> str | None:
        """The message that was posted or edited with this key."""
        return await self._board.find(to.address, f"letter:{key}")

    async def messages(self, at: Destination, reader: str, most: int = 100) -> list[Message]:
        """The last messages that somebody reads there, oldest first, for tests and rehearsals."""
        return await self._board.page(at.address, reader, 2**62, most)

    async def profile(self, actor: Actor) -> Profile | None:
        """What the company knows of somebody."""
        face = await self._company.face(actor.id)
        return profile(face) if face else None

    async def look_up(self, email: str) -> Found | None:
        """The account with this e-mail address."""
        face = await self._company.face(email)
        return Found(actor(face), dm(face), profile(face)) if face else None

    async def check(self) -> list[Finding]:
        """Whether the store can be written, and where the page is."""
        where = f"http://{self.settings.host}:{self.settings.port}"
        try:
            await self._board.seat()
        except (OSError, sqlite3.Error, ValueError) as error:
            return [
                Finding(
                    "bad",
                    f"The page cannot keep messages in {self.settings.store}: {error}.",
                    "Name a file that can be written in OKR_WEB_STORE.",
                )
            ]
        if await self._is_taken():
            text = f"Port {self.settings.port} of the page is taken."
            remedy = "Stop who holds it, or choose another with OKR_WEB_PORT."
            return [Finding("bad", text, remedy, self.settings.port)]
        return [Finding("good", f"The page is at {where}, for this machine only.")]

    async def _is_taken(self) -> bool:
        """Whether somebody listens there: this bot perhaps."""
        try:
            _, line = await asyncio.open_connection(self.settings.host, self.settings.port)
        except OSError:
            return False
        line.close()
        return True

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self.settings.host, self.settings.port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise OSError(
                errno.EADDRINUSE,
                f"Port {port} is taken, by another okr perhaps. "
                "Stop that one, or choose another port with OKR_WEB_PORT",
            ) from None
