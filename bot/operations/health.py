"""Whether the bot lives, and whether it does what it is there for: each part in one sentence."""

import shutil
import time
from pathlib import Path
from typing import NamedTuple

from bot.operations.pulse import MINUTE, Pulse
from bot.running import PLAN, TICK, Bot
from storage.backlog import Backlog, backlog
from storage.database import Unavailable

MISSED_BEATS = 4
LATE = 15 * MINUTE
"""Seconds a letter may wait while nothing at all is being sent."""
AT_WORK = 5 * MINUTE
LEAST_ROOM = 50 * 1024 * 1024


class Part(NamedTuple):
    """One thing that was looked at."""

    name: str
    well: bool
    says: str


def alive(pulse: Pulse) -> list[Part]:
    """Whoever gets this knows that the loop turns."""
    stall = round(pulse.longest_stall * 1000)
    says = f"The loop turns; its longest stall in the last minute was {stall} ms."
    return [Part("loop", True, says)]


async def ready(bot: Bot, pulse: Pulse, file: Path | None) -> list[Part]:
    """Everything that must be well for people to be asked and heard; `file` is SQLite's."""
    found, database = await _database(bot)
    return [
        database,
        _beat(pulse, "tick", TICK),
        _beat(pulse, "plan", PLAN),
        _letters(bot, pulse, found),
        _disk(pulse, file),
        _delivery(bot),
    ]


async def _database(bot: Bot) -> tuple[Backlog | None, Part]:
    now, since = bot.clock.now(), time.monotonic()
    try:
        found = await bot.database.read(lambda session: backlog(session, now, bot.adapters))
    except Unavailable as problem:
        return None, Part("database", False, f"The database does not answer: {problem}.")
    took = round((time.monotonic() - since) * 1000)
    return found, Part("database", True, f"The database answers, in {took} ms.")


def _beat(pulse: Pulse, job: str, every: float) -> Part:
    age = pulse.age(job)
    if age is None:
        return Part(job, False, f"There was no {job} yet.")
    says = f"The last {job} was {_long(age)} ago."
    if age > MISSED_BEATS * every:
        return Part(job, False, f"{says} There should be one every {_long(every)}.")
    return Part(job, True, says)


def _letters(bot: Bot, pulse: Pulse, found: Backlog | None) -> Part:
    if found is None:
        return Part("letters", False, "Without the database nobody knows what is due.")
    if found.oldest is None:
        return Part("letters", True, "No letter is due that could go.")
    waits = max((bot.clock.now() - found.oldest).total_seconds(), 0.0)
    says = f"{found.due} due, the oldest since {_long(waits)}"
    sent = pulse.age("sent")
    if found.at_work or (sent is not None and sent < AT_WORK):
        return Part("letters", True, f"{says}; they are being sent.")
    if waits > LATE:
        return Part("letters", False, f"{says}, and none is being sent.")
    return Part("letters", True, f"{says}.")


def _disk(pulse: Pulse, file: Path | None) -> Part:
    full = pulse.age("full")
    if full is not None and full < MINUTE:
        says = "The disk is full, and nothing can be saved: make room, the bot goes on by itself."
        return Part("disk", False, says)
    if file is None:
        return Part("disk", True, "The database has not run out of room.")
    free = shutil.disk_usage(file.parent).free
    if free < LEAST_ROOM:
        return Part("disk", False, f"Only {free // 1024**2} MB are free: make room.")
    return Part("disk", True, f"{free // 1024**3} GB are free.")


def _delivery(bot: Bot) -> Part:
    if bot.delivery.stopping:
        return Part("delivery", False, "The bot is stopping, and sends nothing more.")
    return Part("delivery", True, "Delivery sends whatever is due.")


def _long(seconds: float) -> str:
    """How long that is, short."""
    for unit, size in (("days", 172800.0), ("h", 7200.0), ("min", 120.0)):
        if seconds >= size:
            return f"{round(seconds / {'days': 86400, 'h': 3600, 'min': 60}[unit])} {unit}"
    return f"{round(seconds)} s"
