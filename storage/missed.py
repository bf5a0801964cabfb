"""Letters that did not arrive as they were meant to: too late, perhaps, never, or held back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, Row, bindparam, func, literal_column, select, tuple_
from sqlmodel import Session

from storage.letters import LETTER, MISSED

_its = LETTER.c
_MISSED: ColumnElement[bool] = literal_column(MISSED)


class Missed(Struct, frozen=True):
    """Letters of one kind and week that ended alike; `people` and `teams` are the newest few."""

    state: str
    kind: str
    week: int | None
    reason: str
    count: int
    last: datetime
    people: tuple[int, ...]
    teams: tuple[int, ...]


def missed(session: Session, cycle_id: int, few: int) -> list[Missed]:
    """All of a cycle, the newest first, each with a few of those it was for; in one statement."""
    rows = session.connection().execute(_MISSING, {"cycle": cycle_id, "few": few})
    found = [_together(list(own)) for _, own in groupby(rows, lambda row: row[:4])]
    return sorted(found, key=lambda one: one.last, reverse=True)


def _together(rows: Sequence[Row[Any]]) -> Missed:
    one = rows[0]
    people = tuple(dict.fromkeys(row.person_id for row in rows if row.person_id))
    teams = tuple(dict.fromkeys(row.team_id for row in rows if row.team_id))
    return Missed(
        one.state, one.kind, one.week, one.reason, one._mapping["count"], one.due_at, people, teams
    )


_ALIKE = (_its.state, _its.kind, _its.week, _its.reason)
_RANKED = (
    select(
        *_ALIKE,
        func.count().over(partition_by=_ALIKE).label("count"),
        _its.due_at,
        _its.person_id,
        _its.team_id,
        func.row_number().over(partition_by=_ALIKE, order_by=_its.due_at.desc()).label("place"),
    )
    .where(_its.cycle_id == bindparam("cycle"), _MISSED)
    .subquery()
)
_MISSING = (
    select(*(column for column in _RANKED.c if column.name != "place"))
    .where(_RANKED.c.place <= bindparam("few", type_=Integer))
    .order_by(*(_RANKED.c[column.name] for column in _ALIKE), _RANKED.c.place)
)


def first_asked(
    session: Session, weeks: Collection[tuple[int, int, int]]
) -> dict[tuple[int, int, int], datetime]:
    """When each of these people was first asked: (cycle, week, person) of those who were."""
    if not weeks:
        return {}
    whose = (_its.cycle_id, _its.week, _its.person_id)
    found = (
        select(*whose, func.min(_its.sent_at))
        .where(
            tuple_(*whose).in_(weeks),
            _its.person_id.in_({person for _, _, person in weeks}),
            _its.kind == "ask",
            _its.state == "sent",
        )
        .group_by(*whose)
    )
    return {(c, w, p): at for c, w, p, at in session.execute(found)}
