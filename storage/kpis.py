"""KPIs and their readings. A KPI does not end with the cycle."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, and_, func
from sqlmodel import Field, Session, SQLModel, col, select


class Kpi(SQLModel, table=True):
    """A figure that should stay in its healthy range, either side of which may be open."""

    __table_args__ = (
        CheckConstraint("direction in ('higher','lower','within')", "direction"),
        CheckConstraint("cadence in ('daily','weekly','monthly')", "cadence"),
        CheckConstraint("low is null or high is null or low <= high", "range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    question: str = ""
    serves: str = ""
    """The strategic objective it serves, in words."""
    definition: str = ""
    unit: str = ""
    direction: str = "within"
    low: float | None = None
    high: float | None = None
    warn_low: float | None = None
    warn_high: float | None = None
    follows: int | None = None
    """The range follows the mean of that many readings before, where no range is given."""
    cadence: str = "weekly"
    source: str = "chat"
    stale_after_days: int | None = None
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    active: bool = True


class Reading(SQLModel, table=True):
    """One day's value, who gave it and how."""

    __tablename__ = "kpi_reading"

    kpi_id: int = Field(foreign_key="kpi.id", primary_key=True)
    day: date = Field(primary_key=True)
    value: float
    by_id: int | None = Field(default=None, foreign_key="person.id")
    how: str = "chat"
    at: datetime


class Episode(SQLModel, table=True):
    """A KPI outside its range: from the first reading outside until it has recovered for good.

    `proposal` is how the objective that was suggested for it fares at the planning sessions.
    """

    __tablename__ = "kpi_episode"
    __table_args__ = (
        CheckConstraint(
            "state in ('breached','unhealthy','recovering','recovered','relapsed','over')", "state"
        ),
        CheckConstraint("proposal in ('','held','accepted','changed','put_off')", "proposal"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kpi_id: int = Field(foreign_key="kpi.id", index=True)
    began: date
    worst: float
    state: str = "breached"
    proposal: str = ""
    reason: str = ""
    until: date | None = None
    """Until when the suggestion was put off."""
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    objective_id: int | None = Field(default=None, foreign_key="objective.id", index=True)
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id")
    """The cycle in which it recovered: a relapse is one in this or the next."""
    ended: date | None = None
    changed_at: datetime


def kpis(session: Session, team_ids: Iterable[int] | None = None) -> Sequence[Kpi]:
    """The KPIs that are watched, of these teams or of all."""
    query = select(Kpi).where(Kpi.active)
    if team_ids is not None:
        query = query.where(col(Kpi.team_id).in_(set(team_ids)))
    return session.exec(query.order_by(Kpi.name)).all()


def find(session: Session, name: str) -> Kpi | None:
    """A KPI by its number or its short name, watched or not."""
    if name.isascii() and name.isdecimal() and len(name) < 10:
        found = session.get(Kpi, int(name))
        if found is not None:
            return found
    return session.exec(select(Kpi).where(func.lower(Kpi.slug) == name.lower())).first()


def readings(session: Session, kpi_ids: Iterable[int]) -> dict[int, list[Reading]]:
    """All readings of these KPIs, oldest first, in one statement."""
    found: dict[int, list[Reading]] = {}
    rows = session.exec(
        select(Reading)
        .where(col(Reading.kpi_id).in_(set(kpi_ids)))
        .order_by(col(Reading.kpi_id), col(Reading.day))
    )
    for row in rows:
        found.setdefault(row.kpi_id, []).append(row)
    return found


def newest(session: Session, kpi_ids: Iterable[int]) -> dict[int, Reading]:
    """The newest reading of each of these KPIs, in one statement."""
    last = (
        select(Reading.kpi_id, func.max(Reading.day).label("day"))
        .where(col(Reading.kpi_id).in_(set(kpi_ids)))
        .group_by(col(Reading.kpi_id))
        .subquery()
    )
    rows = session.exec(
        select(Reading).join(
            last, and_(col(Reading.kpi_id) == last.c.kpi_id, col(Reading.day) == last.c.day)
        )
    )
    return {row.kpi_id: row for row in rows}
