"""One week of 1,000 people in business time, every message written and sent to a fake platform.

The floor is the same number of cards turned to JSON and back: nothing is said for less.
"""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import msgspec

from bot.chat.cards import Card
from bot.clock import Clock
from bot.running import Bot
from tests.bench.company import MORNING, PLATFORM, found
from tests.bench.table import Figure, ms
from tests.loopback import Loopback

PEOPLE = 1_000
AIM = 60 / 13
"""Thirteen weeks in a minute."""


def bench(folder: Path) -> Iterable[Figure]:
    """From Monday to Monday, nobody answering."""
    company = found(folder, PEOPLE)
    platform = Loopback(rate=1e9)
    bot = Bot(company.database, {PLATFORM: platform}, Clock(lambda: MORNING), "bench")
    start = time.perf_counter()
    sent = asyncio.run(bot.go_to(MORNING + timedelta(days=7)))
    took = time.perf_counter() - start
    company.database.close()
    floor = _said_again(platform)
    yield Figure(
        f"A week of {PEOPLE:,} people played, {sent:,} messages",
        f"{ms(took)}, {ms(took / sent)} a message",
        f"{ms(floor)} (their JSON alone)",
        f"{took / floor:.0f}×",
        f"{ms(AIM)} (13 weeks in 60 s)",
        took <= AIM,
    )


def _said_again(platform: Loopback) -> float:
    start = time.perf_counter()
    for message in platform.messages:
        msgspec.json.decode(msgspec.json.encode(message.card), type=Card)
    return time.perf_counter() - start
