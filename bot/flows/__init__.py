"""One conversation per file, found by being here."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from bot.flow import Flow, Word


@cache
def flows() -> dict[str, Flow]:
    """Every flow by its name."""
    found = (import_module(f"{__name__}.{module.name}").flow for module in iter_modules(__path__))
    return {flow.name: flow for flow in found}


@cache
def words() -> dict[str, tuple[Flow, Word]]:
    """Every command word, and its other spellings, with the flow that answers it."""
    return {
        spelling: (flow, word)
        for flow in flows().values()
        for word in flow.words
        for spelling in (word.name, *word.also)
    }
