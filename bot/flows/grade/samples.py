"""Bob's key results at the close of Harbour's quarter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot import cast
from bot.chat.cards import Card
from bot.chat.stage import Example
from bot.flows.grade import cards, form
from bot.flows.grade.sheet import Sheet
from bot.kpis.readings import Asked
from bot.picture import Standing
from bot.quarter import carrying
from bot.quarter.carrying import Carried
from bot.quarter.verdicts import ObjectiveGrades, TeamGrades, Verdict, valued
from bot.texts import Voice
from storage.grades import CarryOver, Grade
from storage.kpis import Kpi
from storage.objectives import KeyResult, Moved, Objective

AT = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)
TERM = cast.TERM.at_the_end_of(cast.CYCLE)
DUE = Asked(
    Kpi(id=1, slug="support-time", name="Time to first answer", unit="h", high=4), AT.date()
)
LAST = {1: 45.0, 2: 3.2, 3: None, 4: None}


def _standing(standing: Standing) -> Standing:
    at_the_end = replace(standing, week=13, closed=True)
    value = LAST.get(standing.id)
    return at_the_end if value is None else valued(at_the_end, value, 2)


NPS, CHURN, UPTIME, GUIDE = [
    Verdict(_standing(standing)) for standing in cast.standings(answered=True)
]
MOVED = Moved(key_result_id=2, week=7, baseline=4, target=2.5, at=AT)
CHURN = replace(CHURN, moved=(MOVED,))


def _given(verdict: Verdict, grade: float, reason: str = "", cause: str = "") -> Verdict:
    row = Grade(
        key_result_id=verdict.id, cycle_id=1, grade=grade, original=verdict.figures_original,
        suggested=verdict.figures, by_id=2, at=AT, reason=reason, cause=cause,
    )  # fmt: skip
    return replace(verdict, given=row)


def _carried(verdict: Verdict, decision: str, why: str, became: int | None = None) -> Verdict:
    row = CarryOver(
        key_result_id=verdict.id, cycle_id=1, decision=decision, why=why, at=AT, became_id=became
    )
    return replace(verdict, carry=row)


def _titled(verdict: Verdict, title: str) -> Verdict:
    kr = verdict.kr.model_copy(update={"title": title})
    return replace(verdict, standing=replace(verdict.standing, kr=kr))


def _team(*verdicts: Verdict, dropped: tuple[KeyResult, ...] = ()) -> TeamGrades:
    def of(objective: Objective) -> ObjectiveGrades:
        own = [v for v in verdicts if v.standing.objective is objective]
        return ObjectiveGrades(objective, own, dropped if objective is cast.LOVED else ())

    return TeamGrades(2, (of(cast.LOVED), of(cast.STEADY)))


def examples(voice: Voice) -> Iterable[Example]:
    """Asked, reminded, answered; a team's, a lead's change, what goes on."""
    every = (NPS, CHURN, UPTIME, GUIDE)
    asked = Sheet(cast.BOB, TERM, every)
    done = (
        _given(NPS, 1.0),
        _carried(
            _given(CHURN, 0.6, reason="One group left by its own merger", cause="outside"),
            "keep", "Churn still costs us most", 21,
        ),
        _carried(_given(UPTIME, UPTIME.figures or 0.0, cause="dependency"), "change", "Two sites"),
        _carried(_given(GUIDE, 0.5, cause="capacity"), "drop", "Clinics prefer a call"),
    )  # fmt: skip
    answered = replace(asked, verdicts=done)
    simple = Sheet(cast.BOB, TERM, (NPS, _titled(NPS, "Answer every call")))
    unknown = Verdict(Standing(cast.NPS, cast.LOVED, 13, cast.STARTS))
    hostile = replace(
        asked,
        verdicts=(
            _carried(
                _given(_titled(CHURN, cast.HOSTILE), 0.6, reason=cast.HOSTILE, cause="focus"),
                "keep",
                cast.HOSTILE,
            ),
        ),
    )
    known = {2: cast.BOB}
    gone = cast.GUIDE.model_copy(update={"state": "dropped"})
    team = _team(*done[:3], dropped=(gone,))
    half = _team(done[0], CHURN, UPTIME)
    many = _team(*[done[1]] * 25)
    carried = [
        Carried(
            done[1], "keep", "Churn still costs us most", cast.CHURN.model_copy(update={"id": 21})
        ),
        Carried(
            UPTIME, "change", "Two sites now", cast.UPTIME.model_copy(update={"id": 22}),
        ),
        Carried(
            GUIDE, "change", "All clinics",
            cast.GUIDE.model_copy(update={"id": 23, "title": "The guide in all clinics' hands"}),
        ),
        Carried(UPTIME, "undecided"),
        Carried(_titled(unknown, cast.HOSTILE), "drop", cast.HOSTILE),
    ]  # fmt: skip
    held = Card(voice.line("grade.kept_title"), tuple(carrying.shown(voice, carried)))
    shown = (
        ("what is carried over", held),
        ("asked", cards.ask(voice, asked)),
        ("asked, with readings that are due", cards.ask(voice, replace(simple, due=(DUE,)))),
        ("asked, one tap is enough", cards.ask(voice, simple)),
        ("asked, no value yet", cards.ask(voice, replace(asked, verdicts=(unknown,)))),
        ("asked, some graded", cards.ask(voice, replace(asked, verdicts=(*done[:2], GUIDE)))),
        ("reminder", cards.remind(voice, asked)),
        ("reminder, answered", cards.reminded(voice)),
        ("answered", cards.said(voice, answered)),
        ("answered with hostile text", cards.said(voice, hostile)),
        ("form", form.form(voice, asked)),
        ("form, answered before", form.form(voice, answered)),
        ("form, no value yet", form.form(voice, replace(asked, verdicts=(unknown,)))),
        ("a team's", cards.team(voice, cast.GROWTH, team, known)),
        (
            "a team's, for its lead",
            cards.team(
                voice, cast.GROWTH, half, known, changes=True,
                open_until=voice.day(cast.CYCLE.ends),
            ),
        ),
        ("a team's, many", cards.team(voice, cast.GROWTH, many, known, changes=True)),
        ("a team's, none", cards.team(voice, cast.GROWTH, None, {})),
        ("a lead's change", form.change(voice, done[1])),
        ("goes on", form.carry(voice, CHURN, "keep")),
        ("goes on, changed", form.carry(voice, CHURN, "change")),
        ("ends", form.carry(voice, CHURN, "drop")),
        ("kept", cards.kept(voice, done[1])),
    )  # fmt: skip
    return (Example("grade", name, card) for name, card in shown)
