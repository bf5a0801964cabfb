"""The few words that drawing for Teams needs itself: everything else is said by the core."""

from msgspec import Struct


class Words(Struct, frozen=True):
    """What stands around a card or a form, in one language."""

    continued: str
    part: str
    not_drawn: str
    rows: str
    more: str
    only_first: str
    page: str
    problem_on: str
    needed: str
    from_day: str
    to_day: str
    between_days: str
    next: str
    back: str
    comma: str = "."
    percent: str = "%"


ENGLISH = Words(
    continued="Continued below: part 1 of {of}.",
    part="{title}: part {part} of {of}",
    not_drawn="Not in the chart, as something is unknown there:",
    rows="rows {first} to {last} of {of}",
    more="There is more than fits here. Ask me for it in a message.",
    only_first="{of} could be chosen; only the first {shown} fit into this list.",
    page="Page {page} of {of}",
    problem_on="Page {page}, “{label}”: {text}",
    needed="Please fill this in.",
    from_day="Please choose a day from {first} on.",
    to_day="Please choose a day up to {last}.",
    between_days="Please choose a day from {first} to {last}.",
    next="Next",
    back="Back",
)
GERMAN = Words(
    continued="Weiter unten: Teil 1 von {of}.",
    part="{title}: Teil {part} von {of}",
    not_drawn="Nicht im Diagramm, weil dort etwas unbekannt ist:",
    rows="Zeilen {first} bis {last} von {of}",
    more="Es gibt mehr, als hier Platz hat. Frag mich in einer Nachricht danach.",
    only_first="Es gäbe {of} zur Auswahl; nur die ersten {shown} passen in diese Liste.",
    page="Seite {page} von {of}",
    problem_on="Seite {page}, „{label}“: {text}",
    needed="Bitte ausfüllen.",
    from_day="Bitte wähl einen Tag ab {first}.",
    to_day="Bitte wähl einen Tag bis {last}.",
    between_days="Bitte wähl einen Tag von {first} bis {last}.",
    next="Weiter",
    back="Zurück",
    comma=",",
    percent="\u00a0%",
)


def words(locale: str) -> Words:
    """The words for a reader of this locale; English where we speak no other."""
    return GERMAN if locale.lower().startswith("de") else ENGLISH
