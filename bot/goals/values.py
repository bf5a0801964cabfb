"""What a form says of an objective or a key result, and how its milestones are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from bot import figures
from bot.method.score import Kind
from bot.texts import Voice
from storage.objectives import Curve, KeyResult, Milestone, Objective

Commitment = Literal["committed", "aspirational"]
LONGEST_TITLE = 200


class Step(NamedTuple):
    """One milestone as it is written: "title; weight; day"."""

    title: str
    weight: float = 1.0
    due: date | None = None


class Unread(NamedTuple):
    """A line that is no milestone: which one, and what in it cannot be read."""

    line: int
    typed: str


@dataclass(frozen=True)
class ObjectiveValues:
    """An objective's fields, by the names of its columns."""

    title: str = ""
    team_id: int = 0
    owner_id: int | None = None
    commitment: str = "aspirational"
    parent_id: int | None = None

    @classmethod
    def of(cls, row: Objective) -> "ObjectiveValues":
        """Those of a stored one."""
        return cls(row.title, row.team_id, row.owner_id, row.commitment, row.parent_id)


@dataclass(frozen=True)
class KeyResultValues:
    """A key result's fields, by the names of its columns; `steps` are its milestones."""

    due: date
    objective_id: int = 0
    title: str = ""
    kind: Kind = "increase"
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    weight: float = 1.0
    owner_id: int | None = None
    steps: Sequence[Step] = field(default=())
    curve: Curve = "linear"
    draft_confidence: int | None = None
    kpi_id: int | None = None

    @classmethod
    def of(cls, row: KeyResult, milestones: Iterable[Milestone]) -> "KeyResultValues":
        """Those of a stored one."""
        return cls(
            due=row.due,
            objective_id=row.objective_id,
            title=row.title,
            kind=row.kind,
            baseline=row.baseline,
            target=row.target,
            low=row.low,
            high=row.high,
            unit=row.unit,
            weight=row.weight,
            owner_id=row.owner_id,
            steps=tuple(Step(m.title, m.weight, m.due) for m in milestones),
            curve=row.curve,
            draft_confidence=row.draft_confidence,
            kpi_id=row.kpi_id,
        )


def written(voice: Voice, steps: Iterable[Step]) -> str:
    """Milestones, one a line."""
    return "\n".join(
        "; ".join(
            filter(None, (s.title, voice.number(s.weight), s.due.isoformat() if s.due else ""))
        )
        for s in steps
    )


def read_steps(text: str, locale: str, today: date) -> tuple[list[Step], list[Unread]]:
    """The milestones of a text, one a line: "title", "title; weight", "title; weight; day"."""
    steps: list[Step] = []
    unread: list[Unread] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part.strip() for part in line.strip().rsplit(";", 2)]
        if not any(parts):
            continue
        step = _step(parts, locale, today)
        if isinstance(step, Step):
            steps.append(step)
        else:
            unread.append(Unread(number, step))
    return steps, unread


def _step(parts: Sequence[str], locale: str, today: date) -> Step | str:
    """The milestone of these parts, or the part that cannot be read."""
    title, *rest = parts
    weight, due = 1.0, None
    for part in filter(None, rest):
        number = figures.parse_number(part, locale)
        day = figures.parse_day(part, locale, today)
        if day is not None and (number is None or part.count(".") + part.count("-") > 1):
            due = day
        elif number is not None and number > 0:
            weight = number
        else:
            return part
    return Step(title, weight, due) if title else "; ".join(parts)
