"""Is told what happens, where it happens."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.chat.adapter import Outcome
from bot.chat.events import Event, Report
from bot.chat.replies import Answer, Reply
from storage.database import Unavailable
from storage.letters import Letter


class Answered(NamedTuple):
    """Somebody's first answer of a week, and when it was stored."""

    cycle_id: int
    week: int
    person_id: int
    at: datetime


class Witness:
    """Says and changes nothing. Each method is called once the thing is done, and never fails."""

    def brought(self, letter: Letter, outcome: Outcome, now: datetime, again: float | None) -> None:
        """An attempt was made and marked; `again` says in how many seconds the next one is."""

    def expired(self, letters: Sequence[Letter]) -> None:
        """These came too late, or a newer one took their place."""

    def fenced(self, letter: Letter) -> None:
        """Right before its attempt a letter turned out to be another's, or needless."""

    def replied(self, event: Event | Report, reply: Reply | Answer, seconds: float) -> None:
        """An event was answered, after the commit."""

    def unsaved(self, event: Event | Report, seconds: float) -> None:
        """An event could not be stored, and whoever sent it was told so."""

    def answered(self, answer: Answered) -> None:
        """A check-in was answered for the first time."""

    def away(self, who: str, problem: Unavailable) -> None:
        """The database could not do what was asked; `who` wanted it: "answer", "delivery", …"""

    def planned(self, new: int, seconds: float) -> None:
        """The days ahead were planned."""

    def beat(self, job: str) -> None:
        """A job of the metronome has come to its end."""
