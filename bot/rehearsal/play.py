"""A rehearsal from its first moment to its last, on a copy that it may change as it likes."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, assert_never

from sqlmodel import Session

from bot import term
from bot.chat.adapter import Adapter
from bot.clock import Clock
from bot.duties import Duties
from bot.rehearsal.account import Account, account
from bot.rehearsal.manners import Silent, Typical
from bot.rehearsal.passage import Nobody, Passage
from bot.rehearsal.players import Players
from bot.rehearsal.post import Post, Posted
from bot.rehearsal.rounds import WORKER, Rounds
from bot.texts import Voice
from storage import copying, cycles, organisation, people, rehearsing
from storage.database import Database

Answers: TypeAlias = Literal["none", "typical", "silent"]

SELDOM = 10_000
"""Things made and still there after which their garbage is searched for."""
NOT_SET_UP = (
    "There is nobody in this database yet: run okr init, then import people with okr import."
)
NO_CYCLE = "There is no cycle to play: type “setup cycle” and its first Monday to the bot."


class NothingToPlay(ValueError):
    """There is nothing to rehearse yet; the message says what to do."""


@dataclass(frozen=True)
class Assumed:
    """What is taken for granted, so that there is something to see.

    `off` is how the bot really stands where it sends nothing, else "", and `go` what switches it
    on. `platform` is where everybody is taken to have an account, where nobody was looked for yet,
    else "".
    """

    off: str = ""
    platform: str = ""
    go: str = ""


class Rehearsal:
    """`platform` is the one that people without any account are sought on."""

    def __init__(self, copy: Database, start: datetime, *, platform: str, answers: Answers) -> None:
        """Make the copy ready. Raises NothingToPlay where there is no organisation or cycle."""
        self._copy = copy
        self._start = start
        self._answers = answers
        self._posted: list[Posted] = []
        clock = Clock(lambda: start)
        self.assumed = copy.write_now(lambda s: _assume(s, platform, start), patience=None)
        adapters: dict[str, Adapter] = {}
        self._rounds = Rounds(copy, adapters, clock)
        players = self._troupe(clock)
        listen = players.listen if players else None
        for name in copy.read_now(rehearsing.platforms, patience=None) | {platform}:
            known = name == self.assumed.platform
            adapters[name] = Post(name, clock, self._posted, listen, knows_everybody=known)
        self._duties = Duties(copy, adapters, clock, WORKER)
        self._players = players
        self.passage = Passage(self._rounds, players or Nobody(), self._passed)
        self._tell: Callable[[datetime], None] | None = None

    async def play(self, weeks: int, tell: Callable[[datetime], None] | None = None) -> Account:
        """All that happens until then; `tell` hears of every moment on the way."""
        self._tell = tell
        with _seldom_searched():
            if self.assumed.platform:
                await self._duties.rollup()
            if self._players is not None:
                await self._players.remember()
            await self.passage.go_to(self._start + timedelta(weeks=weeks))
            await self._rounds.close()
        return await self._copy.read(
            lambda session: account(
                session,
                self._posted,
                list(self._rounds.over.values()),
                self._start,
                self._rounds.clock.now(),
            ),
            patience=None,
        )

    async def _passed(self, moment: datetime) -> None:
        await asyncio.sleep(0)  # the copy never lets the loop go by itself
        if self._tell is not None:
            self._tell(moment)

    def _troupe(self, clock: Clock) -> Players | None:
        match self._answers:
            case "none":
                return None
            case "typical":
                return Players(self._copy, clock, Typical(), self._rounds.answered)
            case "silent":
                return Players(self._copy, clock, Silent(), self._rounds.answered)
            case _:
                assert_never(self._answers)


@contextmanager
def _seldom_searched() -> Iterator[None]:
    """To search for garbage as often as Python does takes a tenth of the time of a rehearsal.

    There is little of it, and what is loaded by now is none.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _assume(session: Session, platform: str, now: datetime) -> Assumed:
    """Make the copy ready to be played, and say what that takes."""
    copying.let_go(session)
    ours = organisation.organisation(session)
    if ours is None:
        raise NothingToPlay(NOT_SET_UP)
    off = ours.running if ours.running in ("waiting", "paused") else ""
    if off:
        ours.running, ours.changed_at = "on", now
        session.add(ours)
        session.flush()
    term.turn(session, now)
    if cycles.latest(session) is None:
        raise NothingToPlay(NO_CYCLE)
    nobody = not people.identities(session)
    go = Voice(ours.language).line("setup.typed_go")
    return Assumed(off, platform if nobody else "", go)
