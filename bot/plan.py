"""From now to letters: what every flow wants sent in the days ahead, kept in step with the world.

Planning twice changes nothing. A letter that was not sent yet moves with the zone, holiday,
absence or setting it depends on; a letter that was sent never does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from bot.flow import Term
from bot.flows import flows
from bot.outlook import Calendars, Outlook, days_ahead, outlook
from bot.ripples import GATHER
from storage import letters, people
from storage.courtesy import give_way, politely
from storage.letters import UNASKED, Draft, Hold, Letter, Move, Unsent
from storage.people import Person

CHUNK = 200
SHOWN = ("ask", "digest", "notice")
"""What the home shows where it does not fit: of what a reminder is about it tells anyway."""


@dataclass(frozen=True)
class Plan:
    """What is missing among the letters, what has to move, and what does not fit a week.

    What of it is not known yet is `held`: it waits on somebody's home.
    """

    drafts: Sequence[Draft] = ()
    moves: Sequence[Move] = ()
    held: Sequence[Draft] = ()
    over: Sequence[Draft] = ()

    def chunks(self) -> Iterator["Plan"]:
        """The plan in pieces small enough that nobody waits for one."""
        for n in range(0, len(self.drafts), CHUNK):
            yield Plan(self.drafts[n : n + CHUNK])
        for n in range(0, len(self.moves), CHUNK):
            yield Plan((), self.moves[n : n + CHUNK])
        for n in range(0, len(self.held), CHUNK):
            yield Plan((), (), self.held[n : n + CHUNK])

    def keep(self, session: Session) -> int:
        """Write it; says how many letters are new."""
        letters.replan(session, self.moves)
        if self.held:
            letters.plan(session, self.held, "budget")
        return letters.plan(session, self.drafts) if self.drafts else 0


class Wanted(NamedTuple):
    """What shall go, by key, sent or not; what is over budget; and what has gone to people."""

    going: Mapping[str, Draft]
    over: Mapping[str, Draft]
    gone: Mapping[str, tuple[int, int]]


def foresee(session: Session, term: Term, now: datetime) -> Plan:
    """What to write so that the letters of the days ahead are as they should be. Only reads."""
    if term.cycle is None:
        return Plan()
    running = term.organisation.running in ("on", "pilot")
    going, over, gone = wanted(session, term, now)
    known = letters.unsent(session, term.cycle_id, now)
    moves = list(_waiting(session, term, now, "" if running else "paused"))
    for row in politely(session, known):
        ours = row.kind != "notice" or row.key in going or row.key in over
        if ours:
            moves += _moved(row, going, "paused" if not running else "away", over, now)
    keys = {row.key for row in known} | gone.keys()
    new = [draft for draft in going.values() if draft.key not in keys]
    held = [draft for draft in over.values() if draft.key not in keys and draft.kind in SHOWN]
    return Plan(new, moves, held, list(over.values()))


def wanted(session: Session, term: Term, now: datetime) -> Wanted:
    """What shall be sent in the days ahead, whether or not it was planned before."""
    if term.cycle is None or term.organisation.running not in ("on", "pilot"):
        return Wanted({}, {}, {})
    view = outlook(session, term, now)
    drafts: list[Draft] = []
    for draft in (draft for flow in flows().values() for draft in flow.plan(view)):
        give_way(session)
        if draft.due_at >= _since(view, draft) and draft.expires_at > now:
            drafts.append(draft)
    gone = letters.gone(session, term.cycle_id, view.weeks, {draft.key for draft in drafts})
    over = over_budget(drafts, term.organisation.unasked_per_week, gone)
    going = {draft.key: draft for draft in drafts if draft.key not in over}
    return Wanted(going, {draft.key: draft for draft in drafts if draft.key in over}, gone)


def _since(view: Outlook, draft: Draft) -> datetime:
    """Nothing is sent of a time before the bot was switched on, or before somebody came."""
    person = view.people.get(draft.person_id or 0)
    changed_at = view.term.organisation.changed_at
    return max(changed_at, person.since) if person else changed_at


def _moved(
    row: Unsent,
    going: Mapping[str, Draft],
    hold: Hold,
    over: Mapping[str, Draft],
    now: datetime,
) -> Iterator[Move]:
    """How a letter has to move; never back into the past, where it would go at once and late.

    What is being sent or may have arrived stays where it is, and can only be recalled.
    """
    draft = going.get(row.key)
    begun = row.state == "claimed" or row.tries > 0
    if draft and draft.due_at < min(now, row.due_at) and not begun:
        draft = None
    if draft and row.state == "claimed":
        return
    held: Hold = "" if draft else "budget" if row.key in over else hold
    wish = row if begun or draft is None else draft
    was = (row.due_at, row.expires_at, row.platform, row.workspace, row.address, row.reason)
    then = (wish.due_at, wish.expires_at, wish.platform, wish.workspace, wish.address, held)
    if was != then:
        yield Move(
            key=row.key,
            due_at=wish.due_at,
            expires_at=wish.expires_at,
            platform=wish.platform,
            workspace=wish.workspace,
            address=wish.address,
            held=held,
        )


def _waiting(session: Session, term: Term, now: datetime, hold: Hold) -> Iterator[Move]:
    """Flags wait while their reader is off and no longer; news comes in working hours.

    Days off come and go.
    """
    rows = letters.waiting(session, term.cycle_id, now)
    if not rows:
        return
    readers = people.people(session, {row.person_id or 0 for row in rows})
    off = days_ahead(session, term, now, list(readers))
    for row in rows:
        reader = readers[row.person_id or 0]
        due = (
            _flag_at(term, off, reader, row, now)
            if row.kind == "flag"
            else off.at_work(reader, row.due_at)
        )
        if hold or due != row.due_at:
            yield Move(
                key=row.key,
                due_at=due,
                expires_at=row.expires_at + (due - row.due_at),
                platform=row.platform,
                workspace=row.workspace,
                address=row.address,
                held=hold,
            )


def _flag_at(term: Term, off: Calendars, reader: Person, row: Letter, now: datetime) -> datetime:
    free = off.free_at(reader, now)
    same_day = term.day_of(reader, free) == term.day_of(reader, row.due_at)
    return row.due_at if same_day else free + GATHER


def over_budget(
    drafts: Iterable[Draft], budget: int, gone: Mapping[str, tuple[int, int]]
) -> set[str]:
    """The keys that do not fit a person's week: asks come first, then digests, then reminders.

    What has gone out already was first of all; `gone` says to whom and in which week, by key.
    """
    spent = Counter(gone.values())
    asked: dict[tuple[int, int], list[Draft]] = {}
    for draft in drafts:
        if draft.kind in UNASKED and draft.person_id is not None and draft.key not in gone:
            asked.setdefault((draft.person_id, draft.week or 0), []).append(draft)
    return {
        draft.key
        for week, own in asked.items()
        if len(own) + spent[week] > budget
        for draft in sorted(own, key=_rank)[max(0, budget - spent[week]) :]
    }


def _rank(draft: Draft) -> tuple[int, bool, datetime, str]:
    """Readings that are asked each day take nobody's check-in away."""
    return (UNASKED.index(draft.kind), draft.flow == "kpi", draft.due_at, draft.key)
