"""One folder per platform, with the same file names in each."""

from importlib import import_module
from typing import cast

from bot.chat.adapter import Adapter
from bot.chat.stage import Stage

NAMES = ("web",)


def load(name: str, stage: Stage) -> Adapter:
    """The adapter of this platform, its settings read from the environment.

    Raises ValueError, in words for an admin, where there is none of this name.
    """
    if name not in NAMES:
        raise ValueError(f"There is no adapter called “{name}”. There are: {', '.join(NAMES)}.")
    return cast(Adapter, import_module(f"adapters.{name}").create(stage))
