"""What a platform's adapter must remember, by key: a service URL, a conversation."""

from datetime import date
from functools import cache

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from storage.clock import dialect_of
from storage.kept import given
from storage.prepared import Prepared
from storage.upsert import insert_in


class Kept(SQLModel, table=True):
    """One value of one platform; it may be forgotten on the day `until`, if there is one."""

    platform: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str
    until: date | None = None


def get(session: Session, platform: str, key: str) -> str | None:
    """The value, if there is one."""
    found = _GET.rows(session, {"platform": platform, "key": key})
    return found[0][0] if found else None


_GET = Prepared(
    select(Kept.value).where(col(Kept.platform) == given("platform"), col(Kept.key) == given("key"))
)


def put(session: Session, platform: str, key: str, value: str, until: date | None = None) -> None:
    """Remember a value in place of the one before."""
    row = {"platform": platform, "key": key, "value": value, "until": until}
    _putting(dialect_of(session)).each(session, [row])


@cache
def _putting(engine: str) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    new = insert_in(engine, Kept)
    kept = new.on_conflict_do_update(
        index_elements=["platform", "key"],
        set_={"value": new.excluded.value, "until": new.excluded.until},
    )
    return Prepared(kept, ["platform", "key", "value", "until"])


def drop(session: Session, platform: str, key: str) -> None:
    """Forget a value."""
    session.exec(delete(Kept).where(col(Kept.platform) == platform, col(Kept.key) == key))


def forget(session: Session, today: date) -> int:
    """Drop what nobody needs any more; says how much that was."""
    return session.exec(delete(Kept).where(col(Kept.until) <= today)).rowcount
