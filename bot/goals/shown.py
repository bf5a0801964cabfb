"""A saved objective or key result as facts, and its course in words."""

from bot.chat.cards import Fact, Facts, Words
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.texts import Voice


def objective(voice: Voice, values: ObjectiveValues, team: str, owner: str) -> Facts:
    """What an objective is."""
    return _facts(
        voice,
        ("objective", values.title),
        ("team", team),
        ("owner", owner),
        ("ambition", voice.line(f"goals.{values.commitment}")),
    )


def key_result(voice: Voice, values: KeyResultValues, objective: str, owner: str) -> Facts:
    """What a key result is, and how it is measured."""
    return _facts(
        voice,
        ("key_result", values.title),
        ("objective", objective),
        ("measured", course(voice, values)),
        ("owner", owner),
        ("due", voice.day(values.due)),
    )


def course(voice: Voice, values: KeyResultValues) -> str:
    """From where to where, in words: "decrease from 4% to 3%"."""

    def number(value: float | None) -> str:
        return "" if value is None else voice.number(value, values.unit)

    return voice.line(
        f"goals.course_{values.kind}",
        baseline=start(voice, values.baseline, values.unit),
        target=number(values.target),
        low=number(values.low),
        high=number(values.high),
        count=len(values.steps),
    )


def start(voice: Voice, baseline: float | None, unit: str) -> str:
    """Where it starts; its unit is said once, at the end, unless it is a percentage."""
    return "" if baseline is None else voice.number(baseline, "%" if unit == "%" else "")


def _facts(voice: Voice, *facts: tuple[str, str]) -> Facts:
    return Facts(
        tuple(Fact(voice.line(f"goals.{name}"), (Words(value),)) for name, value in facts if value)
    )
