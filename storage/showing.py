"""The messages that show somebody's week: each answer asks for them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlmodel import Session

from storage.kept import among, given, one_of
from storage.letters import LETTER, POSTED, SHOWING
from storage.objectives import TEAMS_SHOWING
from storage.prepared import Prepared

_its = LETTER.c


def showing(
    session: Session, cycle_id: int, week: int, person_ids: Collection[int]
) -> dict[int, int | None]:
    """The letters that were sent about a week of these people, in one statement.

    To them and about their teams; to the leads of these only what was flagged. Each is told with
    the person it went to, if to one.
    """
    told = {"cycle": cycle_id, "week": week, "people": list(person_ids)}
    return dict(_SHOWING.rows(session, told))


def _sent(about: ColumnElement[bool], kinds: Collection[str]) -> Select[int, int | None]:
    return select(_its.id, _its.person_id).where(
        about,
        _its.cycle_id == given("cycle"),
        _its.week == given("week"),
        one_of(_its.state, ("sent", "claimed")),
        one_of(_its.kind, kinds),
    )


_teams = TEAMS_SHOWING.cte("teams")

# One part for each index: with OR, neither engine is sure to use both.
_SHOWING = Prepared(
    union_all(
        _sent(among(_its.person_id, "people"), SHOWING),
        _sent(_its.team_id.in_(select(_teams.c.id)), POSTED),
        _sent(_its.person_id.in_(select(_teams.c.lead_id)), ("flag",)),
    )
)
