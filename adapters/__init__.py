"""One folder per platform, with the same file names in each."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TypeAlias, cast

from bot.chat.adapter import Adapter, Gate
from bot.chat.stage import Stage

NAMES = ("slack", "teams", "web")
GATES = ("api",)
"""Those that serve systems and not people: nothing is sent there."""
Verbs: TypeAlias = Mapping[str, Callable[..., None]]


def load(name: str, stage: Stage) -> Adapter | Gate:
    """The adapter of this platform, its settings read from the environment.

    Raises ValueError, in words for an admin, where there is none of this name.
    """
    if name not in (*NAMES, *GATES):
        known = ", ".join((*NAMES, *GATES))
        raise ValueError(f"There is no adapter called “{name}”. There are: {known}.")
    return cast(Adapter | Gate, import_module(f"adapters.{name}").create(stage))


def with_verbs() -> list[str]:
    """The platforms that bring words of their own to the command line: `okr slack …`."""
    return sorted(file.parent.name for file in Path(__file__).parent.glob("*/verbs.py"))


def verbs(name: str) -> Verbs:
    """What `okr <name> …` can do, by word."""
    return cast(Verbs, import_module(f"adapters.{name}.verbs").VERBS)
