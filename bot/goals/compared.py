"""What a key result is compared with: its last actual, earlier quarters, other teams."""

from collections.abc import Mapping, Sequence
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

    earlier: Mapping[tuple[str, int], Sequence[Measured]]
    """Of earlier quarters, by what they measure and by their team."""
    carried: Mapping[int, Measured]
    """The same by number."""
    beside: Mapping[str, Mapping[str, set[int]]]
    """The teams that measure something in this quarter, by what it is and by its unit."""
    values: Mapping[int, float]
    readings: Mapping[int, float]
    names: Mapping[int, str]

    def past(self, kr: KeyResult, objective: Objective) -> Past:
        """What is known of one draft's metric."""
        keys = {_key(kr.title, None), _key("", kr.kpi_id)} - {""}
        earlier = self._earlier(kr, keys, objective.team_id)
        return Past(
            last=self._last(kr, earlier),
            quarters=len({each.cycle_id for each in earlier}),
            carried=kr.carried_from_id is not None,
            numbered=kr.kpi_id is not None or any(each.kind != "done" for each in earlier),
            teams=self._beside(kr, keys, objective.team_id),
        )

    def _earlier(self, kr: KeyResult, keys: set[str], team_id: int) -> Sequence[Measured]:
        found = {each.id: each for key in keys for each in self.earlier.get((key, team_id), ())}
        before = self.carried.get(kr.carried_from_id or 0)
        if before is not None and keys & _keys(before):
            found[before.id] = before
        alike = (each for each in found.values() if _same_unit(each.unit, kr.unit))
        return sorted(alike, key=lambda each: (each.starts, each.id))

    def _beside(self, kr: KeyResult, keys: set[str], team_id: int) -> tuple[str, ...]:
        found = {
            number
            for key in keys
            for unit, numbers in self.beside.get(key, {}).items()
            if _same_unit(unit, kr.unit)
            for number in numbers
        }
        return tuple(sorted(self.names.get(number, "?") for number in found - {team_id}))

    def _last(self, kr: KeyResult, earlier: Sequence[Measured]) -> float | None:
        if kr.kpi_id is not None and kr.kpi_id in self.readings:
            return self.readings[kr.kpi_id]
        known = [self.values[each.id] for each in earlier if each.id in self.values]
        return known[-1] if known else None


def others(
    session: Session,
    term: Term,
    krs: Sequence[KeyResult],
    names: Mapping[int, str],
    team_ids: set[int],
) -> Others:
    """What these teams' drafts are compared with, in four statements at most."""
    kpi_ids = {kr.kpi_id for kr in krs if kr.kpi_id is not None}
    hints = {hint(kr.title) for kr in krs} - {""}
    until = term.cycle.starts if term.cycle else term.today
    carried = {kr.carried_from_id for kr in krs if kr.carried_from_id is not None}
    wanted = (team_ids, carried)
    before = findings.earlier(session, term.cycle_id, until, wanted, hints, kpi_ids)
    earlier: dict[tuple[str, int], list[Measured]] = {}
    for each in before:
        for key in _keys(each):
            earlier.setdefault((key, each.team_id), []).append(each)
    mine = {_key(kr.title, None) for kr in krs} | {_key("", number) for number in kpi_ids}
    past = {each.id for each in before if _keys(each) & mine}
    values = findings.last_values(session, past)
    newest = kpis.newest(session, kpi_ids) if kpi_ids else {}
    readings = {number: row.value for number, row in newest.items()}
    beside: dict[str, dict[str, set[int]]] = {}
    for other in findings.beside(session, term.cycle_id, hints, kpi_ids):
        for key in {_key(other.title, None), _key("", other.kpi_id)} - {""}:
            beside.setdefault(key, {}).setdefault(other.unit, set()).add(other.team_id)
    by_number = {each.id: each for each in before}
    return Others(earlier, by_number, beside, values, readings, names)


def _keys(measured: Measured) -> set[str]:
    return {_key(measured.title, None), _key("", measured.kpi_id)} - {""}


def _key(title: str, kpi_id: int | None) -> str:
    return metric(title) if kpi_id is None else f"#{kpi_id}"


def _same_unit(one: str, other: str) -> bool:
    one, other = one.strip().lower(), other.strip().lower()
    return one == other or not one or not other
