"""How a KPI's newest reading stands; what is missing or old never reads healthy (METHOD 3)."""

from datetime import date
from typing import Literal, Protocol, TypeAlias

Health: TypeAlias = Literal["no_data", "stale", "no_range", "outside", "watch", "inside"]

STALE_AFTER_DAYS = {"daily": 3, "weekly": 10, "monthly": 40}
"""One reading missed, and some days of grace."""


class Watched(Protocol):
    """A KPI, as far as its health depends on it."""

    @property
    def low(self) -> float | None: ...

    @property
    def high(self) -> float | None: ...

    @property
    def warn_low(self) -> float | None: ...

    @property
    def warn_high(self) -> float | None: ...

    @property
    def cadence(self) -> str: ...

    @property
    def stale_after_days(self) -> int | None: ...


def health(kpi: Watched, value: float | None, day: date | None, today: date) -> Health:
    """The state of its newest reading: bounds belong to the range, an open side bounds nothing."""
    if value is None or day is None:
        return "no_data"
    grace = kpi.stale_after_days
    if (today - day).days > (STALE_AFTER_DAYS.get(kpi.cadence, 0) if grace is None else grace):
        return "stale"
    if kpi.low is None and kpi.high is None:
        return "no_range"
    if _beyond(value, kpi.low, kpi.high):
        return "outside"
    return "watch" if _beyond(value, kpi.warn_low, kpi.warn_high) else "inside"


def _beyond(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)
