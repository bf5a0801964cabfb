"""What a rehearsal has shown: a timeline, and the figures an admin wants before switching on."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.flows import flows
from bot.rehearsal.post import Posted
from bot.texts import Voice
from storage import organisation, people, rehearsing, teams
from storage.letters import Draft

ENGLISH = "en-GB"
NO_ACCOUNT = "no account is known on any platform"
NO_ADDRESS = "no direct message can be opened to them"


@dataclass(frozen=True)
class Line:
    """One message: when in the organisation's zone, to whom or where, what, and why."""

    at: datetime
    to: str
    what: str
    why: str


@dataclass(frozen=True)
class Day:
    """What was sent on a day, and how many messages were changed where they stood."""

    day: date
    lines: Sequence[Line]
    edits: int

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many of each sort, the most frequent first."""
        return dict(Counter(line.why for line in self.lines).most_common())


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    monday: date
    days: Sequence[Day]

    @property
    def messages(self) -> int:
        """How many were sent."""
        return sum(len(day.lines) for day in self.days)

    @property
    def edits(self) -> int:
        """How many messages were changed."""
        return sum(day.edits for day in self.days)


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
    load: Load
    held: Sequence[tuple[str, Mapping[str, int]]]
    """Who would be over the budget, and how many of what sort wait or are left out."""
    lost: Sequence[tuple[str, str]]
    """Who cannot be reached, and why."""
    silent_teams: Sequence[str]
    """Teams whose summary has no place to go to."""
    expired: Sequence[Line]

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
    why = _Why(Voice(ENGLISH, ours.zone))
    told = [
        (each, Line(each.at.astimezone(zone), place.of(rows.get(each.key), each.to.address),
                    each.title, why.of(rows.get(each.key))))
        for each in posted
    ]  # fmt: skip
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
        weeks=list(_weeks(told)),
        kinds=dict(Counter(line.why for line in sent).most_common()),
        load=_load(to_people, names, max(len(everyone) - len(lost), 1), first, last),
        held=_held(list({draft.key: draft for draft in both}.values()), names, why),
        lost=lost,
        silent_teams=_silent(session),
        expired=[
            Line(row.due_at.astimezone(zone), place.of(row, row.address), why.meant(row),
                 why.of(row))
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
class _Why:
    voice: Voice

    def of(self, row: Any) -> str:
        """Why a letter was sent, or was not."""
        if row is None:
            return ""
        if row.state in ("expired", "dead"):
            return self.voice.line("notes.unsent", reason=row.reason)
        return self.meant(row)

    def meant(self, row: Any) -> str:
        """Why a letter was planned: one that there is, or one that was left out."""
        flow = flows().get(row.flow)
        return "" if flow is None else flow.because(self.voice, row)


def _channels(session: Session) -> dict[tuple[int, str], str]:
    return {
        (team_id, channel.address): f"#{channel.name}" if channel.name else channel.address
        for team_id, own in teams.channels(session).items()
        for channel in own
    }


def _weeks(told: Iterable[tuple[Posted, Line]]) -> Iterator[Week]:
    """Weeks and days in which anything happened."""

    def monday(day: Day) -> date:
        return day.day - timedelta(days=day.day.weekday())

    days = (_day(day, list(own)) for day, own in groupby(told, key=lambda both: both[1].at.date()))
    for first, own in groupby(days, key=monday):
        yield Week(first, list(own))


def _day(day: date, told: Sequence[tuple[Posted, Line]]) -> Day:
    lines = [line for each, line in told if not each.edit]
    return Day(day, lines, len(told) - len(lines))


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
    drafts: Iterable[Any], names: Mapping[int, str], why: _Why
) -> list[tuple[str, Mapping[str, int]]]:
    found: dict[int, Counter[str]] = {}
    for draft in drafts:
        found.setdefault(draft.person_id, Counter())[why.meant(draft)] += 1
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
