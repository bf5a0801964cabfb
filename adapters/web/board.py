"""The messages that the page's platform keeps, in a small SQLite file of its own.

It survives `kill -9`: what was posted is committed before anybody is told so.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import randbits
from typing import TypeVar

import msgspec
from msgspec import Struct

from bot.chat.cards import Card, Text, Words

T = TypeVar("T")

SHAPE = 1
SCHEMA = """
CREATE TABLE messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    seat INTEGER NOT NULL,
    change INTEGER NOT NULL,
    author TEXT NOT NULL,
    only_for TEXT NOT NULL,
    under INTEGER NOT NULL,
    body BLOB NOT NULL,
    posted TEXT NOT NULL,
    edited TEXT NOT NULL
);
CREATE INDEX by_place ON messages (place, under, seat);
CREATE INDEX by_change ON messages (change);
CREATE TABLE keys (
    place TEXT NOT NULL,
    key TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES messages,
    PRIMARY KEY (place, key)
) WITHOUT ROWID;
"""
COLUMNS = "number, place, seat, change, author, only_for, under, body, posted, edited"
GONE = Card("", (Text((Words("This message was written by an older version."),), "quiet"),))


class Message(Struct, frozen=True):
    """One message. `seat` orders a conversation, `change` grows with every post and edit."""

    id: str
    place: str
    seat: int
    change: int
    author: str
    only_for: str
    under: str
    body: Card | str
    posted: datetime
    edited: datetime | None


class Post(Struct, frozen=True, omit_defaults=True):
    """A message to be kept. `author` is empty for the bot, `only_for` for everybody."""

    place: str
    body: Card | str
    at: datetime
    key: str = ""
    author: str = ""
    only_for: str = ""
    under: str = ""
    seat: int = 0


class Missing(LookupError):
    """There is no such message in this place."""


class Board:
    """Posts, edits and finds messages, one statement at a time in one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="okr-web-board")
        self._connection: sqlite3.Connection | None = None
        self._seats = count(1)

    async def post(self, *posts: Post) -> list[str]:
        """Keep these messages; one whose key is there already is not posted again."""
        return await self._do(lambda db: [_post(db, post, next(self._seats)) for post in posts])

    async def edit(self, place: str, id: str, card: Card, key: str, at: datetime) -> str:  # noqa: A002 - the platform's own word
        """Put another card in the message's place, once for each key."""
        return await self._do(lambda db: _edit(db, place, id, card, key, at))

    async def find(self, place: str, key: str) -> str | None:
        """The message that was posted or edited with this key."""
        return await self._do(lambda db: _find(db, place, key))

    async def seat(self) -> int:
        """The next place in the order of all conversations, to be taken later."""
        return await self._do(lambda _: next(self._seats))

    async def page(self, place: str, reader: str, before: int, most: int) -> list[Message]:
        """The last messages before a seat that this reader may see, with all that is under them."""
        return await self._do(lambda db: _page(db, place, reader, before, most))

    async def since(self, change: int) -> list[Message]:
        """Everything that was posted or edited after this change."""
        where = f"SELECT {COLUMNS} FROM messages WHERE change > ? ORDER BY change LIMIT 500"  # noqa: S608 - a constant
        return await self._do(lambda db: [_message(row) for row in db.execute(where, (change,))])

    async def change(self) -> int:
        """The newest change."""
        return await self._do(_newest)

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
            self._connection = _connect(self._path)
            self._seats = count(_highest_seat(self._connection) + 1)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(path: Path) -> sqlite3.Connection:
    """WAL with NORMAL: safe against the end of the process, which is what a demo meets."""
    db = sqlite3.connect(path, isolation_level=None, timeout=5)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    (shape,) = db.execute("PRAGMA user_version").fetchone()
    if shape == 0:
        db.executescript(
            f"BEGIN; {SCHEMA} PRAGMA application_id = {randbits(31)};"
            f" PRAGMA user_version = {SHAPE}; COMMIT;"
        )
    elif shape != SHAPE:
        db.close()
        raise ValueError(
            f"{path} was written by another version of okr (shape {shape}, not {SHAPE}). "
            "Move it away, or name another file in OKR_WEB_STORE."
        )
    return db


def _post(db: sqlite3.Connection, post: Post, seat: int) -> str:
    if post.key and (there := _find(db, post.place, post.key)):
        return there
    if post.under:
        _must_exist(db, post.place, post.under)
    fields = (
        post.place, post.seat or seat, _newest(db) + 1, post.author, post.only_for,
        int(post.under or 0), msgspec.json.encode(post.body), post.at.isoformat(), "",
    )  # fmt: skip
    ask = (
        "INSERT INTO messages (place, seat, change, author, only_for, under, body, posted, edited)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    with closing(db.execute(ask, fields)) as cursor:
        id_ = str(cursor.lastrowid)
    _remember(db, post.place, post.key, id_)
    return id_


def _edit(db: sqlite3.Connection, place: str, id_: str, card: Card, key: str, at: datetime) -> str:
    if key and (there := _find(db, place, key)):
        return there
    _must_exist(db, place, id_)
    db.execute(
        "UPDATE messages SET body = ?, edited = ?, change = ? WHERE number = ?",
        (msgspec.json.encode(card), at.isoformat(), _newest(db) + 1, int(id_)),
    )
    _remember(db, place, key, id_)
    return id_


def _find(db: sqlite3.Connection, place: str, key: str) -> str | None:
    ask = "SELECT message FROM keys WHERE place = ? AND key = ?"
    row = db.execute(ask, (place, key)).fetchone()
    return str(row[0]) if row else None


def _remember(db: sqlite3.Connection, place: str, key: str, id_: str) -> None:
    if key:
        db.execute("INSERT INTO keys VALUES (?, ?, ?)", (place, key, int(id_)))


def _must_exist(db: sqlite3.Connection, place: str, id_: str) -> None:
    ask = "SELECT 1 FROM messages WHERE number = ? AND place = ?"
    is_number = id_.isascii() and id_.isdigit() and len(id_) < 19
    if not is_number or not db.execute(ask, (int(id_), place)).fetchone():
        raise Missing(id_)


def _newest(db: sqlite3.Connection) -> int:
    (change,) = db.execute("SELECT coalesce(max(change), 0) FROM messages").fetchone()
    return int(change)


def _highest_seat(db: sqlite3.Connection) -> int:
    (seat,) = db.execute("SELECT coalesce(max(seat), 0) FROM messages").fetchone()
    return int(seat)


def _page(db: sqlite3.Connection, place: str, reader: str, before: int, most: int) -> list[Message]:
    top = (
        "SELECT number FROM messages WHERE place = ? AND under = 0 AND only_for IN ('', ?)"
        " AND seat < ? ORDER BY seat DESC LIMIT ?"
    )
    ask = (
        f"WITH top AS ({top}) SELECT {COLUMNS} FROM messages"  # noqa: S608 - constants
        " WHERE number IN top OR (place = ? AND under IN top AND only_for IN ('', ?)) ORDER BY seat"
    )
    rows = db.execute(ask, (place, reader, before, most, place, reader))
    return [_message(row) for row in rows]


def _message(row: tuple[int, str, int, int, str, str, int, bytes, str, str]) -> Message:
    number, place, seat, change, author, only_for, under, body, posted, edited = row
    return Message(
        id=str(number),
        place=place,
        seat=seat,
        change=change,
        author=author,
        only_for=only_for,
        under=str(under) if under else "",
        body=_body(body),
        posted=datetime.fromisoformat(posted),
        edited=datetime.fromisoformat(edited) if edited else None,
    )


def _body(body: bytes) -> Card | str:
    try:
        return msgspec.json.decode(body, type=Card | str)
    except msgspec.ValidationError:
        return GONE
