"""Days on which nobody is asked: absences of people, and an admin's word on public holidays."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import among, given, seen
from storage.prepared import Prepared


class Absence(SQLModel, table=True):
    """Somebody is away from the first to the last day, both included."""

    __table_args__ = (
        CheckConstraint("last >= first", "order"),
        UniqueConstraint("person_id", "first", "source"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    first: date
    last: date
    source: str = "chat"
    said_at: datetime


class Holiday(SQLModel, table=True):
    """An admin's correction: a day off in a country or, with `works`, a day that is none."""

    country: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    name: str = ""
    works: bool = False


def absences(
    session: Session, first: date, last: date, person_ids: Iterable[int] | None = None
) -> dict[int, list[Absence]]:
    """Absences that touch these days, by person, to look at; in one statement."""
    wanted: dict[str, object] = {"first": first, "last": last}
    query = _ABSENCES
    if person_ids is not None:
        query, wanted["people"] = _ABSENCES_OF, list(set(person_ids))
    found: dict[int, list[Absence]] = {}
    for row in seen(session, Absence, query, wanted):
        found.setdefault(row.person_id, []).append(row)
    return found


_TOUCHING = (
    select(Absence)
    .where(col(Absence.first) <= given("last"), col(Absence.last) >= given("first"))
    .order_by(col(Absence.first))
)
_ABSENCES = Prepared(_TOUCHING)
_ABSENCES_OF = Prepared(_TOUCHING.where(among(col(Absence.person_id), "people")))


def corrections(session: Session) -> Sequence[Holiday]:
    """Every correction an admin has made."""
    return seen(session, Holiday, _CORRECTIONS)


_CORRECTIONS = Prepared(select(Holiday).order_by(col(Holiday.country), col(Holiday.day)))


def running(session: Session, person_id: int, source: str, day: date) -> Absence | None:
    """Somebody's absence from this source that is not over on this day."""
    return session.exec(
        select(Absence).where(
            Absence.person_id == person_id, Absence.source == source, col(Absence.last) >= day
        )
    ).first()


def absence(session: Session, id: int) -> Absence | None:  # noqa: A002 the table's own word
    """The absence with this number."""
    return session.get(Absence, id)


def from_day(session: Session, person_id: int, day: date) -> Sequence[Absence]:
    """Somebody's absences that are not over on this day, the soonest first."""
    return session.exec(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.last >= day)
        .order_by(col(Absence.first), col(Absence.id))
    ).all()


def correction(session: Session, country: str, day: date) -> Holiday | None:
    """An admin's word on one day in one country."""
    return session.get(Holiday, (country, day))
