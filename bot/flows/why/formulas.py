"""Every formula with its numbers filled in: "(41 − 32) ÷ (45 − 32) = 69%"."""

from collections.abc import Sequence

from bot import picture
from bot.chat.cards import Block
from bot.method import pace, score
from bot.picture import Standing
from bot.texts import Voice

LONGEST_SUM = 6
"""How many parts a mean may have to be written out."""


def progress(voice: Voice, standing: Standing) -> tuple[Block, ...]:
    """How far it has come."""
    explained = standing.explained
    inputs = {name: voice.number(value) for name, value in explained.inputs.items()}
    if explained.progress is None:
        missing = "no_target" if explained.formula == "ratio" and standing.updates else "unscored"
        return voice.blocks(f"why.{missing}", baseline=inputs.get("baseline", ""))
    result = voice.percent(explained.progress)
    match explained.formula:
        case "ratio":
            return voice.blocks("why.ratio", **inputs, result=result)
        case "reached":
            return voice.blocks("why.reached", **inputs, reached=bool(explained.progress))
        case "inside":
            return voice.blocks(
                "why.inside",
                inside=inputs["inside"],
                readings=inputs["readings"],
                range=_range(voice, standing),
                result=result,
            )
        case "milestones":
            return voice.blocks("why.milestones", **inputs, result=result)
        case "done":
            return voice.blocks("why.done", done=explained.progress >= 1)


def expected(voice: Voice, standing: Standing) -> tuple[Block, ...]:
    """How far it should have come, and how the two compare."""
    explained = standing.pace_explained
    inputs = {name: voice.number(value) for name, value in explained.inputs.items()}
    if explained.expected is None:
        return voice.blocks(f"why.no_pace_{explained.formula}", due=voice.day(standing.kr.due))
    text = voice.blocks(
        f"why.pace_{explained.formula}",
        **inputs,
        due=voice.day(standing.kr.due),
        result=voice.percent(explained.expected),
    )
    if standing.progress is None or standing.pace is None:
        return text
    gap = standing.expected_gap
    return text + voice.blocks(
        "why.judged",
        points=voice.number(_points(abs(gap) * 100)),
        side="level" if round(gap * 100) == 0 else "under" if gap > 0 else "over",
        pace=voice.line(f"picture.{standing.pace}"),
        behind=voice.number(pace.BEHIND * 100),
        at_risk=voice.number(pace.AT_RISK * 100),
    )


def _points(points: float) -> float:
    """Whole, unless that would seem to be on the other side of a limit."""
    whole, limits = round(points), (pace.BEHIND * 100, pace.AT_RISK * 100)
    astray = any((whole > limit) != (points > limit) for limit in limits)
    return round(points, 1) if astray else whole


def objective(voice: Voice, standings: Sequence[Standing]) -> tuple[Block, ...]:
    """The mean of an objective's key results by their weights."""
    known = [s for s in standings if s.progress is not None]
    mean = picture.mean(known)
    if mean is None:
        return voice.blocks("why.objective_unscored")
    weighted = len({s.kr.weight for s in known}) > 1
    parts = [_part(voice, s, weighted=weighted) for s in known[:LONGEST_SUM]]
    return voice.blocks(
        "why.objective_mean" if len(known) <= LONGEST_SUM else "why.objective_long_mean",
        sum=" + ".join(parts),
        all=voice.number(sum(s.kr.weight for s in known)),
        count=len(known),
        result=voice.percent(mean),
        left_out=len(standings) - len(known),
        held=any(s.progress != score.clamp(s.progress or 0.0) for s in known),
    )


def _part(voice: Voice, standing: Standing, *, weighted: bool) -> str:
    share = voice.percent(score.clamp(standing.progress or 0.0))
    return f"{share} × {voice.number(standing.kr.weight)}" if weighted else share


def _range(voice: Voice, standing: Standing) -> str:
    kr = standing.kr
    low = "" if kr.low is None else voice.number(kr.low, kr.unit)
    high = "" if kr.high is None else voice.number(kr.high, kr.unit)
    return voice.line("why.range", low=low, high=high)
