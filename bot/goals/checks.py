"""What a form says, checked: each problem goes beside its question."""

from collections.abc import Iterator

from bot.chat.forms import Problem, Read
from bot.figures.days import format_short_day
from bot.flow import Turn
from bot.goals import asking
from bot.goals.room import Room
from bot.goals.values import KeyResultValues, ObjectiveValues, Step, Unread, read_steps
from bot.method.score import Kind
from bot.method.shorthand import Drafted, parse_key_result
from bot.texts import Voice, brief
from storage.objectives import Curve

ECHOED = 60
MEASURES = ("baseline", "target", "low", "high")
_KINDS: dict[str, Kind] = {
    "increase": "increase",
    "decrease": "decrease",
    "within": "within",
    "milestones": "milestones",
    "done": "done",
}
_ASKED: Kind = "increase"
_MOVING = ("increase", "decrease")
_CURVES: dict[str, Curve] = {"linear": "linear", "late": "late", "steps": "steps"}


def objective(turn: Turn, read: Read, here: Room) -> tuple[ObjectiveValues, list[Problem]]:
    """An objective's fields, and what is wrong with them."""
    values = ObjectiveValues(
        read.text("title"),
        _int(read.text("team")) or 0,
        _int(read.text("owner")),
        read.text("commitment"),
        _int(read.text("parent")),
    )
    parent = here.objectives.get(values.parent_id or 0)
    above = {team.id for team in here.lines.up(values.team_id)} - {values.team_id}
    if parent is not None and values.team_id and parent.team_id not in above:
        return values, [Problem("parent", turn.voice.line("goals.parent_not_above"))]
    return values, []


def key_result(turn: Turn, read: Read) -> tuple[KeyResultValues, list[Problem]]:
    """A key result's fields without what its kind does not need, and what is wrong with them."""
    voice, kind = turn.voice, _KINDS.get(read.text("kind"), _ASKED)
    drafted = _drafted(voice, read, kind)
    kind = drafted.kind if drafted else kind
    steps, unread = read_steps(read.text("milestones"), voice.locale, turn.today)
    needed = {"increase": ("baseline", "target"), "decrease": ("baseline", "target")}
    kept = ("low", "high") if kind == "within" else needed.get(kind, ())
    given = {name: read.number(name) if name in kept else None for name in MEASURES}
    numbers = {name: getattr(drafted, name) for name in MEASURES} if drafted else given
    weight = read.number("weight")
    cycle, curve = turn.term.cycle, _curve(kind, read)
    values = KeyResultValues(
        due=read.day("due") or (cycle.ends if cycle else turn.today),
        objective_id=_int(read.text("objective")) or 0,
        title=drafted.name if drafted else read.text("title"),
        kind=kind,
        unit=read.text("unit") or (drafted.unit if drafted else _percent(read)),
        weight=1.0 if weight is None else weight,
        owner_id=_int(read.text("owner")),
        steps=tuple(steps) if curve == "steps" else (),
        curve=curve,
        draft_confidence=_int(read.text("confidence")),
        kpi_id=_int(read.text("kpi")),
        **numbers,
    )
    faulty = {fault.question for fault in read.faults}
    found = (*measure(voice, values), *_wrong_steps(turn, values, unread))
    return values, [problem for problem in found if problem.question not in faulty]


def _drafted(voice: Voice, read: Read, kind: Kind) -> Drafted | None:
    """What the title says all by itself: "decrease churn from 4% to 3%" and no number beside it.

    The kind that the form offers first is not taken for somebody's choice.
    """
    if any(read.typed.get(name) for name in MEASURES):
        return None
    drafted = parse_key_result(read.text("title"), voice.locale)
    if drafted is None or drafted.contradiction or kind not in (_ASKED, drafted.kind):
        return None
    return None if drafted.kind == "done" else drafted


def measure(voice: Voice, values: KeyResultValues) -> Iterator[Problem]:
    """What cannot be in how a key result is measured."""
    match values.kind:
        case "increase" | "decrease":
            yield from _wrong_target(voice, values)
        case "within":
            if values.low is None and values.high is None:
                yield Problem("low", voice.line("goals.no_range"))
            elif values.low is not None and values.high is not None and values.low > values.high:
                yield Problem("high", voice.line("goals.range_reversed"))
        case _:
            pass
    if values.weight <= 0:
        yield Problem("weight", voice.line("goals.no_weight"))


def _wrong_target(voice: Voice, values: KeyResultValues) -> Iterator[Problem]:
    baseline, target = values.baseline, values.target
    if target is None:
        yield Problem("target", voice.line("goals.no_target"))
    elif baseline is not None and baseline == target:
        yield Problem("target", voice.line("goals.flat"))
    elif baseline is not None and (target > baseline) != (values.kind == "increase"):
        text = "goals.falls" if target < baseline else "goals.rises"
        numbers = {
            "baseline": voice.number(baseline, values.unit),
            "target": voice.number(target, values.unit),
        }
        yield Problem("kind", voice.line(text, **numbers))


def _wrong_steps(turn: Turn, values: KeyResultValues, unread: list[Unread]) -> Iterator[Problem]:
    voice, cycle = turn.voice, turn.term.cycle
    if values.curve != "steps" or cycle is None:
        return
    if unread:
        line, typed = unread[0]
        text = voice.line(
            "goals.unread_milestone",
            line=line,
            typed=brief(typed, ECHOED),
            example=format_short_day(asking.last_friday(turn), voice.locale),
        )
        yield Problem("milestones", text)
    elif not values.steps:
        yield Problem("milestones", voice.line("goals.no_milestones"))
    else:
        outside = [s for s in values.steps if s.due and not cycle.starts <= s.due <= cycle.ends]
        if outside:
            yield _outside(voice, outside[0])


def _outside(voice: Voice, step: Step) -> Problem:
    day = "" if step.due is None else voice.day(step.due)
    text = voice.line("goals.milestone_outside", title=brief(step.title, ECHOED), day=day)
    return Problem("milestones", text)


def _curve(kind: Kind, read: Read) -> Curve:
    """How it is expected to come about: milestones go by their days, what is kept by none."""
    if kind == "milestones":
        return "steps"
    return _CURVES.get(read.text("curve"), "linear") if kind in _MOVING else "linear"


def _percent(read: Read) -> str:
    """ "%" where somebody typed it beside a number and left the unit empty."""
    return "%" if any("%" in read.typed.get(name, "") for name in MEASURES) else ""


def _int(text: str) -> int | None:
    return int(text) if text else None
