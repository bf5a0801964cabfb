"""What a platform's adapter must remember, by key: a service URL, a conversation."""

from datetime import date

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col

from storage.upsert import insert


class Kept(SQLModel, table=True):
    """One value of one platform; it may be forgotten on the day `until`, if there is one."""

    platform: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str
    until: date | None = None


def get(session: Session, platform: str, key: str) -> str | None:
    """The value, if there is one."""
    kept = session.get(Kept, (platform, key))
    return kept.value if kept else None


def put(session: Session, platform: str, key: str, value: str, until: date | None = None) -> None:
    """Remember a value in place of the one before."""
    new = insert(session, Kept).values(platform=platform, key=key, value=value, until=until)
    session.exec(
        new.on_conflict_do_update(
            index_elements=["platform", "key"],
            set_={"value": new.excluded.value, "until": new.excluded.until},
        )
    )


def drop(session: Session, platform: str, key: str) -> None:
    """Forget a value."""
    session.exec(delete(Kept).where(col(Kept.platform) == platform, col(Kept.key) == key))


def forget(session: Session, today: date) -> int:
    """Drop what nobody needs any more; says how much that was."""
    return session.exec(delete(Kept).where(col(Kept.until) <= today)).rowcount
