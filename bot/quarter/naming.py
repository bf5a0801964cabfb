"""Which quarter somebody means: "Q3", "2026 Q3", "last", its name."""

import re
from collections.abc import Sequence
from datetime import date

from bot.likeness import nearest
from storage.cycles import Cycle

NOW = ("", "this", "now", "current", "dieses", "jetzt", "aktuelles")
LAST = ("last", "previous", "before", "letztes", "voriges", "vorheriges", "vorher")
NEXT = ("next", "nächstes")
NUMBER = re.compile(r"(?:(?<![a-z])q\s*([1-4])\b|\b([1-4])\s*\.?\s*(?:quarter|quartal)\b)")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
NEAR = 85


def named(typed: str, every: Sequence[Cycle], today: date) -> Cycle | None:
    """The quarter meant, `every` being all there are, the newest first."""
    name = typed.casefold().strip(" ?!.")
    begun = [cycle for cycle in every if cycle.starts <= today]
    ahead = [cycle for cycle in every if cycle.starts > today]
    if name in NOW:
        return next(iter(begun or ahead[::-1]), None)
    if name in LAST:
        return begun[1] if len(begun) > 1 else None
    if name in NEXT:
        return ahead[-1] if ahead else None
    same = [cycle for cycle in every if cycle.name.casefold() == name]
    return next(iter(same or _numbered(name, [*begun, *ahead])), None) or _like(name, every)


def _numbered(name: str, every: Sequence[Cycle]) -> Sequence[Cycle]:
    """Those of this number and year, where either was said."""
    number, year = NUMBER.search(name), YEAR.search(name)
    if number is None:
        return ()
    label = f"q{number[1] or number[2]}"
    found = [cycle for cycle in every if label in cycle.name.casefold()]
    return [cycle for cycle in found if year is None or year[1] in cycle.name]


def _like(name: str, every: Sequence[Cycle]) -> Cycle | None:
    """The one whose name reads like it, unless a number or year says otherwise."""
    if NUMBER.search(name) or YEAR.search(name):
        return None
    by_id = {cycle.id or 0: cycle for cycle in every}
    names = {number: cycle.name for number, cycle in by_id.items()}
    near = nearest(name, names, limit=2, least=NEAR)
    return by_id[near[0]] if len(near) == 1 else None
