"""Ports for servers that a test starts later."""

import os
import random
import socket

FIRST, EACH, WORKERS = 15_000, 1_000, 16
"""Below those that the system gives away by itself, so that no connection takes one meanwhile."""


def free_port() -> int:
    """A port that nothing listens on, and that no other worker of this run is offered."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    first = FIRST + EACH * worker
    for port in random.sample(range(first, first + EACH), EACH):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("every port is taken")
