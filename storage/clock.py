"""Machine time, for leases and pacing: never business time, which is an argument.

It is a float, seconds since 1970, so that the two cannot be mixed up by mistake.
"""

import time

from sqlalchemy import ColumnElement, Float, bindparam, cast, extract, func
from sqlmodel import Session


def machine_time(dialect: str) -> ColumnElement[float]:
    """The instant of a statement by the clock that all replicas share: the server's, or this one's.

    It is read whenever the statement runs, so that one may be built once and kept.
    """
    if dialect == "postgresql":
        return cast(extract("epoch", func.statement_timestamp()), Float(53))
    return bindparam(None, callable_=time.time, type_=Float(53))


def dialect_of(session: Session) -> str:
    """Which engine a session speaks to."""
    return session.get_bind().dialect.name
