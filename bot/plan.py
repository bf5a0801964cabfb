"""From now to letters: what every flow wants sent in the days ahead, kept in step with the world.

Planning twice changes nothing. A letter that was not sent yet moves with the zone, holiday,
absence or setting it depends on; a letter that was sent never does.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session
from storage.letters import Draft

from bot.flow import Term
from bot.flows import flows
from bot.outlook import outlook
from storage import letters

UNASKED = ("ask", "digest", "reminder")
"""What counts against a person's budget of a week, in the order of who comes first."""

OVER_BUDGET = "budget"


def plan(session: Session, term: Term, now: datetime) -> int:
    """Bring the letters of the days ahead into step; says how many are new."""
    if term.cycle is None:
        return 0
    wanted: list[Draft] = []
    if term.organisation.running in ("on", "pilot"):
        view = outlook(session, term, now)
        since = term.organisation.changed_at
        wanted = [
            draft
            for flow in flows().values()
            for draft in flow.plan(view)
            if draft.due_at >= since and draft.expires_at > now
        ]
    wanted = within_budget(wanted, term.organisation.unasked_per_week)
    letters.replan(session, term.cycle_id, wanted, now)
    return letters.plan(session, wanted)


def within_budget(drafts: Iterable[Draft], budget: int) -> list[Draft]:
    """The drafts, those over a person's budget of a week cancelled: asks first, reminders last."""
    kept: list[Draft] = []
    spent: Counter[tuple[int, int]] = Counter()
    for draft in sorted(drafts, key=_rank):
        if draft.person_id is None or draft.kind not in UNASKED:
            kept.append(draft)
            continue
        week = (draft.person_id, draft.week or 0)
        spent[week] += 1
        kept.append(draft if spent[week] <= budget else replace(draft, held=OVER_BUDGET))
    return kept


def _rank(draft: Draft) -> tuple[int, datetime, str]:
    rank: Sequence[str] = UNASKED
    return (rank.index(draft.kind) if draft.kind in rank else 0, draft.due_at, draft.key)
