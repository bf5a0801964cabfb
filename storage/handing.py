"""Hands the work of a command-line verb to the bot that runs on the same SQLite file.

Only one process may write to the file, so the others ask it over a Unix socket beside the file:
one line of JSON there, one back. Where no bot runs the verb does the work itself.
"""

import asyncio
import hashlib
import json
import logging
import os
import socket
import stat
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from storage.database import DatabaseInUse, StorageError

Payload: TypeAlias = dict[str, Any]
Take: TypeAlias = Callable[[str, Payload], Awaitable[Payload]]
"""Does the work of a verb; what it raises as `Refused` is shown to whoever asked."""

LONGEST = 32 * 1024 * 1024  # an import of a large company
_PATIENCE_TO_READ = 10.0
_LONGEST_PATH = 100  # a socket's path holds 107 bytes on Linux, 103 on macOS

_log = logging.getLogger(__name__)


class Refused(StorageError):
    """The running bot did not do it, and says why in plain words."""


def socket_of(database: Path) -> Path:
    """The socket beside a database file; in a private folder where that path would be too long."""
    database = database.absolute()
    beside = database.with_name(f"{database.name}.sock")
    if len(os.fsencode(beside)) <= _LONGEST_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(database)).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"okr-{os.getuid()}" / f"{name}.sock"


@asynccontextmanager
async def serve(path: Path, take: Take) -> AsyncIterator[None]:
    """Take work over this socket while the block lasts."""
    _make_private_folder(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _bind(listener, path)
        at_work: set[asyncio.Task[None]] = set()

        def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(_answer(reader, writer, take))
            at_work.add(task)
            task.add_done_callback(at_work.discard)

        server = await asyncio.start_unix_server(meet, sock=listener, limit=LONGEST)
    except BaseException:
        listener.close()
        raise
    try:
        yield
    finally:
        _remove(path)
        server.close()
        if at_work:
            _, late = await asyncio.wait(at_work, timeout=_PATIENCE_TO_READ)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await server.wait_closed()


def ask(path: Path, verb: str, payload: Payload, *, patience: float = 120.0) -> Payload | None:
    """Have the running bot do it; None when no bot runs there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(patience)
        try:
            line.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        try:
            line.sendall(json.dumps({"verb": verb, "payload": payload}).encode() + b"\n")
            with line.makefile("rb") as replies:
                reply = json.loads(replies.readline(LONGEST))
        except (OSError, ValueError) as problem:
            raise Refused(
                "the running bot took the work but did not answer: see its log for what was done"
            ) from problem
    if "refused" in reply:
        raise Refused(reply["refused"])
    done: Payload = reply["done"]
    return done


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take) -> None:
    try:
        reply = await _do(reader, take)
        writer.write(json.dumps(reply).encode() + b"\n")
        with suppress(ConnectionError):
            await writer.drain()
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _do(reader: asyncio.StreamReader, take: Take) -> Payload:
    try:
        line = await asyncio.wait_for(reader.readline(), _PATIENCE_TO_READ)
        asked = json.loads(line)
        verb, payload = str(asked["verb"]), dict(asked["payload"])
    except (TimeoutError, ValueError, KeyError, TypeError):  # an overlong line is a ValueError
        return {"refused": "this was no request, or it was too long"}
    try:
        return {"done": await take(verb, payload)}
    except StorageError as problem:
        return {"refused": str(problem)}
    except Exception:
        _log.exception("the verb %r failed", verb)
        return {"refused": f"{verb} failed in the running bot; its log says why"}


def _bind(listener: socket.socket, path: Path) -> None:
    try:
        listener.bind(str(path))
    except OSError:
        if _is_alive(path):
            raise DatabaseInUse(f"another bot listens at {path}: stop that one first") from None
        path.unlink()  # left behind by one that was killed
        listener.bind(str(path))
    path.chmod(0o600)  # before it listens


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _is_alive(path: Path) -> bool:
    if not stat.S_ISSOCK(path.lstat().st_mode):
        raise StorageError(f"{path} is in the way: it is not a socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def _make_private_folder(path: Path) -> None:
    """Only for the folder that is ours: nobody else may put a socket there."""
    folder = path.parent
    if folder.name != f"okr-{os.getuid()}":
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StorageError(f"{folder} belongs to somebody else, or others may write there")
