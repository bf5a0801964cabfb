"""What does not fit into one message goes on in further ones; nothing is cut."""

from collections.abc import Iterable

from msgspec import Struct

from adapters.teams import limits
from adapters.teams.limits import Json

ROOM = limits.CARD - 3000
"""Bytes that a message holds beside the words that say where it goes on."""


class Piece(Struct, frozen=True):
    """Elements that stay together, the same in plain words, and the people whom they tell."""

    elements: tuple[Json, ...]
    text: str
    told: tuple[Json, ...] = ()

    @property
    def weight(self) -> int:
        """How many bytes it takes."""
        return limits.weight([self.elements, self.text, self.told])


def joined(pieces: Iterable[Piece]) -> Piece:
    """Pieces below each other, as one; each person is told once."""
    pieces = tuple(pieces)
    elements = tuple(element for piece in pieces for element in piece.elements)
    told = {each["text"]: each for piece in pieces for each in piece.told}
    text = "\n".join(piece.text for piece in pieces if piece.text)
    return Piece(elements, text, tuple(told.values()))


def weigh(pieces: Iterable[Piece]) -> int:
    """How many bytes the pieces take together."""
    return sum(piece.weight for piece in pieces)


def pack(groups: list[list[Piece]], foot: int) -> list[list[Piece]]:
    """The pieces in messages, in order, a group in one where it fits.

    The first message keeps `foot` bytes for what stands at its end.
    """
    messages: list[list[Piece]] = [[]]
    room = ROOM - foot
    for group in groups:
        whole = weigh(group) <= ROOM
        for some in [group] if whole else [[piece] for piece in group]:
            heavy = weigh(some)
            if messages[-1] and heavy > room:
                messages.append([])
                room = ROOM
            messages[-1] += some
            room -= heavy
    return messages


def clipped(pieces: list[Piece], most: int, more: Piece) -> list[Piece]:
    """The first of the pieces, as many as so many bytes hold beside the word that more follow."""
    shown: list[Piece] = []
    for piece in pieces:
        if weigh([*shown, piece, more]) > most:
            break
        shown.append(piece)
    return [*shown, more]
