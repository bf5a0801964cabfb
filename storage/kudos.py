"""Thanks, and a lead's word that a check-in was read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import among, columns, given, seen_with
from storage.objectives import KeyResult
from storage.prepared import Prepared, Told
from storage.upsert import insert


class Kudos(SQLModel, table=True):
    """Somebody thanks somebody, for a key result that moved or for whatever it was."""

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    week: int
    from_id: int = Field(foreign_key="person.id")
    to_id: int = Field(foreign_key="person.id", index=True)
    key_result_id: int | None = Field(default=None, foreign_key="key_result.id")
    text: str = ""
    at: datetime


class Read(SQLModel, table=True):
    """A lead has read a team's week: one tap under its summary."""

    __tablename__ = "read_week"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: datetime


def of_cycle(session: Session, cycle_id: int) -> Sequence[Kudos]:
    """All thanks of a quarter, oldest first, in one statement."""
    return session.exec(
        select(Kudos).where(Kudos.cycle_id == cycle_id).order_by(col(Kudos.id))
    ).all()


class Thanks(NamedTuple):
    """Thanks with the words of the key result that they are for, "" where for none."""

    kudos: Kudos
    title: str


def of_week(
    session: Session, cycle_id: int, week: int, person_ids: Iterable[int]
) -> Sequence[Thanks]:
    """What these people were thanked for in a week, in one statement."""
    told = {"cycle": cycle_id, "week": week, "people": list(set(person_ids))}
    return _titled(session, _OF_WEEK, told)


def between(
    session: Session, person_ids: Iterable[int], since: datetime, until: datetime
) -> Sequence[Thanks]:
    """What these people were thanked for between two moments, in one statement."""
    told = {"since": since, "until": until, "people": list(set(person_ids))}
    return _titled(session, _BETWEEN, told)


def _titled(session: Session, statement: Prepared, told: Told) -> Sequence[Thanks]:
    found = seen_with(session, Kudos, statement, told)
    return [Thanks(row, title or "") for row, title in found]


_TITLED = (
    sql_select(*columns(Kudos), col(KeyResult.title))
    .join(KeyResult, col(KeyResult.id) == col(Kudos.key_result_id), isouter=True)
    .where(among(col(Kudos.to_id), "people"))
    .order_by(col(Kudos.id))
)
_OF_WEEK = Prepared(
    _TITLED.where(col(Kudos.cycle_id) == given("cycle"), col(Kudos.week) == given("week"))
)
_BETWEEN = Prepared(_TITLED.where(col(Kudos.at) >= given("since"), col(Kudos.at) < given("until")))


def counted(session: Session, cycle_id: int, person_ids: Iterable[int]) -> int:
    """How often these people were thanked in a cycle."""
    return session.exec(
        select(func.count())
        .select_from(Kudos)
        .where(Kudos.cycle_id == cycle_id, col(Kudos.to_id).in_(set(person_ids)))
    ).one()


def readers(
    session: Session, cycle_id: int, week: int, team_ids: Iterable[int]
) -> dict[int, list[int]]:
    """Who has read the week of each of these teams, the first one first, in one statement."""
    found: dict[int, list[int]] = {}
    told = {"cycle": cycle_id, "week": week, "teams": list(set(team_ids))}
    for team_id, person_id in _READERS.rows(session, told):
        found.setdefault(team_id, []).append(person_id)
    return found


_READERS = Prepared(
    sql_select(col(Read.team_id), col(Read.person_id))
    .where(
        col(Read.cycle_id) == given("cycle"),
        col(Read.week) == given("week"),
        among(col(Read.team_id), "teams"),
    )
    .order_by(col(Read.at), col(Read.person_id))
)


def read(
    session: Session, cycle_id: int, week: int, team_id: int, person_id: int, now: datetime
) -> bool:
    """Somebody has read a team's week; false where they had said so before."""
    row = {"cycle_id": cycle_id, "week": week, "team_id": team_id, "person_id": person_id}
    noted = (
        insert(session, Read)
        .values(row | {"at": now})
        .on_conflict_do_nothing()
        .returning(col(Read.person_id))
    )
    return session.scalar(noted) is not None
