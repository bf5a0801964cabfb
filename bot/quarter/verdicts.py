"""How a quarter is judged: each key result's grades, its objective's and its team's.

>>> found = graded(session, term.at_the_end_of(cycle), [team.id])[team.id]
>>> found.grade, found.figures, found.colour
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from sqlmodel import Session

from bot import picture
from bot.flow import Term
from bot.method import grade as method
from bot.method import score
from bot.method.grade import Colour, Measure
from bot.picture import Standing
from bot.texts import Voice
from storage import grades, kpis, objectives
from storage.checkins import Said
from storage.grades import CarryOver, Grade
from storage.objectives import TRACKED, KeyResult, Moved, Objective

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Verdict:
    """One key result at the close: what the figures say of it, and what its owner said."""

    standing: Standing
    moved: Sequence[Moved] = ()
    given: Grade | None = None
    carry: CarryOver | None = None

    @property
    def id(self) -> int:
        """The key result's number."""
        return self.standing.id

    @property
    def kr(self) -> KeyResult:
        """The key result."""
        return self.standing.kr

    @property
    def commitment(self) -> str:
        """Whether it was promised or bold."""
        return self.standing.objective.commitment

    @cached_property
    def figures(self) -> float | None:
        """What the figures say; None while it is unscored."""
        return method.of_progress(self.standing.progress)

    @cached_property
    def figures_original(self) -> float | None:
        """What they say against the goalposts it began with, where these were moved."""
        first = self.original_measure
        if first is None:
            return None
        values = [u.value for u in self.standing.updates if u.week <= self.standing.week]
        return method.of_progress(score.progress(first, values, self.standing.milestones))

    @property
    def original_measure(self) -> Measure | None:
        """The goalposts it began with, where they were moved and it is still measured alike."""
        if not self.moved or self.moved[0].kind not in (None, self.kr.kind):
            return None
        first = self.moved[0]
        return Measure(self.kr.kind, first.baseline, first.target, first.low, first.high)

    @property
    def grade(self) -> float | None:
        """The grade that was given; None while nobody has judged it."""
        return None if self.given is None else self.given.grade

    @property
    def original(self) -> float | None:
        """The grade against the goalposts it began with, where they were moved."""
        return self.figures_original if self.given is None else self.given.original

    @property
    def likely(self) -> float | None:
        """The grade, or else what the figures say: never to be shown as if it were given."""
        return self.figures if self.grade is None else self.grade

    @property
    def colour(self) -> Colour | None:
        """The grade's colour; none for what nobody has judged."""
        return None if self.grade is None else method.colour(self.grade)

    @property
    def missed(self) -> bool:
        """Whether it fell short of what was promised."""
        return self.likely is not None and method.missed(self.commitment, self.likely)

    @property
    def unfinished(self) -> bool:
        """Whether something has to become of it."""
        return method.unfinished(self.likely)

    @property
    def cause(self) -> str:
        """Why it was missed, as its owner says; "" where nobody has said."""
        return self.given.cause if self.given is not None else ""


class Judged:
    """What an objective and a team have in common: grades made of other grades."""

    def parts(self) -> Sequence[tuple[float, float | None, float | None, float | None]]:
        """Weight, grade, grade against the first goalposts, and what is likely, of each part."""
        raise NotImplementedError

    @cached_property
    def grade(self) -> float | None:
        """The rounded mean; None while a part is not graded: never green by silence."""
        if any(given is None for _, given, _, _ in self.parts()):
            return None
        return method.mean((weight, given) for weight, given, _, _ in self.parts())

    @cached_property
    def original(self) -> float | None:
        """The same against the goalposts of the beginning, where any were moved."""
        parts = self.parts()
        if self.grade is None or all(first is None for _, _, first, _ in parts):
            return None
        return method.mean((w, given if first is None else first) for w, given, first, _ in parts)

    @cached_property
    def figures(self) -> float | None:
        """The mean with what the figures say for what is not graded; None where nothing is known.

        It stands in for no grade: show it as "not graded (figures say 0.6)".
        """
        return method.mean((weight, likely) for weight, _, _, likely in self.parts())

    @property
    def mean(self) -> float | None:
        """The grade, or else what the figures say."""
        return self.figures if self.grade is None else self.grade

    @property
    def colour(self) -> Colour | None:
        """The grade's colour; none where something is not graded."""
        return None if self.grade is None else method.colour(self.grade)


@dataclass(frozen=True)
class ObjectiveGrades(Judged):
    """One objective at the close."""

    objective: Objective
    verdicts: Sequence[Verdict] = ()
    dropped: Sequence[KeyResult] = ()

    def parts(self) -> Sequence[tuple[float, float | None, float | None, float | None]]:
        return [(v.kr.weight, v.grade, v.original, v.likely) for v in self.verdicts]


@dataclass(frozen=True)
class TeamGrades(Judged):
    """One team at the close: all its objectives count alike."""

    team_id: int
    objectives: Sequence[ObjectiveGrades] = ()

    def parts(self) -> Sequence[tuple[float, float | None, float | None, float | None]]:
        return [(1.0, o.grade, o.original, o.figures) for o in self.objectives if o.verdicts]

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """Every key result that was not dropped."""
        return [verdict for each in self.objectives for verdict in each.verdicts]

    @property
    def ungraded(self) -> Sequence[Verdict]:
        """What nobody has judged."""
        return [verdict for verdict in self.verdicts if verdict.grade is None]

    @property
    def causes(self) -> Mapping[str, int]:
        """How often each cause was named for what was missed."""
        return Counter(v.cause for v in self.verdicts if v.missed and v.cause)


def figure(voice: Voice, grade: float) -> str:
    """A grade with its decimal, as this reader writes it: "1.0"."""
    point = voice.number(0.5)[1:2]
    return f"{grade:.1f}".replace(".", point)


def told(voice: Voice, judged: Verdict | Judged) -> str:
    """A grade in words, or that there is none.

    Of one key result "0.7, green (for the first target the figures say 0.5)".
    """
    figures, grade, colour = judged.figures, judged.grade, judged.colour
    if grade is None or colour is None:
        shown = "" if figures is None else figure(voice, figures)
        return voice.line("verdicts.not_graded", figures=shown)
    return voice.line(
        "verdicts.graded",
        grade=figure(voice, grade),
        colour=voice.line(f"verdicts.{colour}"),
        original=first(voice, judged.original, grade),
        all=isinstance(judged, Judged),
    )


def first(voice: Voice, original: float | None, grade: float) -> str:
    """The grade against the first target, where one sees that it is another; else ""."""
    shown = "" if original is None else figure(voice, original)
    return "" if shown == figure(voice, grade) else shown


def cause(voice: Voice, name: str) -> str:
    """Why a key result was missed, in words."""
    return voice.line(f"verdicts.cause_{name}")


def graded(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, TeamGrades]:
    """How the term's cycle is judged in each of these teams; a fixed number of statements.

    Of a cycle that is over ask with `term.at_the_end_of(cycle)`.
    """
    found = objectives.seen(session, term.cycle_id, team_ids, TRACKED)
    rows = {row.id or 0: row for row in found}
    pairs = [(kr, rows[kr.objective_id]) for kr in objectives.seen_key_results(session, rows)]
    gone: dict[int, list[KeyResult]] = {}
    for kr in objectives.dropped(session, rows) if rows else ():
        gone.setdefault(kr.objective_id, []).append(kr)
    own: dict[int, list[Verdict]] = {}
    for verdict in verdicts(session, term, pairs):
        own.setdefault(verdict.kr.objective_id, []).append(verdict)
    teams: dict[int, list[ObjectiveGrades]] = {}
    for number, row in rows.items():
        each = ObjectiveGrades(row, own.get(number, ()), gone.get(number, ()))
        teams.setdefault(row.team_id, []).append(each)
    return {number: TeamGrades(number, each) for number, each in teams.items()}


def verdicts(
    session: Session, term: Term, pairs: Iterable[tuple[KeyResult, Objective]]
) -> list[Verdict]:
    """How each of these key results is judged at the end of the term's cycle."""
    pairs = list(pairs)
    follows = any(kr.kpi_id for kr, _ in pairs)
    standings = read(session, term, picture.standings(
        session, term, pairs, term.calendar.weeks, closed=True, when=follows
    ))  # fmt: skip
    ids = [standing.id for standing in standings]
    if not ids:
        return []
    moved, given = objectives.moved(session, ids), grades.grades(session, ids)
    carry = grades.carry_overs(session, ids)
    return [Verdict(s, moved.get(s.id, ()), given.get(s.id), carry.get(s.id)) for s in standings]


def of_owners(session: Session, term: Term, person_ids: Iterable[int]) -> dict[int, list[Verdict]]:
    """What each of these people judges; the number of statements does not grow with them."""
    owned = objectives.owned(session, term.cycle_id, person_ids)
    found: dict[int, list[Verdict]] = {}
    for verdict in verdicts(session, term, [pair for own in owned.values() for pair in own]):
        found.setdefault(verdict.kr.owner_id or 0, []).append(verdict)
    return found


def read(session: Session, term: Term, standings: Sequence[Standing]) -> Sequence[Standing]:
    """What is measured by a KPI stands where its newest reading of the cycle is."""
    linked = {s.kr.kpi_id for s in standings if s.kr.kpi_id}
    if not linked or term.cycle is None:
        return standings
    readings = kpis.newest(session, linked, term.cycle.ends)
    found = []
    for standing in standings:
        reading = readings.get(standing.kr.kpi_id or 0)
        said = standing.said
        fresh = reading is not None and reading.day >= term.cycle.starts
        if reading is not None and fresh and (said is None or reading.at > said.at):
            standing = valued(standing, reading.value, reading.by_id)
        found.append(standing)
    return found


def valued(standing: Standing, value: float | None, by_id: int | None = None) -> Standing:
    """A key result as it stands once this is said of its week."""
    said = standing.said
    now = Said(
        standing.objective.cycle_id, standing.week, standing.id, value,
        said.confidence if said else None, said.note if said else "", by_id,
        at=said.at if said else _NEVER, version=said.version if said else 1,
    )  # fmt: skip
    earlier = [update for update in standing.updates if update.week != standing.week]
    return replace(standing, updates=(*earlier, now))
