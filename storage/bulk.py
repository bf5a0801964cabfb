"""Many rows at once: what an import reads and writes, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, inspect, update
from sqlalchemy import insert as sql_insert
from sqlmodel import Session, SQLModel, col, select

from storage.audit import fields
from storage.checkins import Update
from storage.kpis import Kpi, Reading
from storage.objectives import KeyResult, Milestone, Objective
from storage.people import Person
from storage.teams import Channel, Membership, Team


@dataclass(frozen=True)
class Everything:
    """Every row that an import may change, of all people and teams and of one cycle."""

    people: Sequence[Person]
    teams: Sequence[Team]
    memberships: Sequence[Membership]
    channels: Sequence[Channel]
    objectives: Sequence[Objective]
    key_results: Sequence[KeyResult]
    milestones: Sequence[Milestone]
    kpis: Sequence[Kpi]


def everything(session: Session, cycle_id: int | None) -> Everything:
    """Every row that an import may change, those that are inactive or dropped among them."""
    of_cycle = (
        select(KeyResult.id).join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    ).where(Objective.cycle_id == cycle_id)
    return Everything(
        people=session.exec(select(Person).order_by(col(Person.id))).all(),
        teams=session.exec(select(Team).order_by(col(Team.id))).all(),
        memberships=session.exec(select(Membership)).all(),
        channels=session.exec(select(Channel)).all(),
        objectives=session.exec(
            select(Objective).where(Objective.cycle_id == cycle_id).order_by(col(Objective.id))
        ).all(),
        key_results=session.exec(
            select(KeyResult).where(col(KeyResult.id).in_(of_cycle)).order_by(col(KeyResult.id))
        ).all(),
        milestones=session.exec(
            select(Milestone)
            .where(col(Milestone.key_result_id).in_(of_cycle))
            .order_by(col(Milestone.position), col(Milestone.id))
        ).all(),
        kpis=session.exec(select(Kpi).order_by(col(Kpi.id))).all(),
    )


def readings_between(session: Session, first: date, last: date) -> Sequence[Reading]:
    """The readings of all KPIs from the first to the last day."""
    return session.exec(select(Reading).where(Reading.day >= first, Reading.day <= last)).all()


def updates_of(session: Session, cycle_id: int, week: int) -> Sequence[Update]:
    """What was said of every key result in a week."""
    return session.exec(
        select(Update).where(Update.cycle_id == cycle_id, Update.week == week)
    ).all()


def insert(session: Session, rows: Sequence[SQLModel]) -> None:
    """Add these rows of one table in one statement."""
    if rows:
        session.execute(sql_insert(type(rows[0])), [_new(row) for row in rows])


def numbered(session: Session, rows: Sequence[SQLModel], key: Sequence[str]) -> list[int]:
    """Add these rows of one table and give their numbers, in one statement for each batch.

    `key` are columns that tell these rows apart: SQLite returns numbers in no certain order, so
    SQLAlchemy would insert them one by one if they were asked for in order.
    """
    if not rows:
        return []
    table = inspect(type(rows[0])).local_table
    back = [table.c[name] for name in ("id", *key)]
    added = session.connection().execute(
        table.insert().returning(*back), [_new(row) for row in rows]
    )
    numbers = {tuple(row)[1:]: int(row[0]) for row in added}
    return [numbers[tuple(getattr(row, name) for name in key)] for row in rows]


def _new(row: SQLModel) -> dict[str, Any]:
    """A row's fields, without the number it does not have yet."""
    return {name: value for name, value in fields(row).items() if name != "id"}


def change(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set columns of many rows, each by its whole primary key, in one statement."""
    if rows:
        session.execute(update(table), list(rows))
        session.expire_all()


def remove(session: Session, rows: Sequence[SQLModel]) -> None:
    """Delete these rows of one table in one statement."""
    if not rows:
        return
    table = inspect(type(rows[0])).local_table
    keys = [column.name for column in table.primary_key]
    found = [{f"key_{name}": fields(row)[name] for name in keys} for row in rows]
    where = [table.c[name] == bindparam(f"key_{name}") for name in keys]
    session.connection().execute(delete(table).where(*where), found)
    session.expire_all()
