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


class Looked(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says when they look back; five scores from 1 to 5."""

    achieved: str
    missed: str
    learned: str
    change: str
    scores: list[int]


class Planned(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody proposes for the next quarter, as they type it."""

    objective: str
    key_results: list[str]


class Character(Struct, frozen=True, forbid_unknown_fields=True):
    """How somebody answers. Lines, blockers and commitments are by week."""

    habit: Habit
    retro: Looked | None = None
    plans: list[Planned] = []
    lines: dict[int, str] = {}
    blockers: dict[int, Blocker] = {}
    commitments: dict[int, list[str]] = {}


class Review(Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided half-way."""

    decision: Literal["keep", "adjust", "drop"]
    target: float | None = None
    reason: str = ""
    obstacle: str = ""


class Close(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a key result was missed, and what becomes of it."""

    cause: str
    then: Literal["keep", "change", "drop"]
    why: str = ""


class Course(Struct, frozen=True, forbid_unknown_fields=True):
    """A key result's 13 weeks: week 1 is the first of each list. `done` are finished milestones."""

    values: list[float | None]
    confidence: list[int]
    review: Review | None = None
    close: Close | None = None
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
