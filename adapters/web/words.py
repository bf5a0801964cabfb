"""The few words that the page's own drawing needs: everything else is said by the core."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct


class Words(Struct, frozen=True):
    """What stands in a form's foot and on a chart's axis, in one language."""

    cancel: str = "Cancel"
    back: str = "Back"
    next: str = "Next"
    clear: str = "Clear"
    steps: str = "Steps"
    comma: str = "."
    percent: str = "%"
    large: tuple[str, str, str] = ("k", "M", "bn")


ENGLISH = Words()
GERMAN = Words(
    cancel="Abbrechen",
    back="Zurück",
    next="Weiter",
    clear="Leeren",
    steps="Schritte",
    comma=",",
    percent="\u00a0%",
    large=("k", "Mio", "Mrd"),
)
_spoken: ContextVar[Words] = ContextVar("spoken", default=ENGLISH)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Whatever is drawn meanwhile is in this language."""
    before = _spoken.set(GERMAN if locale.lower().startswith("de") else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Words:
    """The words of the language that is drawn in just now."""
    return _spoken.get()
