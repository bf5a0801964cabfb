"""Who changed what, before and after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Index, func
from sqlmodel import Field, Session, SQLModel, col, select

from storage import pending


class Audit(SQLModel, table=True):
    """One change of one thing. `before` and `after` hold its fields as JSON, None where it was not.

    `by_id` is None for the bot itself and for the command line, which `how` tells apart.
    """

    __table_args__ = (Index("ix_audit_thing", "thing", "thing_key"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    how: str = "chat"
    thing: str
    thing_key: str
    before: str | None = None
    after: str | None = None


def fields(row: SQLModel) -> dict[str, Any]:
    """A row's own fields."""
    if isinstance(row, tuple):  # one that was `kept.seen`
        return dict(row._asdict())
    return {name: getattr(row, name) for name in type(row).model_fields}


def entry(
    now: datetime,
    thing: str,
    key: object,
    *,
    by: int | None = None,
    how: str = "chat",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Audit:
    """A change as a row, for those who keep many at once."""
    return Audit(**_columns(now, thing, key, by, how, before, after))


def note(
    session: Session,
    now: datetime,
    thing: str,
    key: object,
    *,
    by: int | None = None,
    how: str = "chat",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Keep a change, unless nothing changed."""
    if before != after:
        pending.last(session, Audit, _columns(now, thing, key, by, how, before, after))


def _columns(
    now: datetime,
    thing: str,
    key: object,
    by: int | None,
    how: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> dict[str, Any]:
    return {
        "at": now,
        "by_id": by,
        "how": how,
        "thing": thing,
        "thing_key": str(key),
        "before": None if before is None else msgspec.json.encode(before).decode(),
        "after": None if after is None else msgspec.json.encode(after).decode(),
    }


def newest(session: Session, thing: str, keys: Collection[object]) -> dict[str, datetime]:
    """When each of these things was changed last, in one statement."""
    found = (
        select(Audit.thing_key, func.max(Audit.at))
        .where(Audit.thing == thing, col(Audit.thing_key).in_(sorted(map(str, keys))))
        .group_by(Audit.thing_key)
    )
    return dict(session.exec(found).all())


def of_thing(session: Session, thing: str, key: object, limit: int = 20) -> Sequence[Audit]:
    """The newest changes of one thing, newest first."""
    pending.write(session)
    return session.exec(
        select(Audit)
        .where(Audit.thing == thing, Audit.thing_key == str(key))
        .order_by(col(Audit.id).desc())
        .limit(limit)
    ).all()


def of_things(session: Session, thing: str, keys: Collection[object]) -> dict[str, list[Audit]]:
    """All changes of each of these things, newest first, in one statement."""
    pending.write(session)
    found: dict[str, list[Audit]] = {}
    those = col(Audit.thing_key).in_(sorted(map(str, keys)))
    query = select(Audit).where(Audit.thing == thing, those).order_by(col(Audit.id).desc())
    for row in session.exec(query):
        found.setdefault(row.thing_key, []).append(row)
    return found
