"""What a rehearsal asks of the letters in its copy, and marks in them: a whole batch at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from storage.letters import LETTER, Letter, edit_of
from storage.people import Identity
from storage.teams import Channel

_its = LETTER.c


def arrived(session: Session, messages: Sequence[tuple[int, str]], now: datetime) -> None:
    """Letters, by number, that a platform has taken, and what it calls their messages."""
    rows = [{"its_id": number, "its_message": message} for number, message in messages]
    if rows:
        session.connection().execute(_arriving(), [row | {"a_now": now} for row in rows])


@cache
def _arriving() -> Update:
    return (
        update(LETTER)
        .where(_its.id == bindparam("its_id"))
        .values(
            state="sent",
            message_id=bindparam("its_message"),
            sent_at=bindparam("a_now", type_=_its.sent_at.type),
            lease_until=null(),
        )
    )


def next_due(session: Session, now: datetime) -> datetime | None:
    """When the next letter is due."""
    planned = _its.state == literal_column("'planned'")  # a word: the partial index knows it
    soonest = select(_its.due_at).where(planned, _its.due_at > now)
    return session.scalar(soonest.order_by(_its.due_at).limit(1))


def is_due(session: Session, now: datetime) -> bool:
    """Whether anything is due."""
    due = select(_its.id).where(_its.state == literal_column("'planned'"), _its.due_at <= now)
    return session.scalar(due.limit(1)) is not None


def questions(
    session: Session, *, since: datetime | None = None, keys: Collection[str] = ()
) -> Sequence[Row[Any]]:
    """Questions that were sent, each with its message's newest card.

    It is None where the message's `edit` is not written yet. Those with these keys, or those sent
    since a moment.
    """
    return session.execute(_questions(keys if since is None else None, since)).all()


def edits(session: Session, numbers: Collection[int]) -> Sequence[Letter]:
    """These edits."""
    return session.scalars(select(Letter).where(_its.id.in_(numbers))).all()


def _questions(keys: Collection[str] | None, since: datetime | None) -> Select[Any]:
    edit = LETTER.alias("edit")
    card = case((edit.c.id.is_(None), _its.card), else_=edit.c.card)
    which = _its.key.in_(keys) if keys is not None else _its.sent_at >= since
    return (
        select(
            _its.key,
            _its.platform,
            _its.workspace,
            _its.address,
            _its.sent_at,
            card.label("card"),
            edit.c.id.label("edit"),
        )
        .join_from(LETTER, edit, edit.c.key == edit_of(_its.id), isouter=True)
        .where(which, _its.kind.in_(("ask", "notice")), _its.state == "sent")
        .order_by(_its.id)
    )


def letters_since(session: Session, when: datetime) -> Sequence[Row[Any]]:
    """Every letter that was due or sent since a moment, without its card."""
    lately = or_(_its.due_at >= when, and_(_its.state == "sent", _its.sent_at >= when))
    columns: list[ColumnElement[Any]] = [each for each in LETTER.columns if each.name != "card"]
    found: Select[Any] = select(*columns).where(lately)
    return session.execute(found.order_by(_its.id)).all()


def platforms(session: Session) -> set[str]:
    """Every platform that somebody or something of the organisation is on."""
    found = {*session.scalars(select(col(Identity.platform)).distinct())}
    return found | {*session.scalars(select(col(Channel.platform)).distinct())}
