"""The board, one KPI, what is asked and what was said, as cards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot import picture
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Fact,
    Facts,
    Spans,
    Text,
    Words,
)
from bot.flow import LONGEST_ABOUT, action, named, opens
from bot.kpis import readings, suggestions, watch
from bot.kpis.readings import Asked
from bot.kpis.suggestions import Suggestion
from bot.kpis.watch import Look
from bot.method.health import Bounds
from bot.texts import Voice, brief
from storage.kpis import Kpi
from storage.objectives import KeyResult
from storage.people import Person

MOST_ON_BOARD = 12
AGO = 4


@dataclass(frozen=True)
class Detail:
    """One KPI with all that belongs to it, and what its reader may do."""

    look: Look
    owner: Person | None = None
    team: str = ""
    moves: Sequence[KeyResult] = ()
    suggestion: Suggestion | None = None
    held: bool = False
    plans: bool = False
    gives: bool = False
    changes: bool = False


def board(
    voice: Voice,
    teams: Sequence[tuple[str, Sequence[Look]]],
    held: Sequence[Suggestion] = (),
    *,
    due: int = 0,
    adds: bool = False,
    plans: bool = False,
) -> Card:
    """The KPIs of each team, and the suggestions that wait."""
    looks = [look for _, own in teams for look in own]
    blocks: list[Block] = []
    for name, own in teams:
        shown = [look for look in own if look in looks[:MOST_ON_BOARD]]
        if shown:
            blocks.append(Text(voice.spans("kpi.board_team", name=name), "heading"))
        for look in shown:
            blocks += _on_board(voice, look, alone=len(looks) == 1)
    if not looks:
        blocks += voice.blocks("kpi.board_none")
    if len(looks) > MOST_ON_BOARD:
        blocks.append(voice.text("kpi.board_more", count=len(looks) - MOST_ON_BOARD))
    for suggestion in held[: watch.MOST_CHARTS]:
        more = _suggested(voice, suggestion, plans=plans)
        blocks += [block for block in more if not isinstance(block, Chart) or block not in blocks]
    return Card(voice.line("kpi.board_title"), tuple(blocks), tuple(_below(voice, due, adds)))


def _on_board(voice: Voice, look: Look, *, alone: bool) -> Iterator[Block]:
    yield Text(watch.line(voice, look))
    spark = watch.spark(look)
    if alone:
        yield from watch.course(voice, look)
    elif spark:
        values = [reading.value for reading in look.judged[-watch.SPARKED :]]
        low, high = (voice.number(end, look.kpi.unit) for end in (min(values), max(values)))
        yield Text(voice.spans("kpi.sparked", spark=spark, low=low, high=high), "quiet")
    label, where = voice.line("kpi.show"), action("kpi", "show", look.id)
    yield Buttons((Button(label, where, about=look.kpi.name[:LONGEST_ABOUT]),))


def _below(voice: Voice, due: int, adds: bool) -> Iterator[Button]:
    if due:
        yield opens(voice.line("kpi.give_due"), action("kpi", "due"), primary=True)
    if adds:
        yield opens(voice.line("kpi.add"), action("kpi", "add"))


def _suggested(voice: Voice, suggestion: Suggestion, *, plans: bool) -> Iterator[Block]:
    """In a planning week all that can be done about it; else that it is held.

    Nothing then while it is inside its range again: it is watched, and perhaps no more is needed.
    """
    if not plans and suggestions.inside_again(suggestion):
        return
    for block in suggestions.shown(voice, suggestion):
        if plans or not isinstance(block, Buttons):
            yield block
    if not plans:
        yield Text(voice.spans("kpi.held"), "quiet")
        yield Buttons((suggestions.put_off(voice, suggestion),))


def one(voice: Voice, detail: Detail) -> Card:
    """One KPI: what it asks, how it stands and why, its course."""
    look, kpi = detail.look, detail.look.kpi
    blocks: list[Block] = []
    if not kpi.active:
        blocks += voice.blocks("kpi.dropped", name=kpi.name)
    if kpi.question:
        blocks.append(Text(voice.spans("kpi.asks", question=kpi.question), "quote"))
    stands = {"state": watch.state(voice, look), "reason": watch.reason(voice, look)}
    blocks.append(voice.text("kpi.stands", **stands))
    blocks.append(Facts(tuple(_facts(voice, detail))))
    held = detail.suggestion if detail.held else None
    more = list(_suggested(voice, held, plans=detail.plans)) if held else []
    if not more:
        blocks += watch.course(voice, look)
    blocks += _put_off(voice, detail)
    blocks += more
    return Card(brief(kpi.name, 60), tuple(blocks), tuple(_buttons(voice, detail)))


def kept(voice: Voice, detail: Detail, title: str) -> Card:
    """A definition as it was kept; its name stands first."""
    card = one(voice, detail)
    name = Text((Words(detail.look.kpi.name, bold=True),))
    return Card(voice.line(title), (name, *card.blocks), card.buttons)


def _facts(voice: Voice, detail: Detail) -> Iterator[Fact]:
    look, kpi = detail.look, detail.look.kpi
    values: dict[str, str | Spans] = {
        "value": _newest(voice, look),
        "range": _healthy(voice, look),
        "warning": watch.span_of(voice, kpi, Bounds(kpi.warn_low, kpi.warn_high)),
        "change": _change(voice, look),
        "episode": _episode(voice, look),
        "moves": ", ".join(kr.title for kr in detail.moves),
        "owner": (named(detail.owner),) if detail.owner else "",
        "team": detail.team,
        "asked": voice.line(
            "kpi.asked_how",
            cadence=voice.line(f"kpi.cadence_{kpi.cadence}"),
            source=voice.line(f"kpi.source_{kpi.source}"),
        ),
        "serves": kpi.serves,
        "definition": kpi.definition,
    }
    for name, value in values.items():
        if value:
            shown = (Words(value),) if isinstance(value, str) else value
            yield Fact(voice.line(f"kpi.fact_{name}"), shown)


def _newest(voice: Voice, look: Look) -> str:
    newest = look.newest
    if newest is None:
        return ""
    value = voice.number(newest.value, look.kpi.unit)
    return voice.line("kpi.last", value=value, day=voice.day(newest.day))


def _healthy(voice: Voice, look: Look) -> str:
    kpi, range_ = look.kpi, watch.span(voice, look)
    if kpi.low is not None or kpi.high is not None or not kpi.follows:
        return range_
    if range_:
        return voice.line("kpi.follows_own", range=range_, follows=kpi.follows)
    return voice.line("kpi.follows_soon", follows=kpi.follows)


def _change(voice: Voice, look: Look) -> str:
    last, more = look.degree(), look.degree(AGO)
    if last is None:
        return ""
    longer = "" if more is None else watch.changed(voice, look, more)
    return voice.line("kpi.changes", last=watch.changed(voice, look, last), more=longer)


def _episode(voice: Voice, look: Look) -> str:
    episode, recovery = look.episode, look.recovery
    if episode is None:
        return ""
    inside = look.state == "watch"
    return voice.line(
        "kpi.episode_so_far",
        began=voice.day(episode.began),
        ended="" if episode.ended is None else voice.day(episode.ended),
        inside=inside,
        worst=voice.number(episode.worst, look.kpi.unit),
        share="" if recovery is None or inside else voice.percent(min(max(recovery, 0.0), 1.0)),
    )


def _put_off(voice: Voice, detail: Detail) -> Sequence[Block]:
    episode = detail.look.episode
    if episode is None or episode.proposal != "put_off" or episode.until is None:
        return ()
    until = voice.day(episode.until)
    return voice.blocks("kpi.put_off_until", until=until, reason=episode.reason)


def _buttons(voice: Voice, detail: Detail) -> Iterator[Button]:
    kpi, number = detail.look.kpi, detail.look.id
    if not kpi.active:
        if detail.changes:
            yield Button(voice.line("kpi.restore"), action("kpi", "restore", number))
        return
    if detail.gives:
        yield opens(voice.line("kpi.give"), action("kpi", "read", number), primary=True)
    if detail.changes:
        yield opens(voice.line("kpi.edit"), action("kpi", "edit", number))
        yield Button(
            voice.line("kpi.drop"), action("kpi", "drop", number),
            confirm=voice.line("kpi.drop_confirm"),
        )  # fmt: skip


def saved(voice: Voice, look: Look, value: float, day: date, before: float | None) -> Card:
    """A reading that was given, and what it means."""
    blocks: list[Block] = [Text(watch.line(voice, look))]
    newest = look.newest.day if look.newest else day
    told = voice.day(day, newest)  # a slip in the year is to be seen
    if before is not None and before != value:
        was = voice.number(before, look.kpi.unit)
        blocks.append(voice.text("kpi.was", before=was, day=told))
    elif newest != day:
        blocks.append(voice.text("kpi.of_day", day=told))
    blocks.append(Text((Words(watch.reason(voice, look)),), "quiet"))
    if look.state not in ("healthy", "no_range"):
        blocks += watch.course(voice, look)
    about = look.kpi.name[:LONGEST_ABOUT]
    buttons = (
        opens(voice.line("kpi.give"), action("kpi", "read", look.id), about=about),
        Button(voice.line("kpi.show"), action("kpi", "show", look.id), about=about),
    )
    return Card(
        voice.line("kpi.saved_title", value=voice.number(value, look.kpi.unit)),
        tuple(blocks),
        buttons,
    )


def saved_many(voice: Voice, looks: Sequence[Look]) -> Card:
    """Several readings that were given at once."""
    if not looks:
        return Card(voice.line("kpi.nothing_due_title"), voice.blocks("kpi.saved_none"))
    blocks: list[Block] = [Bullets(tuple(watch.line(voice, look) for look in looks))]
    outside = [look for look in looks if look.state not in ("healthy", "no_range")]
    for look in outside[: watch.MOST_CHARTS]:
        blocks += watch.course(voice, look)
    return Card(voice.line("kpi.saved_many_title", count=len(looks)), tuple(blocks))


def ask(voice: Voice, person: Person, asked: Sequence[Asked], looks: Mapping[int, Look]) -> Card:
    """The readings of a day: what is due, and what was given meanwhile."""
    open_ones = [one for one in asked if one.given is None]
    lines = Bullets(tuple(readings.lines(voice, asked, looks)))
    if not open_ones:
        return Card(voice.line("kpi.given_title"), (lines,))
    button = readings.button(voice, asked, primary=True)
    count = len(open_ones)
    first = voice.text("kpi.ask", name=person.name.split()[0], count=count)
    return Card(voice.line("kpi.ask_title", count=count), (first, lines), (button,))


def unknown(voice: Voice, typed: str, near: Iterable[Kpi]) -> Card:
    """No such KPI: the nearest."""
    found = list(near)
    blocks = voice.blocks("kpi.unknown", typed=brief(typed, 60), near=bool(found))
    buttons = tuple(
        Button(
            picture.short(kpi.name), action("kpi", "show", kpi.id), about=kpi.name[:LONGEST_ABOUT]
        )
        for kpi in found
    )
    return Card(voice.line("kpi.unknown_title"), blocks, buttons)
