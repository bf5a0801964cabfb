"""Somebody's home as a card: to do, mine, my teams, next."""

from collections.abc import Iterator

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Buttons, Card, Spans, Text
from bot.flow import LONGEST_ABOUT, action, named, opens
from bot.flows.home.view import Due, Moment, View
from bot.kpis import watch
from bot.looking.tree import stand
from bot.texts import Voice
from storage.checkins import Blocker, Commitment
from storage.people import Person

MOST_METERS = 5
MOST_ITEMS = 5


def home(voice: Voice, view: View) -> Card:
    """One screen: what I must do, mine, my teams, what comes."""
    blocks = (
        *_notice(voice, view),
        *_to_do(voice, view),
        *_mine(voice, view),
        *_teams(voice, view),
        *_next(voice, view),
    )
    buttons = tuple(
        Button(voice.line(f"home.word_{word}"), action("help", "word", word))
        for word in ("mine", "team", "help")
    )
    return Card(voice.line("home.title", name=view.person.name.split()[0][:40]), blocks, buttons)


def _notice(voice: Voice, view: View) -> Iterator[Block]:
    """Why nothing comes by itself, and being away."""
    if view.state != "on":
        cycle = view.term.cycle
        yield from voice.blocks(
            f"home.{view.state}",
            admin=view.person.admin,
            starts="" if cycle is None else voice.day(cycle.starts),
        )
    if view.away_until is not None:
        yield voice.text("home.away", until=voice.day(view.away_until))
        yield Buttons((Button(voice.line("home.back"), action("away", "back", view.person.id)),))


def _to_do(voice: Voice, view: View) -> Iterator[Block]:
    if view.state in ("no_cycle", "not_begun"):
        return
    yield _heading(voice, "to_do")
    for due in view.due:
        yield from _due(voice, view, due)
    for waiting in view.waiting:
        yield Text(waiting.line)
        yield Buttons((waiting.button,))
    for blocker, person in view.helping[:MOST_ITEMS]:
        yield from _helping(voice, view, blocker, person)
    for held in view.held[:MOST_ITEMS]:
        yield voice.text("home.held", title=held.title)
        label = voice.line("home.read")
        yield Buttons((Button(label, action("home", "held", held.letter_id), about=held.title),))
    if not (view.due or view.waiting or view.helping or view.held):
        yield voice.text("home.nothing", answered=view.answered, week=view.term.week)
    if view.meant:
        yield voice.text("home.meant")
        yield Bullets(tuple(_commitment(voice, c) for c in view.meant))


def _due(voice: Voice, view: View, due: Due) -> Iterator[Block]:
    at = voice.moment(due.at) if due.at > view.now else ""
    last = due.week != view.term.week
    yield voice.text("home.due", week=due.week, at=at, last=last)
    where = action("checkin", "open", view.term.cycle_id, due.week)
    about = voice.line("picture.week", week=due.week)
    yield Buttons((opens(voice.line("home.check_in"), where, primary=not last, about=about),))


def _helping(voice: Voice, view: View, blocker: Blocker, person: Person | None) -> Iterator[Block]:
    mine = blocker.taken_by_id == view.person.id
    yield voice.text(
        "home.helping" if mine else "home.asked_to_help",
        who=named(person),
        text=blocker.text,
        by="" if blocker.by is None else voice.day(blocker.by),
    )
    label = voice.line("home.solved" if mine else "home.can_help")
    verb = "solved" if mine else "take"
    about = blocker.text[:LONGEST_ABOUT]
    yield Buttons((Button(label, action("digest", verb, blocker.id), about=about),))


def _commitment(voice: Voice, commitment: Commitment) -> Spans:
    return voice.spans("home.commitment", text=commitment.text, done=bool(commitment.done))


def _mine(voice: Voice, view: View) -> Iterator[Block]:
    if not view.standings:
        return
    yield _heading(voice, "mine")
    for standing in view.standings[:MOST_METERS]:
        yield picture.meter(voice, standing)
        if standing.stale:
            yield Text(voice.spans("home.stale", belief=picture.belief(voice, standing)), "quiet")
    if len(view.standings) > MOST_METERS:
        yield voice.text("home.more", count=len(view.standings) - MOST_METERS)


def _teams(voice: Voice, view: View) -> Iterator[Block]:
    if view.branches or view.watched:
        yield _heading(voice, "teams")
    if view.branches:
        yield Bullets(
            tuple(
                voice.spans("home.team", name=branch.team.name, stand=stand(voice, branch))
                for branch in view.branches[:MOST_ITEMS]
            )
        )
    for look in view.watched:
        yield Text(watch.line(voice, look), "quiet")


def _next(voice: Voice, view: View) -> Iterator[Block]:
    if view.moments:
        yield _heading(voice, "next")
        yield Bullets(tuple(_moment(voice, moment) for moment in view.moments))


def _moment(voice: Voice, moment: Moment) -> Spans:
    at = voice.moment(moment.at)
    return voice.spans(f"home.moment_{moment.kind}", at=at, name=moment.name)


def _heading(voice: Voice, name: str) -> Text:
    return Text(voice.spans(f"home.heading_{name}"), "heading")
