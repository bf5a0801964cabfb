"""Targets that move while the quarter runs: with a reason, an approver, and what counted before.

Until its approver agrees, the old target counts (METHOD, sections 5 and 6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot import leads, ripples
from bot.flow import Term, Turn
from bot.goals import store
from bot.goals.values import KeyResultValues
from storage import audit, objectives, people, reviews
from storage.objectives import KeyResult, Moved, Objective
from storage.people import Person
from storage.reviews import Review

LONGEST_REASON = 300


class Held(Protocol):
    """Whatever has goalposts: a key result, a form, a file's row, what counted, what is meant."""

    @property
    def baseline(self) -> float | None: ...
    @property
    def target(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


class Measured(Held, Protocol):
    """What has goalposts and says how it is measured."""

    @property
    def kind(self) -> str: ...


class Goalposts(NamedTuple):
    """What a key result is held against."""

    baseline: float | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, row: Held) -> "Goalposts":
        """Those of a key result, of a form, of what counted before or was proposed."""
        return cls(row.baseline, row.target, row.low, row.high)

    def into(self, kr: KeyResult) -> KeyResultValues:
        """The key result held against these."""
        return replace(KeyResultValues.of(kr, ()), **self._asdict())


def running(term: Term) -> bool:
    """Whether the quarter runs, so that a new target needs a reason: planning is over."""
    return term.week is not None and term.week >= term.calendar.first_execution_week


def differ(before: Measured, after: Measured) -> bool:
    """Whether it is held against something else than before."""
    return before.kind != after.kind or Goalposts.of(before) != Goalposts.of(after)


def approver(turn: Turn, kr: KeyResult, objective: Objective) -> Person | None:
    """Who has to agree with what somebody proposes; None where there is nobody else.

    The team's lead, else the lead above, else an admin: never who proposes or owns it.
    """
    own = {turn.me, kr.owner_id}
    up = [team.lead_id for team in leads.lines(turn.session).up(objective.team_id)]
    known = people.people(turn.session, {number for number in up if number})
    found = [known[number] for number in up if number in known]
    for person in [*found, *people.admins(turn.session)]:
        if person.active and person.id not in own:
            return person
    return None


def propose(
    turn: Turn, kr: KeyResult, objective: Objective, week: int, posts: Goalposts, reason: str,
    obstacle: str | None = None, by: Person | None = None,
) -> Review:  # fmt: skip
    """Put a new target before its approver; at once where there is none, or `by` whom it is so."""
    to = None if by is not None else approver(turn, kr, objective)
    earlier = reviews.of_key_results(turn.session, [kr.id or 0]).get(kr.id or 0, ())
    before = said_in(turn, week, withdraw(turn, earlier))
    row = keep(turn, kr.id or 0, week, before, "adjust", obstacle, reason, posts, to)
    return _count(turn, row, kr, by) if to is None else row


def said_in(turn: Turn, week: int, rows: Iterable[Review]) -> Review | None:
    """What was decided of a key result in a week, among all that was."""
    mine = (turn.term.cycle_id, week)
    return next((row for row in rows if (row.cycle_id, row.week) == mine), None)


def keep(
    turn: Turn, key_result_id: int, week: int, row: Review | None,
    decision: str, obstacle: str | None, reason: str,
    posts: Goalposts = Goalposts(), to: Person | None = None,  # noqa: B008 a value
) -> Review:  # fmt: skip
    """Keep what was decided of a key result in a week, in place of `row` where there is one."""
    after: dict[str, Any] = {
        "cycle_id": turn.term.cycle_id,
        "week": week,
        "key_result_id": key_result_id,
        **said(row, decision, reason, posts, turn.me, turn.now),
    }
    if obstacle is not None:
        after["obstacle"] = obstacle
    if to is not None:
        after |= {"state": "waiting", "approver_id": to.id}
    return _kept(turn, row, after)


def said(
    row: Review | None, decision: str, reason: str, posts: Goalposts, by: int | None, now: datetime
) -> dict[str, Any]:
    """What is decided of it from now on, in place of `row` where there is one; nobody is asked."""
    return {
        "decision": decision,
        "state": "decided",
        "obstacle": row.obstacle if row is not None else "",
        "reason": reason,
        **posts._asdict(),
        "approver_id": None,
        "by_id": by,
        "decided_by_id": None,
        "answer": "",
        "at": now,
        "decided_at": None,
        "version": 1 if row is None else row.version + 1,
    }


def ask(turn: Turn, proposed: Iterable[Review]) -> None:
    """One message to each approver, with all that was proposed at once."""
    waiting = {row.approver_id for row in proposed if row.state == "waiting" and row.approver_id}
    for number, person in people.people(turn.session, waiting).items():
        subject = f"ask:{number}:{turn.me}:{_moment(turn.now)}"
        ripples.tell(
            turn.session, turn.term, turn.now, "review", subject, person, weight="decision"
        )


def approve(turn: Turn, row: Review, kr: KeyResult) -> None:
    """A new target counts from now on; what counted before is kept."""
    _told(turn, _count(turn, row, kr, turn.person))


def refuse(turn: Turn, row: Review, why: str) -> None:
    """The old target goes on counting."""
    row = _changed(
        turn, row, state="refused", answer=why, decided_at=turn.now, decided_by_id=turn.me
    )
    _told(turn, row)
    _seen(turn, row)


def about(row: Review, subject: str) -> bool:
    """Whether a message to an approver, or back from one, is about this."""
    return told_in("", row).split(":")[1:] == subject.split(":")[1:]


def _moment(at: datetime) -> str:
    return str(int(at.timestamp()))


def _count(turn: Turn, row: Review, kr: KeyResult, by: Person | None) -> Review:
    decider = by.id if by is not None else None
    row = _changed(turn, row, state="approved", decided_at=turn.now, decided_by_id=decider)
    move(turn, kr, row.week, Goalposts.of(row), row.reason, by=row.by_id, approved_by=by)
    _seen(turn, row)
    return row


def move(
    turn: Turn, kr: KeyResult, week: int, posts: Goalposts, reason: str, *,
    by: int | None, approved_by: Person | None,
) -> None:  # fmt: skip
    """Hold a key result against new goalposts; the old ones are graded too."""
    moved(turn, kr, week, reason, by=by, approved_by=approved_by)
    store.measure(turn, kr, posts._asdict())


def moved(
    turn: Turn, kr: KeyResult, week: int, reason: str, *,
    by: int | None, approved_by: Person | None,
) -> None:  # fmt: skip
    """Keep what counts until now."""
    row = counted(kr.id or 0, kr, week, turn.now)
    row.reason, row.by_id = reason, by
    row.approver_id = approved_by.id if approved_by else None
    turn.session.add(row)
    turn.session.flush()


def counted(number: int, before: Measured, week: int, now: datetime) -> Moved:
    """What a key result was held against until now, to be graded too."""
    return Moved(
        key_result_id=number, week=week, kind=before.kind, **Goalposts.of(before)._asdict(),
        approved_at=now, at=now,
    )  # fmt: skip


def withdraw(turn: Turn, rows: Iterable[Review]) -> list[Review]:
    """What still waits for a word is no longer meant once something else is proposed.

    Gives back all of them as they are then.
    """
    found = []
    for row in rows:
        if row.state == "waiting":
            row = _changed(turn, row, state="withdrawn", decided_at=turn.now)
            ripples.renew(turn.session, turn.now, "review", told_in("ask", row))
        found.append(row)
    return found


def _told(turn: Turn, row: Review) -> None:
    """News to who proposed it, gathered in one message; the approver's own shows it too."""
    proposer = people.person(turn.session, row.by_id or 0)
    if proposer is not None and proposer.id != turn.me:
        subject = told_in("news", row)
        ripples.tell(turn.session, turn.term, turn.now, "review", subject, proposer)
        ripples.renew(turn.session, turn.now, "review", subject)
    ripples.renew(turn.session, turn.now, "review", told_in("ask", row))


def told_in(what: str, row: Review) -> str:
    """Which message it stands in: the one that asks its approver, or the news back."""
    return f"{what}:{row.approver_id}:{row.by_id}:{_moment(row.at)}"


def _seen(turn: Turn, row: Review) -> None:
    """The summary of the week in which it was proposed tells how it went on."""
    kr = objectives.by_ids(turn.session, [row.key_result_id]).get(row.key_result_id)
    owners = {number for number in (kr.owner_id if kr else None, row.by_id) if number}
    ripples.shown(turn.session, turn.term, turn.now, owners, row.week)


def _changed(turn: Turn, row: Review, **values: object) -> Review:
    return _kept(turn, row, {**audit.fields(row), **values})


def _kept(turn: Turn, was: Review | None, after: Mapping[str, object]) -> Review:
    row = reviews.keep(turn.session, after)
    key = f"{row.week}:{row.key_result_id}"
    before = None if was is None else audit.fields(was)
    audit.note(
        turn.session, turn.now, "review", key, by=turn.me, before=before, after=audit.fields(row)
    )
    return row
