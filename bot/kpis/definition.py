"""What defines a KPI, in a form and in a file alike."""

from dataclasses import dataclass, fields
from typing import Any

from storage.kpis import Kpi

LONGEST_SLUG = 60
MOST_FOLLOWED = 30
MOST_DAYS = 3660


@dataclass(frozen=True, kw_only=True)
class Definition:
    """By the names of its columns; whose it is, a form and a file know each in its own way."""

    name: str = ""
    question: str = ""
    serves: str = ""
    definition: str = ""
    unit: str = ""
    direction: str = "within"
    low: float | None = None
    high: float | None = None
    warn_low: float | None = None
    warn_high: float | None = None
    follows: int | None = None
    cadence: str = "weekly"
    source: str = "chat"
    stale_after_days: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """These fields alone."""
        return {field.name: getattr(self, field.name) for field in fields(Definition)}


def columns_of(row: Kpi) -> dict[str, Any]:
    """The same of a stored one."""
    return {field.name: getattr(row, field.name) for field in fields(Definition)}
