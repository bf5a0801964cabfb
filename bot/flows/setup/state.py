"""How far the organisation is set up, and what goes out next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.flow import Term, Turn
from bot.plan import wanted
from storage import people, teams
from storage.letters import Draft
from storage.people import Person
from storage.teams import Team

WEEKLY = ("checkin", "digest")


class Coming(NamedTuple):
    """Messages of one kind that go out on one day: the first moment, how many, at several times."""

    kind: str
    at: datetime
    number: int
    several: bool = False


@dataclass(frozen=True)
class State:
    """All that an admin looks at first."""

    term: Term
    people: int
    lost: Sequence[Person]
    without_channel: Sequence[Team]
    pilot: str
    coming: Sequence[Coming]
    reached: int
    """How many people any of it goes to, channels aside."""


def state(turn: Turn) -> State:
    """The state at this moment; the number of statements does not grow."""
    pilot = turn.term.organisation.pilot_team_id
    team = teams.team(turn.session, pilot) if pilot is not None else None
    going = wanted(turn.session, turn.term, turn.now).going
    ahead = sorted((d for d in going.values() if d.due_at > turn.now), key=lambda d: d.due_at)
    return State(
        turn.term,
        len(people.everyone(turn.session)),
        people.out_of_reach(turn.session),
        teams.without_channel(turn.session),
        team.name if team is not None else "",
        _grouped(ahead, turn.voice.zone),
        len({draft.person_id for draft in ahead if draft.person_id is not None}),
    )


def _grouped(drafts: Iterable[Draft], zone: str) -> Sequence[Coming]:
    """What goes out next, by day and kind, the soonest first."""

    def day_and_kind(draft: Draft) -> tuple[str, str]:
        return draft.due_at.astimezone(ZoneInfo(zone)).date().isoformat(), _kind(draft)

    found = [
        _of_group(kind, list(group))
        for (_, kind), group in groupby(sorted(drafts, key=day_and_kind), day_and_kind)
    ]
    return sorted(found, key=lambda coming: coming.at)


def _kind(draft: Draft) -> str:
    """What it is called: an ask of the weekly rhythm is a check-in, and another is a message."""
    return draft.kind if draft.flow in WEEKLY else "other"


def _of_group(kind: str, drafts: Sequence[Draft]) -> Coming:
    moments = {draft.due_at for draft in drafts}
    return Coming(kind, min(moments), len(drafts), len(moments) > 1)
