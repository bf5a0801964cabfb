"""One person's week, as their card, their form and their answer see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from bot import picture
from bot.flow import Term
from bot.kpis import readings
from bot.kpis.readings import Asked
from bot.picture import Standing
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from storage import checkins, people, reviews
from storage.checkins import Blocker, Checkin, Commitment
from storage.people import Person


@dataclass(frozen=True)
class Sheet:
    """What is asked of somebody in a week, and what they have said so far."""

    person: Person
    week: int
    standings: Sequence[Standing] = ()
    checkin: Checkin | None = None
    meant: Sequence[Commitment] = ()
    commitments: Sequence[Commitment] = ()
    blocker: Blocker | None = None
    helper: Person | None = None
    in_the_way: Sequence[Blocker] = ()
    readings: Sequence[Asked] = ()
    """The KPIs whose readings are a part of it."""
    reviewed_in: Term | None = None
    """The term, in the week of its review."""
    outcomes: Sequence[Outcome] = ()
    overdue: Sequence[Blocker] = ()
    """What should be out of the way by now: theirs, and others' that they help with."""
    blocked: Mapping[int, Person] = field(default_factory=dict)
    """Whom they help."""

    def is_said(self, standing: Standing) -> bool:
        """Whether somebody said how a key result is doing: a KPI that moves it does not."""
        said = standing.said
        return said is not None and (standing.voiced is said or standing.kr.kpi_id is None)

    @property
    def answered(self) -> bool:
        """Whether the check-in was answered."""
        return self.checkin is not None and self.checkin.state == "answered"

    @property
    def skipped(self) -> bool:
        """Whether its person said "not this week"."""
        return self.checkin is not None and self.checkin.state in ("skipped", "excused")

    @property
    def reviews(self) -> bool:
        """Whether it is asked what to keep, adjust and drop."""
        return self.reviewed_in is not None and bool(self.standings or self.outcomes)

    def outcome(self, number: int) -> Outcome | None:
        """What was decided of a key result this week."""
        return next((each for each in self.outcomes if each.kr.id == number), None)

    @property
    def short(self) -> bool:
        """Whether there are no key results to ask about."""
        return not self.standings


def sheets(
    session: Session, term: Term, week: int, person_ids: Iterable[int]
) -> Mapping[int, Sheet]:
    """The sheets of these people; the number of statements does not grow with them."""
    return _sheets(session, term, week, people.people(session, person_ids), chase=True)


def sheet(session: Session, term: Term, week: int, person: Person) -> Sheet:
    """One person's sheet."""
    return _sheets(session, term, week, {person.id or 0: person})[person.id or 0]


def _sheets(
    session: Session,
    term: Term,
    week: int,
    known: Mapping[int, Person],
    *,
    chase: bool = False,
) -> Mapping[int, Sheet]:
    """`chase` looks for what they help with too: only the question itself asks about it."""
    ids = known.keys()
    standings = picture.owned(session, term, ids, week)
    said = checkins.checkins(session, term.cycle_id, week, ids)
    promised = checkins.commitments_of(session, term.cycle_id, (week - 1, week), ids)
    in_the_way = checkins.in_the_way(session, term.cycle_id, ids, week)
    blockers = {b.person_id: b for b in in_the_way if b.week == week}
    asked = readings.of_week(session, term, week, ids)
    helped = checkins.helped_by(session, term.cycle_id, ids) if chase else {}
    named = {b.helper_id for b in blockers.values() if b.helper_id}
    named |= {b.person_id for own in helped.values() for b in own}
    helpers = people.people(session, named)
    decided = _outcomes(session, term, week, ids)
    return {
        number: Sheet(
            person,
            week,
            standings.get(number, ()),
            said.get(number),
            promised[week - 1].get(number, ()),
            promised[week].get(number, ()),
            blockers.get(number),
            helpers.get(blockers[number].helper_id or 0) if number in blockers else None,
            [b for b in in_the_way if b.person_id == number and b.week < week],
            asked.get(number, ()),
            term if reviewing.is_on(term, week) else None,
            decided.get(number, ()),
            [
                b
                for b in (*in_the_way, *helped.get(number, ()))
                if _is_overdue(b, number, week, term.today)
            ],
            helpers,
        )
        for number, person in known.items()
    }


def _is_overdue(blocker: Blocker, person_id: int, week: int, today: date) -> bool:
    """Whether its day has passed, for whoever it stands in the way of or whoever helps."""
    theirs = person_id in (blocker.person_id, blocker.taken_by_id or blocker.helper_id)
    late = blocker.by is not None and blocker.by < today
    return theirs and late and blocker.state != "solved" and blocker.week < week


def _outcomes(
    session: Session, term: Term, week: int, ids: Iterable[int]
) -> dict[int, list[Outcome]]:
    """What these people decided of their key results, in the week of the review."""
    found: dict[int, list[Outcome]] = {}
    if not reviewing.is_on(term, week):
        return found
    for each in reviewing.outcomes(session, reviews.of_owners(session, term.cycle_id, week, ids)):
        found.setdefault(each.kr.owner_id or 0, []).append(each)
    return found
