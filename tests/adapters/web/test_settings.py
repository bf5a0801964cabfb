"""Where the page listens."""

import asyncio
import socket
from pathlib import Path

import pytest

from adapters import load
from adapters.web.adapter import Web
from adapters.web.settings import Settings
from tests.adapters.stages import Ear, Memory, Still
from tests.ports import free_port


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.5", "::", "okr.example.org", ""])
def test_no_other_than_loopback(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("OKR_WEB_HOST", host)
    with pytest.raises(ValueError, match=r"OKR_WEB_HOST.*loopback only"):
        load("web", Still())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_loopback(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("OKR_WEB_HOST", host)
    assert load("web", Still()).name == "web"


def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_WEB_PORT", "many")
    with pytest.raises(ValueError, match="OKR_WEB_PORT"):
        load("web", Still())


async def test_a_taken_port_names_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        page = Web(Still(), Settings(port=port, store=tmp_path / "web.db"))
        with pytest.raises(OSError, match=f"Port {port} is taken.*OKR_WEB_PORT"):
            await page.run(Ear(), Memory())


async def test_it_listens_until_cancelled_and_lets_go_of_streams(tmp_path: Path) -> None:
    port = free_port()
    page = Web(Still(), Settings(port=port, store=tmp_path / "web.db"))
    running = asyncio.create_task(page.run(Ear(), Memory()))
    reader, writer = await _connect(port)
    writer.write(b"GET /api/live?me=bob@example.org HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"200" in await reader.readline()
    running.cancel()
    async with asyncio.timeout(1.5):
        with pytest.raises(asyncio.CancelledError):
            await running
    writer.close()


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
    raise TimeoutError
