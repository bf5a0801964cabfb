"""Examples of the survey, of what asks for it, and of what it comes to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from bot import cast
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.stage import Example
from bot.flow import action
from bot.flows.retro import cards, forms, posted
from bot.flows.retro.results import Dropped, Results
from bot.flows.retro.survey import Survey
from bot.kpis import watch
from bot.quarter.lessons import Decided, Process
from bot.quarter.verdicts import ObjectiveGrades, TeamGrades, Verdict
from bot.term import spoken_of
from bot.texts import Voice
from storage.grades import CarryOver, Grade
from storage.kpis import Dot, Kpi
from storage.kudos import Kudos
from storage.retros import SCORES, TEXTS, Answer, Decision, Heard, Words

DUE = datetime(2027, 1, 1, 14, 0, tzinfo=UTC)
TERM = replace(cast.TERM, week=13)
PEOPLE = {p.id or 0: p for p in (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)}
SAID = {
    "achieved": ("Clinics stay with us after the first week", "The guide went live"),
    "missed": ("Churn: one big group left", "We began the renewal talks too late"),
    "learned": ("New clinics want a call, not a mail",),
    "change": ("Talk to big groups in week 2", "Fewer key results"),
}
SCORED = {
    "decisions": (4, 4, 5, 3), "rhythm": (4, 5, 4, 4), "outcomes": (3, 3, 4), "few": (2, 3, 2, 3),
    "early": (4, 3, 4, 4),
}  # fmt: skip
LAST = Process({"decisions": 3.4, "rhythm": 3.8, "outcomes": 3.0, "few": 2.4})


def _heard(*, named: bool = False, count: int = 4) -> Heard:
    texts = {
        name: [Words(text, n + 1 if named else None) for n, text in enumerate(said)]
        for name, said in SAID.items()
    }
    return Heard(named, count, texts, SCORED)


OPEN = Survey(
    TERM, cast.GROWTH, tuple(PEOPLE.values()), Heard(False, 2, {}, {}), False, DUE, frozenset({3})
)
ANSWERED = replace(OPEN, taken=frozenset({2, 3}))
NAMED = replace(ANSWERED, named=True, heard=replace(OPEN.heard, named=True))
HIDDEN = replace(OPEN, channel=False)
SMALL = replace(OPEN, members=(cast.ALICE, cast.BOB), heard=Heard(False, 0, {}, {}), taken=())
OTHER = replace(
    OPEN, team=cast.COMPANY.model_copy(update={"name": "Onboarding"}), heard=Heard(False, 0, {}, {})
)
OUT = replace(OPEN, heard=_heard(), over=True, taken=frozenset(PEOPLE))
THREE = replace(OUT, heard=_heard(count=3), taken=frozenset({1, 2, 3}))


def _grade(key_result_id: int, grade: float, cause: str = "") -> Grade:
    return Grade(key_result_id=key_result_id, cycle_id=1, grade=grade, cause=cause, at=DUE)


def _carried(verdict: Verdict, decision: str, why: str) -> Verdict:
    carry = CarryOver(key_result_id=verdict.id, cycle_id=1, decision=decision, why=why, at=DUE)
    return replace(verdict, carry=carry)


def _graded(*, low: bool = False) -> TeamGrades:
    nps, churn, uptime, guide = cast.standings(answered=True)
    loved = (
        Verdict(nps, given=_grade(1, 0.2 if low else 0.9)),
        Verdict(churn, given=_grade(2, 0.0, "dependency")),
        Verdict(guide, given=_grade(4, 0.3 if low else 1.0)),
    )
    steady = (Verdict(uptime, given=_grade(3, 0.4 if low else 1.0, "focus" if low else "")),)
    return TeamGrades(2, (ObjectiveGrades(cast.LOVED, loved), ObjectiveGrades(cast.STEADY, steady)))


def _ungraded() -> TeamGrades:
    verdicts = [Verdict(standing) for standing in cast.standings(answered=True)]
    return TeamGrades(2, (ObjectiveGrades(cast.LOVED, verdicts),))


DECIDED = Decided(
    Decision(id=1, cycle_id=1, team_id=2, text="Call big groups in week 2", owner_id=3, at=DUE),
    cast.CHARLIE,
)
DONE = Decided(DECIDED.decision.model_copy(update={"id": 2, "done_at": DUE}), cast.BOB)
HOSTILE = Decided(DECIDED.decision.model_copy(update={"text": cast.HOSTILE}), cast.BOB)
THANKS = Kudos(cycle_id=1, week=9, from_id=4, to_id=2, text="for the calls at night", at=DUE)
RESULTS = Results(OUT, _graded(), (THANKS,), LAST, (DECIDED,), (DONE,), PEOPLE)
GIVEN_UP = replace(
    RESULTS,
    dropped=(Dropped(cast.GUIDE.title, "two big groups need it later"), Dropped(cast.UPTIME.title)),
)
KPI = Kpi(id=1, slug="support-time", name="Time to first answer", unit="h", high=4, team_id=2)
READ = [Dot(date(2026, 12, 18), 4.6), Dot(date(2026, 12, 25), 5.5)]
GOES_ON = replace(
    RESULTS,
    grades=TeamGrades(2, (ObjectiveGrades(cast.LOVED, [
        _carried(verdict, decision, why) for verdict, decision, why in zip(
            _graded(low=True).verdicts, ("keep", "change", "drop"),
            ("Churn still costs us most", "Fewer clinics", "Clinics prefer a call"), strict=False,
        )
    ]), ObjectiveGrades(cast.STEADY, [Verdict(cast.standings(answered=True)[2])]))),
    suggested=(watch.seen(TERM, KPI, READ),),
)  # fmt: skip
PROMISED = replace(
    RESULTS,
    grades=TeamGrades(2, (ObjectiveGrades(cast.STEADY, (Verdict(
        cast.standings(answered=True)[2], given=_grade(3, 0.9, "ambition")
    ),)),)),
)  # fmt: skip
LOW = replace(RESULTS, grades=_graded(low=True), kudos=(), decided=(), earlier=())
POOR = replace(
    LOW, own=replace(OUT, heard=replace(OUT.heard, scores=dict.fromkeys(SCORES, (1, 2, 3, 4))))
)
EMPTY = Results(
    replace(OPEN, over=True, heard=Heard(False, 0, {}, {}), taken=()), TeamGrades(2), people=PEOPLE
)
SILENT = replace(EMPTY, grades=_ungraded())
SPOKE = replace(SILENT, own=THREE)
LONG_ONES = Heard(
    False, 40,
    {name: [Words(f"{cast.HOSTILE} {'and so on ' * 60}")] * 12 for name in TEXTS}, SCORED,
)  # fmt: skip
MANY = replace(
    RESULTS,
    own=replace(OUT, heard=LONG_ONES),
    kudos=(THANKS.model_copy(update={"text": cast.HOSTILE}),) * 9,
    decided=(HOSTILE,) * 14,
    dropped=(Dropped(cast.HOSTILE, cast.HOSTILE),) * 9,
    grades=TeamGrades(
        2,
        (
            ObjectiveGrades(
                cast.LOVED,
                [_carried(verdict, "keep", cast.HOSTILE) for verdict in (*_graded().verdicts,) * 3],
            ),
        ),
    ),
    suggested=(watch.seen(TERM, KPI.model_copy(update={"name": cast.HOSTILE[:60]}), READ),) * 9,
)


def examples(voice: Voice) -> Iterable[Example]:
    """Growth and Onboarding look back on their quarter."""

    def said(text: str, /, **values: object) -> Card:
        title = voice.line(f"retro.{text}_title", **values)
        return Card(title, voice.blocks(f"retro.{text}", **values))

    meaning = action("retro", "decide", 1, 2, "k1")
    growth = cast.GROWTH.name
    everything = posted.everything(voice, MANY)
    overview = voice.line("retro.overview_title", quarter=spoken_of(voice, cast.CYCLE))
    mine = (
        *cards.team(voice, OPEN, 1, leads=True),
        *cards.team(voice, replace(OUT, team=OTHER.team), 1, leads=True, decided=(DECIDED, DONE)),
    )
    shown: tuple[tuple[str, Card | Form | None], ...] = (
        ("asked", cards.ask(voice, (OPEN,), 2)),
        ("asked, with grades to give", cards.ask(voice, (OPEN,), 2, 3)),
        ("asked, two teams", cards.ask(voice, (ANSWERED, OTHER), 2)),
        ("asked, many teams", cards.ask(voice, (OPEN, *(OTHER,) * 8), 2)),
        ("asked, few people, to the lead", cards.ask(voice, (SMALL,), 1)),
        ("asked, few people", cards.ask(voice, (SMALL,), 2)),
        ("reminded", cards.remind(voice, (OPEN,), 2)),
        ("received", cards.received(voice, (ANSWERED,), 2)),
        ("received, with names", cards.received(voice, (NAMED,), 2)),
        ("results are out", cards.over(voice, (OUT,))),
        ("survey without names", forms.answer(voice, OPEN, named=False)),
        ("survey without names, few people", forms.answer(voice, SMALL, named=False)),
        ("survey without names, no channel", forms.answer(voice, HIDDEN, named=False)),
        ("survey with names, no channel", forms.answer(voice, HIDDEN, named=True)),
        (
            "survey with names, hostile",
            forms.answer(
                voice,
                NAMED,
                named=True,
                before=Answer({"achieved": cast.HOSTILE}, {"rhythm": 4}),
            ),
        ),
        ("mine", Card(overview, mine)),
        ("results", posted.results(voice, RESULTS)),
        ("results, updated", posted.results(voice, RESULTS, voice.moment(DUE))),
        (
            "results with names",
            posted.results(
                voice, replace(RESULTS, own=replace(OUT, named=True, heard=_heard(named=True)))
            ),
        ),
        ("results, dropped on the way", posted.results(voice, GIVEN_UP)),
        ("results, what goes on and what KPIs suggest", posted.results(voice, GOES_ON)),
        ("results, green and less than promised", posted.results(voice, PROMISED)),
        ("results, too few", posted.results(voice, replace(RESULTS, own=THREE, decided=()))),
        (
            "results, few people",
            posted.results(voice, replace(EMPTY, own=replace(SMALL, over=True))),
        ),
        ("results, empty", posted.results(voice, EMPTY)),
        ("results, look at the OKRs", posted.results(voice, LOW)),
        ("results, look at the rhythm", posted.results(voice, POOR)),
        ("results, many and hostile", posted.results(voice, MANY)),
        (
            "results, no channel",
            posted.results(voice, replace(RESULTS, own=replace(MANY.own, channel=False))),
        ),
        ("all that was said, hostile", everything),
        ("company", posted.company(voice, "Harbour", (RESULTS, EMPTY))),
        (
            "company, some silent",
            posted.company(voice, "Harbour", (RESULTS, SPOKE, SILENT, SILENT)),
        ),
        ("company, all silent", posted.company(voice, "Harbour", (SILENT,) * 5)),
        ("company, many teams", posted.company(voice, "Harbour", (RESULTS, LOW) * 20)),
        ("decision form", forms.decision(voice, meaning, OUT)),
        ("decision form, no channel", forms.decision(voice, meaning, replace(OUT, channel=False))),
        ("decision done", said("was_done", text=cast.HOSTILE)),
        ("sent twice", said("decided_twice")),
        ("answered before", said("twice", named=False)),
        ("switched", said("switched", team=growth, named=True)),
        ("settled", said("settled", team=growth, named=False)),
        ("refused", said("refused", team=growth)),
        ("not yours", said("not_yours", team=growth)),
        ("none yet", said("not_yet", week=13)),
        ("no team", said("no_team", quarter=spoken_of(voice, cast.CYCLE))),
        ("unknown", said("unknown", typed=cast.HOSTILE[:60])),
        ("decision gone", said("gone")),
    )
    return (Example("retro", name, card) for name, card in shown if card is not None)
