"""The two forms: an objective, a key result."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.chat.cards import Block, Text
from bot.chat.forms import (
    Choice,
    Day,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Question,
    ShortText,
    Somebody,
)
from bot.goals.values import LONGEST_TITLE, KeyResultValues, ObjectiveValues, written
from bot.saying import CONFIDENCE
from bot.texts import Voice
from storage.cycles import Cycle
from storage.kpis import Kpi
from storage.objectives import Objective
from storage.teams import Team

KINDS = ("increase", "decrease", "within", "milestones", "done")
COMMITMENTS = ("committed", "aspirational")
CURVES = ("linear", "late", "steps")
LONGEST_UNIT = 20


@dataclass(frozen=True)
class Choices:
    """What there is to choose from."""

    people: Sequence[Somebody] = ()
    teams: Sequence[Team] = ()
    objectives: Sequence[Objective] = ()
    names: dict[int, str] = field(default_factory=dict)
    """The names of teams, to tell objectives apart."""
    kpis: Sequence[Kpi] = ()


def objective(
    voice: Voice,
    title: str,
    meaning: str,
    now: ObjectiveValues,
    choices: Choices,
    intro: tuple[Block, ...] = (),
) -> Form:
    """An objective, pre-filled."""
    questions: list[Question] = [
        ShortText(
            id="title",
            label=voice.line("goals.objective_title"),
            hint=voice.line("goals.objective_hint"),
            value=now.title,
            required=True,
            longest=LONGEST_TITLE,
        ),
        Choice(
            id="team",
            label=voice.line("goals.team"),
            options=tuple(Option(str(team.id), team.name) for team in choices.teams),
            value=str(now.team_id or ""),
            required=True,
        ),
        _owner(voice, choices.people, now.owner_id),
        Choice(
            id="commitment",
            label=voice.line("goals.commitment"),
            options=tuple(Option(each, voice.line(f"goals.{each}")) for each in COMMITMENTS),
            value=now.commitment,
            required=True,
        ),
    ]
    if choices.objectives:
        questions.append(
            Choice(
                id="parent",
                label=voice.line("goals.parent"),
                hint=voice.line("goals.parent_hint"),
                options=_named(voice, choices),
                value=str(now.parent_id or ""),
            )
        )
    page = Page("", tuple(questions), (*intro, _seen(voice)))
    return Form(title, meaning, (page,), voice.line("goals.save"), voice.locale)


def key_result(
    voice: Voice,
    title: str,
    meaning: str,
    now: KeyResultValues,
    choices: Choices,
    cycle: Cycle,
    intro: tuple[Block, ...] = (),
    why: tuple[Question, ...] = (),
) -> Form:
    """A key result, pre-filled: what it is, how it is measured, and `why` that changes."""
    what: tuple[Question, ...] = (
        Choice(
            id="objective",
            label=voice.line("goals.objective"),
            options=_named(voice, choices),
            value=str(now.objective_id or ""),
            required=True,
        ),
        ShortText(
            id="title",
            label=voice.line("goals.key_result_title"),
            hint=voice.line("goals.key_result_hint"),
            value=now.title,
            required=True,
            longest=LONGEST_TITLE,
        ),
        _owner(voice, choices.people, now.owner_id),
        Day(
            id="due",
            label=voice.line("goals.due"),
            value=now.due.isoformat(),
            first=cycle.starts.isoformat(),
            last=cycle.ends.isoformat(),
            required=True,
        ),
    )
    measure: tuple[Question, ...] = (
        Choice(
            id="kind",
            label=voice.line("goals.kind"),
            options=tuple(Option(kind, voice.line(f"goals.kind_{kind}")) for kind in KINDS),
            value=now.kind,
            required=True,
        ),
        _number(voice, "baseline", now.baseline),
        _number(voice, "target", now.target),
        _number(voice, "low", now.low),
        _number(voice, "high", now.high),
        ShortText(
            id="unit",
            label=voice.line("goals.unit"),
            hint=voice.line("goals.unit_hint"),
            value=now.unit,
            longest=LONGEST_UNIT,
        ),
        LongText(
            id="milestones",
            label=voice.line("goals.milestones"),
            hint=voice.line("goals.milestones_hint"),
            value=written(voice, now.steps),
        ),
    )
    pages = (
        Page(voice.line("goals.page_what"), what, (*intro, _seen(voice))),
        Page(voice.line("goals.page_measure"), measure + why),
        Page(voice.line("goals.page_more"), tuple(_more(voice, now, choices))),
    )
    return Form(title, meaning, pages, voice.line("goals.save"), voice.locale)


def _seen(voice: Voice) -> Block:
    return Text(voice.spans("goals.seen"), "quiet")


def _more(voice: Voice, now: KeyResultValues, choices: Choices) -> Iterator[Question]:
    """What most leave as it is."""
    yield Choice(
        id="confidence",
        label=voice.line("goals.draft_confidence"),
        hint=voice.line("goals.draft_confidence_hint"),
        options=CONFIDENCE,
        value=str(now.draft_confidence or ""),
    )
    yield Choice(
        id="curve",
        label=voice.line("goals.curve"),
        hint=voice.line("goals.curve_hint"),
        options=tuple(Option(each, voice.line(f"goals.curve_{each}")) for each in CURVES),
        value="linear" if now.kind == "milestones" else now.curve,
    )
    yield _number(voice, "weight", now.weight)
    if choices.kpis:
        yield Choice(
            id="kpi",
            label=voice.line("goals.kpi"),
            hint=voice.line("goals.kpi_hint"),
            options=tuple(Option(str(kpi.id), kpi.name) for kpi in choices.kpis),
            value=str(now.kpi_id or ""),
        )


def _number(voice: Voice, name: str, value: float | None) -> Number:
    return Number(
        id=name,
        label=voice.line(f"goals.{name}"),
        hint=voice.line(f"goals.{name}_hint"),
        value="" if value is None else voice.number(value),
    )


def _owner(voice: Voice, people: Iterable[Somebody], owner_id: int | None) -> Person:
    return Person(
        id="owner",
        label=voice.line("goals.owner"),
        people=tuple(people),
        value=str(owner_id or ""),
        required=True,
    )


def _named(voice: Voice, choices: Choices) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(each.id),
            voice.line("goals.of_team", team=choices.names.get(each.team_id, ""), title=each.title),
        )
        for each in choices.objectives
    )
