"""A unit of work becomes a transaction: the one place that commits."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from storage import pending
from storage.database import Job, Unavailable, Unit

MOST = 32
ENOUGH = 0.006
"""Seconds after which no further unit begins in a transaction that several share."""

T = TypeVar("T")


def commit_unit(where: Engine | Connection, unit: Unit[T], job: Job[T]) -> tuple[T, bool]:
    """Commit one unit. Returns its result and whether it asked for a wake."""
    with Session(where, expire_on_commit=False) as session:
        session.connection()  # BEGIN, which may have had to wait for another writer
        if job.given_up:
            raise Unavailable("given up while it waited")
        result = unit(session)
        session.flush()
        pending.write(session)
        if not job.may_commit():
            raise Unavailable("given up before the commit")
        session.commit()
        return result, bool(session.info.get("wake"))


def read_unit(where: Engine | Connection, unit: Unit[T]) -> T:
    """Run a unit and keep nothing of it."""
    with Session(where, expire_on_commit=False) as session:
        return unit(session)


class Together:
    """People whose answers wait at the same time share one transaction.

    To begin and to commit takes a quarter of the time of an answer, and an fsync many times that.
    All of it comes true or nothing; then each is tried alone, and fails or not by itself.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[Job[Any]] = deque()

    def wait(self, job: Job[Any]) -> None:
        """This one is about to be submitted, after those that wait."""
        self._waiting.append(job)

    def commit(self, first: Job[T]) -> tuple[T, bool] | None:
        """Commit it and those that wait with it, who are told; None where it is left alone.

        Returns what `commit_unit` does.
        """
        jobs = self._taken(first)
        if len(jobs) == 1:
            return None
        try:
            results, wake = self._all(jobs)
        except Exception:  # whoever it was hears of it when it is alone
            for job in jobs:
                job.shared = None
                job.reopen()
            return None
        for job, result in zip(jobs[1:], results[1:], strict=False):
            job.future.set_result(result)
        self._waiting.extendleft(reversed(jobs[len(results) :]))
        return results[0], wake

    def _taken(self, first: Job[Any]) -> list[Job[Any]]:
        jobs = [first]
        while self._waiting and len(jobs) < MOST:
            job = self._waiting.popleft()
            if not (job is first or job.given_up or job.future.done() or job.shared is None):
                jobs.append(job)
        return jobs

    def _all(self, jobs: Sequence[Job[Any]]) -> tuple[list[Any], bool]:
        """As many of them as there is time for, the first at least."""
        results, wake, since = list[Any](), False, time.monotonic()
        with self._engine.begin() as connection:
            for job in jobs:
                if results and time.monotonic() - since > ENOUGH:
                    break
                result, wakes = _joined(connection, job.shared)
                results.append(result)
                wake = wake or wakes
            if not all(job.may_commit() for job in jobs[: len(results)]):
                raise Unavailable("given up before the commit")
        return results, wake


def _joined(connection: Connection, unit: Unit[T] | None) -> tuple[T, bool]:
    """Run a unit in a transaction of others, with a session of its own."""
    if unit is None:
        raise TypeError("this one shares its transaction with nobody")
    with Session(connection, expire_on_commit=False, info={pending.SHARED: True}) as session:
        result = unit(session)
        session.flush()
        pending.write(session)
        return result, bool(session.info.get("wake"))
