"""What many ask of the database at once is written together: one commit for all of them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlmodel import Session

from storage.database import Database, Unavailable

Item = TypeVar("Item")
T = TypeVar("T")


class Together(Generic[Item, T]):
    """Runs `unit` for an item, together with those that came while the one before was written.

    Nobody hears of theirs before the common commit. Where the unit fails for several, it runs for
    each alone, so that one item's trouble is not the others'.
    """

    def __init__(self, database: Database, unit: Callable[[Session, Item], T]) -> None:
        self._database = database
        self._unit = unit
        self._waiting: list[tuple[Item, asyncio.Future[T]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> T:
        """What the unit returns for this item, or raises."""
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, told))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await told

    async def _write(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting, []
            if not await self._written(some):
                for one in some:
                    await self._written([one])

    async def _written(self, some: Sequence[tuple[Item, "asyncio.Future[T]"]]) -> bool:
        """Tell all how it went; False, and nobody told, where each alone may fare better."""
        items = [item for item, _ in some]
        askers = [told for _, told in some]
        try:
            found = await self._database.write(
                lambda session: [self._unit(session, item) for item in items], patience=None
            )
        except asyncio.CancelledError:
            for told in askers:
                told.cancel()
            raise
        except BaseException as problem:  # whoever asked hears of it
            if len(some) > 1 and not isinstance(problem, Unavailable):
                return False
            for told in askers:
                if not told.done():  # else its asker was cancelled
                    told.set_exception(problem)
        else:
            for told, result in zip(askers, found, strict=True):
                if not told.done():
                    told.set_result(result)
        return True
