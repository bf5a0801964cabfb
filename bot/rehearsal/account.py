"""What a rehearsal has shown: a timeline, and the figures an admin wants before switching on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.flows import flows
from bot.rehearsal.post import Posted
from bot.rehearsal.timeline import ENGLISH, Line, Part, Week, in_weeks, parts
from bot.texts import Voice, sentence
from storage import cycles, organisation, people, rehearsing, teams
from storage.letters import Draft
from storage.teams import Channel

OTHER = "Other"
NO_ACCOUNT = "no account is known on any platform"
NO_ADDRESS = "no direct message can be opened to them"


@dataclass(frozen=True)
class Load:
    """How many direct messages people get in a week: on average, and at most."""

    mean: float = 0.0
    most: int = 0
    who: str = ""
    monday: date | None = None


@dataclass(frozen=True)
class Account:
    """Everything; moments are in the organisation's zone."""

    organisation: str
    zone: str
    first: datetime
    last: datetime
    people: int
    teams: int
    budget: int
    weeks: Sequence[Week]
    kinds: Mapping[str, int]
    """How many of each kind, the most frequent first."""
    reasons: Mapping[str, str]
    """What `why` answers to whoever gets a message of a kind: one reason of each kind."""
    load: Load
    held: Sequence[tuple[str, Mapping[str, int]]]
    """Who would be over the budget, and how many of what sort wait or are left out."""
    lost: Sequence[tuple[str, str]]
    """Who cannot be reached, and why."""
    silent_teams: Sequence[str]
    """Teams whose summary has no place to go to."""
    expired: Sequence[Line]

    @property
    def parts(self) -> Sequence[Part]:
        """The weeks by quarter and phase."""
        return list(parts(self.weeks))

    @property
    def messages(self) -> int:
        """How many were sent."""
        return sum(week.messages for week in self.weeks)

    @property
    def edits(self) -> int:
        """How many messages were changed."""
        return sum(week.edits for week in self.weeks)


def account(
    session: Session,
    posted: Sequence[Posted],
    over: Iterable[Draft],
    first: datetime,
    last: datetime,
) -> Account:
    """What these messages come to; `over` is what did not fit into somebody's week."""
    ours = organisation.organisation(session)
    if ours is None:
        raise ValueError("there is no organisation")
    zone = ZoneInfo(ours.zone)
    rows = {row.key: row for row in rehearsing.letters_since(session, first)}
    everyone = people.everyone(session)
    names = {person.id or 0: person.name for person in everyone}
    every_team = teams.all_teams(session)
    place = _Places(names, {t.id or 0: t.name for t in every_team}, _channels(session))
    say = _Words(Voice(ENGLISH, ours.zone))
    told = [(each, _line(each, rows.get(each.key), zone, place, say)) for each in posted]
    lost = _lost(session)
    sent = [line for each, line in told if not each.edit]
    to_people = [
        (rows[each.key].person_id, line.at)
        for each, line in told
        if not each.edit and each.key in rows and rows[each.key].person_id is not None
    ]
    dropped = [r for r in rows.values() if r.state == "cancelled" and r.reason == "budget"
               and r.due_at <= last]  # fmt: skip
    both: list[Any] = [*dropped, *over]
    return Account(
        organisation=ours.name,
        zone=ours.zone,
        first=first.astimezone(zone),
        last=last.astimezone(zone),
        people=len(everyone),
        teams=len(every_team),
        budget=ours.unasked_per_week,
        weeks=list(in_weeks(((line, each.edit) for each, line in told), cycles.every(session))),
        kinds=dict(Counter(line.kind for line in sent).most_common()),
        reasons={line.kind: line.why for line in reversed(sent)},
        load=_load(to_people, names, max(len(everyone) - len(lost), 1), first, last),
        held=_held(list({draft.key: draft for draft in both}.values()), names, say),
        lost=lost,
        silent_teams=_silent(session),
        expired=[
            Line(row.due_at.astimezone(zone), place.of(row, row.address), "", say.kind(row),
                 say.unsent(row), row.person_id is None)
            for row in rows.values()
            if row.state in ("expired", "dead")
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class _Places:
    people: Mapping[int, str]
    teams: Mapping[int, str]
    channels: Mapping[tuple[int, str], str]

    def of(self, row: Any, address: str) -> str:
        """Whom a letter goes to, in words."""
        if row is None:
            return address
        if row.person_id is not None:
            return self.people.get(row.person_id, address)
        team = self.teams.get(row.team_id or 0, "")
        channel = self.channels.get((row.team_id or 0, row.address), address)
        return f"{team} ({channel})" if team else channel


@dataclass(frozen=True)
class _Words:
    voice: Voice

    def kind(self, row: Any) -> str:
        """What a letter is: one that there is, or one that was left out."""
        flow = flows().get(row.flow) if row is not None else None
        return OTHER if flow is None else flow.label(self.voice, row)

    def why(self, row: Any) -> str:
        """Why whoever gets it gets it."""
        flow = flows().get(row.flow) if row is not None else None
        return "" if flow is None else sentence(flow.because(self.voice, row))

    def unsent(self, row: Any) -> str:
        """Why it was not sent."""
        return self.voice.line("report.reason", code=row.reason)


def _line(each: Posted, row: Any, zone: ZoneInfo, place: _Places, say: _Words) -> Line:
    at, to = each.at.astimezone(zone), place.of(row, each.to.address)
    posted = row is not None and row.person_id is None
    return Line(at, to, each.title, say.kind(row), say.why(row), posted)


def _channels(session: Session) -> dict[tuple[int, str], str]:
    return {
        (team_id, channel.address): f"#{_name(channel)}"
        for team_id, own in teams.channels(session).items()
        for channel in own
    }


def _name(channel: Channel) -> str:
    """What a channel is called, or how its platform knows it."""
    return channel.name or channel.address.rpartition(":")[2]


def _load(
    to_people: Iterable[tuple[int, datetime]],
    names: Mapping[int, str],
    reached: int,
    first: datetime,
    last: datetime,
) -> Load:
    counts = Counter((i, at.date() - timedelta(days=at.weekday())) for i, at in to_people)
    if not counts:
        return Load()
    weeks = max((last - first) / timedelta(weeks=1), 1.0)
    (who, monday), most = max(counts.items(), key=lambda each: (each[1], -each[0][0]))
    return Load(sum(counts.values()) / reached / weeks, most, names.get(who, "?"), monday)


def _held(
    drafts: Iterable[Any], names: Mapping[int, str], say: _Words
) -> list[tuple[str, Mapping[str, int]]]:
    found: dict[int, Counter[str]] = {}
    for draft in drafts:
        found.setdefault(draft.person_id, Counter())[say.kind(draft)] += 1
    return sorted(
        ((names.get(person, "?"), dict(own)) for person, own in found.items()),
        key=lambda each: each[0],
    )


def _lost(session: Session) -> list[tuple[str, str]]:
    known = people.identities(session)
    return [
        (person.name, _reason(known.get(person.id or 0, ())))
        for person in people.out_of_reach(session)
    ]


def _reason(accounts: Sequence[Any]) -> str:
    if not accounts:
        return NO_ACCOUNT
    return next((row.unreachable for row in accounts if row.unreachable), NO_ADDRESS)


def _silent(session: Session) -> list[str]:
    """Teams with people and without a channel that can be written to."""
    open_ones = {
        team_id
        for team_id, own in teams.channels(session).items()
        if any(not channel.unreachable for channel in own)
    }
    members = teams.members(session)
    return [
        team.name
        for team in teams.all_teams(session)
        if team.id not in open_ones and members.get(team.id or 0)
    ]
