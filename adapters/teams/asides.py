"""The few words that Teams needs beside a reply: everything else is said by the core."""

from msgspec import Struct


class Asides(Struct, frozen=True):
    """In one language."""

    privately: str
    wait: str
    here: str
    done: str = "✓"


ENGLISH = Asides(
    privately="I have answered in our own chat.",
    wait="This takes a moment. The answer follows.",
    here="The answer is in the conversation.",
)
GERMAN = Asides(
    privately="Ich habe in unserem eigenen Chat geantwortet.",
    wait="Das dauert einen Moment. Die Antwort folgt.",
    here="Die Antwort steht in der Unterhaltung.",
)


def asides(locale: str) -> Asides:
    """The words for a reader of this locale; English where we speak no other."""
    return GERMAN if locale.lower().startswith("de") else ENGLISH
