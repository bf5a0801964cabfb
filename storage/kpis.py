"""KPIs and their readings. A KPI does not end with the cycle."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import CheckConstraint, and_, func, or_
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import among, given, seen
from storage.objectives import KeyResult, Objective
from storage.prepared import Prepared
from storage.upsert import insert


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
    told_at: datetime | None = None
    """When its owner and lead were told: once."""
    changed_at: datetime


class Dot(NamedTuple):
    """One reading as it is drawn and judged: there are many of them."""

    day: date
    value: float


class Running(NamedTuple):
    """An episode, and how the objective for it fares: its state and its cycle."""

    episode: Episode
    objective: Objective | None


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


def newest(session: Session, kpi_ids: Iterable[int], day: date | None = None) -> dict[int, Reading]:
    """The newest reading of each of these KPIs, up to a `day` if one is given, in one statement."""
    until = () if day is None else (col(Reading.day) <= day,)
    last = (
        select(Reading.kpi_id, func.max(Reading.day).label("day"))
        .where(col(Reading.kpi_id).in_(set(kpi_ids)), *until)
        .group_by(col(Reading.kpi_id))
        .subquery()
    )
    rows = session.exec(
        select(Reading).join(
            last, and_(col(Reading.kpi_id) == last.c.kpi_id, col(Reading.day) == last.c.day)
        )
    )
    return {row.kpi_id: row for row in rows}


def kpi(session: Session, number: int) -> Kpi | None:
    """The KPI with this number, watched or not."""
    return session.get(Kpi, number)


def by_number(session: Session, numbers: Iterable[int]) -> dict[int, Kpi]:
    """These KPIs by number, in one statement."""
    rows = session.exec(select(Kpi).where(col(Kpi.id).in_(set(numbers))))
    return {row.id: row for row in rows if row.id is not None}


def every(session: Session) -> Sequence[Kpi]:
    """Every KPI, also those that are watched no more."""
    return session.exec(select(Kpi).order_by(col(Kpi.name))).all()


def asked(session: Session, person_ids: Iterable[int] | None = None) -> Sequence[Kpi]:
    """The KPIs whose owners are asked for readings, of these people or of all; to be looked at."""
    if person_ids is None:
        return seen(session, Kpi, _ASKED)
    return seen(session, Kpi, _ASKED_OF, {"people": list(set(person_ids))})


_WHO_IS_ASKED = (
    select(Kpi)
    .where(Kpi.active, Kpi.source == "chat", col(Kpi.owner_id).is_not(None))
    .order_by(Kpi.name)
)
_ASKED = Prepared(_WHO_IS_ASKED)
_ASKED_OF = Prepared(_WHO_IS_ASKED.where(among(col(Kpi.owner_id), "people")))


def told_to(session: Session, person_ids: Iterable[int], team_ids: Iterable[int]) -> Sequence[Kpi]:
    """The KPIs that these people own or that belong to these teams."""
    mine = or_(col(Kpi.owner_id).in_(set(person_ids)), col(Kpi.team_id).in_(set(team_ids)))
    return session.exec(select(Kpi).where(mine).order_by(Kpi.name)).all()


def dots(session: Session, kpi_ids: Iterable[int], most: int | None = None) -> dict[int, list[Dot]]:
    """All readings of these KPIs or so many of the newest of each, oldest first: one statement."""
    wanted = set(kpi_ids)
    found: dict[int, list[Dot]] = {}
    if not wanted:
        return found
    place = (
        func.row_number()
        .over(partition_by=col(Reading.kpi_id), order_by=col(Reading.day).desc())
        .label("place")
    )
    of_these = (
        sql_select(col(Reading.kpi_id), col(Reading.day), col(Reading.value), place)
        .where(col(Reading.kpi_id).in_(wanted))
        .subquery()
    )
    its = of_these.c
    query = sql_select(its.kpi_id, its.day, its.value).order_by(its.kpi_id, its.day)
    session.flush()
    for row in session.execute(query if most is None else query.where(its.place <= most)):
        found.setdefault(row.kpi_id, []).append(Dot(row.day, row.value))
    return found


def reading(session: Session, kpi_id: int, day: date) -> Reading | None:
    """The reading of one day."""
    return session.get(Reading, (kpi_id, day))


def last_days(session: Session, kpi_ids: Iterable[int] | None = None) -> dict[int, date]:
    """The day of the newest reading of each of these KPIs or of all, in one statement."""
    query = select(Reading.kpi_id, func.max(Reading.day)).group_by(col(Reading.kpi_id))
    if kpi_ids is not None:
        query = query.where(col(Reading.kpi_id).in_(set(kpi_ids)))
    return dict(session.exec(query).all())


def keep(session: Session, row: Reading) -> None:
    """What was read that day; it replaces what was said of that day before."""
    said = row.model_dump()
    new = insert(session, Reading).values(said)
    later = {name: new.excluded[name] for name in said if name not in ("kpi_id", "day")}
    session.exec(new.on_conflict_do_update(index_elements=["kpi_id", "day"], set_=later))
    known = session.identity_map.get(session.identity_key(Reading, (row.kpi_id, row.day)))
    if known is not None:
        session.expire(known)


def episodes(session: Session, kpi_ids: Iterable[int]) -> dict[int, list[Running]]:
    """The episodes of these KPIs that are not over, oldest first, in one statement."""
    found: dict[int, list[Running]] = {}
    rows = session.exec(
        select(Episode, Objective)
        .join(Objective, col(Objective.id) == col(Episode.objective_id), isouter=True)
        .where(col(Episode.kpi_id).in_(set(kpi_ids)), Episode.state != "over")
        .order_by(col(Episode.kpi_id), col(Episode.began), col(Episode.id))
    )
    for episode, objective in rows:
        found.setdefault(episode.kpi_id, []).append(Running(episode, objective))
    return found


def episode(session: Session, number: int) -> Episode | None:
    """One episode, over or not."""
    return session.get(Episode, number)


def proposed(session: Session, team_ids: Iterable[int] | None = None) -> Sequence[Kpi]:
    """The KPIs for which an objective was suggested and that are not well again."""
    query = (
        select(Kpi)
        .join(Episode, col(Episode.kpi_id) == col(Kpi.id))
        .where(
            Kpi.active,
            col(Kpi.team_id).is_not(None),
            Episode.proposal != "",
            col(Episode.ended).is_(None),
            Episode.state != "over",
        )
    )
    if team_ids is not None:
        query = query.where(col(Kpi.team_id).in_(set(team_ids)))
    return session.exec(query.order_by(Kpi.name)).unique().all()


def told_between(session: Session, first: datetime, last: datetime) -> Sequence[Episode]:
    """The episodes that people were told of between two moments, to be looked at alone."""
    return seen(session, Episode, _TOLD_BETWEEN, {"since": first, "until": last})


_TOLD_BETWEEN = Prepared(
    select(Episode)
    .where(col(Episode.told_at) >= given("since"), col(Episode.told_at) <= given("until"))
    .order_by(col(Episode.told_at), col(Episode.id))
)


def moved_by(
    session: Session, cycle_id: int, kpi_ids: Iterable[int]
) -> Sequence[tuple[KeyResult, Objective]]:
    """The open key results of a cycle that follow these KPIs."""
    wanted = {"cycle": cycle_id, "kpis": list(set(kpi_ids))}
    return list(session.exec(_MOVED_BY, params=wanted))


_MOVED_BY = (
    select(KeyResult, Objective)
    .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    .where(
        among(col(KeyResult.kpi_id), "kpis"),
        col(Objective.cycle_id) == given("cycle"),
        Objective.state == "approved",
        KeyResult.state == "open",
    )
    .order_by(col(KeyResult.id))
)
