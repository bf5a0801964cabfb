"""A post office for tests: letters on their way to a platform that can misbehave."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from sqlmodel import Session, col, select, update

from bot.clock import Clock
from bot.deliver import LEASE, Delivery
from storage import letters
from storage.database import Database, Unavailable, Unit
from storage.leases import Lease
from storage.letters import Draft, Kind, Letter
from tests.house import furnish
from tests.loopback import Loopback, Message

T = TypeVar("T")
NOW = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
"""Thursday 10:00 in Berlin, week 5 of the fixed cast's cycle."""
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process is gone; nothing after this line was run."""


class Post:
    """The company, its letters and one platform."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.platform = Loopback()
        self.now = NOW
        self.clock = Clock(lambda: self.now)
        self.delivery = self.worker("one")

    @classmethod
    async def open(cls, database: Database) -> "Post":
        await database.write(lambda session: furnish(session, "waiting"), patience=None)
        return cls(database)

    def worker(self, name: str, *, lease: float = LEASE, on: object = None) -> Delivery:
        """Another life of the bot; `lease=-1` runs out at once; `on` stands for the database."""
        database = cast(Database, on) if on is not None else self.database
        return Delivery(database, {"loopback": self.platform}, self.clock, name, lease)

    async def plan(self, *drafts: Draft) -> None:
        await self.database.write(lambda s: letters.plan(s, drafts), patience=None)

    async def deliver(self) -> int:
        return await self.delivery.deliver()

    async def the(self, key: str) -> Letter:
        found = await self.database.read(lambda s: letters.by_key(s, key), patience=None)
        assert found is not None
        return found

    async def states(self) -> dict[str, str]:
        """What became of each letter, by key."""
        rows = await self.database.read(lambda s: s.exec(select(Letter)).all(), patience=None)
        return {row.key: row.state for row in rows}

    async def change(self, key: str, **values: Any) -> None:
        """Set columns of a letter behind everybody's back."""
        changed = update(Letter).where(col(Letter.key) == key).values(**values)
        await self.database.write(lambda s: s.exec(changed), patience=None)

    async def time_passes(self) -> None:
        """Machine time goes on until every lease has run out and every pause is over."""

        def unit(session: Session) -> None:
            session.exec(update(Letter).values(not_before=0.0))
            session.exec(
                update(Letter).where(col(Letter.state) == "claimed").values(lease_until=1.0)
            )
            session.exec(update(Lease).values(until=1.0))

        await self.database.write(unit, patience=None)

    @property
    def messages(self) -> list[Message]:
        return self.platform.messages


def ask(
    person: int,
    *,
    key: str = "",
    kind: Kind = "ask",
    week: int = 5,
    due: datetime = NOW,
    expires: datetime = NOW + 24 * HOUR,
    **more: Any,
) -> Draft:
    """A letter of the check-in to somebody of the fixed cast."""
    address = ("alice", "bob", "charlie", "dana")[person - 1]
    subject = f"{kind}:1:{week}:{person}"
    given: dict[str, Any] = {
        "platform": "loopback", "address": f"dm:{address}@harbour.example", "person_id": person,
    } | more  # fmt: skip
    return Draft(
        key=key or f"checkin:{subject}", flow="checkin", subject=subject, kind=kind, due_at=due,
        expires_at=expires, cycle_id=1, week=week, **given,
    )  # fmt: skip


class Trouble:
    """A database that its worker loses at the n-th touch, before or after it was answered.

    With `for_good` the worker is killed there; else the database is away once.
    """

    dialect = "sqlite"

    def __init__(self, database: Database, at: int, *, after: bool, for_good: bool) -> None:
        self._database = database
        self._left = at
        self._after = after
        self._for_good = for_good

    @property
    def over(self) -> bool:
        """Whether it came to that."""
        return self._left <= 0

    async def write(self, unit: Unit[T], *, patience: float | None = None) -> T:
        return await self._touch(partial(self._database.write, unit, patience=patience))

    async def read(self, unit: Unit[T], *, patience: float | None = None) -> T:
        return await self._touch(partial(self._database.read, unit, patience=patience))

    async def _touch(self, work: Callable[[], Awaitable[T]]) -> T:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise self._problem()
        done = await work()
        if self._left == 0 and self._after:
            raise self._problem()
        return done

    def _problem(self) -> BaseException:
        return Killed() if self._for_good else Unavailable("away", perhaps_saved=self._after)
