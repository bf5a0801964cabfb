"""The review as cards and forms."""

from collections.abc import Iterator, Sequence

from bot import cadence, picture
from bot.chat.cards import Block, Bullets, Button, Buttons, Card, Text, Words
from bot.chat.forms import Form, Page, ShortText
from bot.flow import action, named, opens
from bot.flows.review.view import View
from bot.goals import moving, shown
from bot.goals.moving import Goalposts
from bot.quarter import reviewing
from bot.quarter.reviewing import Outcome
from bot.texts import Voice
from storage.people import Person

MANY = 10


def waits(outcome: Outcome) -> bool:
    """Whether a new target still waits for a word."""
    return outcome.review.state == "waiting"


def overview(voice: Voice, mine: View, *, saved: bool = False) -> Card:
    """My review, what waits for my word, what my teams decided."""
    term, week = mine.term, mine.term.calendar.review_week
    blocks: list[Block] = []
    if (term.week or 0) < week and term.cycle is not None:
        day = cadence.first_day(term.cycle.starts, week)
        blocks += voice.blocks("review.ahead", week=week, day=voice.day(day))
    elif not (mine.standings or mine.outcomes):
        blocks += voice.blocks("review.none_mine")
    else:
        blocks += _mine(voice, mine)
    if mine.to_decide:
        blocks += voice.blocks("review.to_decide")
        blocks += _to_decide(voice, mine.to_decide)
    blocks += _teams(voice, mine)
    label = voice.line("review.change" if mine.outcomes else "review.open")
    button = opens(label, action("review", "open", term.cycle_id), primary=not mine.outcomes)
    title = voice.line("review.saved_title" if saved else "review.title")
    return Card(title, tuple(blocks), (button,) if mine.editable else ())


def _mine(voice: Voice, mine: View) -> Iterator[Block]:
    for standing in mine.standings:
        yield picture.meter(voice, standing)
        outcome = mine.outcome(standing.id)
        line = (
            voice.spans("review.undecided")
            if outcome is None
            else reviewing.told(voice, outcome, title=False)
        )
        yield Text(line, "quiet" if outcome is None else "plain")
    for outcome in mine.outcomes:
        if outcome.dropped:
            yield Text(reviewing.told(voice, outcome))


def _teams(voice: Voice, mine: View) -> Iterator[Block]:
    for number, outcomes in mine.teams.items():
        kept = sum(each.review.decision == "keep" for each in outcomes)
        name = mine.names[number].name if number in mine.names else ""
        yield voice.text("review.team", team=name, kept=kept)
        items = [reviewing.told(voice, each) for each in outcomes if each.counts]
        if items:
            yield Bullets(tuple(items[:MANY]))
        if len(items) > MANY:
            yield Text(voice.spans("review.more", count=len(items) - MANY), "quiet")


def asked(voice: Voice, outcomes: Sequence[Outcome], proposer: Person | None) -> Card:
    """To an approver: what somebody proposes; and how it went on."""
    alive = [each for each in outcomes if each.review.state != "withdrawn"]
    if not alive:
        return Card(voice.line("review.gone_title"), voice.blocks("review.gone"))
    waiting = sum(map(waits, alive))
    if not waiting:
        return Card(_decided_title(voice, alive, "settled"), (*_to_decide(voice, alive),))
    return Card(
        voice.line("review.asked_title", count=waiting),
        (
            *voice.blocks("review.proposes", who=named(proposer), count=len(alive)),
            *_to_decide(voice, alive),
        ),
    )


def to_decide(voice: Voice, outcomes: Sequence[Outcome]) -> Card:
    """All that waits for somebody's word."""
    blocks = [*_to_decide(voice, outcomes)] or [*voice.blocks("review.nothing_waits")]
    return Card(voice.line("review.asked_title", count=len(outcomes)), tuple(blocks))


def _to_decide(voice: Voice, outcomes: Sequence[Outcome]) -> Iterator[Block]:
    for outcome in outcomes:
        if not waits(outcome):
            yield Text(reviewing.told(voice, outcome))
            continue
        kr, review = outcome.kr, outcome.review
        yield voice.text(
            "review.proposal",
            title=kr.title,
            was=shown.course(voice, Goalposts.of(kr).into(kr)),
            now=shown.course(voice, Goalposts.of(review).into(kr)),
            reason=review.reason,
        )
        yield Buttons((_approve(voice, outcome), _refuse(voice, outcome)))


def _meant(outcome: Outcome) -> tuple[int, int, int, int]:
    review = outcome.review
    return review.cycle_id, review.week, review.key_result_id, review.version


def _approve(voice: Voice, outcome: Outcome) -> Button:
    meaning = action("review", "approve", *_meant(outcome))
    about = reviewing.button_about(outcome.kr)
    return Button(voice.line("review.approve"), meaning, "primary", about=about)


def _refuse(voice: Voice, outcome: Outcome) -> Button:
    meaning = action("review", "refuse", *_meant(outcome))
    return opens(voice.line("review.refuse"), meaning, about=reviewing.button_about(outcome.kr))


def decided(voice: Voice, outcome: Outcome) -> Card:
    """How one new target stands now."""
    return Card(
        voice.line(f"review.{outcome.review.state}_title"),
        (Text(reviewing.told(voice, outcome)),),
    )


def news(voice: Voice, outcomes: Sequence[Outcome]) -> Card | None:
    """To who proposed it: what came of it."""
    lines = [each for each in outcomes if each.review.state in ("approved", "refused")]
    if not lines:
        return None
    blocks: list[Block] = [Text(reviewing.told(voice, each)) for each in lines]
    left = sum(map(waits, outcomes))
    blocks += voice.blocks("review.left", count=left) if left else ()
    return Card(_decided_title(voice, lines, "decided"), tuple(blocks))


def _decided_title(voice: Voice, outcomes: Sequence[Outcome], otherwise: str) -> str:
    """What came of new targets, where the same came of all."""
    states = {each.review.state for each in outcomes}
    return voice.line(f"review.{states.pop() if len(states) == 1 else otherwise}_title")


def form(voice: Voice, mine: View) -> Form:
    """The review of each of my key results, without the check-in."""
    pages = tuple(
        Page(
            standing.kr.title,
            tuple(reviewing.questions(voice, mine.term, standing, mine.review(standing.id))),
            (Text((Words(picture.summary(voice, standing)),), "quiet"),),
        )
        for standing in mine.standings
    )
    meaning = action("review", "answer", mine.term.cycle_id)
    return Form(
        voice.line("review.title"), meaning, pages, voice.line("review.submit"), voice.locale
    )


def refusal(voice: Voice, outcome: Outcome) -> Form:
    """An approver's word why the old target stays."""
    kr = outcome.kr
    why = ShortText(
        id="why",
        label=voice.line("review.why_not"),
        hint=voice.line("review.why_not_hint"),
        required=True,
        longest=moving.LONGEST_REASON,
    )
    intro = voice.text(
        "review.proposal",
        title=kr.title,
        was=shown.course(voice, Goalposts.of(kr).into(kr)),
        now=shown.course(voice, Goalposts.of(outcome.review).into(kr)),
        reason=outcome.review.reason,
    )
    return Form(
        voice.line("review.refuse_title"),
        action("review", "refuse", *_meant(outcome)),
        (Page("", (why,), (intro,)),),
        voice.line("review.submit"),
        voice.locale,
    )
