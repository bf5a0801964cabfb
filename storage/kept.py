"""Statements that are built once and kept: building one takes longer than running it.

A list travels as one value. SQLAlchemy's own lists are written anew into each statement that runs,
which costs as much as the rest of asking, and ends at some ten thousand.
"""

from collections import namedtuple
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    SQLColumnExpression,
    String,
    Table,
    bindparam,
    inspect,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Session, SQLModel

from storage.courtesy import politely
from storage.prepared import NOTHING, Prepared, Told

T = TypeVar("T", bound=SQLModel)
U = TypeVar("U", bound=SQLModel)
V = TypeVar("V", bound=SQLModel)


def seen(
    session: Session, table: type[T], statement: Prepared, told: Told = NOTHING
) -> Sequence[T]:
    """A table's rows to look at: they have all of its columns, and cannot be changed.

    Making a row that can be, and watching whether it is, takes longer than reading it: each is a
    plain tuple with names. Others go first while they are made.
    """
    like = _like(table)
    return [like(row) for row in politely(session, statement.rows(session, told))]


def row_of(table: type[T], values: Mapping[str, Any]) -> T:
    """A row to look at of these values, which name every column."""
    row: T = _like(table)([values[name] for name in table.model_fields])
    return row


def with_values(row: T, **values: object) -> T:
    """A row to look at with other values in it; what is stored stays as it is."""
    other: T = cast("Any", row)._replace(**values)
    return other


def seen_together(
    session: Session, one: type[T], other: type[U], statement: Prepared, told: Told = NOTHING
) -> Iterator[tuple[T, U]]:
    """The same of two tables at once, of which a statement selects all columns."""
    end, first, second = len(columns(one)), _like(one), _like(other)
    for row in politely(session, statement.rows(session, told)):
        yield first(row[:end]), second(row[end:])


def seen_with(
    session: Session, table: type[T], statement: Prepared, told: Told = NOTHING
) -> Iterator[tuple[T, Any]]:
    """A table's rows, each with the one value that a statement selects after all columns."""
    like = _like(table)
    for row in politely(session, statement.rows(session, told)):
        yield like(row[:-1]), row[-1]


def seen_at_once(
    session: Session, one: type[T], other: type[U], third: type[V], statement: Prepared, told: Told
) -> Iterator[tuple[T, U, V]]:
    """The same of three."""
    end, after = len(columns(one)), len(columns(one)) + len(columns(other))
    for row in politely(session, statement.rows(session, told)):
        yield _like(one)(row[:end]), _like(other)(row[end:after]), _like(third)(row[after:])


@cache
def columns(table: type[SQLModel]) -> Sequence[ColumnElement[Any]]:
    """All columns of a table in their order."""
    mapped: Table = inspect(table).local_table
    return tuple(mapped.c)


@cache
def _like(table: type[T]) -> Callable[[Sequence[Any]], T]:
    """Makes a row to look at of the values of its columns."""
    row = cast("Any", namedtuple(table.__name__, [c.key for c in columns(table)]))  # type: ignore[misc] # the columns name its fields
    make: Callable[[Sequence[Any]], T] = row._make
    return make


def given(name: str) -> BindParameter[Any]:
    """What is told when the statement runs."""
    return bindparam(name)


def among(column: SQLColumnExpression[Any], name: str) -> ColumnElement[bool]:
    """Whether a column is one of what is told when the statement runs: a list of any length."""
    kind = cast("ColumnElement[Any]", column).type  # a mapped attribute has one too
    return _Among(column, bindparam(name, type_=_List(kind)))


def one_of(column: SQLColumnExpression[str], words: Collection[str]) -> ColumnElement[bool]:
    """Whether a column is one of these words of ours."""
    return column.in_([literal_column(f"'{word}'") for word in words])


class _List(TypeDecorator[Collection[Any]]):
    """A list as one value: JSON on SQLite, an array on PostgreSQL."""

    impl = String
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.numbers = isinstance(kind, Integer)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return String()
        return ARRAY(Integer() if self.numbers else String())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        plain = list(value or ())
        return msgspec.json.encode(plain).decode() if dialect.name == "sqlite" else plain


class _Among(FunctionElement[bool]):
    inherit_cache = True
    name = "among"
    type = Boolean()

    def self_group(self, against: Any = None) -> "_Among":
        """As it is: compared with 1, as SQLAlchemy would, SQLite uses no index for it."""
        return self


@compiles(_Among, "sqlite")
def _on_sqlite(found: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, told = (compiler.process(part, **how) for part in found.clauses)
    return f"{column} IN (SELECT value FROM json_each({told}))"  # noqa: S608 both are SQLAlchemy's


@compiles(_Among, "postgresql")
def _on_postgres(found: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, told = (compiler.process(part, **how) for part in found.clauses)
    return f"{column} = ANY ({told})"
