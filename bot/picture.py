"""Where key results stand: what flows show, computed from what was said, a set at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, assert_never, overload

from sqlmodel import Session

from bot import cadence
from bot.chat.cards import Chart, Meter, Series, Tone
from bot.flow import Term
from bot.method import pace, score
from bot.method.pace import Curve
from bot.method.pace import Explanation as PaceExplanation
from bot.texts import Voice, brief
from storage import checkins, objectives
from storage.checkins import Said
from storage.courtesy import unnoticed
from storage.objectives import TRACKED, KeyResult, Milestone, Objective

START_CONFIDENCE = 5
T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 it is written like a property
    """A property that is found once. functools' own takes a lock: too long for fifty thousand."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find, self._name, self.__doc__ = find, find.__name__, find.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "lazy[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "T | lazy[T]":
        if instance is None:
            return self
        found = instance.__dict__[self._name] = self._find(instance)
        return found


@dataclass(frozen=True)
class Standing:
    """One key result at one week. Progress and pace are shares of 1, unclamped."""

    kr: KeyResult
    objective: Objective
    week: int
    starts: date
    updates: Sequence[Said] = ()
    milestones: Sequence[Milestone] = ()
    first_week: int = 2
    closed: bool = False
    judged: int | None = None
    """The newest week whose pace counts, where that is not its own."""
    today: date = date.max
    """What has a later day of its own is not expected yet."""

    @lazy
    def progress(self) -> float | None:
        """How far it has come by the end of its week."""
        return self.progress_at(self.week)

    @lazy
    def expected(self) -> float | None:
        """The pace that counts in its week."""
        return self.expected_at(self.week)

    @property
    def id(self) -> int:
        """The key result's number."""
        return self.kr.id or 0

    @lazy
    def said(self) -> Said | None:
        """What was said of it this week."""
        return next((u for u in reversed(self.updates) if u.week == self.week), None)

    @property
    def earlier(self) -> Said | None:
        """What was said of it last, before this week."""
        return next((u for u in reversed(self.updates) if u.week < self.week), None)

    @property
    def latest(self) -> Said | None:
        """What was said of it last."""
        return next((u for u in reversed(self.updates) if u.week <= self.week), None)

    @property
    def value(self) -> float | None:
        """The newest value."""
        return next((u.value for u in reversed(self.updates) if u.value is not None), None)

    @property
    def before(self) -> float | None:
        """The newest value before this week."""
        return self.value_before(self.week)

    def value_before(self, week: int) -> float | None:
        """The newest value before a week, or where it started."""
        return next(
            (u.value for u in reversed(self.updates) if u.value is not None and u.week < week),
            self.kr.baseline,
        )

    @lazy
    def confidence(self) -> int:
        """What its owner believes, 1-10; every key result starts in the middle."""
        return next(
            (u.confidence for u in reversed(self.updates) if u.confidence is not None),
            START_CONFIDENCE,
        )

    @property
    def confidence_before(self) -> int | None:
        """What its owner believed before this week, if they ever said."""
        return next(
            (
                u.confidence
                for u in reversed(self.updates)
                if u.confidence is not None and u.week < self.week
            ),
            None,
        )

    @property
    def follows_kpi(self) -> bool:
        """Whether readings of a KPI are its values, so that nobody is asked for them here."""
        return self.kr.kpi_id is not None and self.kr.kind in ("increase", "decrease", "within")

    @property
    def voiced(self) -> Said | None:
        """What somebody said of it last: a KPI moves it and says nothing."""
        return next(
            (u for u in reversed(self.updates) if u.week <= self.week and _is_voiced(u)), None
        )

    @property
    def stale(self) -> bool:
        """Whether what was said has expired: a check-in was missed since."""
        said = self.voiced if self.kr.kpi_id is not None else self.latest
        newest = said.week if said else self.first_week - 1
        return newest < (self.week if self.closed else self.week - 1)

    @lazy
    def pace(self) -> pace.Pace | None:
        """How far behind the expected pace it is, where one is expected."""
        return pace.judge(self.expected, self.progress)

    @property
    def expected_gap(self) -> float:
        """How far it is from its pace: above 0 behind, below 0 ahead; 0 where there is none."""
        return (self.expected or 0.0) - (self.progress or 0.0) if self.pace else 0.0

    @property
    def disagrees(self) -> bool:
        """Whether its owner's belief and the pace are more than one band apart."""
        return self.pace is not None and pace.differs(score.band(self.confidence), self.pace)

    @property
    def tone(self) -> Tone:
        """A colour that repeats the pace."""
        match self.pace:
            case "at_risk":
                return "bad"
            case "behind":
                return "warn"
            case "on_pace":
                return "good"
            case None:
                return "neutral"

    @property
    def explained(self) -> score.Explanation:
        """How its progress comes about."""
        return score.explain(self.kr, *self._inputs(self.week))

    @property
    def pace_explained(self) -> PaceExplanation:
        """How its expected pace comes about."""
        return pace.explain(*self._course(self.week), self.milestones)

    def progress_at(self, week: int) -> float | None:
        """Progress as it was at the end of a week."""
        known = self._progress
        if week not in known:
            moves = self.kr.kind in ("increase", "decrease")
            known[week] = (
                score.moved(self.kr, *self._ends(week))
                if moves
                else score.progress(self.kr, *self._inputs(week))
            )
        return known[week]

    def expected_at(self, week: int) -> float | None:
        """The pace that counts in a week: that of its end, or of the newest week judged."""
        if self.milestones:
            return pace.expected(*self._course(week), self.milestones)
        kr, judged = self.kr, self.judged or week
        return _expected(kr.kind, kr.curve, self.starts, kr.due, week, judged, self.today)

    def _ends(self, week: int) -> tuple[float | None, float | None]:
        """The first and the newest value until a week: of what moves nothing else counts."""
        first = last = None
        for update in self.updates:
            if update.week > week:
                break
            if update.value is not None and update.week >= 1:
                last = update.value
                first = last if first is None else first
        return first, last

    def _inputs(self, week: int) -> tuple[list[float | None], list["Step"]]:
        values = [u.value for u in self.updates if 1 <= u.week <= week]
        if not self.milestones:
            return values, []
        until = self.starts + timedelta(days=7 * week)
        return values, [_as_of(m, until) for m in self.milestones]

    @lazy
    def _progress(self) -> dict[int, float | None]:
        """What was asked for already: a chart asks for each week, and twice."""
        return {}

    def _course(self, week: int) -> tuple[score.Kind, Curve, date, date, date]:
        kr, kind, curve = self.kr, self.kr.kind, self.kr.curve
        day = _day(kind, curve, self.starts, week, self.judged or week, self.today)
        return kind, curve, self.starts, kr.due, day


def _is_voiced(update: Said) -> bool:
    return update.by_id is not None or update.confidence is not None or bool(update.note)


@lru_cache(4096)
def _day(kind: score.Kind, curve: Curve, starts: date, week: int, judged: int, today: date) -> date:
    """The day whose pace counts in a week: its last, or today where it has days of its own."""
    if kind in ("done", "milestones") or curve == "steps":
        return min(_sunday(starts, week), today)
    return _sunday(starts, min(week, judged))


def _sunday(starts: date, week: int) -> date:
    return cadence.first_day(starts, week) + timedelta(days=6)


@lru_cache(4096)
def _expected(
    kind: score.Kind, curve: Curve, starts: date, due: date, week: int, judged: int, today: date
) -> float | None:
    """Alike for most key results: they begin and are due together."""
    day = _day(kind, curve, starts, week, judged, today)
    return pace.expected(kind, curve, starts, due, day)


class Step(NamedTuple):
    """A milestone as it stood on a day."""

    weight: float
    due: date | None
    done_on: date | None


def _as_of(milestone: Milestone, until: date) -> Step:
    done_on = milestone.done_on
    known = done_on if done_on is not None and done_on < until else None
    return Step(milestone.weight, milestone.due, known)


def standings(
    session: Session,
    term: Term,
    pairs: Iterable[tuple[KeyResult, Objective]],
    week: int | None = None,
    *,
    closed: bool = False,
    when: bool = True,
) -> list[Standing]:
    """Where these key results stand in a week (this one unless told), in two statements.

    Without `when` each update was said, where there are many of whose figures alone are shown.
    """
    pairs = list(pairs)
    if not pairs or term.cycle is None:
        return []
    at = week or term.week or 1
    ids = [kr.id or 0 for kr, _ in pairs]
    updates = checkins.updates(session, term.cycle_id, ids, until=at, when=when)
    return _stood(session, pairs, updates, _in_week(term, at, closed=closed))


def _stood(
    session: Session,
    pairs: Sequence[tuple[KeyResult, Objective]],
    updates: Mapping[int, Sequence[Said]],
    stands: partial[Standing],
) -> list[Standing]:
    """Each key result with what was said of it, and with its milestones."""
    steps = objectives.milestones(session, [kr.id or 0 for kr, _ in pairs if _has_steps(kr)])
    return [
        stands(
            kr,
            objective,
            updates=updates.get(kr.id or 0, ()),
            milestones=steps.get(kr.id or 0, ()),
        )
        for kr, objective in pairs
    ]


def _in_week(term: Term, week: int, *, closed: bool = False) -> partial[Standing]:
    """How key results stand in a week, as seen today; a closed one is judged by itself."""
    return partial(
        Standing,
        week=week,
        starts=term.cycle.starts if term.cycle else term.today,
        first_week=term.calendar.planning_weeks + 1,
        closed=closed,
        judged=None if closed else term.judged,
        today=term.today,
    )


def _has_steps(kr: KeyResult) -> bool:
    return kr.kind == "milestones" or kr.curve == "steps"


def owned(
    session: Session, term: Term, person_ids: Iterable[int], week: int | None = None
) -> dict[int, list[Standing]]:
    """Where the key results of each of these people stand, in three statements."""
    pairs = objectives.owned(session, term.cycle_id, person_ids)
    found = standings(session, term, [pair for own in pairs.values() for pair in own], week)
    by_owner: dict[int, list[Standing]] = {}
    for standing in found:
        by_owner.setdefault(standing.kr.owner_id or 0, []).append(standing)
    return by_owner


def of_teams(
    session: Session,
    term: Term,
    team_ids: Iterable[int],
    week: int | None = None,
    *,
    closed: bool = False,
    when: bool = True,
) -> dict[int, list[Standing]]:
    """Where the key results of each of these teams stand, in four statements; as `standings`."""
    pairs = _tracked(session, term, team_ids)
    return _by_team(standings(session, term, pairs, week, closed=closed, when=when))


def told_of_teams(
    session: Session, term: Term, team_ids: Iterable[int], week: int
) -> dict[int, list[Standing]]:
    """As `of_teams`, each with no more than was said in that week: it tells of no progress."""
    pairs = _tracked(session, term, team_ids)
    said = checkins.of_week(session, term.cycle_id, week, [kr.id or 0 for kr, _ in pairs])
    stands = _in_week(term, week, closed=True)
    return _by_team(
        stands(kr, objective, updates=[said[kr.id]] if kr.id in said else ())
        for kr, objective in pairs
    )


def _tracked(
    session: Session, term: Term, team_ids: Iterable[int]
) -> list[tuple[KeyResult, Objective]]:
    by_id = {o.id or 0: o for o in objectives.seen(session, term.cycle_id, team_ids, TRACKED)}
    return [(kr, by_id[kr.objective_id]) for kr in objectives.seen_key_results(session, by_id)]


def _by_team(standings: Iterable[Standing]) -> dict[int, list[Standing]]:
    found: dict[int, list[Standing]] = {}
    for standing in standings:
        found.setdefault(standing.objective.team_id, []).append(standing)
    return found


def now_of_teams(
    session: Session, term: Term, team_ids: Iterable[int], *, whole: bool = False
) -> dict[int, list[Standing]]:
    """As `of_teams`, each with no more of what was said than shows how it stands now.

    Or with the `whole` course of the quarter, still without when each was said.

    For what sums up a whole company: there a week of updates is fifty thousand rows.
    """
    with unnoticed():
        return _now_of_teams(session, term, team_ids, whole=whole)


def _now_of_teams(
    session: Session, term: Term, team_ids: Iterable[int], *, whole: bool
) -> dict[int, list[Standing]]:
    pairs = _tracked(session, term, team_ids)
    week = term.week or 1
    ids = [kr.id or 0 for kr, _ in pairs]
    since = 1 if whole else week - 1
    updates = checkins.lately(session, term.cycle_id, ids, since, week)
    older = [
        number
        for (kr, _), number in zip(pairs, ids, strict=True)
        if not (whole or _is_enough(kr, updates.get(number, ())))
    ]
    updates |= checkins.updates(session, term.cycle_id, older, until=week)
    return _by_team(_stood(session, pairs, updates, _in_week(term, week)))


def _is_enough(kr: KeyResult, lately: Sequence[Said]) -> bool:
    """Whether older updates would change nothing about how it stands now."""
    if kr.kind == "within" or (kr.baseline is None and kr.kind in ("increase", "decrease")):
        return False
    valued = any(said.value is not None for said in lately)
    believed = any(said.confidence is not None for said in lately)
    return valued and believed and (kr.kpi_id is None or any(map(_is_voiced, lately)))


def mean(standings: Iterable[Standing], week: int | None = None) -> float | None:
    """The weighted mean of progress, each clamped to 0..1: at a week, or now."""
    return score.weighted_mean(
        (s.kr.weight, s.progress if week is None else s.progress_at(week)) for s in standings
    )


def mean_expected(standings: Iterable[Standing], week: int | None = None) -> float | None:
    """The mean progress that there would be, were every key result with a pace just on it.

    So it can be held against `mean`: who has no pace counts with their own progress in both.
    """
    return _mean_expected(_parts(standings, week))


def means(
    standings: Iterable[Standing], week: int | None = None
) -> tuple[float | None, float | None]:
    """`mean` and `mean_expected` at once."""
    parts = _parts(standings, week)
    return score.weighted_mean([(weight, at) for weight, at, _ in parts]), _mean_expected(parts)


Part: TypeAlias = tuple[float, float | None, float | None]
"""The weight, the progress and the expected pace of a key result."""


def _parts(standings: Iterable[Standing], week: int | None) -> list[Part]:
    if week is None:
        return [(s.kr.weight, s.progress, s.expected) for s in standings]
    return [(s.kr.weight, s.progress_at(week), s.expected_at(week)) for s in standings]


def _mean_expected(known: Sequence[Part]) -> float | None:
    counted = [each for each in known if each[1] is not None] or known
    if all(expected is None for _, _, expected in counted):
        return None
    return score.weighted_mean(
        [
            (weight, progress if expected is None else expected)
            for weight, progress, expected in counted
        ]
    )


def pace_of(standings: Iterable[Standing]) -> pace.Pace | None:
    """How far behind pace a set is, judged by the two figures that are shown of it."""
    progress, expected = means(standings)
    return pace.judge(expected, progress)


def objective_progress(standings: Iterable[Standing]) -> Mapping[int, float | None]:
    """Each objective's progress: the weighted mean of its key results."""
    by_objective: dict[int, list[Standing]] = {}
    for standing in standings:
        by_objective.setdefault(standing.objective.id or 0, []).append(standing)
    return {number: mean(own) for number, own in by_objective.items()}


def course(voice: Voice, title: str, standings: Sequence[Standing], week: int) -> Chart | None:
    """Progress against pace, week by week; None where there is nothing to draw yet."""
    both = [means(standings, w) for w in range(1, week + 1)]
    points = tuple(progress for progress, _ in both)
    if sum(point is not None for point in points) < 2:
        return None
    steps = tuple(expected for _, expected in both)
    paced = any(step is not None for step in steps)
    if not paced and len({point for point in points if point is not None}) == 1:
        return None
    now, expected = points[-1], steps[-1]
    lines = [Series(voice.line("picture.progress"), points)]
    if paced:
        lines.append(Series(voice.line("picture.expected"), steps, dashed=True))
    return Chart(
        "line",
        title,
        tuple(voice.line("picture.short_week", week=w) for w in range(1, week + 1)),
        tuple(lines),
        voice.line(
            "picture.chart_text",
            progress="–" if now is None else voice.percent(now),
            expected="" if expected is None else voice.percent(expected),
        ),
        percent=True,
    )


def meter(voice: Voice, standing: Standing) -> Meter:
    """One key result as a bar with its words: value, progress, pace."""
    return Meter(
        standing.kr.title,
        summary(voice, standing),
        standing.progress,
        standing.expected,
        standing.tone,
    )


def summary(voice: Voice, standing: Standing) -> str:
    """Where one key result stands in one line: "42 of 45 NPS · 77% · behind"."""
    parts = [value_of_target(voice, standing)]
    if standing.progress is not None and standing.kr.kind == "within":
        parts.append(voice.line("picture.inside", share=standing.progress))
    elif standing.progress is not None and standing.kr.kind != "done":
        parts.append(voice.percent(standing.progress))
    if standing.pace is not None:
        parts.append(voice.line(f"picture.{standing.pace}"))
    return " · ".join(parts)


def belief(voice: Voice, standing: Standing) -> str:
    """What its owner believes. What was said before a missed check-in is no longer news."""
    latest = standing.latest
    if latest is None:
        return voice.line("picture.no_news_yet")
    if standing.stale:
        return voice.line("picture.stale", week=latest.week)
    return voice.line(
        "picture.confidence",
        confidence=standing.confidence,
        band=voice.line(f"picture.{score.band(standing.confidence)}"),
    )


def value(voice: Voice, standing: Standing, value: float) -> str:
    """One value of a key result, as its kind is told."""
    match standing.kr.kind:
        case "done":
            return voice.line("picture.done" if value >= 1 else "picture.not_done")
        case "milestones":
            return voice.line(
                "picture.milestones", finished=round(value), all=len(standing.milestones)
            )
        case _:
            return voice.number(value, standing.kr.unit)


def short(title: str, longest: int = 24) -> str:
    """A title that fits a button."""
    return brief(title, longest)


def value_of_target(voice: Voice, standing: Standing) -> str:
    """The value against what it is measured by, in words."""
    kr, value = standing.kr, standing.value
    shown = "" if value is None else voice.number(value, kr.unit)
    match kr.kind:
        case "done":
            return voice.line("picture.done" if (value or 0) >= 1 else "picture.not_done")
        case "milestones":
            finished = sum(m.done_on is not None for m in standing.milestones)
            return voice.line("picture.milestones", finished=finished, all=len(standing.milestones))
        case "within":
            name = {
                (True, True): "picture.between",
                (True, False): "picture.at_least",
                (False, True): "picture.at_most",
            }[(kr.low is not None, kr.high is not None)]
            return voice.line(
                name,
                value=shown,
                low="" if kr.low is None else voice.number(kr.low, kr.unit),
                high="" if kr.high is None else voice.number(kr.high, kr.unit),
            )
        case "increase" | "decrease":
            target = "" if kr.target is None else voice.number(kr.target, kr.unit)
            bare = "" if value is None else voice.number(value, "%" if kr.unit == "%" else "")
            return voice.line("picture.of_target", value=bare, target=target)
        case kind:
            assert_never(kind)
