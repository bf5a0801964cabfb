"""Verbs of the command line reach the bot that holds the file."""

import asyncio
import json
import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from storage.database import DatabaseInUse, StorageError
from storage.handing import Refused, ask, serve, socket_of


async def add(verb: str, payload: dict[str, Any]) -> dict[str, Any]:
    if verb == "break":
        raise ZeroDivisionError
    if verb != "add":
        raise Refused(f"I do not know {verb}")
    return {"sum": sum(payload["numbers"])}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return socket_of(tmp_path / "okr.db")


async def test_the_bot_does_it_and_answers(path: Path) -> None:
    async with serve(path, add):
        assert path.stat().st_mode & 0o777 == 0o600
        assert await asyncio.to_thread(ask, path, "add", {"numbers": [1, 2]}) == {"sum": 3}
        many = {"numbers": [1] * 1_000_000}
        assert await asyncio.to_thread(ask, path, "add", many) == {"sum": 1_000_000}
    assert not path.exists()
    assert ask(path, "add", {}) is None


async def test_a_refusal_arrives_in_words_and_a_failure_without_its_insides(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(path, add):
        with pytest.raises(Refused, match="I do not know dance"):
            await asyncio.to_thread(ask, path, "dance", {})
        with caplog.at_level(logging.ERROR), pytest.raises(Refused, match="its log says why"):
            await asyncio.to_thread(ask, path, "break", {})
    assert "ZeroDivisionError" in caplog.text


async def test_the_socket_of_a_killed_bot_is_in_nobodys_way(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    assert ask(path, "add", {}) is None
    async with serve(path, add):
        assert await asyncio.to_thread(ask, path, "add", {"numbers": [2]}) == {"sum": 2}


async def test_two_bots_do_not_share_a_socket(path: Path) -> None:
    async with serve(path, add):
        with pytest.raises(DatabaseInUse, match="stop that one"):
            async with serve(path, add):
                pytest.fail("it was let in")
        assert await asyncio.to_thread(ask, path, "add", {"numbers": []}) == {"sum": 0}


async def test_a_file_of_that_name_is_left_alone(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(StorageError, match="in the way"):
        async with serve(path, add):
            pytest.fail("it was let in")
    assert path.read_text() == "mine"


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[1]\n", b'"x"\n', b"\xff\n", b'{"verb": 1'])
async def test_nonsense_is_refused(path: Path, line: bytes) -> None:
    async with serve(path, add):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(line)
        writer.write_eof()
        assert "refused" in json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()


async def test_who_hangs_up_harms_nobody(path: Path) -> None:
    async with serve(path, add):
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.close()
        await writer.wait_closed()
        assert await asyncio.to_thread(ask, path, "add", {"numbers": [1]}) == {"sum": 1}


async def test_a_deep_folder_has_a_socket_too(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 80) / "okr.db"
    deep.parent.mkdir()
    path = socket_of(deep)
    async with serve(path, add):
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert await asyncio.to_thread(ask, socket_of(deep), "add", {"numbers": [1]}) == {"sum": 1}
