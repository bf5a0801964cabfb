"""Forgets what people wrote once it is old; values, grades and who was asked when stay.

What is old is looked for on a snapshot, and forgotten a few hundred rows at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Table, and_, bindparam, delete, inspect, or_, select, tuple_, update
from sqlmodel import Session, SQLModel, col

from storage.audit import Audit
from storage.checkins import Blocker, Commitment
from storage.courtesy import few, gently
from storage.cycles import Cycle
from storage.kudos import Kudos
from storage.letters import LETTER
from storage.written import SAYS, WORDS

A_FEW = 500


class Piece(NamedTuple):
    """Rows of one table whose texts are forgotten in one transaction.

    `values` says what their columns become, None that they go; `rows` are changes with the
    key as "its_id", where each becomes something else.
    """

    table: Table
    keys: Sequence[Any] = ()
    values: dict[str, Any] | None = None
    rows: Sequence[dict[str, Any]] = ()


class Old(NamedTuple):
    """What there is to forget, and the newest change that was looked at."""

    pieces: Sequence[Piece]
    seen: int


def old(session: Session, before: datetime, seen: int) -> Old:
    """What was written before a moment; of changes, those after the one `seen` last time."""
    pieces = [piece for found in _found(session, before) for piece in found]
    changes, seen = _changes(session, before, seen)
    return Old([*pieces, *changes], seen)


def forget(session: Session, piece: Piece) -> int:
    """Forget one piece; says how many rows that was."""
    table = piece.table
    if piece.rows:
        changing = (
            update(table)
            .where(table.c.id == bindparam("its_id"))
            .values(before=bindparam("new_before"), after=bindparam("new_after"))
        )
        session.connection().execute(changing, list(piece.rows))
        return len(piece.rows)
    these = tuple_(*table.primary_key.columns).in_(piece.keys)
    if piece.values is None:
        session.connection().execute(delete(table).where(these))
    else:
        session.connection().execute(update(table).where(these).values(piece.values))
    return len(piece.keys)


def _found(session: Session, before: datetime) -> Iterator[Iterator[Piece]]:
    for words in WORDS:
        table = _table(words.table)
        written = or_(*(table.c[name] != "" for name in words.columns))
        empty = dict.fromkeys(words.columns, "")
        yield _pieces(session, table, and_(table.c[words.at] < before, written), empty)
    kudos, blocker, commitment = _table(Kudos), _table(Blocker), _table(Commitment)
    yield _pieces(session, kudos, and_(kudos.c.at < before, kudos.c.text != ""), {"text": ""})
    solved = and_(blocker.c.state == "solved", blocker.c.changed_at < before)
    yield _pieces(session, blocker, solved, None)
    over = _weeks_over(session, commitment, before.date())
    if over is not None:
        yield _pieces(session, commitment, and_(over, commitment.c.text != ""), {"text": ""})
    its = LETTER.c
    sent = and_(
        its.due_at < before, its.card.is_not(None), its.state.not_in(("planned", "claimed"))
    )
    yield _pieces(session, LETTER, sent, {"card": None})


def _weeks_over(session: Session, table: Table, day: date) -> Any:
    """Which rows are of weeks that ended before this day; None where there are none."""
    parts = []
    for number, starts in session.execute(select(col(Cycle.id), col(Cycle.starts))):
        weeks = (day - starts) // timedelta(days=7)
        if weeks > 0:
            parts.append(and_(table.c.cycle_id == number, table.c.week <= weeks))
    return or_(*parts) if parts else None


def _pieces(
    session: Session, table: Table, where: Any, values: dict[str, Any] | None
) -> Iterator[Piece]:
    keys: list[Column[Any]] = list(table.primary_key.columns)
    query = select(*keys).where(where)
    found = [tuple(row) for row in gently(session, _asked(session, query))]
    for some in _some(found):
        yield Piece(table, some, values)


def _changes(session: Session, before: datetime, seen: int) -> tuple[list[Piece], int]:
    """Changes that hold texts, rewritten without them."""
    its = _table(Audit).c
    query = (
        select(its.id, its.before, its.after).where(its.at < before, its.id > seen).order_by(its.id)
    )
    rows: list[dict[str, Any]] = []
    for number, was, became in gently(session, _asked(session, query)):
        seen = number
        without = _without(was), _without(became)
        if without != (was, became):
            rows.append({"its_id": number, "new_before": without[0], "new_after": without[1]})
    return [Piece(_table(Audit), rows=some) for some in _some(rows)], seen


def _without(kept: str | None) -> str | None:
    if kept is None:
        return None
    found = msgspec.json.decode(kept)
    texts = [name for name in SAYS if isinstance(found, dict) and found.get(name)]
    if not texts:
        return kept
    return msgspec.json.encode(found | dict.fromkeys(texts, "")).decode()


def _asked(session: Session, query: Any) -> Any:
    return session.execute(query, execution_options=few(session))


def _some(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    every = list(rows)
    return (every[n : n + A_FEW] for n in range(0, len(every), A_FEW))


def _table(model: type[SQLModel]) -> Table:
    mapped: Table = inspect(model).local_table
    return mapped
