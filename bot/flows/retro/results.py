"""What a team's retrospective came to: wins first, then what was missed, and what is decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from bot.flow import Term
from bot.flows.retro.survey import Survey, surveys
from bot.kpis import suggestions
from bot.kpis.watch import Look
from bot.method import diagnosis
from bot.quarter.lessons import Decided, Process, decided, decided_in, process, process_of
from bot.quarter.verdicts import ObjectiveGrades, TeamGrades, Verdict, graded
from storage import cycles, kudos, objectives, people, reviews
from storage.kudos import Kudos
from storage.people import Person


class Dropped(NamedTuple):
    """What was given up on the way, and why, where somebody said."""

    title: str
    reason: str = ""


@dataclass(frozen=True)
class Results:
    """One team's quarter as its retrospective shows it."""

    own: Survey
    grades: TeamGrades
    kudos: Sequence[Kudos] = ()
    before: Process | None = None
    """How it said it worked a quarter ago."""
    decided: Sequence[Decided] = ()
    earlier: Sequence[Decided] = ()
    """What it had decided a quarter ago."""
    people: Mapping[int, Person] = field(default_factory=dict)
    dropped: Sequence[Dropped] = ()
    suggested: Sequence[Look] = ()
    """KPIs whose objectives are held for the next planning, while that lies ahead."""

    @property
    def process(self) -> Process | None:
        """How it says it worked; None before its results are out."""
        return process_of(self.own.heard) if self.own.out else None

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say of it to others: no grade, no answer, no decision."""
        return self.grades.grade is None and not (self.own.count or self.decided)

    @property
    def wins(self) -> Sequence[ObjectiveGrades]:
        """Objectives that were graded green, the best first."""
        green = [each for each in self.grades.objectives if each.colour == "green"]
        return sorted(green, key=lambda each: -(each.grade or 0))

    @property
    def missed(self) -> Sequence[Verdict]:
        """Key results that fell short, the furthest first."""
        short = [verdict for verdict in self.grades.verdicts if verdict.missed]
        return sorted(short, key=lambda verdict: verdict.likely or 0)

    @property
    def undecided(self) -> Sequence[Verdict]:
        """What is unfinished and still waits for a word on what becomes of it."""
        if self.own.term.organisation.carry_over != "asked":
            return ()
        return [v for v in self.grades.verdicts if v.unfinished and v.carry is None]

    @property
    def look_at(self) -> diagnosis.Look | None:
        """Where to look first, where grade and rhythm say so."""
        return diagnosis.look_at(self.grades.mean, self.process.mean if self.process else None)


def results(
    session: Session, term: Term, now: datetime, team_ids: Iterable[int] | None = None
) -> dict[int, Results]:
    """The quarter of each of these teams (or of all), a fixed number of statements."""
    asked = surveys(session, term, now, team_ids)
    grades = graded(session, term, asked)
    last = cycles.before(session, term.cycle.starts) if term.cycle else None
    before = process(session, last.id or 0, asked) if last else {}
    thanks = kudos.of_cycle(session, term.cycle_id)
    now_decided, earlier = decided_in(session, term.cycle_id, asked), decided(session, term, asked)
    ids = {i for each in thanks for i in (each.from_id, each.to_id)}
    ids |= {words.by or 0 for o in asked.values() for t in o.heard.texts.values() for words in t}
    known = people.people(session, ids)
    dropped = _dropped(session, term, grades, asked)
    ahead = term.cycle is not None and now.date() <= term.cycle.ends
    suggested = suggestions.waiting(session, term, asked) if ahead else {}
    return {
        number: Results(
            own,
            grades.get(number, TeamGrades(number)),
            [each for each in thanks if own.asks(each.to_id)],
            before.get(number),
            now_decided.get(number, ()),
            earlier.get(number, ()),
            known,
            dropped.get(number, ()),
            [each.look for each in suggested.get(number, ())],
        )
        for number, own in asked.items()
    }


def _dropped(
    session: Session, term: Term, grades: Mapping[int, TeamGrades], team_ids: Collection[int]
) -> dict[int, list[Dropped]]:
    """What each team gave up: whole objectives, and key results with the reason of their review."""
    whole = objectives.given_up(session, term.cycle_id, team_ids)
    gone = {
        number: [kr for each in own.objectives for kr in each.dropped]
        for number, own in grades.items()
    }
    ids = {kr.id or 0 for own in gone.values() for kr in own}
    said = reviews.of_key_results(session, ids) if ids else {}
    reasons = {
        number: row.reason
        for number, rows in said.items()
        for row in rows
        if row.decision == "drop"
    }
    return {
        number: [
            *(Dropped(row.title) for row in whole.get(number, ())),
            *(Dropped(kr.title, reasons.get(kr.id or 0, "")) for kr in gone.get(number, ())),
        ]
        for number in team_ids
    }
