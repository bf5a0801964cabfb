"""`okr demo` as a visitor starts it: a process of its own, in a folder of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.ports import free_port

IN_WEEK_FIVE = "2026-11-05"
PATIENCE = 60.0


@asynccontextmanager
async def demo(folder: Path, *more: str, kill_after: float | None = None) -> AsyncIterator[str]:
    """The demo's address, for as long as the block lasts; or `kill -9` so many seconds later."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--on", IN_WEEK_FIVE, *more,
        cwd=folder,
        env={**os.environ, "OKR_WEB_PORT": str(port), "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(_answers, address):
                assert process.returncode is None, "the demo did not start"
                await asyncio.sleep(0.2)
        if kill_after is not None:
            asyncio.get_running_loop().call_later(kill_after, process.kill)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/api/world", timeout=5) as reply:  # noqa: S310 our own loopback
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False
