"""One key result as a card and as a form, and the list of somebody's own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, get_args
from zoneinfo import ZoneInfo

from bot import cast, picture, saying
from bot.chat.cards import Block, Bullets, Button, Card, Fact, Facts, Text, Words
from bot.chat.forms import Form, Page
from bot.chat.reading import clean
from bot.chat.stage import Example
from bot.flow import action, named, opens
from bot.flows.kr.entry import Trouble
from bot.goals.carried import pack
from bot.picture import Standing
from bot.texts import Voice, brief
from storage.checkins import Said
from storage.people import Person

LONGEST_LIST = 25
LONGEST_TYPED = 40
LONGEST = 240
"""What of a typed text fits a button."""


@dataclass(frozen=True)
class Was:
    """The value before: who set it, and when; nobody for the start that it was made with."""

    value: float
    by: Person | None = None
    at: datetime | None = None


def show(voice: Voice, standing: Standing, owner: Person | None, *, mine: bool) -> Card:
    """One key result as it stands."""
    return Card(
        voice.line("kr.title", number=standing.id),
        (picture.meter(voice, standing), _facts(voice, standing, owner)),
        tuple(_buttons(voice, standing, change=mine)),
    )


def saved(voice: Voice, standing: Standing, was: Was | None, today: date) -> Card:
    """What a key result has become."""
    blocks: list[Block] = [picture.meter(voice, standing)]
    said = [picture.belief(voice, standing)]
    if was is not None and was.value != standing.value:
        said.insert(0, _was(voice, standing, was, today))
    if standing.said is not None and standing.said.note:
        said.append(voice.line("picture.quoted", text=standing.said.note))
    blocks.append(Text((Words(" · ".join(said)),), "quiet"))
    value = picture.value(voice, standing, standing.value or 0.0)
    return Card(
        voice.line("kr.saved_title", value=value),
        tuple(blocks),
        tuple(_buttons(voice, standing, change=True)),
    )


def really(voice: Voice, standing: Standing, value: float, doubt: str, typed: str) -> Card:
    """A value is asked back before it is kept; what was typed travels in the button."""
    packed = pack(typed)
    buttons: tuple[Button, ...] = ()
    if len(packed) <= LONGEST:
        label = voice.line("kr.keep", value=picture.short(voice.number(value), 12))
        meaning = action("kr", "keep", standing.id, packed)
        buttons = (Button(label, meaning, about=standing.kr.title),)
    title = Text((Words(standing.kr.title, bold=True),))
    again = voice.text("kr.really_again")
    return Card(voice.line("kr.really_title"), (title, Text((Words(doubt),)), again), buttons)


def misread(voice: Voice, standing: Standing, trouble: Trouble, typed: str) -> Card:
    """What was typed is no value: why, what can be typed, and the form."""
    label, title = voice.line("kr.update"), standing.kr.title
    blocks = voice.blocks(
        f"kr.{trouble}",
        number=standing.id,
        name=title,
        unit=standing.kr.unit,
        example=voice.number(42.5),
        longest=saying.LONGEST_NOTE,
        typed=brief(clean(typed), LONGEST_TYPED),
    )
    opener = opens(label, action("kr", "open", standing.id), about=title)
    return Card(voice.line("kr.not_saved_title"), blocks, (opener,))


class Change(NamedTuple):
    """What somebody else has set, and the value that stood there before."""

    standing: Standing
    said: Said
    who: Person | None
    before: float | None


def changed(voice: Voice, news: Sequence[Change]) -> Card:
    """To an owner: what somebody else has set."""
    blocks: list[Block] = [
        voice.text(
            "kr.changed",
            title=standing.kr.title,
            value=picture.value(voice, standing, said.value or 0.0),
            before="" if before is None else picture.value(voice, standing, before),
            who=who.name if who else "?",
            at=voice.time(said.at),
            note=said.note,
        )
        for standing, said, who, before in news[:LONGEST_LIST]
    ]
    blocks.append(voice.text("kr.changed_how"))
    buttons = [
        opens(picture.short(s.kr.title), action("kr", "open", s.id), about=s.kr.title)
        for s, *_ in news[:3]
    ]
    return Card(voice.line("kr.changed_title", count=len(news)), tuple(blocks), tuple(buttons))


def changed_over(voice: Voice) -> Card:
    """Nothing of what others had set stands any more."""
    return Card(voice.line("kr.changed_over_title"), voice.blocks("kr.changed_over"))


def listed(voice: Voice, standings: Sequence[Standing]) -> Card:
    """My key results with their numbers."""
    if not standings:
        return Card(voice.line("kr.list_title"), voice.blocks("kr.none_mine"))
    blocks: list[Block] = [voice.text("kr.how"), items(voice, standings)]
    if len(standings) > LONGEST_LIST:
        blocks.append(voice.text("kr.more", count=len(standings) - LONGEST_LIST))
    button = Button(voice.line("kr.mine"), action("help", "word", "mine"))
    return Card(voice.line("kr.list_title"), tuple(blocks), (button,))


def items(voice: Voice, standings: Sequence[Standing]) -> Bullets:
    """Key results with their numbers, one line each."""
    return Bullets(
        tuple(
            voice.spans("kr.item", number=s.id, title=s.kr.title, summary=picture.summary(voice, s))
            for s in standings[:LONGEST_LIST]
        )
    )


def form(voice: Voice, standing: Standing) -> Form:
    """Value, confidence and what changed."""
    page = Page(
        standing.kr.title,
        saying.questions(voice, standing),
        (Text((Words(picture.summary(voice, standing)),), "quiet"), saying.seen(voice)),
    )
    return Form(
        voice.line("kr.form_title", number=standing.id),
        action("kr", "save", standing.id),
        (page,),
        voice.line("kr.submit"),
        voice.locale,
    )


def _facts(voice: Voice, standing: Standing, owner: Person | None) -> Facts:
    latest = standing.latest
    facts = [
        Fact(voice.line("kr.objective"), (Words(standing.objective.title),)),
        Fact(voice.line("kr.owner"), (named(owner) if owner else Words("–"),)),
        Fact(voice.line("kr.belief"), (Words(picture.belief(voice, standing)),)),
    ]
    if latest is not None and latest.note:
        note = voice.spans("kr.noted", note=latest.note, week=latest.week)
        facts.append(Fact(voice.line("kr.note"), note))
    return Facts(tuple(facts))


def _buttons(voice: Voice, standing: Standing, *, change: bool) -> Iterator[Button]:
    if change:
        label, title = voice.line("kr.update"), standing.kr.title
        yield opens(label, action("kr", "open", standing.id), primary=True, about=title)
    yield Button(voice.line("kr.why"), action("why", "show", standing.id), about=standing.kr.title)


def _was(voice: Voice, standing: Standing, was: Was, today: date) -> str:
    value = picture.value(voice, standing, was.value)
    if was.at is None:
        return voice.line("kr.was_at_start", value=value)
    day = was.at.astimezone(ZoneInfo(voice.zone)).date()
    return voice.line(
        "kr.was_today" if day == today else "kr.was",
        value=value,
        who=was.by.name if was.by else "?",
        at=voice.time(was.at) if day == today else voice.day(day),
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Bob's key results, one of each kind."""
    before, after = cast.standings(), cast.standings(answered=True)
    hostile = after[0].kr.model_copy(update={"title": cast.HOSTILE, "unit": "<b>"})
    typed = Standing(hostile, cast.LOVED, cast.WEEK, cast.STARTS, after[0].updates)
    was = Was(40.0, cast.ALICE, cast.FRIDAY)
    today = cast.FRIDAY.date()
    really_1000 = voice.line("saying.really", value=voice.number(1000), last=voice.number(42))
    by_alice = cast.ANSWERS[1]._replace(by_id=1, note=cast.HOSTILE)
    several = [Change(s, by_alice, None, None) for s in [*after, typed]]
    shown: tuple[tuple[str, Card | Form], ...] = (
        *((f"shown, {s.kr.kind}", show(voice, s, cast.BOB, mine=True)) for s in before),
        ("shown, not mine", show(voice, before[0], None, mine=False)),
        ("saved", saved(voice, after[0], was, today)),
        ("saved, first value", saved(voice, after[1], Was(4.0), today)),
        ("saved, with hostile text", saved(voice, typed, was, today)),
        ("asked back", really(voice, before[0], 1000, really_1000, "1000 calls")),
        ("asked back, with hostile text", really(voice, typed, -3, really_1000, cast.HOSTILE * 5)),
        *(
            (f"not saved, {trouble}", misread(voice, before[0], trouble, "going well"))
            for trouble in get_args(Trouble)
        ),
        ("not saved, with hostile text", misread(voice, typed, "no_value", cast.HOSTILE)),
        ("to the owner", changed(voice, [Change(after[0], by_alice, cast.ALICE, 36.0)])),
        ("to the owner, several", changed(voice, several)),
        ("to the owner, over", changed_over(voice)),
        ("my list", listed(voice, before)),
        ("my list, empty", listed(voice, ())),
        *((f"form, {s.kr.kind}", form(voice, s)) for s in before),
    )
    return (Example("kr", name, card) for name, card in shown)
