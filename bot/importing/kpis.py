"""Rows of KPIs and of their readings."""

from collections.abc import Mapping, Sequence

from bot.importing.cells import Cells, Reader, is_week
from bot.importing.directory import Directory, slug
from bot.importing.people import SEVERAL
from bot.importing.records import KpiRecord, ReadingRecord
from bot.importing.rows import Row
from bot.kpis.definition import LONGEST_SLUG, MOST_DAYS, MOST_FOLLOWED

DIRECTIONS = {
    "higher": ("up", "increase", "higher is better", "höher", "mehr"),
    "lower": ("down", "decrease", "lower is better", "niedriger", "weniger"),
    "within": ("range", "between", "keep within", "bereich", "innerhalb"),
}
CADENCES = {
    "daily": ("day", "täglich"),
    "weekly": ("week", "wöchentlich"),
    "monthly": ("month", "monatlich"),
}

SOURCES = {"chat": ("asked", "gefragt"), "csv": ("file", "files", "datei"), "api": ("system",)}


def check_kpis(
    rows: Sequence[Row],
    known: Mapping[str, KpiRecord],
    people: Directory,
    teams: Directory,
    reader: Reader,
) -> tuple[dict[str, KpiRecord], Directory]:
    """The KPIs the rows tell of, and every KPI that may be pointed to."""
    found: dict[str, KpiRecord] = {}
    first: dict[str, Row] = {}
    directory = Directory("KPI", ((one.slug, one.name) for one in known.values()))
    for row in rows:
        cells = Cells(row, reader)
        typed = cells.raw("kpi") or cells.raw("name")
        name = directory.find(typed) or slug(typed)
        if not name or len(name) > LONGEST_SLUG:
            cells.wrong("kpi", "The KPI's short name is missing." if not name else "Too long.")
            continue
        if name in first:
            cells.wrong("kpi", f"The KPI '{name}' is also in row {first[name].number}.")
            continue
        first[name] = row
        found[name] = _kpi(name, cells, known.get(name), people, teams)
    for kpi in found.values():
        directory.add(kpi.slug, kpi.name)
    return found, directory


def _kpi(
    name: str, cells: Cells, before: KpiRecord | None, people: Directory, teams: Directory
) -> KpiRecord:
    was = before or KpiRecord(name)
    unit = cells.text("unit", was.unit, 30) or cells.unit(("low", "high"))
    bounds = {
        column: cells.number(column, getattr(was, column), unit)
        for column in ("low", "high", "warn_low", "warn_high")
    }
    _ordered(cells, bounds)
    open_side = {(True, False): "higher", (False, True): "lower"}.get(
        (bounds["low"] is not None, bounds["high"] is not None), "within"
    )
    stale = cells.number("stale_after_days", was.stale_after_days)
    if stale is not None and (stale < 1 or stale != int(stale) or stale > MOST_DAYS):
        cells.wrong("stale_after_days", "Write a whole number of days, 1 or more.")
        stale = None
    direction = cells.choice("direction", was.direction if before else open_side, DIRECTIONS)
    follows = _follows(cells, was.follows, direction, bounds)
    if cells.said("direction") and (direction, open_side) in (
        ("higher", "lower"),
        ("lower", "higher"),
    ):
        side = "upper" if direction == "higher" else "lower"
        cells.wrong("direction", f"Where {direction} is better, one {side} bound makes no sense.")
    return KpiRecord(
        slug=name,
        name=cells.text("name", was.name or cells.raw("kpi")) or name,
        question=cells.text("question", was.question, 500),
        serves=cells.text("serves", was.serves, 200),
        definition=cells.text("definition", was.definition, 3000),
        unit=unit,
        direction=direction,
        low=bounds["low"],
        high=bounds["high"],
        warn_low=bounds["warn_low"],
        warn_high=bounds["warn_high"],
        follows=follows,
        cadence=cells.choice("cadence", was.cadence, CADENCES),
        source=cells.choice("source", was.source, SOURCES),
        stale_after_days=None if stale is None else int(stale),
        owner=people.one(cells, "owner", was.owner, SEVERAL),
        team=teams.one(cells, "team", was.team, "Name one team; here are several."),
        id=was.id,
    )


def _follows(
    cells: Cells, was: int | None, direction: str, bounds: Mapping[str, float | None]
) -> int | None:
    """How many readings make the mean that it follows; only where it has no bounds of its own."""
    said = cells.number("follows", was)
    if said is None:
        return None
    if said != int(said) or not 2 <= said <= MOST_FOLLOWED:
        cells.wrong("follows", f"Write a whole number of readings, 2 to {MOST_FOLLOWED}.")
        return None
    if bounds["low"] is not None or bounds["high"] is not None:
        cells.wrong("follows", "It can follow its own past or have bounds, not both.")
    elif direction == "within":
        cells.wrong("follows", "To follow its own past, say whether higher or lower is better.")
    return int(said)


def _ordered(cells: Cells, bounds: Mapping[str, float | None]) -> None:
    """The warning band lies inside the healthy range, and each low under its high."""
    for less, more, text in (
        ("low", "high", "The lower bound {} is above the upper bound {}."),
        ("warn_low", "warn_high", "The lower warning {} is above the upper warning {}."),
        ("low", "warn_low", "The healthy range begins at {}, so no warning can be at {}."),
        ("warn_high", "high", "The warning at {} is beyond the healthy range's end at {}."),
    ):
        a, b = bounds[less], bounds[more]
        if a is not None and b is not None and a > b:
            column = more if more.startswith("warn") else less
            cells.wrong(column, text.format(f"{a:g}", f"{b:g}"))


def check_readings(rows: Sequence[Row], kpis: Directory, reader: Reader) -> list[ReadingRecord]:
    """The readings the rows tell of, one a day and KPI."""
    found: dict[tuple[str, object], tuple[ReadingRecord, Row]] = {}
    for row in rows:
        cells = Cells(row, reader)
        for column in ("kpi", "day", "value"):
            if not cells.said(column):
                cells.wrong(column, f"The {column} is missing.")
        name = kpis.look(cells, "kpi", cells.raw("kpi")) if cells.said("kpi") else None
        day = cells.day("day", None)
        value = cells.number("value", None)
        if name is None or day is None or value is None:
            continue
        if day > reader.today:
            if is_week(cells.raw("day")):
                cells.odd("day", f"{cells.raw('day')} has not come yet; its reading is left out.")
            else:
                cells.wrong("day", f"{day.isoformat()} is still to come; a reading is of the past.")
            continue
        before = found.setdefault((name, day), (ReadingRecord(name, day, value), row))
        if before[0].value != value:
            cells.wrong(
                "value",
                f"{name} on {day.isoformat()} is {before[0].value:g} in row {before[1].number} "
                f"and {value:g} here.",
            )
    return [reading for reading, _ in found.values()]
