"""Writes the changes of an import, in a number of statements that does not grow with the rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from bot.importing.changes import Change, Week
from bot.importing.records import (
    Company,
    KeyResultRecord,
    KpiRecord,
    MilestoneRecord,
    ObjectiveRecord,
    PersonRecord,
    ReadingRecord,
    TeamRecord,
    UpdateRecord,
)
from storage import audit, bulk
from storage.checkins import Update
from storage.kpis import Kpi, Reading
from storage.objectives import KeyResult, Milestone, Objective
from storage.people import Person
from storage.teams import Channel, Membership, Team

R = TypeVar("R")


def write(
    session: Session, changes: Sequence[Change], known: Company, week: Week | None, now: datetime
) -> None:
    """Make these changes in the caller's transaction, with an audit row for each."""
    writing = _Writing(session, changes, known, week, now)
    writing.people()
    writing.teams()
    if week is not None:
        writing.objectives(week)
        writing.key_results()
        writing.milestones()
        writing.updates(week)
    writing.kpis()
    writing.readings()
    writing.audit()


class _Writing:
    """One import: the numbers of what it points to, filled as rows are added."""

    def __init__(
        self,
        session: Session,
        changes: Sequence[Change],
        known: Company,
        week: Week | None,
        now: datetime,
    ) -> None:
        self.session = session
        self.changes = [change for change in changes if change.verb in ("add", "change")]
        self.known = known
        self.week = week
        self.now = now
        self.person = {p.email: p.id for p in known.people.values() if p.id}
        self.team = {t.slug: t.id for t in known.teams.values() if t.id}
        self.objective = {o.token: o.id for o in known.objectives.values() if o.id}
        self.key_result = {k.token: k.id for k in known.key_results.values() if k.id}
        self.kpi = {k.slug: k.id for k in known.kpis.values() if k.id}
        self.step: dict[int, int] = {}

    def records(self, kind: type[R], verb: str = "") -> list[R]:
        """The records of one kind that are added or changed."""
        return [
            change.record
            for change in self.changes
            if isinstance(change.record, kind) and verb in ("", change.verb)
        ]

    def add(self, rows: Iterable[SQLModel]) -> None:
        """Insert rows of one table."""
        bulk.insert(self.session, list(rows))

    def numbered(self, rows: Iterable[SQLModel], *key: str) -> list[int]:
        """Insert rows and give their numbers."""
        return bulk.numbered(self.session, list(rows), key)

    def whom(self, email: str | None) -> int | None:
        return self.person[email] if email else None

    def which(self, slug: str | None) -> int | None:
        return self.team[slug] if slug else None

    def people(self) -> None:
        new = self.records(PersonRecord, "add")
        ids = self.numbered(
            (Person(email=one.email, since=self.now, **_person_columns(one)) for one in new),
            "email",
        )
        self.person |= {one.email: number for one, number in zip(new, ids, strict=True)}
        managed = [one for one in new if one.manager]
        bulk.change(
            self.session,
            Person,
            [
                {
                    "id": self.person[one.email],
                    **_person_columns(one),
                    "manager_id": self.whom(one.manager),
                }
                for one in [*self.records(PersonRecord, "change"), *managed]
            ],
        )

    def teams(self) -> None:
        new = self.records(TeamRecord, "add")
        ids = self.numbered((Team(slug=one.slug, **self.team_columns(one)) for one in new), "slug")
        self.team |= {one.slug: number for one, number in zip(new, ids, strict=True)}
        placed = [one for one in new if one.parent]
        bulk.change(
            self.session,
            Team,
            [
                {
                    "id": self.team[one.slug],
                    **self.team_columns(one),
                    "parent_id": self.which(one.parent),
                }
                for one in [*self.records(TeamRecord, "change"), *placed]
            ],
        )
        self.memberships()
        self.channels()

    def team_columns(self, one: TeamRecord) -> dict[str, Any]:
        return {
            "name": one.name,
            "level": one.level,
            "lead_id": self.whom(one.lead),
            "zone": one.zone,
            "locale": one.locale,
            "country": one.country,
            "short_form": one.short_form,
        }

    def memberships(self) -> None:
        gone: list[SQLModel] = []
        new: list[SQLModel] = []
        for one in self.records(TeamRecord):
            was = self.known.teams.get(one.slug)
            before, after = set(was.members if was else ()), set(one.members)
            at = self.team[one.slug]
            gone += [Membership(team_id=at, person_id=self.person[e]) for e in before - after]
            new += [
                Membership(team_id=at, person_id=self.person[e]) for e in sorted(after - before)
            ]
        bulk.remove(self.session, gone)
        self.add(new)

    def channels(self) -> None:
        gone: list[SQLModel] = []
        new: list[SQLModel] = []
        moved: list[dict[str, Any]] = []
        for one in self.records(TeamRecord):
            was = self.known.teams.get(one.slug)
            before = {(c.platform, c.workspace): c for c in was.channels} if was else {}
            after = {(c.platform, c.workspace): c for c in one.channels}
            for key in before.keys() | after.keys():
                place: dict[str, Any] = {
                    "team_id": self.team[one.slug],
                    "platform": key[0],
                    "workspace": key[1],
                }
                if key not in after:
                    gone.append(Channel(**place, address=before[key].address))
                elif key not in before:
                    new.append(Channel(**place, address=after[key].address))
                elif before[key] != after[key]:
                    moved.append({**place, "address": after[key].address, "unreachable": None})
        bulk.remove(self.session, gone)
        bulk.change(self.session, Channel, moved)
        self.add(new)

    def objectives(self, week: Week) -> None:
        new = self.records(ObjectiveRecord, "add")
        ids = self.numbered(
            (Objective(cycle_id=week.cycle_id, **self.objective_columns(one)) for one in new),
            "team_id",
            "title",
            "reference",
        )
        self.objective |= {one.token: number for one, number in zip(new, ids, strict=True)}
        under = [one for one in new if one.parent]
        bulk.change(
            self.session,
            Objective,
            [
                {
                    "id": self.objective[one.token],
                    **self.objective_columns(one),
                    "parent_id": self.objective[one.parent] if one.parent else None,
                }
                for one in [*self.records(ObjectiveRecord, "change"), *under]
            ],
        )

    def objective_columns(self, one: ObjectiveRecord) -> dict[str, Any]:
        return {
            "team_id": self.team[one.team],
            "owner_id": self.whom(one.owner),
            "reference": one.reference,
            "title": one.title,
            "commitment": one.commitment,
        }

    def key_results(self) -> None:
        new = self.records(KeyResultRecord, "add")
        ids = self.numbered(
            (KeyResult(**self.key_result_columns(one)) for one in new),
            "objective_id",
            "title",
            "reference",
        )
        self.key_result |= {one.token: number for one, number in zip(new, ids, strict=True)}
        bulk.change(
            self.session,
            KeyResult,
            [
                {"id": one.id, **self.key_result_columns(one)}
                for one in self.records(KeyResultRecord, "change")
            ],
        )

    def key_result_columns(self, one: KeyResultRecord) -> dict[str, Any]:
        return {
            "objective_id": self.objective[one.objective],
            "owner_id": self.whom(one.owner),
            "reference": one.reference,
            "title": one.title,
            "kind": one.kind,
            "unit": one.unit,
            "baseline": one.baseline,
            "target": one.target,
            "low": one.low,
            "high": one.high,
            "weight": one.weight,
            "due": one.due,
            "curve": one.curve,
        }

    def milestones(self) -> None:
        new = [
            (change.of, change.record)
            for change in self.changes
            if change.verb == "add" and isinstance(change.record, MilestoneRecord)
        ]
        ids = self.numbered(
            (
                Milestone(key_result_id=self.key_result[of], **_milestone_columns(one))
                for of, one in new
            ),
            "key_result_id",
            "position",
        )
        self.step = {id_of(one): number for (_, one), number in zip(new, ids, strict=True)}
        bulk.change(
            self.session,
            Milestone,
            [
                {"id": one.id, **_milestone_columns(one)}
                for one in self.records(MilestoneRecord, "change")
            ],
        )

    def updates(self, week: Week) -> None:
        if week.number is None:
            return
        self.add(
            Update(
                cycle_id=week.cycle_id,
                week=week.number,
                key_result_id=self.key_result[one.key_result],
                value=one.value,
                confidence=one.confidence,
                note=one.note or "",
                at=self.now,
            )
            for one in self.records(UpdateRecord, "add")
        )
        changed = self.records(UpdateRecord, "change")
        if not changed:
            return
        there = {
            row.key_result_id: audit.fields(row)
            for row in bulk.updates_of(self.session, week.cycle_id, week.number)
        }
        found: list[dict[str, Any]] = []
        for one in changed:
            was = there[self.key_result[one.key_result]]
            said = {"value": one.value, "confidence": one.confidence, "note": one.note}
            told = {name: value for name, value in said.items() if value is not None}
            found.append(was | told | {"at": self.now, "version": was["version"] + 1})
        bulk.change(self.session, Update, found)

    def kpis(self) -> None:
        new = self.records(KpiRecord, "add")
        ids = self.numbered((Kpi(slug=one.slug, **self.kpi_columns(one)) for one in new), "slug")
        self.kpi |= {one.slug: number for one, number in zip(new, ids, strict=True)}
        bulk.change(
            self.session,
            Kpi,
            [{"id": one.id, **self.kpi_columns(one)} for one in self.records(KpiRecord, "change")],
        )

    def kpi_columns(self, one: KpiRecord) -> dict[str, Any]:
        owners = {"owner_id": self.whom(one.owner), "team_id": self.which(one.team)}
        return one.columns | owners

    def readings(self) -> None:
        self.add(
            Reading(
                kpi_id=self.kpi[one.kpi], day=one.day, value=one.value, how="import", at=self.now
            )
            for one in self.records(ReadingRecord, "add")
        )
        bulk.change(
            self.session,
            Reading,
            [
                {
                    "kpi_id": self.kpi[one.kpi],
                    "day": one.day,
                    "value": one.value,
                    "how": "import",
                    "at": self.now,
                }
                for one in self.records(ReadingRecord, "change")
            ],
        )

    def audit(self) -> None:
        """One row for each change, in the words in which it was shown."""
        self.add(
            audit.entry(
                self.now,
                change.thing,
                self.number(change),
                how="import",
                before=change.before if change.verb == "change" else None,
                after=change.after,
            )
            for change in self.changes
        )

    def number(self, change: Change) -> object:
        """What the audit knows the thing by: its row's number, or its natural key."""
        match change.record:
            case PersonRecord(email=email):
                return self.person[email]
            case TeamRecord(slug=slug):
                return self.team[slug]
            case ObjectiveRecord(token=token):
                return self.objective[token]
            case KeyResultRecord(token=token):
                return self.key_result[token]
            case MilestoneRecord() as step:
                return step.id or self.step[id_of(step)]
            case KpiRecord(slug=slug):
                return self.kpi[slug]
            case ReadingRecord(kpi=slug, day=day):
                return f"{self.kpi[slug]}:{day.isoformat()}"
            case UpdateRecord(key_result=token):
                return f"{self.key_result[token]}:{self.week.number if self.week else None}"


def id_of(record: MilestoneRecord) -> int:
    """Which of several new milestones this is: their titles may be the same."""
    return id(record)


def _person_columns(one: PersonRecord) -> dict[str, Any]:
    return {
        "name": one.name,
        "zone": one.zone,
        "locale": one.locale,
        "country": one.country,
        "admin": one.admin,
        "digest": one.digest,
        "active": one.active,
    }


def _milestone_columns(one: MilestoneRecord) -> dict[str, Any]:
    return {
        "position": one.position,
        "title": one.title,
        "weight": one.weight,
        "due": one.due,
        "done_on": one.done_on,
    }
