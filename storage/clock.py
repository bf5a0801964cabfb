"""Machine time, for leases and pacing: never business time, which is an argument.

It is a float, seconds since 1970, so that the two cannot be mixed up by mistake.
"""

import time

from sqlalchemy import ColumnElement, Float, cast, extract, func, literal
from sqlmodel import Session


def machine_time(session: Session) -> ColumnElement[float]:
    """This instant by the clock that all replicas share: the server's own, or this machine's."""
    if dialect(session) == "postgresql":
        return cast(extract("epoch", func.clock_timestamp()), Float(53))
    return literal(time.time(), Float(53))


def dialect(session: Session) -> str:
    """Which engine a session speaks to."""
    return session.get_bind().dialect.name
