"""What a rehearsal asks of the letters in its copy, and marks in them: a whole batch at a time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
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

from storage.kept import among, one_of
from storage.letters import LETTER, Letter, edit_of
from storage.people import Identity
from storage.prepared import Prepared
from storage.teams import Channel

_its = LETTER.c


def arrived(session: Session, messages: Sequence[tuple[int, str]], now: datetime) -> None:
    """Letters, by number, that a platform has taken, and what it calls their messages."""
    rows = [{"its_id": number, "its_message": message} for number, message in messages]
    if rows:
        _ARRIVING.each(session, [row | {"a_now": now} for row in rows])


_ARRIVING = Prepared(
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
    found = _NEXT_DUE.rows(session, {"now": now})
    return found[0][0] if found else None


def is_due(session: Session, now: datetime) -> bool:
    """Whether anything is due."""
    return bool(_IS_DUE.rows(session, {"now": now}))


_PLANNED = _its.state == literal_column("'planned'")  # a word: the partial index knows it
_NOW: ColumnElement[datetime] = bindparam("now", type_=_its.due_at.type)
_NEXT_DUE = Prepared(
    select(_its.due_at).where(_PLANNED, _its.due_at > _NOW).order_by(_its.due_at).limit(1)
)
_IS_DUE = Prepared(select(_its.id).where(_PLANNED, _its.due_at <= _NOW).limit(1))


class Question(NamedTuple):
    """A question that was sent, with its message's newest card.

    It is None where the message's `edit` is not written yet.
    """

    key: str
    platform: str
    workspace: str
    address: str
    sent_at: datetime
    card: str | None
    edit: int | None


def questions(session: Session, keys: Collection[str]) -> Sequence[Question]:
    """Those with these keys."""
    return [Question(*row) for row in _WITH_KEYS.rows(session, {"keys": list(keys)})]


def questions_since(session: Session, when: datetime) -> Sequence[Question]:
    """Those sent since a moment."""
    return [Question(*row) for row in _SINCE.rows(session, {"since": when})]


def edits(session: Session, numbers: Collection[int]) -> Sequence[Letter]:
    """These edits."""
    return session.scalars(select(Letter).where(_its.id.in_(numbers))).all()


def _questions(which: ColumnElement[bool]) -> Prepared:
    edit = LETTER.alias("edit")
    card = case((edit.c.id.is_(None), _its.card), else_=edit.c.card)
    return Prepared(
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
        .where(which, one_of(_its.kind, ("ask", "notice")), _its.state == "sent")
        .order_by(_its.id)
    )


_WITH_KEYS = _questions(among(_its.key, "keys"))
_SINCE = _questions(_its.sent_at >= bindparam("since", type_=_its.sent_at.type))


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
