"""The answer path: a check-in of five key results, heard, stored and answered."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from bot.chat.events import Submitted
from bot.chat.replies import Quiet, Say
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.running import Bot
from storage.letters import LETTER
from tests.bench.company import MORNING, PLATFORM, WEEK, Company, email
from tests.loopback import Loopback

TASKS = 10


@dataclass(frozen=True)
class Heard:
    """How a number of answers went."""

    answers: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share was answered."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def bot_of(company: Company) -> tuple[Bot, Loopback]:
    """The bot of a company on Thursday 3:00, nobody asked yet, everything planned."""
    platform = Loopback()
    clock = Clock(lambda: MORNING)
    return Bot(company.database, {PLATFORM: platform}, clock, "bench"), platform


def asked(session: Session) -> None:
    """As if everybody had been asked in this week and the last."""
    for words in (
        "UPDATE letter SET state = 'sent', message_id = 'm' || id, sent_at = due_at"
        f" WHERE kind = 'ask' AND week = {WEEK}",
        "INSERT INTO letter (key, week, {rest}) SELECT key || ':before', week - 1, {rest}"
        f" FROM letter WHERE kind = 'ask' AND week = {WEEK}",
    ):
        rest = [c.name for c in LETTER.c if c.name not in ("id", "key", "week")]
        names = ", ".join(f'"{name}"' for name in rest)
        session.connection().exec_driver_sql(words.format(rest=names))


def answer(company: Company, person: int, week: int, id: str, value: int) -> Submitted:
    """What a platform sends when somebody submits the form."""
    values: dict[str, str | tuple[str, ...]] = {}
    for kr in company.owned(person):
        values |= {f"value-{kr}": f"{value}.5", f"confidence-{kr}": "7", f"note-{kr}": "calls"}
    values |= {"meant": ("0",), "blocker": "", "helper": "", "by": "", "next-0": "Ask Nord"}
    opened = int(MORNING.timestamp()) - 40
    return Submitted(
        Actor(PLATFORM, "", email(person)),
        Destination(PLATFORM, "", f"dm:{email(person)}"),
        id,
        f"checkin:answer:1:{week}:{opened}",
        values,
    )


def answers(company: Company, first: int, count: int) -> Iterator[Submitted]:
    """New answers by different people for this week and the last, and as many edits of them."""
    new = [
        (person, week) for person in range(first, first + count // 4) for week in (WEEK, WEEK - 1)
    ]
    for n, ((person, week), value) in enumerate(itertools.product(new, (30, 31))):
        yield answer(company, person, week, f"a{first}-{n}", value)


async def hear(
    bot: Bot, platform: Loopback, events: Iterator[Submitted], tasks: int = TASKS
) -> Heard:
    """Ten at a time, each as soon as the one before was answered."""
    latencies: list[float] = []

    async def one_task() -> None:
        for event in events:
            start = time.perf_counter()
            reply = await bot.hear(platform, event)
            latencies.append(time.perf_counter() - start)
            assert isinstance(reply, Say | Quiet), reply

    start = time.perf_counter()
    await asyncio.gather(*(one_task() for _ in range(tasks)))
    return Heard(len(latencies), time.perf_counter() - start, latencies)
