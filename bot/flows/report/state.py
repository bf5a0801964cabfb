"""What a report is about, read in a number of statements that does not grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.duties import ALIVE, OURS, PLANNED
from bot.flow import Term
from storage import audit, keeping, people, teams
from storage.missed import Missed, missed
from storage.teams import Channel
from storage.unreached import Unreached, unreached

FEW = 3
NAMES = 5


@dataclass(frozen=True)
class State:
    """Everything that an admin may have to see to; `since` by the number of an account."""

    term: Term
    unreached: Sequence[Unreached] = ()
    since: Mapping[int, datetime] | None = None
    missed: Sequence[Missed] = ()
    held: Sequence[Missed] = ()
    closed: Sequence[tuple[str, Channel]] = ()
    closed_since: Mapping[str, datetime] | None = None
    without_channel: Sequence[str] = ()
    names: Mapping[int, str] | None = None
    team_names: Mapping[int, str] | None = None
    alive: datetime | None = None
    planned: datetime | None = None

    @property
    def never_looked(self) -> bool:
        """Whether nobody's account was ever looked for, as before the first `okr run`."""
        ran = self.alive is not None or self.planned is not None
        return not ran and all(one.reason == "no_account" for one in self.unreached)

    @property
    def well(self) -> bool:
        """Whether there is nothing to see to. What a budget holds back is as it should be."""
        return not (self.unreached or self.missed or self.closed or self.without_channel)


def state(session: Session, term: Term) -> State:
    """Read it all."""
    lost = unreached(session, NAMES)
    ended = missed(session, term.cycle_id, FEW)
    closed = teams.closed(session)
    shut = {channel.team_id for _, channel in closed}
    accounts = {one.identity_id for one in lost if one.identity_id is not None}
    changed = audit.newest(session, "identity", accounts)
    persons = people.people(session, {i for one in ended for i in one.people})
    groups = teams.teams(session, {i for one in ended for i in one.teams})
    return State(
        term,
        lost,
        {int(key): at for key, at in changed.items()},
        [one for one in ended if one.reason != "budget"],
        [one for one in ended if one.reason == "budget"],
        closed,
        audit.newest(session, "channel", [key_of(channel) for _, channel in closed]),
        [team.name for team in teams.without_channel(session) if team.id not in shut],
        {i: person.name for i, person in persons.items()},
        {i: team.name for i, team in groups.items()},
        _moment(session, ALIVE),
        _moment(session, PLANNED),
    )


def key_of(channel: Channel) -> str:
    """Under which key the audit keeps what became of a channel."""
    return f"{channel.team_id}:{channel.platform}:{channel.workspace}"


def _moment(session: Session, name: str) -> datetime | None:
    kept = keeping.get(session, OURS, name)
    return None if kept is None else datetime.fromisoformat(kept)
