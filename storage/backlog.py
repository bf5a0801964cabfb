"""What waits to be sent, for those who watch: counted over what is open, however much was sent."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select
from sqlmodel import Session

from storage.clock import dialect_of, machine_time
from storage.kept import among
from storage.letters import LETTER

_its = LETTER.c
# Words, not parameters: a partial index must recognise them.
_PLANNED: ColumnElement[str] = literal_column("'planned'")
_CLAIMED: ColumnElement[str] = literal_column("'claimed'")


class Backlog(NamedTuple):
    """Letters that are still open: `due` of the `planned` ones, and those that are being sent.

    `oldest` is the due time of the one that could go at once and waits longest: it is not held
    back by its platform, not too late, and of a platform that is served here.
    """

    planned: int
    due: int
    claimed: int
    at_work: int
    """Of the claimed ones, those whose worker has not let its lease run out."""
    oldest: datetime | None


def backlog(session: Session, now: datetime, platforms: Collection[str]) -> Backlog:
    """Everything at once, in one statement."""
    wanted = {"a_now": now, "platforms": list(platforms)}
    row = session.connection().execute(_counting(dialect_of(session)), wanted).one()
    return Backlog(*row)


@cache
def _counting(engine: str) -> Select[Any]:
    """The statement is built once: that takes longer than running it."""
    now = bindparam("a_now", type_=_its.due_at.type)
    planned, claimed = _its.state == _PLANNED, _its.state == _CLAIMED
    count = select(func.count()).select_from(LETTER)
    oldest = (
        select(_its.due_at)
        .where(
            planned,
            _its.due_at <= now,
            _its.not_before <= machine_time(engine),
            _its.expires_at > now,
            # Not by its index: SQLite would read all that is planned there, and sort it.
            among(func.coalesce(_its.platform, ""), "platforms"),
        )
        .order_by(_its.due_at)
        .limit(1)
    )
    return select(
        count.where(planned).scalar_subquery(),
        count.where(planned, _its.due_at <= now).scalar_subquery(),
        count.where(claimed).scalar_subquery(),
        count.where(claimed, _its.lease_until > machine_time(engine)).scalar_subquery(),
        oldest.scalar_subquery(),
    )
