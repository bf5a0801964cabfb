"""What comes into a team's planning: carried key results, lessons, what KPIs suggest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.chat.cards import Block, Text
from bot.flow import Term
from bot.kpis import suggestions
from bot.kpis.suggestions import Suggestion
from bot.quarter import carrying, lessons
from bot.quarter.carrying import Carried
from bot.quarter.lessons import Decided
from bot.texts import Voice

MOST = 5


@dataclass(frozen=True)
class Brought:
    """What one team starts from."""

    carried: Sequence[Carried] = ()
    decided: Sequence[Decided] = ()
    suggested: Sequence[Suggestion] = ()

    def shown(self, voice: Voice) -> Iterator[Block]:
        """All of it, to be read before anything is drafted."""
        if self.carried:
            yield voice.text("plan.carried")
            yield from carrying.shown(voice, self.carried[:MOST])
            yield from _more(voice, self.carried)
        yield from lessons.shown(voice, self.decided[:MOST])
        yield from _more(voice, self.decided)
        if self.suggested:
            yield voice.text("plan.suggested")
            for each in self.suggested[:MOST]:
                yield from suggestions.shown(voice, each)
            yield from _more(voice, self.suggested)


def _more(voice: Voice, every: Sequence[object]) -> Iterator[Block]:
    if len(every) > MOST:
        yield Text(voice.spans("plan.more", count=len(every) - MOST), "quiet")


def brought(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, Brought]:
    """What each of these teams starts from; the number of statements does not grow with them.

    Nothing once planning is over: then it is late for it.
    """
    ids = list(team_ids)
    if not term.plans or not ids:
        return {}
    carried = carrying.carried(session, term, ids)
    decided = lessons.decided(session, term, ids)
    suggested = suggestions.waiting(session, term, ids)
    return {
        number: Brought(carried.get(number, ()), decided.get(number, ()), suggested.get(number, ()))
        for number in ids
    }
