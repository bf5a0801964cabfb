"""What an import would change: the difference between what is and what is to be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, TypeAlias

from sqlmodel import Session

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
from storage import bulk
from storage.checkins import Update
from storage.kpis import Reading

Verb: TypeAlias = Literal["add", "change", "same", "kept"]
Record: TypeAlias = (
    PersonRecord
    | TeamRecord
    | ObjectiveRecord
    | KeyResultRecord
    | MilestoneRecord
    | KpiRecord
    | ReadingRecord
    | UpdateRecord
)


@dataclass(frozen=True)
class Change:
    """One thing and what becomes of it. `before` and `after` hold the fields that differ.

    "kept": the database knows better, and `why` says so. `of` is the key result of a milestone.
    """

    thing: str
    key: str
    verb: Verb
    record: Record = field(repr=False, compare=False)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    of: str = ""


@dataclass(frozen=True)
class Week:
    """The week that an imported value is said in; `number` is None outside the cycle."""

    cycle_id: int
    number: int | None


def compare(session: Session, known: Company, company: Company, week: Week | None) -> list[Change]:
    """Every change that makes what is known into what the files mention."""
    labels = {
        token: one.label
        for side in (known, company)
        for records in (side.objectives, side.key_results)
        for token, one in records.items()
    }
    changes: list[Change] = []
    for email, person in company.people.items():
        changes.append(_change("person", email, known.people.get(email), person, labels))
    for slug, team in company.teams.items():
        changes.append(_change("team", slug, known.teams.get(slug), team, labels))
    for token, goal in company.objectives.items():
        changes.append(_change("objective", goal.label, known.objectives.get(token), goal, labels))
    for token, kr in company.key_results.items():
        was = known.key_results.get(token)
        changes.append(_change("key_result", kr.label, was, kr, labels))
        changes += _milestones(kr, was, labels)
    for slug, kpi in company.kpis.items():
        changes.append(_change("kpi", slug, known.kpis.get(slug), kpi, labels))
    changes += _updates(session, company.updates, company.key_results, week)
    changes += _readings(session, company.readings, known)
    return changes


def _shown(record: Record | None, labels: Mapping[str, str]) -> dict[str, Any]:
    """A record's fields as people read them and as the audit keeps them."""
    shown: dict[str, Any] = {}
    for one in fields(record) if record is not None else ():
        value = getattr(record, one.name)
        if one.name in ("id", "token", "milestones"):
            continue
        if one.name in ("objective", "parent", "key_result"):
            value = labels.get(value, value)
        if isinstance(value, tuple):
            value = [str(item) for item in value]
        shown[one.name] = value.isoformat() if isinstance(value, date) else value
    return shown


def _change(
    thing: str, key: str, was: Record | None, now: Record, labels: Mapping[str, str], of: str = ""
) -> Change:
    before, after = _shown(was, labels), _shown(now, labels)
    if was is None:
        said = {name: value for name, value in after.items() if value not in (None, "", [])}
        return Change(thing, key, "add", now, {}, said, of=of)
    differing = [name for name, value in after.items() if before[name] != value]
    return Change(
        thing,
        key,
        "change" if differing else "same",
        now,
        {name: before[name] for name in differing},
        {name: after[name] for name in differing},
        of=of,
    )


def _milestones(
    kr: KeyResultRecord, was: KeyResultRecord | None, labels: Mapping[str, str]
) -> Iterable[Change]:
    before = {step.id: step for step in was.milestones} if was else {}
    for step in kr.milestones:
        there = before.get(step.id) if step.id is not None else None
        yield _change("milestone", f"{kr.label}: {step.title}", there, step, labels, kr.token)


def _updates(
    session: Session,
    updates: Iterable[UpdateRecord],
    key_results: Mapping[str, KeyResultRecord],
    week: Week | None,
) -> Iterable[Change]:
    """What is said of this week; what its owner has said since stands."""
    said = list(updates)
    if not said or week is None:
        return
    there: dict[int, Update] = {}
    if week.number is not None:
        rows = bulk.updates_of(session, week.cycle_id, week.number)
        there = {row.key_result_id: row for row in rows}
    for update in said:
        kr = key_results[update.key_result]
        was = there.get(kr.id) if kr.id is not None else None
        before = {"value": was.value, "confidence": was.confidence, "note": was.note} if was else {}
        said_now = {"value": update.value, "confidence": update.confidence, "note": update.note}
        after = {name: value for name, value in said_now.items() if value is not None}
        after = {name: v for name, v in after.items() if before.get(name) != v}
        before = {name: before[name] for name in after if name in before}
        verb: Verb = "change" if was else "add"
        why = ""
        if was is not None and not after:
            verb = "same"
        elif week.number is None:
            verb, why = "kept", "today is in no week of the cycle"
        elif was is not None and was.by_id is not None:
            verb, why = "kept", "its owner has answered this week"
        yield Change("update", kr.label, verb, update, before, after, why)


def _readings(
    session: Session, readings: Iterable[ReadingRecord], known: Company
) -> Iterable[Change]:
    said = list(readings)
    if not said:
        return
    days = [reading.day for reading in said]
    rows = bulk.readings_between(session, min(days), max(days))
    slugs = {kpi.id: kpi.slug for kpi in known.kpis.values()}
    there: dict[tuple[str, date], Reading] = {(slugs[row.kpi_id], row.day): row for row in rows}
    for reading in said:
        was = there.get((reading.kpi, reading.day))
        key = f"{reading.kpi} {reading.day.isoformat()}"
        after = {"value": reading.value}
        if was is None:
            yield Change("kpi_reading", key, "add", reading, {}, after)
        elif was.value == reading.value:
            yield Change("kpi_reading", key, "same", reading)
        else:
            asked = was.by_id is not None
            verb: Verb = "kept" if asked else "change"
            why = "somebody gave this reading in chat" if asked else ""
            yield Change("kpi_reading", key, verb, reading, {"value": was.value}, after, why)
