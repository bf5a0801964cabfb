"""Which quarter is graded now, and somebody's key results in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.flow import Term, Turn
from bot.kpis.readings import Asked
from bot.leads import Lines, lines
from bot.may import may
from bot.quarter import carrying
from bot.quarter.verdicts import Verdict, of_owners, verdicts
from storage import objectives, people
from storage.objectives import KeyResult, Objective
from storage.people import Person


@dataclass(frozen=True)
class Sheet:
    """What somebody grades, and how far they are."""

    person: Person
    term: Term
    verdicts: Sequence[Verdict] = ()
    due: Sequence[Asked] = ()
    """The readings of KPIs that are asked with it."""

    @property
    def ungraded(self) -> Sequence[Verdict]:
        """What nobody has judged yet."""
        return [verdict for verdict in self.verdicts if verdict.grade is None]

    @property
    def done(self) -> bool:
        """Whether all is graded."""
        return not self.ungraded

    @property
    def asks_carry(self) -> bool:
        """Whether it is asked what becomes of what is unfinished."""
        return self.term.organisation.carry_over == "asked"

    def needs_words(self, verdict: Verdict) -> bool:
        """Whether one tap is not enough: no figures, a cause, or what becomes of it."""
        return (
            verdict.figures is None
            or verdict.missed
            or (self.asks_carry and verdict.unfinished and verdict.carry is None)
        )

    @property
    def one_tap(self) -> bool:
        """Whether everything that is open can be confirmed at once."""
        return bool(self.ungraded) and not any(map(self.needs_words, self.ungraded))


def closing(session: Session, term: Term) -> Term | None:
    """The quarter that is graded now: in its last week, until the next one's planning is over."""
    if term.cycle is not None and term.week == term.calendar.retrospective_week:
        return term.at_the_end_of(term.cycle)
    planning = term.calendar.planning_weeks
    if term.cycle is None or term.week is None or term.week <= planning:
        return carrying.before(session, term)
    return None


def of_cycle(session: Session, term: Term, cycle_id: int) -> Term | None:
    """The end of a quarter that a message or a button is about: this one or the one before."""
    if term.cycle is not None and term.cycle_id == cycle_id:
        return term.at_the_end_of(term.cycle)
    old = carrying.before(session, term)
    return old if old is not None and old.cycle_id == cycle_id else None


def sheets(session: Session, term: Term, person_ids: Iterable[int]) -> Mapping[int, Sheet]:
    """What these people grade; the number of statements does not grow with them."""
    known = people.people(session, person_ids)
    found = of_owners(session, term, known)
    return {n: Sheet(person, term, found.get(n, ())) for n, person in known.items()}


def mine(turn: Turn, term: Term) -> Sheet:
    """What the person of this turn grades, read once for the form and its answer."""
    return turn.once(("grade", term.cycle_id), lambda: mine_now(turn, term))


def mine_now(turn: Turn, term: Term) -> Sheet:
    """The same as it stands at this moment."""
    found = sheets(turn.session, term, [turn.me])
    return found.get(turn.me) or Sheet(turn.person, term)


def one(turn: Turn, term: Term, number: int) -> Verdict | None:
    """One key result of the quarter that is graded."""
    found: tuple[KeyResult, Objective] | None = objectives.key_result(turn.session, number)
    if found is None or found[1].cycle_id != term.cycle_id or found[0].state == "dropped":
        return None
    if found[1].state not in ("approved", "closed"):
        return None
    return next(iter(verdicts(turn.session, term, [found])), None)


def leads(turn: Turn, verdict: Verdict, tree: Lines | None = None) -> bool:
    """Whether somebody may change this grade: a lead of the team, of one above it, or an admin."""
    tree = tree or lines(turn.session)
    return may(turn.person, "update", tree.leads([verdict.standing.objective.team_id]))


def decides(turn: Turn, verdict: Verdict) -> bool:
    """Whether somebody may say what becomes of it: its owner and the objective's may as well."""
    owners = {verdict.kr.owner_id, verdict.standing.objective.owner_id}
    return may(turn.person, "update", owners) or leads(turn, verdict)
