"""Where a worker dies or freezes: inside a transaction, right after it, around a send."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from storage import outbox
from tests.chaos.far import Far

POINTS = (
    "claim/inside",
    "claim/after",
    "write_cards/inside",
    "write_cards/after",
    "fence/inside",
    "fence/after",
    "send/before",
    "send/after",
    "mark_sent/inside",
    "mark_sent/after",
)
"""In the order in which a letter passes them; `inside` is before the commit, `after` behind it."""

SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP}


def arm(point: str) -> None:
    """Strike when the n-th letter or batch passes: `fence/after:kill:3`."""
    where, how, nth = point.split(":")
    what, when = where.split("/")
    left = int(nth)

    def passed() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    def strike(*_: object) -> None:
        os.kill(os.getpid(), SIGNALS[how])

    if what == "send":
        _around_send(strike, passed, when)
    else:
        _around_unit(what, strike, passed, when)


def _around_unit(
    what: str, strike: Callable[..., None], passed: Callable[[], bool], when: str
) -> None:
    real = getattr(outbox, what)

    def armed(session: Session, *args: Any, **more: Any) -> Any:
        done = real(session, *args, **more)
        if done != [] and passed():  # nothing was claimed
            if when == "inside":
                strike()
            else:
                event.listen(session, "after_commit", strike, once=True)
        return done

    setattr(outbox, what, armed)


def _around_send(strike: Callable[..., None], passed: Callable[[], bool], when: str) -> None:
    real = Far.send

    async def armed(self: Far, *args: Any, **more: Any) -> Any:
        due = passed()
        if due and when == "before":
            strike()
        outcome = await real(self, *args, **more)
        if due and when == "after":
            strike()
        return outcome

    setattr(Far, "send", armed)  # noqa: B010 mypy refuses the assignment of a method
