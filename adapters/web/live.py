"""Live updates: each open page hears of every change, in order, from where it left off."""

import asyncio
from collections.abc import Callable

import msgspec
from aiohttp import web

from adapters.web.board import Board
from adapters.web.cards import render, typed
from adapters.web.company import is_dm
from adapters.web.rows import Message
from bot.chat.cards import Card

BEAT = 15.0
"""So often a line is sent though nothing happened, so that a dead connection is noticed."""


class Live:
    """A bell for each open page. Pages then look at the board themselves, so nothing is missed."""

    def __init__(self, board: Board, now: Callable[[], str]) -> None:
        self._board, self._now = board, now
        self._bells: set[asyncio.Event] = set()
        self._is_closing = False

    def ring(self) -> None:
        """Something was posted or edited, or the clock has moved."""
        for bell in self._bells:
            bell.set()

    async def close(self) -> None:
        """End every stream, so that stopping does not wait for pages to go away."""
        self._is_closing = True
        self.ring()

    async def follow(self, stream: web.StreamResponse, reader: str, since: int) -> None:
        """Tell this reader of every change after `since`, until they go."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            while not self._is_closing:
                bell.clear()
                since = await self._tell(stream, reader, since)
                await stream.write(_line("clock", {"now": self._now()}))
                await _wait(bell)
        except ConnectionError:
            return
        finally:
            self._bells.discard(bell)

    async def _tell(self, stream: web.StreamResponse, reader: str, since: int) -> int:
        while changes := await self._board.since(since):
            for message in changes:
                since = message.change
                if sees(reader, message):
                    await stream.write(_line("message", shown(message), since))
                elif not message.only_for:
                    told = {"place": message.place, "seat": message.seat, "bot": not message.author}
                    await stream.write(_line("stir", told, since))
        return since


def sees(reader: str, message: Message) -> bool:
    """Whether this reader may see the message."""
    if is_dm(message.place):
        return message.place == f"dm:{reader}"
    return message.only_for in {"", reader}


def shown(message: Message) -> dict[str, object]:
    """A message as the page receives it: its body is HTML, made and escaped here."""
    body = render(message.body) if isinstance(message.body, Card) else typed(message.body)
    return {
        "id": message.id,
        "place": message.place,
        "seat": message.seat,
        "author": message.author,
        "private": bool(message.only_for),
        "under": message.under,
        "html": str(body),
        "posted": message.posted.isoformat(),
        "edited": message.edited.isoformat() if message.edited else "",
    }


async def _wait(bell: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(bell.wait(), BEAT)
    except TimeoutError:
        return


def _line(kind: str, told: dict[str, object], change: int | None = None) -> bytes:
    number = f"id: {change}\n".encode() if change is not None else b""
    return number + f"event: {kind}\ndata: ".encode() + msgspec.json.encode(told) + b"\n\n"
