"""What a platform's adapter must remember, by key: a service URL, a conversation."""

from sqlmodel import Field, Session, SQLModel

from storage.upsert import insert


class Kept(SQLModel, table=True):
    """One value of one platform."""

    platform: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str


def get(session: Session, platform: str, key: str) -> str | None:
    """The value, if there is one."""
    kept = session.get(Kept, (platform, key))
    return kept.value if kept else None


def put(session: Session, platform: str, key: str, value: str) -> None:
    """Remember a value in place of the one before."""
    new = insert(session, Kept).values(platform=platform, key=key, value=value)
    session.exec(
        new.on_conflict_do_update(
            index_elements=["platform", "key"], set_={"value": new.excluded.value}
        )
    )
