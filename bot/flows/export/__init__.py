"""What is kept of me, as lines to copy; and for admins, where everything is to be had as files."""

from collections.abc import Iterable, Sequence

from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word
from bot.flows.export import cards
from bot.texts import Voice
from storage import exporting

FETCHED = ("web",)
"""Platforms on which whoever reads a card can fetch a file from where it stands."""


class Export(Flow):
    """Where a card carries no file, my own lines can be copied, and the rest comes by command."""

    name = "export"
    words = (Word("export", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """How much there is, and how to get it."""
        counts = exporting.own_counts(turn.session, turn.me)
        fetched = turn.at.platform in FETCHED
        return Say(cards.summary(turn.voice, counts, turn.person, fetched=fetched))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Some of my lines."""
        if verb != "page":
            return super().click(turn, verb, args)
        every = exporting.own_counts(turn.session, turn.me)["updates"]
        pages = max((every - 1) // cards.PAGE + 1, 1)
        number = min(max(int(args[0]), 1), pages)
        skip = (number - 1) * cards.PAGE
        lines = exporting.own_lines(turn.session, turn.me, skip, cards.PAGE)
        return Say(cards.page(turn.voice, lines, number, pages))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """For somebody, for an admin, with nothing kept; some lines, and hostile ones."""
        return cards.examples(voice)


flow = Export()
