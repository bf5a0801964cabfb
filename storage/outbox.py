"""Letters on their way out: claimed by lease, fenced before each attempt, marked one by one.

A `worker` names one life of one process (host, pid and something random), for it tells a frozen
worker that its letters are another's now.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import update as change
from sqlalchemy.orm import aliased
from sqlmodel import Session

from storage.clock import dialect_of, machine_time
from storage.kept import among, columns, one_of, seen, with_values
from storage.letters import LETTER, RANKS, Letter
from storage.prepared import Prepared

_its = LETTER.c
# Words, not parameters: a partial index must recognise them.
_PLANNED: ColumnElement[str] = literal_column("'planned'")
_CLAIMED: ColumnElement[str] = literal_column("'claimed'")
_FREE: dict[str, Any] = {"state": "planned", "claimed_by": "", "lease_until": null()}


class Bucket(NamedTuple):
    """A workspace of a platform: by it the platform limits the rate."""

    platform: str
    workspace: str


def buckets_due(session: Session, now: datetime) -> list[Bucket]:
    """The workspaces in which something is to be sent."""
    return [Bucket(*row) for row in _due(dialect_of(session)).rows(session, {"a_now": now})]


@cache
def _due(engine: str) -> Prepared:
    due = or_(_planned_due(engine, _NOW), _run_out(engine))
    return Prepared(select(_its.platform, _its.workspace).where(due).distinct())


def claim(
    session: Session, *, worker: str, bucket: Bucket, limit: int, now: datetime, lease: float
) -> list[Letter]:
    """Take what is due, the most urgent first; also what a worker left when its lease ran out.

    `tries` above 0 means that it may have arrived: look it up by its key before sending again.
    Each claim is a new version, so that an old attempt of the same worker is fenced off too.
    They are to be looked at alone.
    """
    claimed = seen(
        session,
        Letter,
        _claiming(dialect_of(session)),
        {
            "a_worker": worker,
            "a_platform": bucket.platform,
            "a_workspace": bucket.workspace,
            "a_limit": limit,
            "a_now": now,
            "a_lease": lease,
        },
    )
    return sorted(claimed, key=lambda letter: (letter.rank, letter.due_at))


@cache
def _claiming(engine: str) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    return Prepared(
        change(LETTER)
        .where(_its.id.in_(_picking(engine)))
        .values(
            state="claimed",
            claimed_by=bindparam("a_worker"),
            lease_until=machine_time(engine) + bindparam("a_lease", type_=Float),
            version=_its.version + 1,
        )
        .returning(*columns(Letter))
    )


def _picking(engine: str) -> Select[int]:
    """A few of each rank, so that an index has them in order however many are due."""
    limit = bindparam("a_limit", type_=Integer)
    here = and_(
        _its.platform == bindparam("a_platform"), _its.workspace == bindparam("a_workspace")
    )
    due = _planned_due(engine, bindparam("a_now", type_=_its.due_at.type))
    sources = [and_(here, due, _its.rank == rank) for rank in sorted(set(RANKS.values()))]
    sources.append(and_(here, _run_out(engine)))
    few = [
        select(_its.id, _its.rank, _its.due_at)
        .where(where)
        .order_by(_its.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte(f"pick_{i}")
        for i, where in enumerate(sources)
    ]
    all_of_them = union_all(*(select(one) for one in few)).subquery()
    return select(all_of_them.c.id).order_by(all_of_them.c.rank, all_of_them.c.due_at).limit(limit)


def _planned_due(engine: str, now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(_its.state == _PLANNED, _its.due_at <= now, _its.not_before <= machine_time(engine))


def _run_out(engine: str) -> ColumnElement[bool]:
    return and_(_its.state == _CLAIMED, _its.lease_until <= machine_time(engine))


def expire(session: Session, now: datetime) -> Sequence[Letter]:
    """What is too late and was never tried. What was tried is claimed again, and looked up."""
    return seen(session, Letter, _expiring(), {"a_now": now})


@cache
def _expiring() -> Prepared:
    due = and_(_its.state == _PLANNED, _its.due_at <= _NOW, _its.tries == 0)
    late = and_(due, _its.expires_at <= _NOW)  # due first: that has an index
    return _ending_as_expired(late, "late")


def coalesce(session: Session, now: datetime) -> Sequence[Letter]:
    """After a long silence only the newest prompt of a kind goes to a person or a team.

    Prompts of one instant are different questions, and all go.
    """
    return seen(session, Letter, _coalescing(), {"a_now": now})


@cache
def _coalescing() -> Prepared:
    newest_first = func.rank().over(
        partition_by=(_its.person_id, _its.team_id, _its.address, _its.flow, _its.kind),
        order_by=_its.due_at.desc(),
    )
    prompts = (
        select(_its.id, newest_first.label("place"))
        .where(
            _its.state == _PLANNED,
            _its.due_at <= _NOW,
            one_of(_its.kind, ("ask", "reminder", "digest", "summary")),
            _its.tries == 0,
        )
        .subquery()
    )
    older = select(prompts.c.id).where(prompts.c.place > 1)
    return _ending_as_expired(_its.id.in_(older), "superseded")


def hush(session: Session, now: datetime, notice: timedelta) -> Sequence[Letter]:
    """Reminders that are due, whose question goes out at the same moment or has only just done so.

    So it is after a silence in which both fell due.
    """
    return seen(session, Letter, _hushing(), {"a_now": now, "a_while_ago": now - notice})


@cache
def _hushing() -> Prepared:
    question = aliased(LETTER)
    asks = (
        select(question.c.id)
        .where(
            question.c.kind == "ask",
            # Not by its index: SQLite would read all of a flow's letters for each reminder.
            func.coalesce(question.c.flow, "") == _its.flow,
            question.c.person_id == _its.person_id,
            question.c.cycle_id == _its.cycle_id,
            question.c.week == _its.week,
            or_(
                and_(one_of(question.c.state, ("planned", "claimed")), question.c.due_at <= _NOW),
                and_(
                    question.c.state == "sent",
                    question.c.sent_at > bindparam("a_while_ago", type_=_its.sent_at.type),
                ),
            ),
        )
        .correlate(LETTER)
    )
    due = and_(_its.state == _PLANNED, _its.due_at <= _NOW, _its.tries == 0)
    return _ending_as_expired(and_(due, _its.kind == "reminder", asks.exists()), "superseded")


_NOW: ColumnElement[datetime] = bindparam("a_now", type_=_its.due_at.type)


def _ending_as_expired(which: ColumnElement[bool], reason: str) -> Prepared:
    """Letters to be looked at alone, as they are now."""
    ended = change(LETTER).where(which).values(state="expired", reason=reason)
    return Prepared(ended.returning(*columns(Letter)))


def carrying(batch: Iterable[Letter], cards: Mapping[int, str | None]) -> list[Letter]:
    """The letters with these cards; what was written before stays as it is."""
    return [
        letter if letter.card is not None else with_values(letter, card=cards.get(_id(letter)))
        for letter in batch
    ]


def write_cards(session: Session, worker: str, cards: Iterable[tuple[Letter, str]]) -> None:
    """Keep what will be said, before the first attempt; what is written stays as it is."""
    rows = [_mine(worker, letter) | {"its_card": card} for letter, card in cards]
    if rows:
        _writing().each(session, rows)


@cache
def _writing() -> Prepared:
    unwritten = change(LETTER).where(*_STILL_MINE, _its.card.is_(None))
    return Prepared(unwritten.values(card=bindparam("its_card")))


def message_ids(session: Session, letters: Collection[int]) -> dict[int, str]:
    """What the platform calls the messages of these letters, where they have arrived."""
    return places(session, letters)[0]


def places(session: Session, letters: Collection[int]) -> tuple[dict[int, str], int]:
    """The same, and how many of these letters have arrived or may still do so."""
    rows = _PLACES.rows(session, {"letters": letters})
    known = {number: message for number, message, _ in rows if message is not None}
    return known, sum(state in ("planned", "claimed", "sent") for *_, state in rows)


_PLACES = Prepared(select(_its.id, _its.message_id, _its.state).where(among(_its.id, "letters")))


def fence(session: Session, worker: str, letter: Letter, lease: float) -> str | None:
    """Right before an attempt: is it still this worker's to send? Then it is for longer.

    None where it is not. Else the reason for which it was recalled since it may have arrived, and
    for which it must not be sent (again); "" where there is none.
    """
    wanted = _mine(worker, letter) | {"a_lease": lease}
    found = _fencing(dialect_of(session)).rows(session, wanted)
    return found[0][0] if found else None


@cache
def _fencing(engine: str) -> Prepared:
    now = machine_time(engine)
    return Prepared(
        change(LETTER)
        .where(*_STILL_MINE)
        .values(
            lease_until=now + bindparam("a_lease", type_=Float),
            tries=_its.tries + 1,
            first_tried_at=func.coalesce(_its.first_tried_at, now),
        )
        .returning(_its.reason)
    )


_STILL_MINE = (
    _its.id == bindparam("its_id"),
    _its.state == "claimed",
    _its.claimed_by == bindparam("a_worker"),
    _its.version == bindparam("its_version"),
)
_ENDING = Prepared(
    change(LETTER)
    .where(*_STILL_MINE)
    .values(state=bindparam("its_state"), reason=bindparam("a_reason"), lease_until=null())
)


def mark_sent(
    session: Session, worker: str, letter: Letter, *, message_id: str, now: datetime
) -> Literal["sent", "edit", "lost"]:
    """It arrived. "edit": it was recalled meanwhile, so the message now says what is not so.

    "lost": it is no longer this worker's, or was renewed meanwhile; whoever has it looks it up.
    """
    wanted = _mine(worker, letter) | {"the_message": message_id, "a_now": now}
    found = _arriving().rows(session, wanted)
    if not found:
        return "lost"
    return "edit" if found[0][0] else "sent"


@cache
def _arriving() -> Prepared:
    return Prepared(
        change(LETTER)
        .where(*_STILL_MINE)
        .values(state="sent", message_id=bindparam("the_message"), sent_at=_NOW, lease_until=null())
        .returning(_its.reason)
    )


def mark_later(
    session: Session, worker: str, letter: Letter, after: float, *, untried: bool = False
) -> bool:
    """Try again in so many seconds of machine time; `untried` if nothing can have been created.

    What may have arrived by an attempt before this one still has to be looked up.
    """
    wanted = _mine(worker, letter) | {"a_while": after}
    wanted |= {"the_tries": letter.tries if untried else None}
    return _putting_off(dialect_of(session)).run(session, wanted) == 1


@cache
def _putting_off(engine: str) -> Prepared:
    return Prepared(
        change(LETTER)
        .where(*_STILL_MINE)
        .values(
            **_FREE,
            not_before=machine_time(engine) + bindparam("a_while", type_=Float),
            tries=func.coalesce(bindparam("the_tries", type_=Integer), _its.tries),
        )
    )


def shorten_pauses(session: Session, longest: float) -> int:
    """Try at once what would wait longer than any letter is put off: the clock was set back."""
    now = machine_time(dialect_of(session))
    too_long = change(LETTER).where(_its.state == _PLANNED, _its.not_before > now + longest)
    return session.exec(too_long.values(not_before=0.0)).rowcount


def mark_unknown(session: Session, worker: str, letter: Letter, reason: str) -> bool:
    """It may have arrived, and nobody can tell."""
    return _end(session, worker, letter, "unknown", reason)


def mark_dead(session: Session, worker: str, letter: Letter, reason: str) -> bool:
    """It cannot be delivered there."""
    return _end(session, worker, letter, "dead", reason)


def mark_expired(session: Session, worker: str, letter: Letter, reason: str = "late") -> bool:
    """It had been tried, did not arrive, and is too late now."""
    return _end(session, worker, letter, "expired", reason)


def mark_cancelled(session: Session, worker: str, letters: Sequence[Letter], reason: str) -> None:
    """They turned out to be no longer needed when their cards were to be written."""
    ended = {"its_state": "cancelled", "a_reason": reason}
    if letters:
        _ENDING.each(session, [_mine(worker, letter) | ended for letter in letters])


def give_back(session: Session, worker: str) -> int:
    """On a graceful stop, when nothing is in flight: let the others have the rest at once."""
    rest = change(LETTER).where(_its.state == "claimed", _its.claimed_by == worker)
    return session.exec(rest.values(**_FREE)).rowcount


def take_back_all(session: Session) -> int:
    """At the start on SQLite, where whoever had claimed them is dead."""
    return session.exec(change(LETTER).where(_its.state == _CLAIMED).values(**_FREE)).rowcount


def _end(session: Session, worker: str, letter: Letter, state: str, reason: str) -> bool:
    wanted = _mine(worker, letter) | {"its_state": state, "a_reason": reason}
    return _ENDING.run(session, wanted) == 1


def _mine(worker: str, letter: Letter) -> dict[str, object]:
    return {"its_id": _id(letter), "its_version": letter.version, "a_worker": worker}


def _id(letter: Letter) -> int:
    if letter.id is None:
        raise ValueError("this letter was never planned")
    return letter.id
