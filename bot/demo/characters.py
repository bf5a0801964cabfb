"""How the people of the sample company answer in the demo: habits, words and courses of values."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

Habit = Literal["prompt", "late", "forgetful", "terse", "thorough"]


class Blocker(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in somebody's way; help is wanted within so many days."""

    text: str
    helper: str
    days: int


class Character(Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody answers. Lines, blockers and commitments are by week."""

    habit: Habit
    lines: dict[int, str] = {}
    blockers: dict[int, Blocker] = {}
    commitments: dict[int, list[str]] = {}


class Course(Struct, frozen=True, forbid_unknown_fields=True):
    """A key result's 13 weeks: week 1 is the first of each list. `done` are finished milestones."""

    values: list[float | None]
    confidence: list[int]
    notes: dict[int, str] = {}
    done: dict[int, list[str]] = {}


class Characters(Struct, frozen=True, forbid_unknown_fields=True):
    """People by e-mail, key results by reference, KPIs by slug."""

    people: dict[str, Character]
    key_results: dict[str, Course]
    kpis: dict[str, list[float]]


@lru_cache(maxsize=1)
def characters() -> Characters:
    """Everybody's character."""
    text = files("bot.demo").joinpath("characters.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=Characters)
