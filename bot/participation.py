"""Who took part in a week's check-in, by the rule that asked them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.outlook import Roster
from storage.people import Person
from storage.teams import Team


class Answered(Protocol):
    """A check-in, as far as taking part depends on it."""

    @property
    def state(self) -> str: ...

    @property
    def answered_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Participation:
    """The members of a team who have a check-in. Away and skipped are out of the denominator."""

    on_time: Sequence[Person] = ()
    late: Sequence[Person] = ()
    open: Sequence[Person] = ()
    away: Sequence[Person] = ()
    skipped: Sequence[Person] = ()

    @property
    def answered(self) -> int:
        """How many answered."""
        return len(self.on_time) + len(self.late)

    @property
    def expected(self) -> int:
        """How many were to answer."""
        return self.answered + len(self.open)

    @property
    def anybody(self) -> bool:
        """Whether anybody has a check-in here at all."""
        return bool(self.expected or self.away or self.skipped)


def participation(
    roster: Roster, team: Team, week: int, said: Mapping[int, Answered]
) -> Participation:
    """How a team's members took part in a week. Late is after the summary was due."""
    due = roster.summary_at(team, week)
    found: dict[str, list[Person]] = {}
    for person in roster.asked_of.get(team.id or 0, ()):
        found.setdefault(_part(roster, person, week, said.get(person.id or 0), due), []).append(
            person
        )
    return Participation(**found)


def _part(
    roster: Roster, person: Person, week: int, checkin: Answered | None, due: datetime | None
) -> str:
    state = checkin.state if checkin else "open"
    at = checkin.answered_at if checkin else None
    if state == "answered":
        return "late" if due is not None and at is not None and at > due else "on_time"
    if state == "skipped":
        return "skipped"
    if state == "excused" or roster.checkin_at(person, week) is None:
        return "away"
    return "open"
