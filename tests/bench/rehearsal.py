"""A rehearsal of 1,000 people over 13 weeks: copied, planned, written and handed over.

The floor is the same number of cards turned to JSON and back: nothing is said for less.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
from sqlmodel import Session, col, select

from bot.chat.cards import Card
from bot.rehearsal.play import Rehearsal
from storage.copying import copy_of
from storage.database import Database
from storage.letters import Letter
from tests.bench.company import MORNING, PLATFORM, found
from tests.bench.table import Figure, ms

PEOPLE, WEEKS = 1_000, 13
AIM = 60.0
A_FEW = 200


def bench(folder: Path) -> Iterable[Figure]:
    """From week 5 on, nobody answering: so most is sent."""
    found(folder, PEOPLE).database.close()
    start = time.perf_counter()
    with closing(copy_of(f"sqlite:///{folder / 'okr.db'}", folder / "copy.db")) as copy:
        rehearsal = Rehearsal(copy, MORNING, platform=PLATFORM, answers="none")
        account = asyncio.run(rehearsal.play(WEEKS))
        took = time.perf_counter() - start
        floor = _said_again(copy)
    sent = account.messages + account.edits
    yield Figure(
        f"{WEEKS} weeks of {PEOPLE:,} people rehearsed, {sent:,} messages",
        f"{ms(took)}, {ms(took / sent)} a message",
        f"{ms(floor)} (their JSON alone)",
        f"{took / floor:.0f}×",
        ms(AIM),
        took <= AIM,
    )


def _said_again(copy: Database) -> float:
    """How long the cards take by themselves, a few read at a time."""
    took, last = 0.0, 0
    while cards := copy.read_now(partial(_cards, after=last), patience=None):
        last = cards[-1][0]
        start = time.perf_counter()
        for _, card in cards:
            msgspec.json.encode(msgspec.json.decode(card, type=Card))
        took += time.perf_counter() - start
    return took


def _cards(session: Session, after: int) -> list[tuple[int, str]]:
    written = select(Letter.id, Letter.card).where(col(Letter.id) > after)
    few = written.where(col(Letter.card).is_not(None)).order_by(col(Letter.id)).limit(A_FEW)
    return [(number, card) for number, card in session.exec(few) if number and card]
