"""Weekly check-ins: who was asked, who answered, and what each key result's owner said.

Natural keys make a second answer an edit of the first; what it said before is in the audit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Index,
    Select,
    UniqueConstraint,
    and_,
    case,
    delete,
    func,
    or_,
)
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select, update

from storage import pending
from storage.cycles import Cycle
from storage.kept import among, given, seen
from storage.prepared import Prepared


class Checkin(SQLModel, table=True):
    """One person's week. `seconds` is how long answering took, for the product's own figure."""

    __table_args__ = (
        CheckConstraint("state in ('open','answered','skipped','excused')", "state"),
        Index("ix_checkin_person", "person_id", "cycle_id"),
    )

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    state: str = "open"
    version: int = 1
    line: str = ""
    answered_at: datetime | None = None
    edited_at: datetime | None = None
    seconds: float | None = None


class Update(SQLModel, table=True):
    """What was said of one key result in one week."""

    __tablename__ = "key_result_update"
    __table_args__ = (
        CheckConstraint("confidence is null or confidence between 1 and 10", "confidence"),
    )

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True, index=True)
    value: float | None = None
    confidence: int | None = None
    note: str = ""
    changed: bool = True
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    version: int = 1


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Said(NamedTuple):
    """An update as it is read: there are many of them, and a tuple costs a tenth of a row.

    When it was said, and what only a check-in shows, is read only where it is asked for.
    """

    cycle_id: int
    week: int
    key_result_id: int
    value: float | None
    confidence: int | None
    note: str
    by_id: int | None
    changed: bool = True
    at: datetime = _NEVER
    version: int = 1


class Blocker(SQLModel, table=True):
    """What stands in the way, who can help, and by when.

    What outlives its cycle goes on in the next, in a week before its first: 0 is the one before.
    """

    __table_args__ = (
        CheckConstraint("state in ('open','taken','solved')", "state"),
        UniqueConstraint("cycle_id", "week", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    week: int
    person_id: int = Field(foreign_key="person.id", index=True)
    text: str
    helper_id: int | None = Field(default=None, foreign_key="person.id")
    by: date | None = None
    state: str = "open"
    taken_by_id: int | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime


class Commitment(SQLModel, table=True):
    """One thing somebody means to do in the week after; `done` is None until they say."""

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    week: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    position: int = Field(primary_key=True)
    text: str
    done: bool | None = None


def checkins(
    session: Session, cycle_id: int, week: int, person_ids: Iterable[int]
) -> dict[int, Checkin]:
    """The check-ins of these people in a week, in one statement."""
    pending.write(session)
    wanted = {"cycle": cycle_id, "week": week, "people": list(set(person_ids))}
    return {row.person_id: row for row in seen(session, Checkin, _CHECKINS, wanted)}


_CHECKINS = Prepared(
    select(Checkin).where(
        col(Checkin.cycle_id) == given("cycle"),
        col(Checkin.week) == given("week"),
        among(col(Checkin.person_id), "people"),
    )
)


class Answer(NamedTuple):
    """A check-in as a quarter counts it: there are thousands."""

    week: int
    person_id: int
    state: str
    answered_at: datetime | None
    seconds: float | None


def answers(
    session: Session, cycle_id: int, person_ids: Iterable[int]
) -> dict[int, dict[int, Answer]]:
    """The check-ins of these people in a cycle, by week and person, in one statement."""
    found: dict[int, dict[int, Answer]] = {}
    columns = (Checkin.__table__.c[name] for name in Answer._fields)  # type: ignore[attr-defined]
    wanted = col(Checkin.person_id).in_(set(person_ids))
    rows = session.execute(sql_select(*columns).where(col(Checkin.cycle_id) == cycle_id, wanted))
    for row in map(Answer._make, rows):
        found.setdefault(row.week, {})[row.person_id] = row
    return found


def of_person(
    session: Session, cycle_id: int, person_id: int, weeks: Iterable[int]
) -> dict[int, Checkin]:
    """Somebody's check-ins of these weeks, in one statement."""
    rows = session.exec(
        select(Checkin).where(
            Checkin.cycle_id == cycle_id,
            Checkin.person_id == person_id,
            col(Checkin.week).in_(set(weeks)),
        )
    )
    return {row.week: row for row in rows}


def closed(session: Session, cycle_id: int, weeks: Iterable[int]) -> set[tuple[int, int]]:
    """The weeks and people of whom nothing more is asked: answered, skipped or excused."""
    rows = _CLOSED.rows(session, {"cycle": cycle_id, "weeks": list(set(weeks))})
    return {(week, person_id) for week, person_id in rows}


_CLOSED = Prepared(
    sql_select(col(Checkin.week), col(Checkin.person_id)).where(
        col(Checkin.cycle_id) == given("cycle"),
        among(col(Checkin.week), "weeks"),
        col(Checkin.state) != "open",
    )
)


def updates(
    session: Session,
    cycle_id: int,
    key_result_ids: Iterable[int],
    until: int | None = None,
    *,
    when: bool = True,
) -> dict[int, list[Said]]:
    """The updates of each key result up to a week, oldest first, in one statement.

    Without `when` each was said, and without what only a check-in shows, in half the time.
    """
    pending.write(session)
    last = LAST_WEEK if until is None else until
    found: dict[int, list[Said]] = {}
    wanted = {"key_results": list(set(key_result_ids))}
    for row in (_UPDATES if when else _BRIEFLY).rows(session, wanted):
        if row[0] == cycle_id and row[1] <= last:
            said = Said(*row)
            found.setdefault(said.key_result_id, []).append(said)
    for own in found.values():
        own.sort()  # they differ in their week: SQLite takes longer to sort them
    return found


def of_week(
    session: Session, cycle_id: int, week: int, key_result_ids: Iterable[int]
) -> dict[int, Said]:
    """What was said of each key result in one week, in one statement; without when."""
    pending.write(session)
    wanted = {"cycle": cycle_id, "week": week, "key_results": list(set(key_result_ids))}
    return {row[2]: Said(*row) for row in _OF_WEEK.rows(session, wanted)}


def lately(
    session: Session, cycle_id: int, key_result_ids: Collection[int], first: int, last: int
) -> dict[int, list[Said]]:
    """What was said of each key result in these weeks, oldest first, in one statement.

    Without when, and without what only a check-in shows: of a company these are a hundred thousand.
    """
    session.flush()
    pending.write(session)
    wanted = set(key_result_ids)
    told = {"cycle": cycle_id, "first": first, "last": last}
    found: dict[int, list[Said]] = {}
    for row in session.connection().execute(_LATELY, told).all():
        if row[1] in wanted:
            said = Said(cycle_id, *row[:6])
            found.setdefault(said.key_result_id, []).append(said)
    return found


_LATELY = (
    sql_select(
        *(
            Update.__table__.c[name]  # type: ignore[attr-defined]
            for name in ("week", "key_result_id", "value", "confidence", "note", "by_id")
        )
    )
    .where(
        col(Update.cycle_id) == given("cycle"),
        col(Update.week) >= given("first"),
        col(Update.week) <= given("last"),
    )
    .order_by(col(Update.week))
)


def keep(
    session: Session, table: type[Checkin | Update | Commitment], row: Mapping[str, Any]
) -> None:
    """What was said, in all its columns: it replaces what was said before of the same."""
    pending.keep(session, table, row)


LAST_WEEK = 1_000


def _said(*names: str) -> Select[Any]:
    """Asked for by nothing but the key result: told a cycle too, SQLite reads all of its rows.

    Told a cycle and a week it reads those of the key results.
    """
    columns = (Update.__table__.c[name] for name in names)  # type: ignore[attr-defined]
    return sql_select(*columns).where(among(col(Update.key_result_id), "key_results"))


_UPDATES = Prepared(_said(*Said._fields))
_BRIEF = _said(*(name for name in Said._fields if name not in Said._field_defaults))
_BRIEFLY = Prepared(_BRIEF)
_OF_WEEK = Prepared(
    _BRIEF.where(col(Update.cycle_id) == given("cycle"), col(Update.week) == given("week"))
)


def blockers(session: Session, cycle_id: int, person_ids: Iterable[int]) -> Sequence[Blocker]:
    """Blockers of these people that are not solved."""
    wanted = {"cycle": cycle_id, "people": list(set(person_ids))}
    return session.exec(_UNSOLVED, params=wanted).all()


def in_the_way(
    session: Session, cycle_id: int, person_ids: Iterable[int], week: int
) -> Sequence[Blocker]:
    """Blockers of these people as a week shows them: its own, and older ones still not solved.

    They are to be looked at alone.
    """
    wanted = {"cycle": cycle_id, "people": list(set(person_ids)), "week": week}
    return seen(session, Blocker, _IN_THE_WAY, wanted)


_BLOCKERS = (
    select(Blocker)
    .where(col(Blocker.cycle_id) == given("cycle"), among(col(Blocker.person_id), "people"))
    .order_by(col(Blocker.week), col(Blocker.id))
)
_UNSOLVED = _BLOCKERS.where(Blocker.state != "solved")
_IN_THE_WAY = Prepared(
    _BLOCKERS.where(
        col(Blocker.week) <= given("week"),
        or_(col(Blocker.week) == given("week"), col(Blocker.state) != "solved"),
    )
)


def helping(session: Session, cycle_id: int, person_id: int) -> Sequence[Blocker]:
    """What stands in others' way and somebody helps with, or was named to help with."""
    return session.exec(
        select(Blocker)
        .where(
            Blocker.cycle_id == cycle_id,
            Blocker.state != "solved",
            Blocker.person_id != person_id,
            func.coalesce(Blocker.taken_by_id, Blocker.helper_id) == person_id,
        )
        .order_by(col(Blocker.by), col(Blocker.id))
    ).all()


def helped_by(
    session: Session, cycle_id: int, person_ids: Iterable[int]
) -> dict[int, list[Blocker]]:
    """The same of several people: what each helps with, or was named to, in one statement.

    They are to be looked at alone.
    """
    wanted = {"cycle": cycle_id, "people": list(set(person_ids))}
    found: dict[int, list[Blocker]] = {}
    for row in seen(session, Blocker, _HELPED_BY, wanted):
        found.setdefault(row.taken_by_id or row.helper_id or 0, []).append(row)
    return found


_HELPER = func.coalesce(col(Blocker.taken_by_id), col(Blocker.helper_id))
_HELPED_BY = Prepared(
    select(Blocker)
    .where(
        col(Blocker.cycle_id) == given("cycle"),
        col(Blocker.state) != "solved",
        col(Blocker.person_id) != _HELPER,
        among(_HELPER, "people"),
    )
    .order_by(col(Blocker.by), col(Blocker.id))
)


def blockers_by_id(session: Session, ids: Iterable[int]) -> dict[int, Blocker]:
    """These blockers by number, in one statement."""
    wanted = set(ids)
    rows = session.exec(select(Blocker).where(col(Blocker.id).in_(wanted))) if wanted else ()
    return {row.id: row for row in rows if row.id is not None}


def counted(session: Session, cycle: Cycle, person_ids: Iterable[int]) -> tuple[int, int]:
    """How many things stood in these people's way in a cycle, and how many of them it solved."""
    starts, week, state = col(Cycle.starts), col(Blocker.week), col(Blocker.state)
    rows = session.execute(
        sql_select(starts, week, state, func.count())
        .join(Cycle, col(Cycle.id) == col(Blocker.cycle_id))
        .where(
            col(Blocker.person_id).in_(set(person_ids)),
            or_(col(Blocker.cycle_id) == cycle.id, and_(starts > cycle.ends, week < 1)),
        )
        .group_by(starts, week, state)
    )
    count = solved = 0
    for began, number, left, many in rows:
        if began + timedelta(weeks=number - 1) <= cycle.ends:
            count += many
            solved += many if left == "solved" and began <= cycle.ends else 0
    return count, solved


def go_on(session: Session, new: Cycle) -> None:
    """What is still in the way of a cycle that is over is in the way of this one, however old."""
    over = session.exec(
        select(Cycle).where(
            Cycle.state == "closed",
            Cycle.starts < new.starts,
            col(Cycle.id).in_(select(Blocker.cycle_id).where(Blocker.state != "solved")),
        )
    ).all()
    if not over:
        return
    weeks = {cycle.id: (new.starts - cycle.starts).days // 7 for cycle in over}
    session.exec(
        update(Blocker)
        .where(col(Blocker.cycle_id).in_(weeks), col(Blocker.state) != "solved")
        .values(
            cycle_id=new.id,
            week=col(Blocker.week) - case(weeks, value=col(Blocker.cycle_id)),
        )
    )


def take(session: Session, blocker: Blocker, person_id: int, now: datetime) -> bool:
    """Somebody helps with a blocker; false where somebody else was first."""
    return _become(
        session, blocker, ("open",), state="taken", taken_by_id=person_id, changed_at=now
    )


def solve(session: Session, blocker: Blocker, now: datetime) -> bool:
    """A blocker is out of the way; false where it was already."""
    return _become(session, blocker, ("open", "taken"), state="solved", changed_at=now)


def _become(session: Session, blocker: Blocker, states: Iterable[str], **values: object) -> bool:
    """Change a blocker unless it has left these states meanwhile, and look at it again."""
    changed = (
        update(Blocker)
        .where(col(Blocker.id) == blocker.id, col(Blocker.state).in_(tuple(states)))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    first = session.exec(changed).rowcount == 1
    session.refresh(blocker)
    return first


def commitments(
    session: Session, cycle_id: int, week: int, person_ids: Iterable[int]
) -> dict[int, list[Commitment]]:
    """What each of these people meant to do after this week's check-in, in one statement."""
    return commitments_of(session, cycle_id, (week,), person_ids)[week]


def commitments_of(
    session: Session, cycle_id: int, weeks: Sequence[int], person_ids: Iterable[int]
) -> dict[int, dict[int, list[Commitment]]]:
    """The same for several weeks, by week, in one statement."""
    found: dict[int, dict[int, list[Commitment]]] = {week: {} for week in weeks}
    pending.write(session)
    wanted = {"cycle": cycle_id, "weeks": list(weeks), "people": list(set(person_ids))}
    for row in seen(session, Commitment, _COMMITMENTS, wanted):
        found[row.week].setdefault(row.person_id, []).append(row)
    return found


_COMMITMENTS = Prepared(
    select(Commitment)
    .where(
        col(Commitment.cycle_id) == given("cycle"),
        among(col(Commitment.week), "weeks"),
        among(col(Commitment.person_id), "people"),
    )
    .order_by(col(Commitment.person_id), col(Commitment.position))
)


def take_back(session: Session, commitment: Commitment) -> None:
    """Somebody no longer means to do this."""
    session.exec(
        delete(Commitment).where(
            col(Commitment.cycle_id) == commitment.cycle_id,
            col(Commitment.week) == commitment.week,
            col(Commitment.person_id) == commitment.person_id,
            col(Commitment.position) == commitment.position,
        )
    )
