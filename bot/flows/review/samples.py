"""Bob adjusts churn and drops the guide; Alice has the word."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot import cast
from bot.chat.stage import Example
from bot.flows.review import cards
from bot.flows.review.view import View
from bot.quarter.reviewing import Outcome
from bot.texts import Voice
from storage.objectives import KeyResult, Moved
from storage.reviews import Review

TERM = replace(cast.TERM, week=7)
OFF = replace(
    TERM, organisation=TERM.organisation.model_copy(update={"mid_quarter_changes": False})
)


def _review(kr: KeyResult, decision: str, **more: Any) -> Review:
    values: dict[str, Any] = {
        "state": "decided",
        "by_id": 2,
        "approver_id": 1,
        "at": cast.FRIDAY,
    } | more
    return Review(
        cycle_id=1, week=7, key_result_id=kr.id or 0, decision=decision, **values
    )  # fmt: skip


def _adjusted(state: str, **more: Any) -> Outcome:
    new: dict[str, Any] = {
        "baseline": 4.0,
        "target": 2.5,
        "reason": "two big groups renewed early",
    } | more
    review = _review(cast.CHURN, "adjust", state=state, **new)
    was = Moved(
        key_result_id=2, week=7, baseline=4, target=3, at=cast.FRIDAY
    )  # fmt: skip
    return Outcome(
        review, cast.CHURN, cast.LOVED, was if state == "approved" else None, cast.ALICE
    )  # fmt: skip


KEPT = Outcome(
    _review(cast.NPS, "keep", obstacle="few clinics answer the survey"), cast.NPS, cast.LOVED
)
GONE = cast.GUIDE.model_copy(update={"state": "dropped"})
DROPPED = Outcome(_review(GONE, "drop", reason="Clinics prefer a call"), GONE, cast.LOVED)
WAITS = _adjusted("waiting")
REFUSED = _adjusted("refused", answer="Nord may still leave us")
HOSTILE = Outcome(
    _review(cast.CHURN, "adjust", state="waiting", target=2.5, reason=cast.HOSTILE),
    cast.CHURN.model_copy(update={"title": cast.HOSTILE}),
    cast.LOVED,
    approver=cast.ALICE,
)


def examples(voice: Voice) -> Iterable[Example]:
    """Before, while and after; for an owner, an approver, a lead."""
    standings = [s for s in cast.standings(answered=True) if s.kr is not cast.GUIDE]
    bob = View(TERM, standings, (KEPT, WAITS, DROPPED))
    teams, names = {2: (KEPT, _adjusted("approved"), DROPPED)}, {2: cast.GROWTH}
    alice = View(TERM, to_decide=(WAITS,), teams=teams, names=names)
    after = replace(bob, term=replace(TERM, week=9), outcomes=(KEPT, REFUSED, DROPPED))
    many = {2: (*[_adjusted("approved")] * 12, DROPPED)}
    shown = (
        ("before its week", cards.overview(voice, View(cast.TERM, standings))),
        ("not answered yet", cards.overview(voice, View(TERM, standings))),
        ("answered", cards.overview(voice, bob, saved=True)),
        ("after its weeks", cards.overview(voice, after)),
        ("of a lead", cards.overview(voice, alice)),
        ("of a lead, many", cards.overview(voice, View(TERM, teams=many, names=names))),
        ("without key results", cards.overview(voice, View(TERM))),
        ("form", cards.form(voice, bob)),
        ("form, targets stay", cards.form(voice, View(OFF, standings))),
        ("asked for a word", cards.asked(voice, (WAITS,), cast.BOB)),
        ("asked, decided", cards.asked(voice, (_adjusted("approved"), REFUSED), cast.BOB)),
        ("asked, taken back", cards.asked(voice, (), cast.BOB)),
        ("asked with hostile text", cards.asked(voice, (HOSTILE,), cast.BOB)),
        ("what waits", cards.to_decide(voice, (WAITS, HOSTILE))),
        ("nothing waits", cards.to_decide(voice, ())),
        ("why not", cards.refusal(voice, WAITS)),
        ("approved", cards.decided(voice, _adjusted("approved"))),
        ("refused", cards.decided(voice, REFUSED)),
        ("news: approved", cards.news(voice, (_adjusted("approved"), WAITS))),
        ("news: both", cards.news(voice, (_adjusted("approved"), REFUSED))),
    )
    return (Example("review", name, card) for name, card in shown if card is not None)
