"""What does not fit into one message goes on in further ones; nothing is cut."""

from collections.abc import Iterable

from msgspec import Struct

from adapters.slack import limits
from adapters.slack.plain import escape
from adapters.slack.spans import Json

MESSAGE = limits.MESSAGE_TEXT - 300
"""How much text a message holds beside the words that say where it goes on."""


class Piece(Struct, frozen=True):
    """Blocks that stay together, and the same in plain, escaped words."""

    blocks: tuple[Json, ...]
    text: str

    def count(self, kind: str) -> int:
        """How many blocks of this kind it has."""
        return sum(block["type"] == kind for block in self.blocks)


def piece(text: str, *blocks: Json) -> Piece:
    """A piece that says `text`."""
    return Piece(blocks, escape(text))


def joined(pieces: Iterable[Piece]) -> Piece:
    """Pieces below each other, as one."""
    pieces = tuple(pieces)
    blocks = tuple(block for piece in pieces for block in piece.blocks)
    return Piece(blocks, "\n".join(piece.text for piece in pieces if piece.text))


def fits(pieces: Iterable[Piece], blocks: int = limits.BLOCKS_OF_MESSAGE) -> bool:
    """Whether all this fits into one message of so many blocks."""
    all_ = joined(pieces)
    return (
        len(all_.blocks) <= blocks
        and limits.size(all_.text) <= MESSAGE
        and all_.count("data_visualization") <= limits.CHARTS_OF_MESSAGE
        and all_.count("table") <= limits.TABLES_OF_MESSAGE
    )


def pack(groups: list[list[Piece]], first: list[Piece]) -> list[list[Piece]]:
    """The pieces in messages, in order, a group in one where it fits; `first` has its room there.

    Each message keeps room for one more block, which says where it goes on or comes from.
    """
    messages: list[list[Piece]] = [[]]

    def takes(more: list[Piece]) -> bool:
        foot = first if len(messages) == 1 else []
        return fits([*messages[-1], *more, *foot], limits.BLOCKS_OF_MESSAGE - 1)

    for group in groups:
        whole = fits(group, limits.BLOCKS_OF_MESSAGE - 1)
        for some in [group] if whole else [[each] for each in group]:
            if messages[-1] and not takes(some):
                messages.append([])
            messages[-1] += some
    return messages
