"""What one person sees of the review: their own, what waits for them, what their teams decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot import leads, moments, picture, ripples
from bot.flow import Term, Turn
from bot.may import may
from bot.picture import Standing
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from storage import objectives, reviews
from storage.reviews import Review
from storage.teams import Team


@dataclass(frozen=True)
class View:
    """Somebody's review as it stands."""

    term: Term
    standings: Sequence[Standing] = ()
    outcomes: Sequence[Outcome] = ()
    to_decide: Sequence[Outcome] = ()
    teams: Mapping[int, Sequence[Outcome]] = field(default_factory=dict)
    names: Mapping[int, Team] = field(default_factory=dict)

    @property
    def editable(self) -> bool:
        """Whether it can be answered now."""
        return bool(self.standings) and reviewing.is_open(self.term)

    def outcome(self, number: int) -> Outcome | None:
        """What was decided of a key result."""
        return next((each for each in self.outcomes if each.kr.id == number), None)

    def review(self, number: int) -> Review | None:
        """The same, as it is stored."""
        found = self.outcome(number)
        return found.review if found is not None else None


def view(turn: Turn) -> View:
    """All of it; a fixed number of statements."""
    term, week = turn.term, turn.term.calendar.review_week
    own = reviews.of_owners(turn.session, term.cycle_id, week, [turn.me])
    lines = leads.lines(turn.session)
    led = {number: team for number, team in lines.teams.items() if turn.me in lines.leads([number])}
    rows = reviews.of_teams(turn.session, term.cycle_id, week, led) if led else {}
    teams: dict[int, list[Outcome]] = {}
    for each in reviewing.outcomes(turn.session, [row for some in rows.values() for row in some]):
        teams.setdefault(each.objective.team_id, []).append(each)
    return View(
        term,
        picture.owned(turn.session, term, [turn.me]).get(turn.me, ()),
        reviewing.outcomes(turn.session, own),
        [each for each in for_me(turn) if each.review.state == "waiting"],
        teams,
        led,
    )


def for_me(turn: Turn) -> Sequence[Outcome]:
    """The new targets that wait for somebody's word."""
    rows = reviews.for_approver(turn.session, turn.term.cycle_id, [turn.me])
    waiting = [row for row in rows if row[0].state == "waiting"]
    return reviewing.outcomes(turn.session, waiting) if waiting else ()


def still_open(turn: Turn) -> bool:
    """Whether a review that was not answered can only be answered in its own form."""
    term, week = turn.term, turn.term.calendar.review_week
    if term.week != week + 1 or not reviewing.is_open(term):
        return False
    if moments.answerable(turn.session, term, turn.person, week, turn.now):
        return False
    mine = objectives.owned(turn.session, term.cycle_id, [turn.me]).get(turn.me, ())
    ids = {kr.id or 0 for kr, _ in mine}
    known = reviews.reviews(turn.session, term.cycle_id, week, ids) if ids else {}
    return bool(ids - known.keys())


def outcome(turn: Turn, row: Review) -> Outcome | None:
    """One new target and all that belongs to it."""
    found = objectives.key_result(turn.session, row.key_result_id)
    if found is None:
        return None
    return next(iter(reviewing.outcomes(turn.session, [(row, *found)])))


def may_decide(turn: Turn, found: Outcome) -> bool:
    """The approver may; so may another lead or an admin, but not who proposed or owns it."""
    if found.review.approver_id == turn.me:
        return turn.person.active
    if turn.me in (found.review.by_id, found.kr.owner_id):
        return False
    lines = leads.lines(turn.session)
    return may(turn.person, "update", lines.leads([found.objective.team_id]))


def seen(turn: Turn, week: int) -> None:
    """What shows the week of the review shows this too."""
    turn.session.flush()
    ripples.shown(turn.session, turn.term, turn.now, [turn.me], week)
