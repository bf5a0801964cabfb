"""What a reader of the platform could know, and the rows before and after a step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from bot.chat.cards import Card
from tests.loopback import Message

Rows = Mapping[str, Row[Any]]
"""The letters by their keys."""


class Attempt(NamedTuple):
    """Somebody began to send something."""

    key: str
    worker: str
    moment: int
    now: datetime
    latest: datetime
    due: datetime | None
    """When it was to be sent, as far as known by then: what was refused may be moved later."""
    paused: bool
    woken: bool
    """Its worker had been frozen and knew nothing of what happened meanwhile."""


class Posting(NamedTuple):
    """A message appeared."""

    key: str
    to: str
    card: Card
    moment: int


class Week(NamedTuple):
    """One week of one person."""

    cycle: int
    number: int
    person: int


@dataclass
class Said:
    """What somebody answered: since which moment, and their newest words."""

    since: int
    words: str = ""


@dataclass
class Witness:
    """The machine's memory. `moment` only orders what happened; it is no time."""

    now: datetime
    budget: int = 2
    looks_up: bool = True
    moment: int = 0
    latest: datetime = field(init=False)
    paused: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    messages: Sequence[Message] = ()
    said: dict[Week, Said] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    """Keys of letters of which nobody could tell whether they had arrived."""
    refused: set[str] = field(default_factory=set)
    """Keys that the platform took for no address of its own."""
    excused: set[str] = field(default_factory=set)
    """Keys of letters that stood still between their fence and their sending."""
    forgotten: Counter[str] = field(default_factory=Counter)
    """Keys of messages younger than the backup that was restored, and how often."""
    blurred: set[Week] = field(default_factory=set)
    """Weeks of which an answer is younger than the backup that was restored."""
    before: Rows = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    lease_left: Mapping[str, float] = field(default_factory=dict)
    """Seconds that each claimed letter is still claimed for."""
    at_rest: set[str] = field(default_factory=set)
    """Workers that have come to the end of their round in peace."""

    def __post_init__(self) -> None:
        self.latest = self.now

    def happens(self) -> int:
        """The number of what happens now."""
        self.moment += 1
        return self.moment

    def is_it(self, now: datetime) -> None:
        """It is this time now; the clock may also have been set back."""
        self.now, self.latest = now, max(now, self.latest)


def week_of(key: str) -> Week | None:
    """Whose week a question or a reminder is about."""
    flow, _, rest = key.partition(":")
    kind, *numbers = rest.split(":")
    if flow != "checkin" or kind not in ("ask", "reminder"):
        return None
    cycle, week, person = numbers[:3]
    return Week(int(cycle), int(week), int(person))
