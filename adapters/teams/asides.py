"""The few words that Teams needs beside a reply: everything else is said by the core."""

from msgspec import Struct


class Asides(Struct, frozen=True):
    """In one language."""

    privately: str
    wait: str
    here: str
    unreached: str
    done: str = "✓"


ENGLISH = Asides(
    privately="I have answered in our own chat.",
    wait="This takes a moment. The answer follows.",
    here="The answer is in the conversation.",
    unreached="I can't write to you alone yet. Please add me as your own app and ask me there.",
)
GERMAN = Asides(
    privately="Ich habe in unserem eigenen Chat geantwortet.",
    wait="Das dauert einen Moment. Die Antwort folgt.",
    here="Die Antwort steht in der Unterhaltung.",
    unreached="Ich kann dir noch nicht allein schreiben. Bitte füge mich für dich selbst hinzu und"
    " frag mich dort.",
)


def asides(locale: str) -> Asides:
    """The words for a reader of this locale; English where we speak no other."""
    return GERMAN if locale.lower().startswith("de") else ENGLISH
