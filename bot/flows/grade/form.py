"""Grading as a form: last value, grade, why it was missed, what becomes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import picture, saying
from bot.chat.cards import Block, Text, Words
from bot.chat.forms import Choice, Form, Option, Page, Problem, Question, Read, ShortText
from bot.flow import action
from bot.flows.grade.sheet import Sheet
from bot.method import grade as method
from bot.picture import Standing
from bot.quarter import carrying
from bot.quarter.verdicts import Verdict, cause, figure, first, told, valued
from bot.texts import Voice, brief
from storage.grades import CAUSES

FIGURES = "figures"
NONE = "none"
"""Where the value or the grade in the same form makes an end of what is asked."""
GRADES = tuple(n / 10 for n in range(10, -1, -1))
LONGEST = 300


@dataclass(frozen=True)
class Given:
    """What somebody says of one key result: `verdict` already stands at the value they gave."""

    verdict: Verdict
    was: Standing
    value: float | None
    changed: bool
    grade: float | None
    reason: str = ""
    cause: str = ""
    carry: str = ""
    why: str = ""

    @property
    def missed(self) -> bool:
        """Whether it fell short of what was promised."""
        return self.grade is not None and method.missed(self.verdict.commitment, self.grade)

    @property
    def unfinished(self) -> bool:
        """Whether something has to become of it."""
        return method.unfinished(self.grade)


def form(voice: Voice, sheet: Sheet) -> Form:
    """All of somebody's key results."""
    return Form(
        voice.line("grade.title"),
        action("grade", "answer", sheet.term.cycle_id),
        tuple(_page(voice, sheet, verdict) for verdict in sheet.verdicts),
        voice.line("grade.submit"),
        voice.locale,
    )


def _page(voice: Voice, sheet: Sheet, verdict: Verdict) -> Page:
    intro: list[Block] = [
        Text((Words(picture.summary(voice, verdict.standing)),), "quiet"),
        *said(voice, verdict),
    ]
    return Page(verdict.kr.title, tuple(_questions(voice, sheet, verdict)), tuple(intro))


def said(voice: Voice, verdict: Verdict) -> tuple[Block, ...]:
    """What the figures come to, and the question that goes with it."""
    figures = verdict.figures
    if figures is None:
        return voice.blocks("grade.no_figures")
    remark = method.remark(verdict.commitment, figures)
    return voice.blocks(
        "grade.figures",
        figures=figure(voice, figures),
        original=first(voice, verdict.figures_original, figures),
        remark=voice.line(f"grade.remark_{remark}", grade=figure(voice, figures)),
    )


def _questions(voice: Voice, sheet: Sheet, verdict: Verdict) -> Iterator[Question]:
    number, given, carry = verdict.id, verdict.given, verdict.carry
    yield from saying.value(voice, verdict.standing)
    yield Choice(
        id=f"grade-{number}",
        label=voice.line("grade.grade"),
        hint=voice.line("grade.seen"),
        options=(*_figures(voice, verdict), *grades(voice)),
        value=_chosen(verdict),
        required=True,
    )
    yield ShortText(
        id=f"reason-{number}",
        label=voice.line("grade.reason"),
        hint=voice.line("grade.reason_hint"),
        value=given.reason if given else "",
        longest=LONGEST,
    )
    expected = _expected(verdict)
    if not method.unfinished(expected):
        return  # lowered all the same, it is told why, and planning asks what becomes of it
    missed = expected is not None and method.missed(verdict.commitment, expected)
    yield causes(voice, f"cause-{number}", verdict, required=missed)
    if sheet.asks_carry:
        yield Choice(
            id=f"carry-{number}",
            label=voice.line("grade.carry"),
            hint=voice.line("grade.carry_hint"),
            options=tuple(
                Option(decision, voice.line(f"grade.carry_{decision}"))
                for decision in (*carrying.DECISIONS, NONE)
            ),
            value=carry.decision if carry else "",
            required=True,
        )
        yield ShortText(
            id=f"why-{number}",
            label=voice.line("grade.why_unfinished"),
            hint=voice.line("grade.why_hint"),
            value=carry.why if carry else "",
            longest=LONGEST,
        )


def _figures(voice: Voice, verdict: Verdict) -> Iterator[Option]:
    if verdict.figures is not None:
        shown = figure(voice, verdict.figures)
        yield Option(FIGURES, voice.line("grade.as_figures", figures=shown))
    else:
        yield Option(FIGURES, voice.line("grade.as_value"))


def grades(voice: Voice) -> Iterator[Option]:
    """1.0 down to 0.0."""
    for grade in GRADES:
        yield Option(str(grade), voice.line("grade.step", grade=figure(voice, grade)))


def causes(voice: Voice, question: str, verdict: Verdict, *, required: bool = False) -> Choice:
    """Why it was missed: one main cause."""
    under = "" if required else figure(voice, method.promised(verdict.commitment))
    options = [Option(name, cause(voice, name)) for name in CAUSES]
    if required:
        options.append(Option(NONE, voice.line("grade.cause_none")))
    return Choice(
        id=question,
        label=voice.line("grade.cause", under=under),
        hint=voice.line("grade.cause_hint"),
        options=tuple(options),
        value=verdict.cause,
        required=required,
    )


def _chosen(verdict: Verdict) -> str:
    given = verdict.given
    if given is None or not method.differs(given.grade, given.suggested):
        return FIGURES
    return str(given.grade)


def _expected(verdict: Verdict) -> float | None:
    """The grade that the form comes to if it is sent as it is."""
    return verdict.figures if _chosen(verdict) == FIGURES else verdict.grade


def read(answers: Read, verdict: Verdict, today: date) -> Given:
    """What a form says of one key result."""
    number, standing = verdict.id, verdict.standing
    answer = saying.given(answers, standing)
    value, now = answer.value, standing
    changed = value is not None and value != standing.value
    if standing.kr.kind == "milestones":
        chosen = set(answers.chosen(f"value-{number}"))
        done = {str(step.id) for step in standing.milestones if step.done_on is not None}
        changed = bool(standing.milestones) and chosen != done
        steps = [
            step.model_copy(update={"done_on": step.done_on or today})
            if str(step.id) in chosen
            else step.model_copy(update={"done_on": None})
            for step in standing.milestones
        ]
        now = replace(now, milestones=steps) if changed else now
    elif standing.kr.kind == "done" and standing.value is None:
        changed = True
    judged = replace(verdict, standing=valued(now, value) if changed else now)
    text = answers.text(f"grade-{number}")
    grade = judged.figures if text in ("", FIGURES) else float(text)
    blamed, carry = answers.text(f"cause-{number}"), answers.text(f"carry-{number}")
    return Given(
        judged, standing, value, changed, grade, answers.text(f"reason-{number}"),
        "" if blamed == NONE else blamed, "" if carry == NONE else carry,
        answers.text(f"why-{number}"),
    )  # fmt: skip


def problems(voice: Voice, sheet: Sheet, answers: Sequence[Given]) -> Iterator[Problem]:
    """What is missing: a grade, a reason, a cause, what becomes of it and why."""
    for given in answers:
        number, verdict = given.verdict.id, given.verdict
        if given.grade is None:
            yield Problem(f"grade-{number}", voice.line("grade.choose"))
            continue
        if method.differs(given.grade, verdict.figures) and not given.reason:
            figures = "" if verdict.figures is None else figure(voice, verdict.figures)
            yield Problem(f"reason-{number}", voice.line("grade.no_reason", figures=figures))
        if given.missed and not given.cause:
            yield Problem(f"cause-{number}", voice.line("grade.no_cause"))
        if sheet.asks_carry and given.unfinished:
            yield from _unfinished(voice, given)


def _unfinished(voice: Voice, given: Given) -> Iterator[Problem]:
    number, carry = given.verdict.id, given.verdict.carry
    if not given.carry:
        yield Problem(f"carry-{number}", voice.line("grade.no_carry"))
    elif carry is not None and carry.became_id and carry.decision != given.carry:
        text = voice.line("grade.went_on", number=carry.became_id)
        yield Problem(f"carry-{number}", text)
    elif not given.why:
        yield Problem(f"why-{number}", voice.line("grade.no_why"))


def change(voice: Voice, verdict: Verdict) -> Form:
    """A lead's change of one grade."""
    given = verdict.given
    value = verdict.likely if verdict.likely is not None else 0.0
    questions: tuple[Question, ...] = (
        Choice(
            id="grade",
            label=voice.line("grade.grade"),
            options=tuple(grades(voice)),
            value=str(value),
            required=True,
        ),
        ShortText(
            id="reason",
            label=voice.line("grade.change_reason"),
            hint=voice.line("grade.change_hint"),
            required=True,
            longest=LONGEST,
        ),
        causes(voice, "cause", verdict),
    )
    intro: list[Block] = [Text((Words(told(voice, verdict)),), "quiet"), *said(voice, verdict)]
    if given is not None and given.reason:
        intro += voice.blocks("grade.said_reason", reason=given.reason)
    return Form(
        voice.line("grade.change_title"),
        action("grade", "change", verdict.id),
        (Page(brief(verdict.kr.title, 60), questions, tuple(intro)),),
        voice.line("grade.submit"),
        voice.locale,
    )


def carry(voice: Voice, verdict: Verdict, decision: str) -> Form:
    """One line why an unfinished key result goes on, goes on changed, or ends."""
    why = ShortText(
        id="why",
        label=voice.line("grade.why"),
        hint=voice.line("grade.why_hint"),
        value=verdict.carry.why if verdict.carry else "",
        required=True,
        longest=LONGEST,
    )
    intro: list[Block] = [
        Text((Words(picture.summary(voice, verdict.standing)),), "quiet"),
        *voice.blocks(f"grade.explain_{decision}"),
    ]
    return Form(
        voice.line(f"grade.carry_title_{decision}"),
        action("grade", "carry", verdict.id, decision),
        (Page(brief(verdict.kr.title, 60), (why,), tuple(intro)),),
        voice.line("grade.submit"),
        voice.locale,
    )
