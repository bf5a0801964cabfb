"""Events that were heard, so that one a platform sends twice has its effect once."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import given
from storage.pending import last
from storage.prepared import Prepared
from storage.upsert import insert


class Inbound(SQLModel, table=True):
    """One event of a platform, by the id that the platform gave it."""

    source: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    reply: str = ""


def first_time(session: Session, source: str, event_id: str, now: datetime) -> bool:
    """Note an event, in the transaction of its effect; false if it was noted before."""
    noted = (
        insert(session, Inbound)
        .values(source=source, event_id=event_id, at=now)
        .on_conflict_do_nothing()
        .returning(col(Inbound.event_id))
    )
    return session.scalar(noted) is not None


def forget_before(session: Session, when: datetime) -> int:
    """Drop what no platform sends again any more."""
    return session.exec(delete(Inbound).where(col(Inbound.at) < when)).rowcount


def reply_to(session: Session, source: str, event_id: str) -> str | None:
    """What was answered to an event that came before; None if it is new."""
    found = _REPLY.rows(session, {"source": source, "event": event_id})
    return found[0][0] if found else None


def note(session: Session, source: str, event_id: str, now: datetime, reply: str) -> None:
    """Keep what was answered, in the transaction of its effect."""
    last(session, Inbound, {"source": source, "event_id": event_id, "at": now, "reply": reply})


_REPLY = Prepared(
    select(Inbound.reply).where(
        col(Inbound.source) == given("source"), col(Inbound.event_id) == given("event")
    )
)
