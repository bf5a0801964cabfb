"""Statements that are built, compiled and bound once, for what each answer asks for.

SQLAlchemy takes five times as long over a small statement as SQLite does. What it has worked out
once (the text, the order of the values, how each is converted) is kept here, and SQLite is asked
directly. On PostgreSQL, where the way there takes longer than either, and while somebody counts
statements, each runs through SQLAlchemy.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, literal_column
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.courtesy import A_FEW, few, gently, give_way

Told = Mapping[str, Any]
Row = tuple[Any, ...]
Statement = SelectBase | UpdateBase
Convert = Callable[[Any], Any]
T = TypeVar("T")

NOTHING: Told = {}
COUNTED = {"preserve_rowcount": True}
"""Execution options: psycopg forgets how many rows an INSERT added."""


class Prepared:
    """One statement. Lists are told as one value, with `kept.among`.

    Where it inserts, `columns` are those of each row.
    """

    def __init__(self, statement: Statement, columns: Sequence[str] | None = None) -> None:
        self.statement: Any = statement
        self._columns = columns
        self._plain: _Plain | None = None

    def rows(self, session: Session, told: Told = NOTHING) -> Sequence[Row]:
        """What it finds, of which nothing is watched."""
        session.flush()
        connection = _connection(session)
        if _through_sqlalchemy(connection):
            return connection.execute(self.statement, told).all()
        return self._for(connection).rows(connection, told)

    def gently(self, session: Session, told: Told = NOTHING) -> Iterator[Row]:
        """The same in long work: a few rows at a time, with others going first in between."""
        session.flush()
        connection = _connection(session)
        if _through_sqlalchemy(connection):
            found = connection.execute(self.statement, told, execution_options=few(session))
            yield from gently(session, found)
        else:
            for rows in self._for(connection).partitions(connection, told):
                give_way(session)
                yield from rows

    def run(self, session: Session, told: Told) -> int:
        """Change something; says how many rows."""
        connection = _connection(session)
        if _through_sqlalchemy(connection):
            changed = connection.execute(self.statement, told, execution_options=COUNTED)
            return changed.rowcount
        return self._for(connection).run(connection, told)

    def each(self, session: Session, rows: Sequence[Told]) -> int:
        """Do it once for each of these; says how many rows were changed in all."""
        connection = _connection(session)
        if _through_sqlalchemy(connection):
            changed = connection.execute(self.statement, rows, execution_options=COUNTED)
            return changed.rowcount
        return self._for(connection).each(connection, rows)

    def _for(self, connection: Connection) -> "_Plain":
        if self._plain is None:
            self._plain = _Plain(self.statement, connection.dialect, self._columns)
        return self._plain


def _connection(session: Session) -> Connection:
    """The session's own; to ask the session each time takes as long as a small statement."""
    known: Connection | None = session.info.get("connection")
    if known is None or known.closed:
        known = session.info["connection"] = session.connection()
    return known


def _through_sqlalchemy(connection: Connection) -> bool:
    engine = connection.engine
    return engine.dialect.name != "sqlite" or bool(engine.dispatch.before_cursor_execute)


class _Plain:
    """A statement as sqlite3 takes it."""

    def __init__(self, statement: Any, dialect: Dialect, columns: Sequence[str] | None) -> None:
        compiled = _with_words(statement, dialect).compile(dialect=dialect, column_keys=columns)
        self._text = str(compiled)
        self._bound = _binding([compiled.binds[name] for name in compiled.positiontup], dialect)
        converts = (_converts(kind, dialect) for kind in _kinds(statement))
        self._converts = [(n, convert) for n, convert in enumerate(converts) if convert]

    def rows(self, connection: Connection, told: Told) -> Sequence[Row]:
        text, bound = self._text, self._bound(told)
        found = directly(connection, text, lambda own: own.execute(text, bound).fetchall())
        return self._read(found)

    def partitions(self, connection: Connection, told: Told) -> Iterator[Sequence[Row]]:
        text, bound = self._text, self._bound(told)
        with closing(directly(connection, text, lambda own: own.execute(text, bound))) as cursor:
            while found := directly(connection, text, lambda _: cursor.fetchmany(A_FEW)):
                yield self._read(found)

    def run(self, connection: Connection, told: Told) -> int:
        text, bound = self._text, self._bound(told)
        return directly(connection, text, lambda own: own.execute(text, bound).rowcount)

    def each(self, connection: Connection, rows: Iterable[Told]) -> int:
        text, bound = self._text, [self._bound(row) for row in rows]
        return directly(connection, text, lambda own: own.executemany(text, bound).rowcount)

    def _read(self, found: Sequence[Row]) -> Sequence[Row]:
        return [self._converted(row) for row in found] if self._converts else found

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for place, convert in self._converts:
            values[place] = convert(values[place])
        return tuple(values)


def _with_words(statement: Any, dialect: Dialect) -> Any:
    """The same statement, with what is fixed in it written out.

    SQLite plans a statement anew each time it runs if a parameter stands where the condition of a
    partial index has a value, and that takes longer than running it.
    """

    def written_out(element: Any, **_: Any) -> ColumnElement[Any] | None:
        if not (isinstance(element, BindParameter) and isinstance(element.value, str | int)):
            return None
        write = element.type.dialect_impl(dialect).literal_processor(dialect)
        return literal_column(write(element.value), element.type) if write is not None else None

    return replacement_traverse(statement, {}, written_out)


def directly(connection: Connection, text: str, work: Callable[[sqlite3.Connection], T]) -> T:
    """Work with sqlite3's own connection; what it refuses is told as SQLAlchemy does.

    That is with the text of the statement, and without the values.
    """
    try:
        return work(cast("sqlite3.Connection", connection.connection.driver_connection))
    except sqlite3.Error as problem:
        raise DBAPIError.instance(
            text, None, problem, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from problem


def _kinds(statement: Any) -> Iterable[Any]:
    """The types of what comes back."""
    if isinstance(statement, SelectBase):
        return [column.type for column in statement.selected_columns]
    return [column["type"] for column in statement.returning_column_descriptions]


def _converts(kind: Any, dialect: Dialect) -> Convert | None:
    """How what comes back becomes what we work with; None where it is that already."""
    if isinstance(kind, UTCDateTime):
        return _moment
    return cast("Convert | None", kind.dialect_impl(dialect).result_processor(dialect, None))


def _binding(
    binds: Sequence[BindParameter[Any]], dialect: Dialect
) -> Callable[[Told], Sequence[Any]]:
    """How what is told becomes the values of a statement, in their order."""
    names: list[str] = []
    own: list[tuple[int, Callable[[], Any]]] = []
    converts: list[tuple[int, Convert]] = []
    for place, bind in enumerate(binds):
        if bind.expanding:
            raise TypeError(f"{bind.key}: a list is told with kept.among")
        if bind.callable is None and bind.required:
            names.append(bind.key)
        else:
            own.append((place, bind.callable or partial(_as_it_is, bind.value)))
        if convert := _binds(bind.type, dialect):
            converts.append((place, convert))
    pick = itemgetter(*names) if len(names) > 1 else lambda told: [told[name] for name in names]

    def bound(told: Told) -> Sequence[Any]:
        values = list(pick(told))
        for place, find in own:
            values.insert(place, find())
        for place, convert in converts:
            values[place] = convert(values[place])
        return values

    return bound if own or converts else pick


def _as_it_is(value: Any) -> Any:
    """What is fixed in the statement."""
    return value


def _binds(kind: Any, dialect: Dialect) -> Convert | None:
    """How what we work with becomes what is stored; None where it is that already."""
    if isinstance(kind, UTCDateTime):
        return _written
    return cast("Convert | None", kind.dialect_impl(dialect).bind_processor(dialect))


def _moment(text: str | None) -> datetime | None:
    """As SQLAlchemy reads it, in a third of the time."""
    return datetime.fromisoformat(f"{text}+00:00") if text is not None else None


def _written(moment: datetime | None) -> str | None:
    """As SQLAlchemy writes it: in UTC, which is not said, to the microsecond."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment} is in no zone")
    own = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return own.isoformat(" ", "microseconds")[: -len("+00:00")]
