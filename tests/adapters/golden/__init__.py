"""Golden files: every example of every flow, as words and as each adapter draws it.

`words/` holds the plain text that people review when words change; beside it stands a folder for
each adapter that brings a bench. `make golden` renews them all.
"""

from functools import cache
from pathlib import Path
from re import sub

from msgspec.structs import replace

from bot.chat.stage import Example
from bot.flows import flows
from bot.texts import Voice
from tests.adapters import contract
from tests.adapters.contract import Looks
from tests.adapters.golden.plainly import Plainly

HERE = Path(__file__).parent
ZONE = "Europe/Berlin"
RENEW = "If this is what readers should get, renew the golden files with `make golden`."


def styles() -> list[str]:
    """What is kept of every example: its words, and how each adapter draws it."""
    return ["words", *contract.names()]


@cache
def looks(style: str) -> Looks | Plainly:
    """Who draws in this style."""
    return Plainly() if style == "words" else contract.looks(style)


@cache
def examples(language: str, flow: str) -> list[Example]:
    """What a flow shows of itself in one language."""
    shown = flows()[flow].examples(Voice(language, ZONE))
    return [replace(each, shown=replace(each.shown, locale=language)) for each in shown]


def expected(style: str, language: str, flow: str) -> dict[Path, str]:
    """The files that should be there, and what should be in them."""
    draw = looks(style)
    found = {
        HERE / style / language / flow / f"{_slug(example.name)}.{draw.extension}": draw.golden(
            example.shown
        )
        for example in examples(language, flow)
    }
    assert len(found) == len(examples(language, flow)), f"{flow}: two examples share a file's name"
    return found


def kept(style: str, language: str = "", flow: str = "") -> dict[Path, str]:
    """The files that are there."""
    files = (path for path in (HERE / style / language / flow).rglob("*") if path.is_file())
    return {path: path.read_bytes().decode() for path in sorted(files)}


def _slug(name: str) -> str:
    return sub(r"\W+", "-", name).strip("-")
