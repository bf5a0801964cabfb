"""Every table, imported: what migrations and the tests compare with the database."""

from sqlmodel import SQLModel

from storage import (
    audit,
    checkins,
    cycles,
    daysoff,
    kpis,
    objectives,
    organisation,
    people,
    teams,
)

metadata = SQLModel.metadata
__all__ = [
    "audit",
    "checkins",
    "cycles",
    "daysoff",
    "kpis",
    "metadata",
    "objectives",
    "organisation",
    "people",
    "teams",
]
