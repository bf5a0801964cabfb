"""Where a key result's value may be by now: about its pace, with noise."""

from datetime import date, datetime
from random import Random

from sqlmodel import Session

from bot.chat.forms import Form
from bot.flow import Term
from bot.term import term
from storage import kpis, objectives
from storage.kpis import Kpi
from storage.objectives import KeyResult

GUESSED = 0.6
"""Where on its way to the target a key result begins whose first value nobody knows yet."""


class Courses:
    """Each key result has a luck of its own, drawn from the seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._known: dict[str, KeyResult] = {}
        self._kpis: dict[str, Kpi] = {}
        self._term: Term | None = None
        self._starts: date | None = None

    def look(self, session: Session, form: Form, now: datetime) -> None:
        """Make sure that the key results and KPIs of a form are known."""
        read = {q.id.partition("-")[2] for q in form.questions() if q.id.startswith("reading-")}
        if read - self._kpis.keys():
            self._kpis = {str(kpi.id): kpi for kpi in kpis.every(session)}
        asked = [q.id.partition("-")[2] for q in form.questions() if q.id.startswith("value-")]
        numbers = [int(number) for number in asked if number.isdecimal()]
        if numbers:
            self._starts = self._begun(session, now)
            self._known = {str(kr.id): kr for kr in objectives.numbered(session, numbers)}

    def _begun(self, session: Session, now: datetime) -> date | None:
        """When the quarter began, which is asked anew once it is over."""
        here = self._term
        if here is None or here.cycle is None or here.cycle.ends < here.day_at(now):
            here = self._term = term(session, now)
        return here.cycle.starts if here.cycle is not None else None

    def share(self, number: str, now: datetime, chance: Random) -> float:
        """How far it may have come, from 0 to 1."""
        kr = self._known.get(number)
        if kr is None or self._starts is None:
            return 0.0
        luck = Random(f"{self._seed}:{number}").uniform(0.5, 1.15)  # noqa: S311 it repeats itself
        gone = (now.date() - self._starts).days / max((kr.due - self._starts).days, 1)
        return min(max(gone * luck + chance.uniform(-0.04, 0.04), 0.0), 1.0)

    def reading(self, number: str, chance: Random) -> float | None:
        """A KPI's value: most days inside its range, now and then outside."""
        kpi = self._kpis.get(number)
        if kpi is None:
            return None
        if kpi.low is not None and kpi.high is not None:
            edge = (kpi.high - kpi.low) * 0.05
            return chance.uniform(kpi.low - edge, kpi.high + edge)
        if kpi.low is not None or kpi.high is not None:
            bound = kpi.high if kpi.low is None else kpi.low
            way = 1 if kpi.low is not None else -1
            return (bound or 0.0) + way * abs(bound or 1.0) * chance.uniform(-0.02, 0.15)
        return chance.uniform(90, 110)

    def value(self, number: str, now: datetime, chance: Random) -> float | None:
        """The value at that share; None where there is nothing to go by."""
        kr = self._known.get(number)
        if kr is None:
            return None
        if kr.kind == "within":
            ends = [end for end in (kr.low, kr.high) if end is not None]
            middle = sum(ends) / len(ends) if ends else 0.0
            return middle * chance.uniform(0.9, 1.1)
        if kr.target is None:
            return None
        start = kr.target * GUESSED if kr.baseline is None else kr.baseline
        return start + (kr.target - start) * self.share(number, now, chance)
