"""Rules about one key result."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.method import words
from bot.method.lint import wording
from bot.method.lint.rules import Spoken
from bot.method.score import Kind

QUARTERS = 2
"""A metric that is measured in so many quarters is a KPI."""


@dataclass(frozen=True)
class Past:
    """What is known of a metric besides a draft: its last actual, and who else measures it.

    `quarters` counts earlier ones. `carried`: the draft goes on from one of them.
    """

    last: float | None = None
    quarters: int = 0
    carried: bool = False
    numbered: bool = False
    """A KPI or an earlier key result gives it as a number."""
    teams: tuple[str, ...] = ()
    """Other teams that measure it in this quarter."""


@dataclass(frozen=True)
class Draft:
    """A key result as it was drafted."""

    title: str
    kind: Kind = "increase"
    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    past: Past = field(default=Past())

    @property
    def moves(self) -> bool:
        """Whether a number goes from somewhere to somewhere."""
        return self.kind in ("increase", "decrease")


def key_result(draft: Draft) -> Iterator[Spoken]:
    """All that is to be said of it."""
    yield from _numbers(draft)
    yield from _effect(draft)
    yield from _kpi(draft)
    yield from _reached(draft)
    yield from _direction(draft)
    if draft.past.teams:
        yield Spoken("same_metric", {"teams": ", ".join(draft.past.teams)})


def _numbers(draft: Draft) -> Iterator[Spoken]:
    bounds = draft.low, draft.high
    if (draft.moves and draft.target is None) or (
        draft.kind == "within" and bounds == (None, None)
    ):
        yield Spoken("no_number")
        return
    if draft.kind == "done":
        number = wording.number(draft.title)
        if number or draft.past.numbered:
            yield Spoken("done_but_number", {"number": number})
        return
    if draft.moves and draft.baseline is None:
        yield Spoken("no_baseline")
    if (draft.moves or draft.kind == "within") and not draft.unit.strip():
        yield Spoken("no_unit")


def _effect(draft: Draft) -> Iterator[Spoken]:
    """A task, or a count of what somebody does, says nothing of what comes of it."""
    own = wording.tokens(draft.title)
    if wording.EFFECTS.intersection(own):
        return
    ticked = draft.kind in ("done", "milestones")
    counted = draft.kind == "increase" and not qualitative(draft)
    task = wording.task(draft.title)
    if task and (counted or ticked):
        yield Spoken("task", {"word": task})
        return
    activity = next((w for w in (*wording.tokens(draft.unit), *own) if w in wording.ACTIVITIES), "")
    if activity and (counted or (ticked and wording.number(draft.title))):
        yield Spoken("activity", {"word": wording.as_typed(draft.title, activity)})


def _kpi(draft: Draft) -> Iterator[Spoken]:
    """What is only to be kept, or comes back each quarter, never ends: it is a KPI."""
    past = draft.past
    if draft.kind == "within" and (draft.low, draft.high) != (None, None) and _held(draft):
        yield Spoken("kpi_kept", {"last": past.last, "unit": draft.unit})
    if past.quarters + (not past.carried) >= QUARTERS:
        yield Spoken("kpi_again", {"quarters": past.quarters + 1})


def _held(draft: Draft) -> bool:
    """Whether the level is held already: to "keep" says so, unless the last actual says no."""
    low = -math.inf if draft.low is None else draft.low
    high = math.inf if draft.high is None else draft.high
    return draft.past.last is None or low <= draft.past.last <= high


def _reached(draft: Draft) -> Iterator[Spoken]:
    target, last = draft.target, draft.past.last
    if not draft.moves or target is None or last is None:
        return
    if (target <= last) if draft.kind == "increase" else (target >= last):
        yield Spoken("target_reached", {"target": target, "last": last, "unit": draft.unit})


def _direction(draft: Draft) -> Iterator[Spoken]:
    """The title says up and the numbers go down, or the other way round."""
    if not draft.moves:
        return
    known = draft.baseline is not None and draft.target is not None
    rises = draft.kind == "increase"
    if known and draft.target is not None and draft.baseline is not None:
        rises = draft.target > draft.baseline
    own = wording.tokens(draft.title)
    said = next((w for w in (*own[:1], *own[-1:]) if w in words.UP | words.DOWN), "")
    against = words.DOWN if rises else words.UP
    if said in against or rises != (draft.kind == "increase"):
        word = wording.as_typed(draft.title, said)
        yield Spoken("direction", {"word": word, "rises": rises})


def qualitative(draft: Draft) -> bool:
    """Whether it says how well and not how many."""
    own = {*wording.tokens(draft.title), *wording.tokens(draft.unit), draft.unit.strip().lower()}
    return bool(own & (wording.QUALITIES | wording.SHARES)) or draft.kind in ("decrease", "within")
