"""The cards around a survey: what asks for it, what thanks for it, where each team's stands."""

from collections.abc import Iterator, Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Spans, Text
from bot.flow import LONGEST_ABOUT, action, opens
from bot.flows.retro.survey import Survey
from bot.picture import short
from bot.quarter.lessons import ENOUGH, Decided
from bot.texts import Voice

MOST_DECISIONS = 10


def ask(voice: Voice, own: Sequence[Survey], person_id: int, ungraded: int = 0) -> Card:
    """One message for all of somebody's teams, and what they have not graded yet is part of it."""
    blocks: list[Block] = list(voice.blocks("retro.ask", teams=len(own)))
    blocks += _until(voice, own)
    for each in own:
        if len(own) > 1 or not each.open_to(person_id):
            blocks.append(state(voice, each, person_id))
        blocks += _warned(voice, each, leads=each.team.lead_id == person_id)
    buttons = answers(voice, own, person_id)
    if ungraded:
        blocks.append(voice.text("grade.waiting", count=ungraded))
        grade = action("grade", "open", own[0].cycle_id)
        buttons = (*buttons, opens(voice.line("grade.open"), grade))
    return Card(voice.line("retro.ask_title"), tuple(blocks), buttons)


def remind(voice: Voice, own: Sequence[Survey], person_id: int) -> Card:
    """The same, shortly, to who has not answered."""
    left = [each for each in own if each.open_to(person_id) and person_id not in each.taken]
    return Card(
        voice.line("retro.remind_title"),
        (*voice.blocks("retro.remind"), *_until(voice, left)),
        answers(voice, left, person_id),
    )


def received(voice: Voice, own: Sequence[Survey], person_id: int) -> Card:
    """All of somebody's teams have their answer: no more is said of it."""
    named = all(each.named for each in own)
    buttons = answers(voice, own, person_id) if named else ()
    blocks = (*voice.blocks("retro.received", named=named), *_until(voice, own))
    return Card(voice.line("retro.received_title"), blocks, buttons)


def over(voice: Voice, own: Sequence[Survey]) -> Card:
    """Nothing can be answered any more."""
    show = tuple(_results(voice, each) for each in own if each.out)
    return Card(voice.line("retro.over_title"), voice.blocks("retro.over"), show)


def answers(voice: Voice, own: Sequence[Survey], person_id: int) -> tuple[Button, ...]:
    """A button for each team that somebody may still answer for."""
    found = [each for each in own if each.open_to(person_id)]
    alone = len(own) == 1
    return tuple(answer(voice, each, person_id, alone=alone) for each in found)


def answer(voice: Voice, own: Survey, person_id: int, *, alone: bool = True) -> Button:
    """The survey's form; what was said with a name can be changed."""
    again = person_id in own.taken
    label = voice.line("retro.change" if again else "retro.answer")
    return opens(
        label if alone else short(own.team.name),
        action("retro", "open", own.cycle_id, own.id),
        primary=not again,
        about=own.team.name,
    )


def state(voice: Voice, own: Survey, person_id: int) -> Text:
    """Where one team's survey stands, in a line."""
    return voice.text(
        "retro.state",
        team=own.team.name,
        count=own.count,
        people=own.people,
        taken=person_id in own.taken,
        asked=own.asks(person_id),
        named=own.named,
        over=own.over,
        running=own.running,
        missing=own.missing,
        small=own.people < ENOUGH,
    )


def team(
    voice: Voice, own: Survey, person_id: int, *, leads: bool, decided: Sequence[Decided] = ()
) -> Iterator[Block]:
    """One team in the list of mine: its state and all that somebody may do about it."""
    yield state(voice, own, person_id)
    yield from _warned(voice, own, leads=leads)
    buttons = []
    if own.open_to(person_id):
        buttons.append(answer(voice, own, person_id))
    if own.out:
        buttons.append(_results(voice, own))
    if leads and not own.settled and not warns(own):
        buttons.append(switch(voice, own))
    if leads:
        buttons.append(decide(voice, own))
    if buttons:
        yield Buttons(tuple(buttons))
    yield from deciding(voice, decided)


def deciding(voice: Voice, decided: Sequence[Decided]) -> Iterator[Block]:
    """What was decided, with a button for what is not done yet."""
    for each in decided[:MOST_DECISIONS]:
        yield decision(voice, each)
        if not each.done:
            label = voice.line("retro.done")
            meaning = action("retro", "done", each.decision.id)
            yield Buttons((Button(label, meaning, about=each.decision.text[:LONGEST_ABOUT]),))
    if len(decided) > MOST_DECISIONS:
        yield Text(voice.spans("retro.more", count=len(decided) - MOST_DECISIONS), "quiet")


def decision(voice: Voice, each: Decided) -> Text:
    """One decision in a line."""
    return voice.text(
        "retro.decision",
        text=each.decision.text,
        owner=each.owner.name if each.owner else "",
        done=each.done,
    )


def decide(voice: Voice, own: Survey) -> Button:
    """The form of a decision; whoever may not is told so when they press it."""
    meaning = action("retro", "decide", own.cycle_id, own.id)
    return opens(voice.line("retro.decide"), meaning, about=own.team.name)


def switch(voice: Voice, own: Survey) -> Button:
    """From without names to with names, or back, as long as nobody has answered."""
    to = "anonymous" if own.named else "named"
    meaning = action("retro", to, own.cycle_id, own.id)
    label = voice.line("retro.make_anonymous" if own.named else "retro.make_named")
    return Button(label, meaning, about=own.team.name)


def _results(voice: Voice, own: Survey) -> Button:
    meaning = action("retro", "show", own.cycle_id, own.id)
    return Button(voice.line("retro.results"), meaning, about=own.team.name)


def _until(voice: Voice, own: Sequence[Survey]) -> tuple[Block, ...]:
    first = min((each.due for each in own if not each.over), default=None)
    return () if first is None else voice.blocks("retro.until", at=voice.moment(first))


def warns(own: Survey) -> bool:
    """Whether nothing that is said without names could ever be shown."""
    return own.running and not own.named and own.small and not own.over


def too_few(voice: Voice, own: Survey, *, leads: bool) -> Spans:
    """That a team is too small for answers without names, and who can do what about it."""
    return voice.spans(
        "retro.too_few", team=own.team.name, people=len(own.members), enough=ENOUGH,
        leads=leads and not own.settled, settled=own.settled,
    )  # fmt: skip


def _warned(voice: Voice, own: Survey, *, leads: bool) -> Iterator[Block]:
    """Before a small team answers: that nothing would be shown, and what its lead can do."""
    if not warns(own):
        return
    yield Text(too_few(voice, own, leads=leads))
    if leads and not own.settled:
        yield Buttons((switch(voice, own),))
