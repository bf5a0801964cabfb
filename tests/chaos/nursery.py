"""Where processes come from: forked from one that has loaded everything, in 10 ms and not in 1.5 s.

It reads orders as lines of JSON and answers each with one. When its orders end it ends all that it
has started, frozen ones too; and when it is itself killed they are.
"""

import asyncio
import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import msgspec
from sqlalchemy.orm import configure_mappers

from bot.flows import flows
from bot.texts import Voice
from tests.chaos import platform, worker
from tests.chaos.worker import Orders

ROOT = Path(__file__).parents[2]
DIES_WITH_ITS_PARENT = 1  # PR_SET_PDEATHSIG


class Nursery:
    """The test's end of it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"], cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def platform(self, log: Path) -> str:
        """Start a platform; its address."""
        return str(self._ask(start="platform", log=str(log), orders=None)["address"])

    def worker(self, log: Path, orders: Orders) -> int:
        """Start a worker; its process id."""
        told = msgspec.to_builtins(orders)
        return int(self._ask(start="worker", log=str(log), orders=told)["pid"])

    def wait(self, pid: int, seconds: float) -> int | None:
        """How a worker ended (as `Popen.returncode`), or None if it has not."""
        code: int | None = self._ask(wait=pid, seconds=seconds)["code"]
        return code

    def close(self) -> None:
        """End whatever still runs."""
        if self._process.stdin is not None and self._process.stdout is not None:
            self._process.stdin.close()
            self._process.wait(20)
            self._process.stdout.close()

    def _ask(self, **order: object) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("it has no pipes")
        self._process.stdin.write(json.dumps(order) + "\n")
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the nursery is gone")
        found: dict[str, Any] = json.loads(answer)
        return found


class _Children:
    def __init__(self) -> None:
        self.alive: set[int] = set()

    def start(self, log: str, work: Callable[[], None]) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            _live(log, work)
        self.alive.add(pid)
        return pid

    def wait(self, pid: int, seconds: float) -> int | None:
        until = time.monotonic() + seconds
        while True:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self.alive.discard(pid)
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() >= until:
                return None
            time.sleep(0.005)

    def end(self) -> None:
        for pid in self.alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.alive:
            os.waitpid(pid, 0)


def _live(log: str, work: Callable[[], None]) -> NoReturn:
    """In the child: no pipe of its parent's stays with it, and nothing of its parent's is run."""
    code = 1
    try:
        with suppress(AttributeError):  # only Linux has it
            ctypes.CDLL(None).prctl(DIES_WITH_ITS_PARENT, signal.SIGKILL)
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, file in enumerate((nothing, said, said)):
            os.dup2(file, number)
        random.seed()
        work()
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Obey until there are no more orders."""
    configure_mappers()
    flows()
    Voice().line("hear.unsaved_title")
    children = _Children()
    try:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(_obey(children, json.loads(line))) + "\n")
            sys.stdout.flush()
    finally:
        children.end()


def _obey(children: _Children, order: dict[str, Any]) -> dict[str, Any]:
    if "wait" in order:
        return {"code": children.wait(order["wait"], order["seconds"])}
    if order["start"] == "platform":
        sock = socket.create_server(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        children.start(order["log"], lambda: asyncio.run(platform.serve(sock)))
        sock.close()
        return {"address": f"http://127.0.0.1:{port}"}
    orders = msgspec.convert(order["orders"], Orders)
    return {"pid": children.start(order["log"], lambda: worker.work(orders))}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the tests, which then close it
    main()
