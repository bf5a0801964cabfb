"""Cycles of thirteen weeks, each with the calendar it runs by."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import given, seen, seen_together
from storage.organisation import Organisation
from storage.prepared import Prepared


class Cycle(SQLModel, table=True):
    """A cycle starts on a Monday. `calendar` is `bot.cadence.Calendar` as JSON."""

    __table_args__ = (
        CheckConstraint("state in ('open','closed')", "state"),
        CheckConstraint("ends > starts", "order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    starts: date = Field(unique=True)
    ends: date
    state: str = "open"
    calendar: str = "{}"
    closed_at: datetime | None = None


def current(session: Session, day: date) -> Cycle | None:
    """The open cycle that this day belongs to, or else the one that comes next."""
    return session.exec(_CURRENT, params={"day": day}).first()


_CURRENT = (
    select(Cycle)
    .where(Cycle.state == "open", col(Cycle.ends) >= given("day"))
    .order_by(col(Cycle.starts))
    .limit(1)
)


def ours(session: Session) -> tuple[Organisation, Sequence[Cycle]] | None:
    """The organisation and its open cycles, the first one first, to be looked at alone.

    In one statement, for each event asks for it.
    """
    rows = list(seen_together(session, Organisation, Cycle, _OURS))
    return (rows[0][0], [cycle for _, cycle in rows if cycle.id is not None]) if rows else None


_OURS = Prepared(
    select(Organisation, Cycle)
    .join(Cycle, col(Cycle.state) == "open", isouter=True)
    .where(Organisation.id == 1)
    .order_by(col(Cycle.starts))
)


def overdue(session: Session, day: date) -> Sequence[Cycle]:
    """Open cycles that ended before this day."""
    return session.exec(
        select(Cycle).where(Cycle.state == "open", Cycle.ends < day).order_by(col(Cycle.starts))
    ).all()


def every(session: Session) -> Sequence[Cycle]:
    """All cycles, the newest first."""
    return session.exec(select(Cycle).order_by(col(Cycle.starts).desc())).all()


def latest(session: Session) -> Cycle | None:
    """The cycle that starts last, to be looked at alone."""
    return next(iter(seen(session, Cycle, _LATEST)), None)


_LATEST = Prepared(select(Cycle).order_by(col(Cycle.starts).desc()).limit(1))


def starting(session: Session, day: date) -> Cycle | None:
    """The cycle that starts on this day, open or closed."""
    return session.exec(select(Cycle).where(Cycle.starts == day)).first()


def beginnings(session: Session) -> Sequence[date]:
    """The first day of every cycle, the first one first."""
    return session.exec(select(col(Cycle.starts)).order_by(col(Cycle.starts))).all()


def cycle(session: Session, id: int) -> Cycle | None:  # noqa: A002 the table's own word
    """The cycle with this number."""
    return session.get(Cycle, id)


def before(session: Session, day: date) -> Cycle | None:
    """The last cycle that started before this day, to be looked at alone."""
    return next(iter(seen(session, Cycle, _BEFORE, {"day": day})), None)


_BEFORE = Prepared(
    select(Cycle)
    .where(col(Cycle.starts) < given("day"))
    .order_by(col(Cycle.starts).desc())
    .limit(1)
)


def by_number(session: Session, numbers: Iterable[int]) -> dict[int, Cycle]:
    """These cycles by number, in one statement."""
    rows = session.exec(select(Cycle).where(col(Cycle.id).in_(set(numbers)))).all()
    return {row.id: row for row in rows if row.id is not None}
