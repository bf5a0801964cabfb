"""Where what people write in their own words is kept, and whose words they are.

Titles, milestones, definitions and decisions are not here: they are the team's, like its numbers.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, String
from sqlmodel import AutoString, SQLModel

from storage.checkins import Blocker, Checkin, Commitment, Update
from storage.daysoff import Absence
from storage.findings import Finding
from storage.grades import CarryOver, Grade
from storage.kpis import Episode
from storage.kudos import Kudos
from storage.objectives import Moved
from storage.people import Identity
from storage.retros import RetroAnswer
from storage.reviews import Review
from storage.teams import Membership


class Words(NamedTuple):
    """Texts that stand beside numbers: they are emptied, and the row stays."""

    table: type[SQLModel]
    columns: Sequence[str]
    by: str
    at: str


class Own(NamedTuple):
    """Rows that are somebody's own and hold no number of a team's: they go as a whole."""

    table: type[SQLModel]
    columns: Sequence[str]
    of: Sequence[str]


WORDS = (
    Words(Checkin, ("line",), "person_id", "answered_at"),
    Words(Update, ("note",), "by_id", "at"),
    Words(Grade, ("reason",), "by_id", "at"),
    Words(CarryOver, ("why",), "by_id", "at"),
    Words(Review, ("obstacle", "reason"), "by_id", "at"),
    Words(Review, ("answer",), "decided_by_id", "decided_at"),
    Words(Moved, ("reason",), "by_id", "at"),
    Words(Finding, ("reason",), "dismissed_by_id", "dismissed_at"),
    Words(Episode, ("reason",), "decided_by_id", "changed_at"),
)
OWN = (
    Own(Blocker, ("text",), ("person_id",)),
    Own(Commitment, ("text",), ("person_id",)),
    Own(Kudos, ("text",), ("from_id", "to_id")),
    Own(RetroAnswer, ("answer",), ("person_id",)),
    Own(Absence, (), ("person_id",)),
    Own(Membership, (), ("person_id",)),
    Own(Identity, (), ("person_id",)),
)
SAYS = frozenset({"note", "line", "text", "reason", "why", "obstacle", "answer"})
"""Under which names a change keeps such a text."""


def is_text(column: Column[Any]) -> bool:
    """Whether a column holds text."""
    return isinstance(column.type, AutoString | String)
