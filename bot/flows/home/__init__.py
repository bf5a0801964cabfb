"""My home: what I must do, mine, my teams, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence

from bot.chat.cards import Card
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Waiting, Word
from bot.flows.home import cards, samples
from bot.flows.home.view import Held, view
from bot.texts import Voice
from storage import letters
from storage.letters import Letter


class Home(Flow):
    """Shown to who types nothing, or looks at the bot's page."""

    name = "home"
    words = (Word("home", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """One screen."""
        held = [
            Held(letter.id or 0, card.title)
            for letter, card in _held(turn).values()
            if letter.flow != "checkin"  # it stands there anyway
        ]
        return Say(cards.home(turn.voice, view(turn, held, _waiting(turn))))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Read what was held back."""
        if verb != "held":
            return super().click(turn, verb, args)
        found = _held(turn).get(int(args[0]))
        return Say(found[1]) if found else turn.say("home.gone_title", "home.gone")

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob's home on several days."""
        return samples.examples(voice)


def _waiting(turn: Turn) -> Sequence[Waiting]:
    """What every flow has for somebody to do now."""
    from bot.flows import flows  # the list of flows, which this flow is part of

    return [waiting for flow in flows().values() for waiting in flow.waiting(turn)]


def _held(turn: Turn) -> Mapping[int, tuple[Letter, Card]]:
    """What somebody's budget held back, written by the flows that it belongs to."""
    from bot.flows import flows  # the list of flows, which this flow is part of

    by_flow: dict[str, list[Letter]] = {}
    for letter in letters.held_back(turn.session, turn.me, turn.now):
        by_flow.setdefault(letter.flow, []).append(letter)
    found: dict[int, tuple[Letter, Card]] = {}
    for name, batch in by_flow.items():
        if name in flows():
            written = flows()[name].write(turn.session, turn.term, batch, turn.now)
            for letter in batch:
                card = written.get(letter.id or 0)
                if card is not None:
                    found[letter.id or 0] = (letter, card)
    return found


flow = Home()
