"""A team's desk as blocks, and the cards that are made of desks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot import picture
from bot.chat.cards import Block, Bullets, Button, Buttons, Card, Divider, Text
from bot.flow import action, opens
from bot.flows.plan.desk import Desk, Office
from bot.goals import findings
from bot.goals.findings import Found
from bot.quarter import alignment
from bot.quarter.alignment import Aim
from bot.texts import Voice

FULL = 3
"""How many teams one card shows in full; the others are a button each."""
MOST_AIMS = 8
MOST_WANTED = 5
MOST_OTHERS = 10
MOST_REMARKS = 8
LONGEST_TEAM = 30


@dataclass(frozen=True)
class Rights:
    """What the reader may do at a desk."""

    leads: bool = False
    belongs: bool = False
    plans: bool = True
    """Whether it is still the time to draft."""
    begins: bool = False
    """Whether it is for the reader to make a beginning."""


def title(voice: Voice, name: str, desks: Sequence[Desk]) -> str:
    """A title that names the team, or says how many there are."""
    one = picture.short(desks[0].team.name, LONGEST_TEAM) if len(desks) == 1 else ""
    return voice.line(f"plan.{name}_title", team=one, count=len(desks))


def desks(
    voice: Voice,
    office: Office,
    shown: Sequence[Desk],
    rights: Rights | Sequence[Rights],
    *,
    start: bool = True,
) -> Iterator[Block]:
    """Desk after desk; what was said of a level above is not said again."""
    each = [rights] * len(shown) if isinstance(rights, Rights) else rights
    above = 0
    for number, (desk, own) in enumerate(zip(shown[:FULL], each, strict=False)):
        if len(shown) > 1:
            yield from [Divider()] if number else []
            yield Text(voice.spans("plan.team", team=desk.team.name), "heading")
        if start and desk.wanted and desk.above and desk.above.id != above:
            above = desk.above.id or 0
            yield from _wanted(voice, desk)
        yield from _desk(voice, office, desk, own, start=start)
    yield from others(voice, shown[FULL:])


def others(voice: Voice, rest: Sequence[Desk]) -> Iterator[Block]:
    """What does not fit: a button for each."""
    if rest:
        yield voice.text("plan.others", count=len(rest))
        yield Buttons(
            tuple(
                Button(picture.short(d.team.name), action("plan", "team", d.id), about=d.team.name)
                for d in rest[:MOST_OTHERS]
            )
        )


def _wanted(voice: Voice, desk: Desk) -> Iterator[Block]:
    """The level above, in short: a line for each objective with its key results."""
    yield voice.text("plan.above", team=desk.above.name if desk.above else "")
    yield Bullets(
        tuple(
            voice.spans(
                "plan.wanted",
                title=aim.objective.title,
                key_results="; ".join(_short(voice, aim)),
                draft=not aim.approved,
            )
            for aim in desk.wanted[:MOST_WANTED]
        )
    )
    if len(desk.wanted) > MOST_WANTED:
        yield Text(voice.spans("plan.more", count=len(desk.wanted) - MOST_WANTED), "quiet")


def _short(voice: Voice, aim: Aim) -> Iterator[str]:
    for kr in aim.key_results:
        course = alignment.course(voice, aim, kr)
        yield f"{kr.title}: {course}" if course else kr.title


def _desk(
    voice: Voice, office: Office, desk: Desk, rights: Rights, *, start: bool
) -> Iterator[Block]:
    if start:
        along = desk.brought.shown(voice)
        yield from (each for each in along if rights.leads or not isinstance(each, Buttons))
    if desk.aims:
        count = len(desk.aims)
        yield voice.text("plan.so_far", count=count, approved=count - len(desk.drafts))
    else:
        yield voice.text("plan.nothing", start=start)
    for aim in desk.aims[:MOST_AIMS]:
        yield from one(voice, office, desk, aim, rights)
    if len(desk.aims) > MOST_AIMS:
        yield Text(voice.spans("plan.more", count=len(desk.aims) - MOST_AIMS), "quiet")
    if rights.leads:
        yield from findings.shown(voice, desk.of_set)
    buttons = tuple(_foot(voice, desk, rights))
    if buttons:
        yield Buttons(buttons)


def draft(voice: Voice, office: Office, aim: Aim) -> Iterator[Block]:
    """An objective with its key results."""
    yield alignment.aim(voice, office.tree, aim)
    if aim.key_results:
        yield Bullets(tuple(alignment.line(voice, office.tree, aim, kr) for kr in aim.key_results))


def one(voice: Voice, office: Office, desk: Desk, aim: Aim, rights: Rights) -> Iterator[Block]:
    """The same with what the lint says of it, and what can be done."""
    yield from draft(voice, office, aim)
    yield from remarks(voice, desk.of(aim))
    buttons = tuple(_beside(voice, desk, aim, rights))
    if buttons:
        yield Buttons(buttons)


def remarks(voice: Voice, found: Sequence[Found]) -> Iterator[Block]:
    """What the lint says, a line each; what can be done stands where the draft is mended."""
    lines = [
        voice.spans("plan.remark", title=findings.short(f.title), reason=_reason(voice, f))
        for f in found[:MOST_REMARKS]
    ]
    if lines:
        yield voice.text("plan.remarks", count=len(found))
        yield Bullets(tuple(lines))
    if len(found) > MOST_REMARKS:
        yield Text(voice.spans("plan.more", count=len(found) - MOST_REMARKS), "quiet")


def _reason(voice: Voice, found: Found) -> str:
    return findings.reason(voice, found.spoken)


def _beside(voice: Voice, desk: Desk, aim: Aim, rights: Rights) -> Iterator[Button]:
    about = aim.objective.title
    if rights.leads and not aim.approved:
        yield approve(desk, [aim], voice.line("plan.approve"))
    unfinished = not (aim.approved or aim.key_results)
    mine = rights.leads or (rights.belongs and not aim.approved)
    if mine and (rights.plans or unfinished):
        meaning = action("add", "kr", "", "", aim.id)
        yield opens(voice.line("plan.new_key_result"), meaning, about=about)
    if rights.leads and not aim.approved:
        yield edit(voice, aim)
    if rights.belongs and not rights.leads:
        yield from takes(voice, aim)


def takes(voice: Voice, aim: Aim) -> Iterator[Button]:
    """A button for each thing that nobody owns."""
    for kr in aim.key_results:
        if kr.owner_id is None:
            label = voice.line("plan.take", title=picture.short(kr.title, 14))
            yield Button(label, action("plan", "take", "kr", kr.id), about=kr.title)
    if aim.objective.owner_id is None:
        label = voice.line("plan.take_objective")
        meaning = action("plan", "take", "objective", aim.id)
        yield Button(label, meaning, about=aim.objective.title)


def edit(voice: Voice, aim: Aim) -> Button:
    """The form of an objective."""
    meaning = action("edit", "objective", aim.id)
    return opens(voice.line("plan.edit"), meaning, about=aim.objective.title)


def approve(desk: Desk, aims: Sequence[Aim], label: str) -> Button:
    """A lead's word on exactly what is shown: what is drafted meanwhile is not in it."""
    meaning = action("plan", "approve", desk.id, "-".join(str(aim.id) for aim in aims))
    about = aims[0].objective.title if len(aims) == 1 else desk.team.name
    return Button(label, meaning, "primary", about=about)


def _foot(voice: Voice, desk: Desk, rights: Rights) -> Iterator[Button]:
    if rights.plans and (rights.leads or rights.belongs):
        meaning = action("add", "objective", "", "", desk.id)
        first = rights.begins or (rights.leads and not desk.aims)
        yield opens(voice.line("plan.new_objective"), meaning, primary=first, about=desk.team.name)
    if rights.leads and len(desk.drafts) > 1:
        drafts = desk.drafts[:MOST_AIMS]
        yield approve(desk, drafts, voice.line("plan.approve_all", count=len(drafts)))


def lead(
    voice: Voice, office: Office, shown: Sequence[Desk], note: Iterable[Block], *, plans: bool
) -> Card:
    """To a lead: their teams' desks."""
    blocks = (*note, *desks(voice, office, shown, Rights(leads=True, plans=plans)))
    return Card(title(voice, "ask", shown), blocks)


def of_member(office: Office, desk: Desk, person_id: int, *, plans: bool) -> Rights:
    """What a member may do at a desk."""
    begins = office.term.organisation.individual_okrs and not any(
        person_id in aim.owners for aim in desk.aims
    )
    return Rights(belongs=True, plans=plans, begins=begins)


def people(
    voice: Voice,
    office: Office,
    shown: Sequence[Desk],
    note: Iterable[Block],
    rights: Sequence[Rights],
) -> Card:
    """To a member: what their teams plan, and their part in it."""
    blocks = (*note, *desks(voice, office, shown, rights))
    return Card(title(voice, "people", shown), blocks)


def drafts(
    voice: Voice,
    office: Office,
    led: Sequence[Desk],
    own: Sequence[tuple[Aim, Sequence[Found]]],
    *,
    plans: bool,
) -> Card:
    """Near the end: what waits for the reader's word, and what of theirs needs a second look."""
    blocks: list[Block] = []
    waiting = [desk for desk in led if desk.drafts]
    if waiting:
        blocks += voice.blocks("plan.approve_please")
    if own:
        blocks += voice.blocks("plan.mend_please", count=len(own))
    for aim, found in own[:MOST_AIMS]:
        blocks += draft(voice, office, aim)
        blocks += findings.shown(voice, found)
    if led:
        blocks += [Divider()] if own else []
        blocks += desks(voice, office, led, Rights(leads=True, plans=plans), start=False)
    named = title(voice, "drafts", waiting) if waiting else voice.line("plan.mend_title")
    return Card(named, tuple(blocks))
