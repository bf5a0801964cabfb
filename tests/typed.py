"""What an admin types, as a process of its own that has loaded everything before.

A process that starts anew loads for a second, and there are a hundred of them: so each is a fork
of one that has loaded the command line and does nothing else. `okr.Running`, the demo and the
wheel start from nothing.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent.parent
NO_PORTS = {"OKR_WEB_PORT": "0", "OKR_OPS_PORT": "0"}
"""Whoever tests may have an okr of their own running."""
PATIENCE = 60.0

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["bot.__main__", "bot.running", "bot.flows", "adapters.web.adapter"])


def surroundings(**own: str) -> dict[str, str]:
    """The environment of a process of its own: this code, and no setting but what is said."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("OKR_", "DATABASE_URL"))}
    return {**known, "PYTHONPATH": str(HERE), **own}


def okr(
    room: Path, *words: str, typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """What `okr` with these words says in a folder, and its exit code."""
    ours = surroundings(**{"COLUMNS": "200", **NO_PORTS, **environment})
    with tempfile.TemporaryDirectory(prefix="okr-typed-") as name:
        streams = [Path(name, stream) for stream in ("in", "out", "err")]
        streams[0].write_text(typed)
        process = _forks.Process(target=_run, args=(room, words, ours, streams))
        process.start()
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["okr", *words], PATIENCE, streams[1].read_text())
        said = [stream.read_text() if stream.exists() else "" for stream in streams[1:]]
        return subprocess.CompletedProcess(["okr", *words], process.exitcode, *said)


def _run(
    room: Path, words: tuple[str, ...], environment: Mapping[str, str], streams: list[Path]
) -> None:
    """In the fork: become what a shell would have started."""
    for number, (stream, mode) in enumerate(
        zip(streams, (os.O_RDONLY, *[_WRITES] * 2), strict=True)
    ):
        opened = os.open(stream, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 they end with the process
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(room)
    sys.argv = ["okr", *words]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


_WRITES = os.O_WRONLY | os.O_CREAT
