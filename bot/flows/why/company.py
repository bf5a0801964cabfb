"""The company's progress: two figures, and what each of them covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import picture
from bot.chat.cards import Block, Card
from bot.flow import Turn
from bot.looking import scope, tree
from bot.picture import Standing
from bot.texts import Voice
from storage import teams


@dataclass(frozen=True)
class Progress:
    """The key results that the company's screen counts, and those of everybody."""

    counted: Sequence[Standing]
    every: Sequence[Standing]

    @property
    def own(self) -> bool:
        """Whether the company's screen counts its own alone."""
        return len(self.counted) < len(self.every)


def progress(turn: Turn) -> Progress:
    """What both are made of, as they are shown elsewhere."""
    every = teams.all_teams(turn.session)
    branches = tree.branches(turn.session, turn.term, scope.top(every), every)
    return Progress(
        [s for branch in branches for s in branch.counted],
        [s for branch in branches for s in branch.all_standings],
    )


def card(voice: Voice, found: Progress) -> Card:
    """Both in a sentence or two each."""
    return Card(voice.line("why.company_title"), tuple(_told(voice, found)))


def _told(voice: Voice, found: Progress) -> Iterator[Block]:
    if picture.mean(found.every) is None:
        yield from voice.blocks("why.company_unscored")
        return
    if found.own:
        yield voice.text("why.company_own", **_figure(voice, found.counted))
    yield voice.text("why.company_all", **_figure(voice, found.every), own=found.own)
    yield voice.text("why.company_how")


def _figure(voice: Voice, standings: Sequence[Standing]) -> dict[str, object]:
    scored = [s for s in standings if s.progress is not None]
    mean = picture.mean(scored)
    return {"count": len(scored), "result": "" if mean is None else voice.percent(mean)}
