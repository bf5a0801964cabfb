"""What somebody else has changed while a form was open, and this form would undo."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from bot.chat.forms import Problem
from bot.flow import Turn
from bot.goals.store import KEY_RESULT, OBJECTIVE
from bot.goals.values import KeyResultValues, ObjectiveValues
from storage import audit, people
from storage.audit import Audit
from storage.objectives import KeyResult, Objective

QUESTIONS = {
    "team_id": "team",
    "owner_id": "owner",
    "parent_id": "parent",
    "objective_id": "objective",
    "draft_confidence": "confidence",
    "kpi_id": "kpi",
}
CHOSEN = ("team_id", "parent_id", "objective_id", "kind", "commitment", "curve", "kpi_id")


def objective(
    turn: Turn, row: Objective, wanted: ObjectiveValues, args: Sequence[str]
) -> list[Problem]:
    """Each field of an objective that both have changed."""
    now = {name: getattr(row, name) for name in OBJECTIVE}
    mine = {name: getattr(wanted, name) for name in OBJECTIVE}
    return list(_conflicts(turn, "objective", row.id, now, mine, args))


def key_result(
    turn: Turn,
    row: KeyResult,
    before: KeyResultValues,
    wanted: KeyResultValues,
    args: Sequence[str],
) -> list[Problem]:
    """Each field of a key result that both have changed."""
    now = {name: getattr(before, name) for name in KEY_RESULT}
    mine = {name: getattr(wanted, name) for name in KEY_RESULT}
    return list(_conflicts(turn, "key_result", row.id, now, mine, args))


def _conflicts(
    turn: Turn,
    thing: str,
    key: int | None,
    now: dict[str, Any],
    mine: dict[str, Any],
    args: Sequence[str],
) -> Iterator[Problem]:
    since = opened_at(args, turn.now)
    for entry in audit.of_thing(turn.session, thing, key):
        if entry.at <= since or entry.by_id == turn.me:
            continue
        for name in _changed(entry) & now.keys():
            if mine[name] != now[name]:
                yield _problem(turn, entry, name, now)


def _changed(entry: Audit) -> set[str]:
    """The fields that a change changed."""
    before = msgspec.json.decode(entry.before or "{}")
    after = msgspec.json.decode(entry.after or "{}")
    return {name for name in after if before.get(name) != after[name]}


def _problem(turn: Turn, entry: Audit, name: str, now: dict[str, Any]) -> Problem:
    who = people.person(turn.session, entry.by_id or 0)
    text = turn.voice.line(
        "edit.conflict",
        who=who.name if who else "?",
        at=turn.voice.time(entry.at),
        value=_shown(turn, name, now),
    )
    return Problem(QUESTIONS.get(name, name), text)


def _shown(turn: Turn, name: str, now: dict[str, Any]) -> str:
    """A value in the reader's words; "" for what is better seen in the form itself."""
    value = now[name]
    if name == "owner_id":
        person = people.person(turn.session, value or 0)
        return person.name if person else ""
    if name in CHOSEN or value is None:
        return ""
    if isinstance(value, date):
        return turn.voice.day(value)
    unit = now.get("unit", "") if name != "weight" else ""
    return turn.voice.number(value, unit) if isinstance(value, float) else str(value)


def opened_at(args: Sequence[str], now: datetime) -> datetime:
    """When a form was opened, as its action says."""
    try:
        return datetime.fromtimestamp(int(args[1]), UTC)
    except (ValueError, IndexError, OverflowError, OSError):
        return now
