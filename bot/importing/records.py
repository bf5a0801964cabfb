"""The company as the import sees it: what is there, and what is to be there.

`check` lays what the files say over what the database holds, so both are the same types and the
changes are their difference. `id` is the row in the database, None for what is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.kpis.definition import Definition


@dataclass(frozen=True)
class PersonRecord:
    """Somebody, known by e-mail."""

    email: str
    name: str = ""
    zone: str | None = None
    locale: str | None = None
    country: str | None = None
    manager: str | None = None
    admin: bool = False
    digest: bool = False
    active: bool = True
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ChannelRecord:
    """A place for a team's summaries."""

    platform: str
    workspace: str
    address: str

    def __str__(self) -> str:
        address = f"{self.workspace}/{self.address}" if self.workspace else self.address
        return f"{self.platform}:{address}"


@dataclass(frozen=True)
class TeamRecord:
    """A team, known by slug. Lead and members are e-mails, the parent is a slug."""

    slug: str
    name: str = ""
    level: str = "team"
    parent: str | None = None
    lead: str | None = None
    members: tuple[str, ...] = ()
    channels: tuple[ChannelRecord, ...] = ()
    zone: str | None = None
    locale: str | None = None
    country: str | None = None
    short_form: bool = True
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ObjectiveRecord:
    """An objective. `token` is what others point to it by; it holds for one import only."""

    token: str
    team: str
    title: str
    reference: str | None = None
    owner: str | None = None
    commitment: str = "aspirational"
    parent: str | None = None
    id: int | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.reference or self.title


@dataclass(frozen=True)
class MilestoneRecord:
    """A step of a key result."""

    title: str
    position: int
    weight: float = 1.0
    due: date | None = None
    done_on: date | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class KeyResultRecord:
    """A key result. `objective` is the token of its objective."""

    token: str
    objective: str
    title: str
    due: date
    reference: str | None = None
    owner: str | None = None
    kind: str = "increase"
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float = 1.0
    curve: str = "linear"
    milestones: tuple[MilestoneRecord, ...] = ()
    id: int | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """What people call it."""
        return self.reference or self.title


@dataclass(frozen=True)
class UpdateRecord:
    """What a file says of a key result in the current week."""

    key_result: str
    value: float | None = None
    confidence: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class KpiRecord(Definition):
    """A KPI, known by slug."""

    slug: str
    owner: str | None = None
    team: str | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ReadingRecord:
    """A KPI's value of a day."""

    kpi: str
    day: date
    value: float


@dataclass(frozen=True)
class Company:
    """Records by e-mail, slug and token: all that is known, or all that the files mention."""

    people: Mapping[str, PersonRecord] = field(default_factory=dict)
    teams: Mapping[str, TeamRecord] = field(default_factory=dict)
    objectives: Mapping[str, ObjectiveRecord] = field(default_factory=dict)
    key_results: Mapping[str, KeyResultRecord] = field(default_factory=dict)
    updates: tuple[UpdateRecord, ...] = ()
    kpis: Mapping[str, KpiRecord] = field(default_factory=dict)
    readings: tuple[ReadingRecord, ...] = ()
