"""One conversation per file, found by being here."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bot.flow import Flow, Word
from bot.likeness import begins, spelt


@cache
def flows() -> dict[str, Flow]:
    """Every flow by its name."""
    found = (import_module(f"{__name__}.{module.name}").flow for module in iter_modules(__path__))
    return {flow.name: flow for flow in found}


@cache
def words() -> dict[str, tuple[Flow, Word]]:
    """Every command word, and its other spellings, with the flow that answers it."""
    return {
        spelt(spelling): (flow, word)
        for flow in flows().values()
        for word in flow.words
        for spelling in (word.name, *word.also)
    }


def spellings(*, admin: bool) -> dict[str, str]:
    """All that somebody may type, each with the word that it stands for."""
    return {typed: word.name for typed, (_, word) in words().items() if admin or not word.admin}


def begun(text: str) -> tuple[Word, str] | None:
    """The word that a text begins with, however it is spelt, and what follows it."""
    found = begins(text, words())
    return None if found is None else (found[0][1], found[1])
