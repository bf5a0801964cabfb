"""Rows of key results: how each is measured, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.importing.cells import Cells, Weeks, friday
from bot.importing.directory import Directory
from bot.importing.objectives import Group
from bot.importing.people import SEVERAL
from bot.importing.records import KeyResultRecord, UpdateRecord
from bot.importing.steps import milestones
from bot.method.shorthand import parse_key_result

KINDS = {
    "increase": ("up", "grow", "raise", "erhöhen", "steigern", "steigen"),
    "decrease": ("down", "reduce", "lower", "senken", "verringern", "reduzieren"),
    "within": ("keep within", "range", "between", "keep", "halten", "innerhalb", "bereich"),
    "milestones": ("milestone", "steps", "meilensteine", "meilenstein"),
    "done": ("done not done", "yes no", "binary", "boolean", "erledigt", "ja nein"),
}
CURVES = {
    "linear": ("straight", "gleichmäßig"),
    "late": ("lag", "back loaded", "spät"),
    "steps": ("milestones", "stufen", "schritte"),
}
COUNTS = {
    "increase": ("baseline", "target"),
    "decrease": ("baseline", "target"),
    "within": ("low", "high"),
    "milestones": (),
    "done": (),
}
_FIGURES = ("baseline", "target", "low", "high")


@dataclass(frozen=True)
class _Measure:
    """How a key result is measured, whether or not that makes sense yet."""

    kind: str
    unit: str
    baseline: float | None
    target: float | None
    low: float | None
    high: float | None


def check_key_results(
    groups: Mapping[str, Group],
    known: Mapping[str, KeyResultRecord],
    people: Directory,
    cycle: Weeks,
) -> tuple[dict[str, KeyResultRecord], list[UpdateRecord]]:
    """The key results the rows tell of, by token, and what is said of their current week."""
    by_reference = {kr.reference.casefold(): kr for kr in known.values() if kr.reference}
    by_title = {(kr.objective, kr.title.casefold()): kr for kr in known.values()}
    found: dict[str, KeyResultRecord] = {}
    first: dict[str, Cells] = {}
    updates: list[UpdateRecord] = []
    for token, group in groups.items():
        for cells in group.rows:
            if not cells.said("key_result"):
                _needs_title(cells)
                continue
            reference = "" if cells.cleared("reference") else cells.raw("reference")
            titled = by_title.get((token, cells.raw("key_result").casefold()))
            was = by_reference.get(reference.casefold()) or (
                None if titled and titled.reference and reference else titled
            )
            kr = _key_result(cells, token, was, people, cycle)
            if kr.token in first:
                column = "reference" if reference else "key_result"
                before = first[kr.token].row
                cells.wrong(
                    column, f"'{kr.label}' is also in row {before.number} of {before.file}."
                )
                continue
            found[kr.token], first[kr.token] = kr, cells
            update = _update(cells, kr)
            if update is not None:
                updates.append(update)
    return found, updates


def _needs_title(cells: Cells) -> None:
    """A row without a key result may tell of an objective only."""
    told = [c for c in ("owner", "kind", *_FIGURES, "value", "milestones") if cells.said(c)]
    if told:
        cells.wrong("key_result", f"The key result's title is missing, though {told[0]} is there.")


def _key_result(
    cells: Cells, objective: str, was: KeyResultRecord | None, people: Directory, cycle: Weeks
) -> KeyResultRecord:
    title = cells.text("key_result", was.title if was else "", 300)
    reference = cells.text("reference", (was.reference if was else None) or "", 60) or None
    measure = _measure(cells, was)
    steps = milestones(cells, was.milestones if was else ())
    curve = cells.choice("curve", was.curve if was else "linear", CURVES)
    weight = cells.number("weight", was.weight if was else 1.0)
    if weight is None or weight <= 0:
        cells.wrong("weight", "The weight must be above 0.")
        weight = 1.0
    last = friday(cycle, ((cycle.ends - cycle.starts).days + 1) // 7)
    due = cells.day("due", was.due if was else last) or last
    _makes_sense(cells, measure, bool(steps))
    if curve == "steps" and not steps:
        cells.wrong("curve", "The curve 'steps' goes by milestones, and there are none.")
    for day in (due, *(step.due for step in steps)):
        _in_cycle(cells, day, cycle, "due" if day == due else "milestones")
    return KeyResultRecord(
        token=was.token if was else f"new {reference or (objective, title.casefold())}",
        objective=objective,
        title=title,
        due=due,
        reference=reference,
        owner=people.one(cells, "owner", was.owner if was else None, SEVERAL),
        kind=measure.kind,
        unit=measure.unit,
        baseline=measure.baseline,
        target=measure.target,
        low=measure.low,
        high=measure.high,
        weight=weight,
        curve=curve,
        milestones=steps,
        id=was.id if was else None,
    )


def _in_cycle(cells: Cells, day: date | None, cycle: Weeks, column: str) -> None:
    if day is not None and not cycle.starts <= day <= cycle.ends and cells.said(column):
        cells.wrong(
            column,
            f"{day.isoformat()} is outside the cycle, which runs from {cycle.starts.isoformat()} "
            f"to {cycle.ends.isoformat()}.",
        )


def _measure(cells: Cells, was: KeyResultRecord | None) -> _Measure:
    """What the row says, over what was there; figures that do not count are dropped."""
    unit = cells.text("unit", was.unit if was else "", 30)
    if not unit and not cells.said("unit"):
        unit = cells.unit(_FIGURES)
    figures = {
        column: cells.number(column, getattr(was, column) if was else None, unit)
        for column in _FIGURES
    }
    told = any(cells.said(column) for column in ("kind", *_FIGURES, "milestones"))
    if was is None and not told and not cells.row.parts:
        return _shorthand(cells, unit)
    faults = len(cells.reader.errors)
    kind = cells.choice("kind", was.kind if was else _told_by(cells, figures), KINDS)
    unread = cells.said("kind") and len(cells.reader.errors) > faults
    counts = COUNTS[kind]
    idle = [c for c in _FIGURES if c not in counts and cells.said(c) and not cells.cleared(c)]
    if idle and not unread:
        cells.odd(idle[0], f"{' and '.join(idle)} do not count for '{kind}' and are left out.")
    kept = {column: figures[column] if column in counts else None for column in _FIGURES}
    return _Measure(kind, unit, **kept)


def _told_by(cells: Cells, figures: Mapping[str, float | None]) -> str:
    """The kind of a key result that does not say it."""
    baseline, target = figures["baseline"], figures["target"]
    if target is not None:
        if baseline is None and not cells.said("kind"):
            cells.wrong("kind", "Say 'increase' or 'decrease': without a baseline nobody can tell.")
            return "increase"
        return "increase" if baseline is None or target >= baseline else "decrease"
    if figures["low"] is not None or figures["high"] is not None:
        return "within"
    if cells.said("milestones") or cells.row.parts:
        return "milestones"
    if cells.said("kind"):
        return "done"
    cells.wrong("kind", f"Say how it is measured: {', '.join(KINDS)}.")
    return "done"


def _shorthand(cells: Cells, unit: str) -> _Measure:
    """A key result told in one line: "decrease churn from 4% to 3%"."""
    typed = cells.raw("key_result")
    drafted = parse_key_result(typed, cells.reader.locale)
    if drafted is None:
        cells.wrong("kind", f"Say how it is measured: {', '.join(KINDS)}.")
        return _Measure("done", unit, None, None, None, None)
    if drafted.contradiction:
        cells.wrong("key_result", f"The word and the numbers of '{typed[:80]}' disagree.")
    if drafted.kind == "done":
        cells.odd("kind", "No kind and no numbers: it will be done or not done.")
    figures = {column: getattr(drafted, column) for column in COUNTS[drafted.kind]}
    blank: dict[str, float | None] = dict.fromkeys(_FIGURES)
    if drafted.flat:
        blank["baseline"] = blank["target"] = drafted.target
    return _Measure(drafted.kind, unit or drafted.unit, **{**blank, **figures})


def _makes_sense(cells: Cells, measure: _Measure, stepped: bool) -> None:
    baseline, target, low, high = measure.baseline, measure.target, measure.low, measure.high
    match measure.kind:
        case "increase" | "decrease":
            if target is None and not _broken(cells, "target"):
                cells.wrong("target", f"A key result to {measure.kind} needs a target.")
            elif baseline is not None and target is not None:
                _moves(cells, measure.kind, baseline, target)
        case "within":
            if low is None and high is None and not _broken(cells, "low", "high"):
                cells.wrong("low", "A key result to keep within needs a low or a high bound.")
            elif low is not None and high is not None and low > high:
                cells.wrong("low", f"The lower bound {low:g} is above the upper bound {high:g}.")
        case "milestones":
            if not stepped:
                cells.wrong("milestones", "A key result of milestones needs at least one.")


def _moves(cells: Cells, kind: str, baseline: float, target: float) -> None:
    if baseline == target:
        cells.wrong(
            "target",
            f"The target equals the baseline ({target:g}), so nothing can move. To keep it there "
            "choose 'within'.",
        )
    elif (target > baseline) != (kind == "increase"):
        other = "decrease" if kind == "increase" else "increase"
        cells.wrong(
            "kind",
            f"From {baseline:g} to {target:g} is no {kind}: write '{other}' or mend a number.",
        )


def _broken(cells: Cells, *columns: str) -> bool:
    """Whether a cell says something that could not be read, which was told already."""
    return any(cells.said(column) and not cells.cleared(column) for column in columns)


def _update(cells: Cells, kr: KeyResultRecord) -> UpdateRecord | None:
    """What the row says of the current week."""
    if not any(cells.said(column) for column in ("value", "confidence", "note")):
        return None
    value: float | None = None
    if kr.kind == "milestones" and cells.said("value"):
        cells.odd("value", "Milestones are told by what is done of them; the value is left out.")
    elif kr.kind == "done" and cells.raw("value") not in ("0", "1"):
        value = float(cells.flag("value", False)) if cells.said("value") else None
    else:
        value = cells.number("value", None, kr.unit)
    confidence = cells.number("confidence", None)
    if confidence is not None and (confidence != int(confidence) or not 1 <= confidence <= 10):
        cells.wrong("confidence", "Confidence is a whole number from 1 to 10.")
        confidence = None
    note = cells.text("note", "", 3000) if cells.said("note") else None
    return UpdateRecord(kr.token, value, None if confidence is None else int(confidence), note)
