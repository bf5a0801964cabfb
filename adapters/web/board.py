"""The messages that the page's platform keeps, in a small SQLite file of its own.

It survives `kill -9`: what was posted is committed before anybody is told so.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from adapters.web import rows
from adapters.web.rows import COLUMNS, Message, Post
from bot.chat.cards import Card

T = TypeVar("T")


class Board:
    """Posts, edits and finds messages, one statement at a time in one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="okr-web-board")
        self._connection: sqlite3.Connection | None = None
        self._seats = count(1)

    async def post(self, *posts: Post) -> list[str]:
        """Keep these messages; one whose key is there already is not posted again."""
        return await self._do(lambda db: [rows.post(db, post, next(self._seats)) for post in posts])

    async def edit(self, place: str, id: str, card: Card, key: str, at: datetime) -> str:  # noqa: A002 - the platform's own word
        """Put another card in the message's place, once for each key."""
        return await self._do(lambda db: rows.edit(db, place, id, card, key, at))

    async def find(self, place: str, key: str) -> str | None:
        """The message that was posted or edited with this key."""
        return await self._do(lambda db: rows.find(db, place, key))

    async def seat(self) -> int:
        """The next place in the order of all conversations, to be taken later."""
        return await self._do(lambda _: next(self._seats))

    async def page(self, place: str, reader: str, before: int, most: int) -> list[Message]:
        """The last messages before a seat that this reader may see, with all that is under them."""
        return await self._do(lambda db: rows.page(db, place, reader, before, most))

    async def since(self, change: int) -> list[Message]:
        """Everything that was posted or edited after this change."""
        where = f"SELECT {COLUMNS} FROM messages WHERE change > ? ORDER BY change LIMIT 500"  # noqa: S608 - a constant
        return await self._do(
            lambda db: [rows.message(row) for row in db.execute(where, (change,))]
        )

    async def change(self) -> int:
        """The newest change."""
        return await self._do(rows.newest)

    async def identity(self) -> int:
        """A number of this file alone, by which a page sees that another has taken its place."""
        ask = "PRAGMA application_id"
        return await self._do(lambda db: int(db.execute(ask).fetchone()[0]))

    async def latest(self) -> dict[str, int]:
        """The seat of the bot's newest message in each place."""
        ask = "SELECT place, max(seat) FROM messages WHERE author = '' GROUP BY place"
        return await self._do(lambda db: dict(db.execute(ask).fetchall()))

    async def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def in_thread() -> T:
            db = self._open()
            with db:
                db.execute("BEGIN IMMEDIATE")
                return work(db)

        return await asyncio.get_running_loop().run_in_executor(self._thread, in_thread)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = rows.connect(self._path)
            self._seats = count(rows.highest_seat(self._connection) + 1)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
