"""My key results, and everything about them on one card."""

from collections.abc import Iterable, Iterator, Sequence

from bot import cast, picture, saying
from bot.chat.cards import Block, Button, Buttons, Card, Text, Words
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action, opens
from bot.picture import Standing
from bot.texts import Voice

PAGE = 8
"""How many key results fit one message on every platform."""


class Mine(Flow):
    """What I own, with what I said last."""

    name = "mine"
    words = (Word("mine", reads=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The first of my key results."""
        return saying.not_begun(turn) or Say(page(turn.voice, _mine(turn), 1))

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """The next ones."""
        if verb != "page":
            return super().click(turn, verb, args)
        return Say(page(turn.voice, _mine(turn), int(args[0])))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob's key results, many, and none."""
        return _examples(voice)


def _mine(turn: Turn) -> Sequence[Standing]:
    return picture.owned(turn.session, turn.term, [turn.me]).get(turn.me, ())


def page(voice: Voice, standings: Sequence[Standing], number: int) -> Card:
    """Some of somebody's own key results, by their objectives."""
    if not standings:
        button = Button(voice.line("mine.team"), action("help", "word", "team"))
        return Card(voice.line("mine.title"), voice.blocks("mine.nothing"), (button,))
    pages = (len(standings) - 1) // PAGE + 1
    number = min(max(number, 1), pages)
    shown = standings[(number - 1) * PAGE : number * PAGE]
    blocks: list[Block] = [_overall(voice, standings)] if number == 1 else []
    objective = 0
    for standing in shown:
        if standing.objective.id != objective:
            objective = standing.objective.id or 0
            blocks += voice.blocks("mine.objective", title=standing.objective.title)
        blocks += _one(voice, standing)
    course = picture.course(voice, voice.line("mine.course"), standings, standings[0].week)
    if course is not None and number == pages:
        blocks.append(course)
    title = voice.line("mine.title" if pages == 1 else "mine.title_page", page=number, pages=pages)
    return Card(title, tuple(blocks), tuple(_turning(voice, number, pages)))


def _overall(voice: Voice, standings: Sequence[Standing]) -> Text:
    progress, pace = picture.mean(standings), picture.pace_of(standings)
    return voice.text(
        "mine.overall",
        count=len(standings),
        progress="" if progress is None else voice.percent(progress),
        pace=voice.line(f"picture.{pace}") if pace else "",
    )


def _one(voice: Voice, standing: Standing) -> Iterator[Block]:
    title, latest = standing.kr.title, standing.latest
    yield picture.meter(voice, standing)
    parts = [voice.line("mine.number", number=standing.id), picture.belief(voice, standing)]
    if latest is not None and latest.note:
        parts.append(voice.line("picture.quoted", text=latest.note))
    yield Text((Words(" · ".join(parts)),), "quiet")
    yield Buttons(
        (
            opens(voice.line("mine.update"), action("kr", "open", standing.id), about=title),
            Button(voice.line("mine.why"), action("why", "show", standing.id), about=title),
        )
    )


def _turning(voice: Voice, number: int, pages: int) -> Iterator[Button]:
    if number > 1:
        yield Button(voice.line("mine.back"), action("mine", "page", number - 1))
    if number < pages:
        yield Button(voice.line("mine.next"), action("mine", "page", number + 1), "primary")


def _examples(voice: Voice) -> Iterable[Example]:
    own, answered = cast.standings(), cast.standings(answered=True)
    hostile = cast.NPS.model_copy(update={"title": cast.HOSTILE})
    objective = cast.LOVED.model_copy(update={"title": cast.HOSTILE})
    typed = Standing(hostile, objective, cast.WEEK, cast.STARTS, own[0].updates)
    unsaid = Standing(cast.NPS, cast.LOVED, cast.WEEK, cast.STARTS)
    shown = (
        ("before I answered", page(voice, own, 1)),
        ("after I answered", page(voice, answered, 1)),
        ("the second page", page(voice, own * 5, 2)),
        ("before the quarter", saying.begins(voice, cast.CYCLE, cast.TERM.calendar, [hostile])),
        ("none", page(voice, (), 1)),
        ("nothing said yet", page(voice, (unsaid,), 1)),
        ("hostile text", page(voice, (typed,), 1)),
    )
    return (Example("mine", name, card) for name, card in shown)


flow = Mine()
