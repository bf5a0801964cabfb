"""From now to letters: what every flow wants sent in the days ahead, kept in step with the world.

Planning twice changes nothing. A letter that was not sent yet moves with the zone, holiday,
absence or setting it depends on; a letter that was sent never does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.flow import Term
from bot.flows import flows
from bot.outlook import outlook
from storage import letters
from storage.courtesy import give_way
from storage.letters import Draft, Hold, Move

UNASKED = ("ask", "digest", "reminder")
"""What counts against a person's budget of a week, in the order of who comes first."""
CHUNK = 200


@dataclass(frozen=True)
class Plan:
    """What is missing among the letters, and what has to move."""

    drafts: Sequence[Draft] = ()
    moves: Sequence[Move] = ()

    def chunks(self) -> Iterator["Plan"]:
        """The plan in pieces small enough that nobody waits for one."""
        for n in range(0, len(self.drafts), CHUNK):
            yield Plan(self.drafts[n : n + CHUNK])
        for n in range(0, len(self.moves), CHUNK):
            yield Plan((), self.moves[n : n + CHUNK])

    def keep(self, session: Session) -> int:
        """Write it; says how many letters are new."""
        letters.replan(session, self.moves)
        return letters.plan(session, self.drafts) if self.drafts else 0


def foresee(session: Session, term: Term, now: datetime) -> Plan:
    """What to write so that the letters of the days ahead are as they should be. Only reads."""
    if term.cycle is None:
        return Plan()
    running = term.organisation.running in ("on", "pilot")
    wanted: list[Draft] = []
    if running:
        view = outlook(session, term, now)
        since = term.organisation.changed_at
        for draft in (draft for flow in flows().values() for draft in flow.plan(view)):
            give_way(session)
            if draft.due_at >= since and draft.expires_at > now:
                wanted.append(draft)
    over = over_budget(wanted, term.organisation.unasked_per_week)
    going = {draft.key: draft for draft in wanted if draft.key not in over}
    known = letters.unsent(session, term.cycle_id)
    moves: list[Move] = []
    for row in known:
        give_way(session)
        if row.expires_at > now:
            moves += _moved(row, going, "paused" if not running else "away", over)
    keys = {row.key for row in known}
    return Plan([d for d in going.values() if d.key not in keys], moves)


def _moved(
    row: Any,  # a row of `letters.unsent`
    going: Mapping[str, Draft],
    hold: Hold,
    over: set[str],
) -> Iterator[Move]:
    draft = going.get(row.key)
    held: Hold = "" if draft else "budget" if row.key in over else hold
    wish = draft or row
    now = (row.due_at, row.expires_at, row.platform, row.workspace, row.address, row.reason)
    then = (wish.due_at, wish.expires_at, wish.platform, wish.workspace, wish.address, held)
    if now != then:
        yield Move(
            key=row.key,
            due_at=wish.due_at,
            expires_at=wish.expires_at,
            platform=wish.platform,
            workspace=wish.workspace,
            address=wish.address,
            held=held,
        )


def over_budget(drafts: Iterable[Draft], budget: int) -> set[str]:
    """The keys that do not fit a person's week: asks come first, then digests, then reminders."""
    asked: dict[tuple[int, int], list[Draft]] = {}
    for draft in drafts:
        if draft.kind in UNASKED and draft.person_id is not None:
            asked.setdefault((draft.person_id, draft.week or 0), []).append(draft)
    return {
        draft.key
        for own in asked.values()
        if len(own) > budget
        for draft in sorted(own, key=_rank)[budget:]
    }


def _rank(draft: Draft) -> tuple[int, datetime, str]:
    return (UNASKED.index(draft.kind), draft.due_at, draft.key)
