"""Milestones of a key result: "Pilot with 3 clinics (2) week 4; Roll-out (5) week 9"."""

import re
from collections.abc import Sequence

from bot.importing.cells import Cells, Reader, read_day
from bot.importing.records import MilestoneRecord
from bot.importing.rows import Row

_DAY = (
    r"(?:week|woche|w)\s*\d{1,2}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\s?\d{1,2}\.(?:\d{2,4})?"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
)
_DONE = re.compile(r"\s+(?:done|erledigt)(?:\s+(?P<day>\S.*))?$", re.IGNORECASE)
_WEIGHED = re.compile(r"(?P<title>.*\S)\s*\((?P<weight>[^()]*\d[^()]*)\)\s*(?P<rest>[^()]*)")
_DATED = re.compile(rf"(?P<title>.*\S)\s+(?P<rest>{_DAY})", re.IGNORECASE)


def milestones(cells: Cells, was: tuple[MilestoneRecord, ...]) -> tuple[MilestoneRecord, ...]:
    """The milestones a row tells of, then those it does not mention."""
    parts = cells.row.parts or _written(cells)
    if not parts:
        return was
    said = [(Cells(part, cells.reader), part) for part in parts]
    weights = [bool(here.raw("weight")) for here, _ in said]
    if any(weights) and not all(weights):
        at = said[weights.index(False)][0]
        at.wrong("weight", f"The milestone '{at.raw('title')}' has no weight; others have one.")
    titles = [here.raw("title").casefold() for here, _ in said]
    by_title = {step.title.casefold(): step for step in was}
    found: list[MilestoneRecord] = []
    for position, (here, _) in enumerate(said):
        before = by_title.get(titles[position]) or _renamed(position, was, titles)
        if titles[position] in titles[:position]:
            here.wrong("title", f"The milestone '{here.raw('title')}' is there twice.")
        found.append(_milestone(here, position, before))
    taken = {step.id for step in found}
    rest = [step for step in was if step.id not in taken]
    return (
        *found,
        *(
            MilestoneRecord(step.title, at, step.weight, step.due, step.done_on, step.id)
            for at, step in enumerate(rest, len(found))
        ),
    )


def _renamed(
    position: int, was: Sequence[MilestoneRecord], titles: Sequence[str]
) -> MilestoneRecord | None:
    """The milestone that stood here under another title, unless it was finished as such."""
    there = was[position] if position < len(was) else None
    if there is None or there.done_on is not None or there.title.casefold() in titles:
        return None
    return there


def _milestone(cells: Cells, position: int, before: MilestoneRecord | None) -> MilestoneRecord:
    title = cells.text("title", "")
    if not title:
        cells.wrong("title", "The milestone's title is missing.")
    weight = cells.number("weight", before.weight if before else 1.0)
    if weight is None or weight <= 0:
        cells.wrong("weight", f"The weight of '{title}' must be above 0.")
        weight = 1.0
    done = before.done_on if before else None
    said = cells.raw("done").casefold()
    if said in ("yes", "ja", "true", "x", "done", "erledigt"):
        done = done or cells.reader.today
    elif said in ("no", "nein", "false", "-"):
        done = None
    else:
        done = cells.day("done", done)
    if done is not None and done > cells.reader.today:
        cells.wrong("done", f"'{title}' cannot be done on {done.isoformat()}, which is to come.")
    due = cells.day("due", before.due if before else None)
    return MilestoneRecord(title, position, weight, due, done, before.id if before else None)


def _written(cells: Cells) -> list[Row]:
    """The milestones of a cell, parted by semicolons or lines."""
    texts = re.split(r"[;\n]+", "" if cells.cleared("milestones") else cells.raw("milestones"))
    heading = cells.row.headings.get("milestones", "milestones")
    spelt = dict.fromkeys(("title", "weight", "due", "done"), heading)
    return [
        Row(cells.row.file, cells.row.number, _parts(text.strip(), cells.reader), headings=spelt)
        for text in texts
        if text.strip()
    ]


def _parts(text: str, reader: Reader) -> dict[str, str]:
    """Title, weight, day and whether it is done, of one milestone."""
    values: dict[str, str] = {}
    done = _DONE.search(text)
    if done and (not done["day"] or read_day(done["day"], reader)[0]):
        values["done"] = done["day"] or "yes"
        text = text[: done.start()]
    weighed = _WEIGHED.fullmatch(text)
    if weighed and (not weighed["rest"].strip() or re.search(r"\d", weighed["rest"])):
        values |= {"title": weighed["title"], "weight": weighed["weight"]}
        return values | {"due": weighed["rest"].strip()}
    dated = _DATED.fullmatch(text)
    if dated:
        return values | {"title": dated["title"], "due": dated["rest"]}
    return values | {"title": text}
