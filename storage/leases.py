"""Who does a piece of work now, where one replica is enough: a row, so a hung holder is replaced.

A lease only saves work. What must not happen twice is kept by unique keys and fences.
"""

from sqlalchemy import delete, or_
from sqlmodel import Field, Session, SQLModel, col

from storage.clock import dialect_of, machine_time
from storage.upsert import insert


class Lease(SQLModel, table=True):
    """A name that one holder has until an instant of machine time."""

    name: str = Field(primary_key=True)
    holder: str
    until: float


def take(session: Session, name: str, holder: str, seconds: float) -> bool:
    """Take a free lease or one that has run out, or keep one's own for longer."""
    now = machine_time(dialect_of(session))
    wanted = insert(session, Lease).values(name=name, holder=holder, until=now + seconds)
    taken = wanted.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
        where=or_(col(Lease.holder) == holder, col(Lease.until) <= now),
    ).returning(col(Lease.name))
    return session.scalar(taken) is not None


def release(session: Session, name: str, holder: str) -> None:
    """Give back one's own."""
    session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))


def release_all(session: Session, holder: str) -> None:
    """Give back all one's own, on a graceful stop."""
    session.exec(delete(Lease).where(col(Lease.holder) == holder))


def clear(session: Session) -> None:
    """At the start on SQLite, where whoever held one is dead."""
    session.exec(delete(Lease))
