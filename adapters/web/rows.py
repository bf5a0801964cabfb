"""The page's messages as rows of SQLite: plain statements, each within the caller's transaction."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from secrets import randbits

import msgspec
from msgspec import Struct

from bot.chat.cards import Card, Text, Words

SHAPE = 1
PATIENCE = 5.0
"""For so many seconds a store that another program holds is waited for."""
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


def connect(path: Path) -> sqlite3.Connection:
    """WAL with NORMAL: safe against the end of the process, which is what a demo meets."""
    path.touch(0o600)
    db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
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


def post(db: sqlite3.Connection, post: Post, seat: int) -> str:
    if post.key and (there := find(db, post.place, post.key)):
        return there
    if post.under:
        _must_exist(db, post.place, post.under)
    fields = (
        post.place, post.seat or seat, newest(db) + 1, post.author, post.only_for,
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


def edit(db: sqlite3.Connection, place: str, id_: str, card: Card, key: str, at: datetime) -> str:
    if key and (there := find(db, place, key)):
        return there
    _must_exist(db, place, id_)
    db.execute(
        "UPDATE messages SET body = ?, edited = ?, change = ? WHERE number = ?",
        (msgspec.json.encode(card), at.isoformat(), newest(db) + 1, int(id_)),
    )
    _remember(db, place, key, id_)
    return id_


def find(db: sqlite3.Connection, place: str, key: str) -> str | None:
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


def newest(db: sqlite3.Connection) -> int:
    (change,) = db.execute("SELECT coalesce(max(change), 0) FROM messages").fetchone()
    return int(change)


def highest_seat(db: sqlite3.Connection) -> int:
    (seat,) = db.execute("SELECT coalesce(max(seat), 0) FROM messages").fetchone()
    return int(seat)


def page(db: sqlite3.Connection, place: str, reader: str, before: int, most: int) -> list[Message]:
    top = (
        "SELECT number FROM messages WHERE place = ? AND under = 0 AND only_for IN ('', ?)"
        " AND seat < ? ORDER BY seat DESC LIMIT ?"
    )
    ask = (
        f"WITH top AS ({top}) SELECT {COLUMNS} FROM messages"  # noqa: S608 - constants
        " WHERE number IN top OR (place = ? AND under IN top AND only_for IN ('', ?)) ORDER BY seat"
    )
    rows = db.execute(ask, (place, reader, before, most, place, reader))
    return [message(row) for row in rows]


def message(row: tuple[int, str, int, int, str, str, int, bytes, str, str]) -> Message:
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
