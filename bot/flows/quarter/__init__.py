"""A quarter as a whole, this one or a past one: "quarter", "quarter Q3", "quarter last"."""

from collections.abc import Iterable, Sequence

from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Turn, Word
from bot.flows.quarter import cards, samples, state
from bot.quarter import naming
from bot.texts import Voice
from storage import cycles
from storage.cycles import Cycle


class Quarter(Flow):
    """Everybody may look at every quarter there was."""

    name = "quarter"
    words = (Word("quarter", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The quarter of this name; this one without one; all there are where none is like it."""
        every = cycles.every(turn.session)
        name = " ".join(clean(said.rest).split())
        found = naming.named(name, every, turn.term.today)
        return _shown(turn, found, every) if found else Say(cards.listed(turn.voice, every, name))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The same by a button."""
        if verb != "show":
            return super().click(turn, verb, args)
        every = cycles.every(turn.session)
        found = next((cycle for cycle in every if cycle.id == int(args[0])), None)
        if found is None:
            raise Forgotten(args[0])
        return _shown(turn, found, every)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """One that runs, one that is over, one without anything, and all there are."""
        return samples.examples(voice)


def _shown(turn: Turn, cycle: Cycle, every: Sequence[Cycle]) -> Reply:
    found = state.quarter(turn.session, turn.term, cycle, turn.me)
    place = [each.id for each in every].index(cycle.id)
    earlier = every[place + 1] if place + 1 < len(every) else None
    later = every[place - 1] if place else None
    return Say(cards.card(turn.voice, found, earlier, later))


flow = Quarter()
