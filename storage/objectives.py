"""Objectives and their key results."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import CheckConstraint, Select, String, and_, func, union
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.checkins import Update
from storage.kept import among, columns, given, one_of, seen_together
from storage.kept import seen as seen_rows
from storage.prepared import Prepared
from storage.teams import Membership, Team

Kind: TypeAlias = Literal["increase", "decrease", "within", "milestones", "done"]
Curve: TypeAlias = Literal["linear", "late", "steps"]


class Objective(SQLModel, table=True):
    """What a team wants to be true by the end of the cycle."""

    __table_args__ = (
        CheckConstraint("commitment in ('committed','aspirational')", "commitment"),
        CheckConstraint("state in ('draft','review','approved','closed','dropped')", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="objective.id")
    reference: str | None = None
    title: str
    commitment: str = "aspirational"
    state: str = "approved"
    kpi_id: int | None = Field(default=None, foreign_key="kpi.id")
    """The KPI that this shall bring back into its range."""
    carried_from_id: int | None = Field(default=None, foreign_key="objective.id")
    """The objective of the quarter before whose unfinished key results it takes on."""


class KeyResult(SQLModel, table=True):
    """How one knows that the objective is reached. Numbers are in `unit`.

    `kind` says which of `baseline`, `target`, `low` and `high` count (METHOD.md 2).
    """

    __tablename__ = "key_result"
    __table_args__ = (
        CheckConstraint("kind in ('increase','decrease','within','milestones','done')", "kind"),
        CheckConstraint("curve in ('linear','late','steps')", "curve"),
        CheckConstraint("state in ('open','dropped','closed')", "state"),
        CheckConstraint("weight > 0", "weight"),
        CheckConstraint("baseline is null or target is null or baseline <> target", "moves"),
        CheckConstraint(
            "draft_confidence is null or draft_confidence between 1 and 10", "draft_confidence"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    objective_id: int = Field(foreign_key="objective.id", index=True)
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    reference: str | None = None
    title: str
    kind: Kind = Field(default="increase", sa_type=String)
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float = 1.0
    due: date
    curve: Curve = Field(default="linear", sa_type=String)
    state: str = "open"
    carried_from_id: int | None = Field(default=None, foreign_key="key_result.id", index=True)
    kpi_id: int | None = Field(default=None, foreign_key="kpi.id", index=True)
    """The KPI whose readings move this."""
    draft_confidence: int | None = None
    """What its owner believed when it was drafted, 1-10."""


class Moved(SQLModel, table=True):
    """A goalpost that was moved while the quarter ran: both are graded (METHOD.md 2)."""

    __tablename__ = "moved_target"

    id: int | None = Field(default=None, primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    week: int
    kind: str | None = None
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    """What counted before."""
    reason: str = ""
    by_id: int | None = Field(default=None, foreign_key="person.id")
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    approved_at: datetime | None = None
    at: datetime


class Milestone(SQLModel, table=True):
    """A step of a key result that is finished or not."""

    id: int | None = Field(default=None, primary_key=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    position: int = 0
    title: str
    weight: float = 1.0
    due: date | None = None
    done_on: date | None = None


def objectives(
    session: Session, cycle_id: int, team_ids: Iterable[int] | None = None
) -> Sequence[Objective]:
    """The objectives that are tracked in a cycle, of these teams or of all."""
    query = select(Objective).where(
        Objective.cycle_id == cycle_id, col(Objective.state).in_(("approved", "closed"))
    )
    if team_ids is not None:
        query = query.where(col(Objective.team_id).in_(set(team_ids)))
    return session.exec(query.order_by(col(Objective.team_id), col(Objective.id))).all()


def key_results(session: Session, objective_ids: Iterable[int]) -> Sequence[KeyResult]:
    """The key results of these objectives that were not dropped."""
    return session.exec(_KEY_RESULTS, params={"objectives": list(set(objective_ids))}).all()


_KEY_RESULTS = (
    select(KeyResult)
    .where(among(col(KeyResult.objective_id), "objectives"), KeyResult.state != "dropped")
    .order_by(col(KeyResult.objective_id), col(KeyResult.id))
)


def seen_key_results(session: Session, objective_ids: Iterable[int]) -> Sequence[KeyResult]:
    """The same to be looked at alone: of a whole company there are tens of thousands."""
    wanted = {"objectives": list(set(objective_ids))}
    return seen_rows(session, KeyResult, _SEEN_KEY_RESULTS, wanted)


_SEEN_KEY_RESULTS = Prepared(
    sql_select(*columns(KeyResult))
    .where(among(col(KeyResult.objective_id), "objectives"), col(KeyResult.state) != "dropped")
    .order_by(col(KeyResult.objective_id), col(KeyResult.id))
)


def numbered(session: Session, numbers: Collection[int]) -> Sequence[KeyResult]:
    """The key results with these numbers, of whatever cycle, to be looked at."""
    return seen_rows(session, KeyResult, _NUMBERED, {"numbers": list(numbers)})


_NUMBERED = Prepared(sql_select(*columns(KeyResult)).where(among(col(KeyResult.id), "numbers")))

TRACKED, LIVE = ("approved", "closed"), ("draft", "review", "approved")
PLANNED = ("draft", "review", "approved", "closed")


def seen(
    session: Session, cycle_id: int, team_ids: Iterable[int] | None, states: tuple[str, ...]
) -> Sequence[Objective]:
    """The objectives of a cycle in these states, of these teams or of all, to be looked at."""
    told: dict[str, Any] = {"cycle": cycle_id}
    told |= {} if team_ids is None else {"teams": list(set(team_ids))}
    return seen_rows(session, Objective, _seen(states, "teams" in told), told)


@cache
def _seen(states: tuple[str, ...], of_teams: bool) -> Prepared:
    query = sql_select(*columns(Objective)).where(
        col(Objective.cycle_id) == given("cycle"), one_of(col(Objective.state), states)
    )
    if of_teams:
        query = query.where(among(col(Objective.team_id), "teams"))
    return Prepared(query.order_by(col(Objective.team_id), col(Objective.id)))


def key_result(session: Session, number: int) -> tuple[KeyResult, Objective] | None:
    """The key result with this number, of whatever cycle, with its objective."""
    return session.exec(
        select(KeyResult, Objective)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(KeyResult.id == number)
    ).first()


def by_reference(
    session: Session, cycle_id: int, reference: str
) -> tuple[KeyResult, Objective] | None:
    """The key result that its company's own files call so, in any case."""
    return session.exec(
        select(KeyResult, Objective)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(
            Objective.cycle_id == cycle_id,
            func.lower(KeyResult.reference) == reference.lower(),
        )
    ).first()


def find(session: Session, cycle_id: int, name: str) -> tuple[KeyResult, Objective] | None:
    """A key result by its number or, within a cycle, by what its company's own files call it."""
    if name.isascii() and name.isdecimal() and len(name) < 10:
        found = key_result(session, int(name))
        if found is not None:
            return found
    return by_reference(session, cycle_id, name)


def owned(
    session: Session, cycle_id: int, person_ids: Iterable[int]
) -> dict[int, list[tuple[KeyResult, Objective]]]:
    """The open key results each of these people owns in a cycle, in one statement."""
    found: dict[int, list[tuple[KeyResult, Objective]]] = {}
    wanted = {"cycle": cycle_id, "people": list(set(person_ids))}
    for kr, objective in seen_together(session, KeyResult, Objective, _OWNED, wanted):
        if kr.owner_id is not None:
            found.setdefault(kr.owner_id, []).append((kr, objective))
    return found


# Not by its index: SQLite would read all of a cycle's key results for each person.
_IN_CYCLE = func.coalesce(col(Objective.cycle_id), 0) == given("cycle")

_OWNED = Prepared(
    sql_select(*columns(KeyResult), *columns(Objective))
    .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    .where(
        _IN_CYCLE,
        col(Objective.state) == "approved",
        col(KeyResult.state) == "open",
        among(col(KeyResult.owner_id), "people"),
    )
    .order_by(col(KeyResult.objective_id), col(KeyResult.id))
)


def owners(session: Session, cycle_id: int, person_ids: Collection[int] | None = None) -> set[int]:
    """Everybody who owns an open key result in a cycle; or who of these does."""
    told: dict[str, Any] = {"cycle": cycle_id}
    if person_ids is None:
        rows = _OWNERS.rows(session, told)
    else:
        told["people"] = list(person_ids)
        rows = _OWNING.rows(session, told)
    return {owner for (owner,) in rows if owner is not None}


_OPEN = (col(Objective.state) == "approved", col(KeyResult.state) == "open")
_OWNERS = Prepared(
    sql_select(col(KeyResult.owner_id))
    .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    .where(col(Objective.cycle_id) == given("cycle"), *_OPEN)
    .distinct()
)
_OWNING = Prepared(
    sql_select(col(KeyResult.owner_id))
    .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
    .where(_IN_CYCLE, *_OPEN, among(col(KeyResult.owner_id), "people"))
    .distinct()
)


def owners_of(session: Session, cycle_id: int, team_ids: Iterable[int]) -> set[int]:
    """Who owns key results of these teams in a cycle, in one statement."""
    rows = session.exec(
        select(KeyResult.owner_id)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(
            Objective.cycle_id == cycle_id,
            col(Objective.state).in_(("approved", "closed")),
            KeyResult.state != "dropped",
            col(Objective.team_id).in_(set(team_ids)),
        )
        .distinct()
    )
    return {row for row in rows if row is not None}


def measured(session: Session, cycle_id: int, team_ids: Collection[int] | None = None) -> set[int]:
    """The teams that have key results in a cycle, of all or of these."""
    told: dict[str, Any] = {"cycle": cycle_id}
    if team_ids is None:
        rows = _MEASURED.rows(session, told)
    else:
        rows = _MEASURED_OF.rows(session, told | {"teams": list(team_ids)})
    return {team_id for (team_id,) in rows}


_MEASURING = (
    sql_select(col(Objective.team_id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
    .where(
        col(Objective.cycle_id) == given("cycle"),
        one_of(col(Objective.state), TRACKED),
        col(KeyResult.state) != "dropped",
    )
    .distinct()
)
_MEASURED = Prepared(_MEASURING)
_MEASURED_OF = Prepared(_MEASURING.where(among(col(Objective.team_id), "teams")))


def teams_showing(
    session: Session, cycle_id: int, person_ids: Iterable[int]
) -> dict[int, int | None]:
    """The teams that show these people, each with its lead, in one statement.

    These are their own teams, those whose key results they own, and all above.
    """
    wanted = {"cycle": cycle_id, "people": list(set(person_ids))}
    return dict(_TEAMS_SHOWING.rows(session, wanted))


def _showing() -> Select[int | None, int | None]:
    at = union(
        select(col(Membership.team_id).label("id")).where(
            among(col(Membership.person_id), "people")
        ),
        select(Objective.team_id)
        .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
        .where(
            _IN_CYCLE,
            KeyResult.state != "dropped",
            among(col(KeyResult.owner_id), "people"),
        ),
    ).subquery()
    climbed = sql_select(at.c.id).cte("climbed", recursive=True)
    above = sql_select(col(Team.parent_id)).join(climbed, col(Team.id) == climbed.c.id)
    found = climbed.union(above.where(col(Team.active), col(Team.parent_id).is_not(None)))
    return sql_select(col(Team.id), col(Team.lead_id)).join(
        found, and_(col(Team.id) == found.c.id, col(Team.active))
    )


TEAMS_SHOWING = _showing()
_TEAMS_SHOWING = Prepared(TEAMS_SHOWING)


def milestones(session: Session, key_result_ids: Iterable[int]) -> dict[int, list[Milestone]]:
    """The milestones of these key results in their order, in one statement."""
    found: dict[int, list[Milestone]] = {}
    wanted = list(set(key_result_ids))
    for row in session.exec(_MILESTONES, params={"key_results": wanted}) if wanted else ():
        found.setdefault(row.key_result_id, []).append(row)
    return found


_MILESTONES = (
    select(Milestone)
    .where(among(col(Milestone.key_result_id), "key_results"))
    .order_by(col(Milestone.key_result_id), col(Milestone.position), col(Milestone.id))
)


def all_key_results(session: Session) -> Sequence[KeyResult]:
    """Every key result there is."""
    return session.exec(select(KeyResult).order_by(col(KeyResult.id))).all()


def live(
    session: Session, cycle_id: int, team_ids: Iterable[int] | None = None
) -> Sequence[Objective]:
    """The objectives of a cycle that are tracked or still to be approved, of these teams or all."""
    query = select(Objective).where(Objective.cycle_id == cycle_id, col(Objective.state).in_(LIVE))
    if team_ids is not None:
        query = query.where(col(Objective.team_id).in_(set(team_ids)))
    return session.exec(query.order_by(col(Objective.team_id), col(Objective.id))).all()


def teams_owned_in(session: Session, cycle_id: int, person_id: int) -> set[int]:
    """The teams in which somebody owns an objective or a key result, in one statement."""
    told = {"cycle": cycle_id, "person": person_id}
    return {team_id for (team_id,) in session.connection().execute(_OWNED_IN, told)}


_OWNED_IN = union(
    sql_select(col(Objective.team_id)).where(_IN_CYCLE, col(Objective.owner_id) == given("person")),
    sql_select(col(Objective.team_id))
    .join(KeyResult, col(KeyResult.objective_id) == col(Objective.id))
    .where(_IN_CYCLE, col(KeyResult.owner_id) == given("person")),
)


def aiming(session: Session, cycle_id: int) -> set[int]:
    """The teams that have objectives in a cycle, approved or not."""
    return {team_id for (team_id,) in _AIMING.rows(session, {"cycle": cycle_id})}


_AIMING = Prepared(
    sql_select(col(Objective.team_id))
    .where(col(Objective.cycle_id) == given("cycle"), one_of(col(Objective.state), LIVE))
    .distinct()
)


def planned(
    session: Session, cycle_id: int, team_ids: Iterable[int] | None = None
) -> Sequence[Objective]:
    """The objectives of a cycle that were not dropped, drafts too, of these teams or of all."""
    query = select(Objective).where(Objective.cycle_id == cycle_id, Objective.state != "dropped")
    if team_ids is not None:
        query = query.where(col(Objective.team_id).in_(set(team_ids)))
    return session.exec(query.order_by(col(Objective.team_id), col(Objective.id))).all()


class Drafted(NamedTuple):
    """That a team has planned something: whether it does not count yet, and whose it is."""

    team_id: int
    open: bool
    owner_id: int | None
    key_result_owner_id: int | None


def drafted(session: Session, cycle_id: int) -> Sequence[Drafted]:
    """Who has planned something in a cycle, in one statement."""
    rows = session.exec(
        select(Objective.team_id, Objective.state, Objective.owner_id, KeyResult.owner_id)
        .join(
            KeyResult,
            and_(
                col(KeyResult.objective_id) == col(Objective.id),
                col(KeyResult.state) != "dropped",
            ),
            isouter=True,
        )
        .where(Objective.cycle_id == cycle_id, Objective.state != "dropped")
        .distinct()
    )
    return [Drafted(team, state in ("draft", "review"), own, kr) for team, state, own, kr in rows]


def by_number(session: Session, numbers: Iterable[int]) -> dict[int, Objective]:
    """These objectives by number, in one statement."""
    rows = session.exec(select(Objective).where(col(Objective.id).in_(set(numbers)))).all()
    return {row.id: row for row in rows if row.id is not None}


def moved(session: Session, key_result_ids: Iterable[int]) -> dict[int, list[Moved]]:
    """What counted before of each of these key results, the oldest first, in one statement.

    To be looked at alone.
    """
    found: dict[int, list[Moved]] = {}
    wanted = list(set(key_result_ids))
    for row in seen_rows(session, Moved, _MOVED, {"key_results": wanted}) if wanted else ():
        found.setdefault(row.key_result_id, []).append(row)
    return found


_MOVED = Prepared(
    sql_select(*columns(Moved))
    .where(among(col(Moved.key_result_id), "key_results"))
    .order_by(col(Moved.key_result_id), col(Moved.at), col(Moved.id))
)


def dropped(session: Session, objective_ids: Iterable[int]) -> Sequence[KeyResult]:
    """The key results of these objectives that were dropped, to be looked at alone."""
    return seen_rows(session, KeyResult, _DROPPED, {"objectives": list(set(objective_ids))})


_DROPPED = Prepared(
    select(KeyResult)
    .where(among(col(KeyResult.objective_id), "objectives"), col(KeyResult.state) == "dropped")
    .order_by(col(KeyResult.id))
)


def given_up(
    session: Session, cycle_id: int, team_ids: Iterable[int]
) -> dict[int, list[Objective]]:
    """The objectives that these teams dropped after somebody had said how they go, by team."""
    told = {"cycle": cycle_id, "teams": list(set(team_ids))}
    found: dict[int, list[Objective]] = {}
    for row in seen_rows(session, Objective, _GIVEN_UP, told):
        found.setdefault(row.team_id, []).append(row)
    return found


_GIVEN_UP = Prepared(
    select(Objective)
    .where(
        col(Objective.cycle_id) == given("cycle"),
        among(col(Objective.team_id), "teams"),
        col(Objective.state) == "dropped",
        col(Objective.id).in_(
            select(KeyResult.objective_id).join(
                Update, col(Update.key_result_id) == col(KeyResult.id)
            )
        ),
    )
    .order_by(col(Objective.id))
)


def dropped_of_teams(
    session: Session, cycle_id: int, team_ids: Iterable[int]
) -> dict[int, list[KeyResult]]:
    """The key results that these teams dropped in a cycle, in one statement."""
    found: dict[int, list[KeyResult]] = {}
    rows = session.exec(
        select(KeyResult, Objective.team_id)
        .join(Objective, col(Objective.id) == col(KeyResult.objective_id))
        .where(
            Objective.cycle_id == cycle_id,
            col(Objective.team_id).in_(set(team_ids)),
            col(Objective.state).in_(("approved", "closed")),
            KeyResult.state == "dropped",
        )
        .order_by(col(KeyResult.id))
    )
    for kr, team_id in rows:
        found.setdefault(team_id, []).append(kr)
    return found


def by_ids(session: Session, numbers: Iterable[int]) -> dict[int, KeyResult]:
    """These key results by number, in one statement."""
    rows = session.exec(select(KeyResult).where(col(KeyResult.id).in_(set(numbers)))).all()
    return {row.id: row for row in rows if row.id is not None}


def carried_objectives(session: Session, cycle_id: int) -> dict[int, Objective]:
    """The objectives of a cycle that came from the one before, by the number of the old one."""
    rows = session.exec(
        select(Objective)
        .where(Objective.cycle_id == cycle_id, col(Objective.carried_from_id).is_not(None))
        .order_by(col(Objective.id).desc())
    )
    return {row.carried_from_id: row for row in rows if row.carried_from_id is not None}


def became(session: Session, key_result_ids: Iterable[int]) -> dict[int, KeyResult]:
    """What each of these key results became in a later cycle, in one statement.

    To be looked at alone.
    """
    wanted = {"key_results": list(set(key_result_ids))}
    rows = seen_rows(session, KeyResult, _BECAME, wanted)
    return {row.carried_from_id: row for row in rows if row.carried_from_id is not None}


_BECAME = Prepared(
    sql_select(*columns(KeyResult)).where(among(col(KeyResult.carried_from_id), "key_results"))
)
