"""Business time: what is due, what week it is. Leases and pacing go by machine time instead."""

from collections.abc import Callable
from datetime import datetime, timedelta


class Clock:
    """The real clock, or in the demo and in rehearsals one that was moved on."""

    def __init__(self, source: Callable[[], datetime], start: datetime | None = None) -> None:
        self._source = source
        self._offset = timedelta() if start is None else start - source()

    def now(self) -> datetime:
        """The moment it is, aware UTC."""
        return self._source() + self._offset

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment now."""
        self._offset = moment - self._source()
