"""Whether this database was put back from a backup, and so cannot know what was sent since."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage import keeping

_OURS = "okr"
_MOVED_AT_MOST = timedelta(days=8)


def notice(session: Session, now: datetime) -> None:
    """Remember, at a start, if the database was put back since the last one."""
    here, known = _identity(session), keeping.get(session, _OURS, "database")
    if here != known:
        keeping.put(session, _OURS, "database", here)
        if known is not None:
            keeping.put(session, _OURS, "put_back", now.isoformat())


def doubted_until(session: Session) -> datetime | None:
    """What is due by then may have been sent before it was put back, whatever it says here.

    Some days later than that: what was moved to an earlier time meanwhile is here as it was before.
    """
    at = keeping.get(session, _OURS, "put_back")
    return datetime.fromisoformat(at) + _MOVED_AT_MOST if at else None


def running(session: Session) -> str:
    """How the bot will run on it, by whatever version it was written: "on", "paused" …; or ""."""
    asked = "SELECT running FROM organisation"
    return str(session.connection().exec_driver_sql(asked).scalar() or "")


def _identity(session: Session) -> str:
    """Another one for a backup: its mark on SQLite, the number of its new table on PostgreSQL."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    asked = "PRAGMA user_version" if sqlite else "SELECT 'letter'::regclass::oid"
    return str(session.connection().exec_driver_sql(asked).scalar())
