"""Who does a piece of work now, where one replica is enough: a row, so a hung holder is replaced.

A lease only saves work. What must not happen twice is kept by unique keys and fences.
"""

from functools import cache

from sqlalchemy import Float, bindparam, delete, or_
from sqlmodel import Field, Session, SQLModel, col

from storage.clock import dialect_of, machine_time
from storage.kept import given
from storage.prepared import Prepared
from storage.upsert import insert_in


class Lease(SQLModel, table=True):
    """A name that one holder has until an instant of machine time."""

    name: str = Field(primary_key=True)
    holder: str
    until: float


def take(session: Session, name: str, holder: str, seconds: float) -> bool:
    """Take a free lease or one that has run out, or keep one's own for longer."""
    wanted = {"a_name": name, "a_holder": holder, "a_while": seconds}
    return bool(_taking(dialect_of(session)).rows(session, wanted))


@cache
def _taking(engine: str) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    now, until = machine_time(engine), bindparam("a_while", type_=Float)
    wanted = insert_in(engine, Lease).values(
        name=given("a_name"), holder=given("a_holder"), until=now + until
    )
    return Prepared(
        wanted.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
            where=or_(col(Lease.holder) == wanted.excluded.holder, col(Lease.until) <= now),
        ).returning(col(Lease.name))
    )


def release(session: Session, name: str, holder: str) -> None:
    """Give back one's own."""
    _RELEASE.run(session, {"a_name": name, "a_holder": holder})


_RELEASE = Prepared(
    delete(Lease).where(col(Lease.name) == given("a_name"), col(Lease.holder) == given("a_holder"))
)


def release_all(session: Session, holder: str) -> None:
    """Give back all one's own, on a graceful stop."""
    session.exec(delete(Lease).where(col(Lease.holder) == holder))


def clear(session: Session) -> None:
    """At the start on SQLite, where whoever held one is dead."""
    session.exec(delete(Lease))
