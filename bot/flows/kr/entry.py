"""What was typed behind "kr 12": a value and a note, as people of a locale write them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.chat.reading import clean
from bot.figures import parse_number, split_unit
from bot.picture import Standing
from bot.saying import LONGEST_NOTE
from bot.texts import Voice

LONGEST_VALUE = 4
"""A value takes at most so many words: "1 000 000 points"."""

Trouble: TypeAlias = Literal[
    "no_value", "not_done_or_done", "other_unit", "long_note", "which_milestones"
]


@dataclass(frozen=True)
class Entry:
    """A value, and what changed."""

    value: float
    note: str = ""


def read(voice: Voice, standing: Standing, text: str) -> Entry | Trouble:
    """The value at the start of a text, and the rest as the note; or why that cannot be."""
    words = clean(text).split()
    found = _done(voice, words) if standing.kr.kind == "done" else _number(voice, standing, words)
    if not isinstance(found, tuple):
        return "which_milestones" if standing.kr.kind == "milestones" else found
    value, length = found
    note = " ".join(words[length:])
    return Entry(value, note) if len(note) <= LONGEST_NOTE else "long_note"


def _done(voice: Voice, words: list[str]) -> tuple[float, int] | Trouble:
    for length in (2, 1):
        said = " ".join(words[:length]).casefold().rstrip(",.:;!")
        for share, name in ((0.0, "kr.words_not_done"), (1.0, "kr.words_done")):
            if said in voice.line(name).split(", "):
                return share, min(length, len(words))
    return "not_done_or_done"


def _number(voice: Voice, standing: Standing, words: list[str]) -> tuple[float, int] | Trouble:
    """The longest start of the words that is a number, with this key result's unit or none."""
    unit, other = standing.kr.unit.casefold(), False
    for length in range(min(LONGEST_VALUE, len(words)), 0, -1):
        start = " ".join(words[:length]).rstrip(",;:")
        value = None if start.endswith("%") else parse_number(start, voice.locale)
        if value is not None:
            return value, length
        parted = split_unit(start, voice.locale)
        if parted is not None and parted[1].casefold() == unit:
            return parted[0], length
        other = parted is not None and (length == 1 or parted[1] == "%")
        if other:
            break
    return "other_unit" if other else "no_value"
