"""What a key result is compared with: its last actual, earlier quarters, other teams."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.flow import Term
from bot.method.lint import Past
from bot.method.lint.wording import hint, metric
from storage import findings, kpis
from storage.findings import Measured
from storage.objectives import KeyResult, Objective


@dataclass(frozen=True)
class Others:
    """Everything that measures what some drafts measure."""

    cycle_id: int
    by_metric: Mapping[str, Sequence[Measured]]
    values: Mapping[int, float]
    readings: Mapping[int, float]
    names: Mapping[int, str]

    def past(self, kr: KeyResult, objective: Objective) -> Past:
        """What is known of one draft's metric."""
        alike = [each for each in self._alike(kr) if each.id != kr.id]
        earlier = [
            each
            for each in alike
            if each.cycle_id != self.cycle_id
            and (each.team_id == objective.team_id or each.id == kr.carried_from_id)
        ]
        beside = {
            each.team_id
            for each in alike
            if each.cycle_id == self.cycle_id and each.team_id != objective.team_id
        }
        return Past(
            last=self._last(kr, earlier),
            quarters=len({each.cycle_id for each in earlier}),
            carried=kr.carried_from_id is not None,
            numbered=kr.kpi_id is not None or any(each.kind != "done" for each in earlier),
            teams=tuple(sorted(self.names.get(number, "?") for number in beside)),
        )

    def _alike(self, kr: KeyResult) -> Iterable[Measured]:
        keys = {_key(kr.title, None), _key("", kr.kpi_id)} - {""}
        found = {each.id: each for key in keys for each in self.by_metric.get(key, ())}
        return [each for each in found.values() if _same_unit(each.unit, kr.unit)]

    def _last(self, kr: KeyResult, earlier: Sequence[Measured]) -> float | None:
        if kr.kpi_id is not None and kr.kpi_id in self.readings:
            return self.readings[kr.kpi_id]
        known = [self.values[each.id] for each in earlier if each.id in self.values]
        return known[-1] if known else None


def others(
    session: Session, term: Term, krs: Sequence[KeyResult], names: Mapping[int, str]
) -> Others:
    """What these drafts are compared with, in three statements."""
    kpi_ids = {kr.kpi_id for kr in krs if kr.kpi_id is not None}
    hints = {hint(kr.title) for kr in krs} - {""}
    until = term.cycle.starts if term.cycle else term.today
    found = findings.measured(session, until, hints, kpi_ids)
    by_metric: dict[str, list[Measured]] = {}
    for each in found:
        for key in {_key(each.title, None), _key("", each.kpi_id)} - {""}:
            by_metric.setdefault(key, []).append(each)
    mine = {_key(kr.title, None) for kr in krs} | {_key("", number) for number in kpi_ids}
    past = {each.id for key in mine for each in by_metric.get(key, ())}
    values = findings.last_values(session, past)
    readings = {number: row.value for number, row in kpis.newest(session, kpi_ids).items()}
    return Others(term.cycle_id, by_metric, values, readings, names)


def _key(title: str, kpi_id: int | None) -> str:
    return metric(title) if kpi_id is None else f"#{kpi_id}"


def _same_unit(one: str, other: str) -> bool:
    one, other = one.strip().lower(), other.strip().lower()
    return one == other or not one or not other
