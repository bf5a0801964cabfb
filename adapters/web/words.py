"""The few words that are drawn here: all else is said by the core, or by the page's script."""

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
    language: str = "en"
    gallery: str = "Gallery"
    about_gallery: str = (
        "Every card that okr sends and every form it asks, as they look in chat. "
        "Nothing here can be pressed."
    )
    no_examples: str = "There are no examples yet."
    to_the_pictures: str = "Skip to the pictures"
    to_the_chat: str = "Back to the chat"
    light_or_dark: str = "Light or dark"
    flows: str = "Conversations"
    card: str = "card"
    form: str = "form"


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
    language="de",
    gallery="Galerie",
    about_gallery=(
        "Jede Karte, die okr sendet, und jedes Formular, das es zeigt, wie sie im Chat aussehen. "
        "Hier lässt sich nichts drücken."
    ),
    no_examples="Noch gibt es keine Beispiele.",
    to_the_pictures="Zu den Bildern",
    to_the_chat="Zurück zum Chat",
    light_or_dark="Hell oder dunkel",
    flows="Gespräche",
    card="Karte",
    form="Formular",
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
