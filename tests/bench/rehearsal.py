"""A rehearsal of 1,000 people: copied, planned, written and handed over.

13 weeks with nobody answering, and two quarters with all rituals and everybody's usual answers.

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
from bot.rehearsal.play import Answers, Rehearsal
from storage.copying import copy_of
from storage.database import Database
from storage.letters import Letter
from tests.bench.company import MORNING, PLATFORM, found
from tests.bench.table import Figure, ms

PEOPLE, WEEKS, QUARTERS = 1_000, 13, 26
AIM, OF_QUARTERS = 60.0, 150.0
A_FEW = 200


def bench(folder: Path) -> Iterable[Figure]:
    """From week 5 on."""
    found(folder, PEOPLE).database.close()
    yield _played(folder, WEEKS, "none", AIM)
    yield _played(folder, QUARTERS, "typical", OF_QUARTERS)


def _played(folder: Path, weeks: int, answers: Answers, aim: float) -> Figure:
    start, worked = time.perf_counter(), time.process_time()
    copied = folder / f"copy-{weeks}.db"
    with closing(copy_of(f"sqlite:///{folder / 'okr.db'}", copied)) as copy:
        rehearsal = Rehearsal(copy, MORNING, platform=PLATFORM, answers=answers)
        account = asyncio.run(rehearsal.play(weeks))
        took, work = time.perf_counter() - start, time.process_time() - worked
        floor = _said_again(copy)
    sent = account.messages + account.edits
    how = "nobody answering" if answers == "none" else f"{answers} answers"
    return Figure(
        f"{weeks} weeks of {PEOPLE:,} people rehearsed, {how}, {sent:,} messages",
        f"{ms(took)} with {work / took:.0%} of a processor, {ms(took / sent)} a message",
        f"{ms(floor)} (their JSON alone)",
        f"{took / floor:.0f}×",
        ms(aim),
        took <= aim,
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
