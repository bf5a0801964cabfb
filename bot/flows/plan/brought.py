"""What comes into a team's planning: carried key results, lessons, what KPIs suggest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.chat.cards import Block
from bot.flow import Term
from bot.texts import Voice


@dataclass(frozen=True)
class Brought:
    """What one team starts from."""

    def shown(self, voice: Voice) -> Sequence[Block]:
        """All of it, to be read before anything is drafted."""
        return ()


def brought(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, Brought]:
    """What each of these teams starts from; the number of statements does not grow with them."""
    return {number: Brought() for number in team_ids}
