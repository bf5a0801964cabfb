"""From the start of `okr run` to the first answer over HTTP, and what it then holds of memory.

The floor is a page of one word, served by aiohttp alone.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psutil

from tests.bench.company import WEEK, email, found
from tests.bench.table import Figure, middle, ms
from tests.ports import free_port

PEOPLE = 1_000
ROOT = Path(__file__).parents[2]
TIMES = 3
AIM, REST, DEMO = 2.0, 120, 8.0
PATIENCE = 60.0
A_PAGE = """
import sys
from aiohttp import web
async def hello(_): return web.Response(text="hello")
app = web.Application()
app.add_routes([web.get("/", hello)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


def bench(folder: Path) -> Iterable[Figure]:
    """The bot on an existing database, then the demo from nothing."""
    today = datetime.now(UTC).date()
    starts = today - timedelta(days=today.weekday() + 7 * (WEEK - 1))
    found(folder, PEOPLE, starts, "web").database.close()
    _started(folder, [sys.executable, "-m", "bot", "run"], asks=True)  # its bytecode is written
    runs = [_started(folder, [sys.executable, "-m", "bot", "run"], asks=True) for _ in range(TIMES)]
    page = [_started(folder, [sys.executable, "-c", A_PAGE, "{port}"]) for _ in range(TIMES)]
    took, floor = middle(run[0] for run in runs), middle(run[0] for run in page)
    rest, bare = middle(run[1] for run in runs), middle(run[1] for run in page)
    yield Figure(
        f"okr run, {PEOPLE:,} people: start to first answer",
        ms(took),
        f"{ms(floor)} (aiohttp alone)",
        f"{took / floor:.1f}×",
        ms(AIM),
        took <= AIM,
    )
    yield Figure(
        "… its memory at rest",
        f"{rest:.0f} MB",
        f"{bare:.0f} MB (aiohttp alone)",
        f"{rest / bare:.1f}×",
        f"{REST} MB",
        rest <= REST,
    )
    demo = _started(folder, [sys.executable, "-m", "bot", "demo"])
    yield Figure("okr demo: start to page", ms(demo[0]), aim=ms(DEMO), reached=demo[0] <= DEMO)


def _started(folder: Path, words: Sequence[str], *, asks: bool = False) -> tuple[float, float]:
    """Seconds until a process answers, and its megabytes once it rests."""
    port = free_port()
    start = time.perf_counter()
    process = subprocess.Popen(
        [word.format(port=port) if word == "{port}" else word for word in words],
        cwd=folder,
        env=_environment(folder, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, asks=asks)
        took = time.perf_counter() - start
        time.sleep(3 if asks else 0)
        return took, psutil.Process(process.pid).memory_info().rss / 2**20
    finally:
        process.terminate()
        process.wait(20)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Ours, with bytecode kept as in an installed bot."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "DATABASE_URL": f"sqlite:///{folder / 'okr.db'}",
        "OKR_WEB_PORT": str(port),
        "OKR_WEB_STORE": str(folder / "web.db"),
        "OKR_PLATFORMS": "web",
    }


def _wait(process: subprocess.Popen[bytes], port: int, *, asks: bool) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(_request(port, asks=asks), timeout=10) as answer:  # noqa: S310 our own page
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise TimeoutError(f"no answer within {PATIENCE} s, exit {process.poll()}")


def _request(port: int, *, asks: bool) -> urllib.request.Request:
    here = f"http://127.0.0.1:{port}"
    if not asks:
        return urllib.request.Request(f"{here}/")  # noqa: S310 our own page
    me = email(1)
    told = {"type": "typed", "me": me, "at": f"dm:{me}", "id": f"start-{port}", "text": "checkin"}
    return urllib.request.Request(  # noqa: S310 our own page
        f"{here}/api/event",
        msgspec.json.encode(told),
        {"Origin": here, "Content-Type": "application/json"},
    )
