"""People to whom no message can be sent, by the reason why."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Integer, bindparam, case, func, select
from sqlmodel import Session, col

from storage.people import Identity, Person


class Unreached(Struct, frozen=True):
    """Somebody out of reach; `count` people share the reason.

    It is "no_account", "no_address", or what the platform said. `since` is when they joined.
    """

    reason: str
    count: int
    name: str
    since: datetime
    identity_id: int | None


def unreached(session: Session, few: int) -> list[Unreached]:
    """A few of those for each reason, the largest group first; in one statement."""
    rows = session.connection().execute(_UNREACHED, {"few": few})
    return [Unreached(*row) for row in rows]


_REACHABLE = select(col(Identity.person_id)).where(
    col(Identity.address).is_not(None), col(Identity.unreachable).is_(None)
)
_NEWEST = func.max(col(Identity.id))
_WHY = (
    select(
        case(
            (_NEWEST.is_(None), "no_account"),
            else_=func.coalesce(func.max(col(Identity.unreachable)), "no_address"),
        ).label("reason"),
        col(Person.name),
        col(Person.since),
        _NEWEST.label("identity_id"),
    )
    .select_from(Person)
    .outerjoin(Identity, col(Identity.person_id) == col(Person.id))
    .where(col(Person.active), col(Person.id).not_in(_REACHABLE))
    .group_by(col(Person.id), col(Person.name), col(Person.since))
    .subquery()
)
_PLACED = select(
    _WHY.c.reason,
    func.count().over(partition_by=_WHY.c.reason).label("count"),
    _WHY.c.name,
    _WHY.c.since,
    _WHY.c.identity_id,
    func.row_number().over(partition_by=_WHY.c.reason, order_by=_WHY.c.name).label("place"),
).subquery()
_UNREACHED = (
    select(*(column for column in _PLACED.c if column.name != "place"))
    .where(_PLACED.c.place <= bindparam("few", type_=Integer))
    .order_by(_PLACED.c["count"].desc(), _PLACED.c.reason, _PLACED.c.place)
)
