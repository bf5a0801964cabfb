"""What is posted at the end of planning, and what is said of that which is not approved."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot import picture
from bot.chat.cards import Block, Bullets, Buttons, Card, Spans, Text
from bot.flows.plan import cards
from bot.flows.plan.cards import LONGEST_TEAM
from bot.flows.plan.desk import Desk
from bot.quarter import alignment
from bot.quarter.alignment import Aim, Grown
from bot.quarter.crew import Crew
from bot.texts import Voice
from storage.teams import Team

MOST = 10


def posted(voice: Voice, crew: Crew, tree: Grown, ends: date) -> Card | None:
    """The approved set of a team and all below it; None where nothing is planned at all."""
    if not tree.limbs or not (tree.approved or tree.drafts):
        return None
    team = picture.short(tree.limbs[0].team.name, LONGEST_TEAM)
    blocks = list(alignment.shown(voice, tree)) or [voice.text("plan.none_approved")]
    blocks += _open(voice, crew, tree)
    return Card(voice.line("plan.posted_title", team=team, ends=voice.day(ends)), tuple(blocks))


def _open(voice: Voice, crew: Crew, tree: Grown) -> Iterator[Block]:
    if not tree.drafts:
        return
    yield Text(voice.spans("plan.open"), "heading")
    yield Bullets(tuple(waits(voice, crew, tree, *each) for each in tree.drafts[:MOST]))
    if len(tree.drafts) > MOST:
        yield Text(voice.spans("plan.more", count=len(tree.drafts) - MOST), "quiet")


def waits(voice: Voice, crew: Crew, tree: Grown, team: Team, aim: Aim) -> Spans:
    """A draft in a line: whose it is, and for whose word it waits."""
    owner, lead = tree.people.get(aim.objective.owner_id or 0), crew.lead_of.get(team.id or 0)
    return voice.spans(
        "plan.waits",
        team=team.name,
        title=aim.objective.title,
        owner=owner.name if owner else "",
        lead=lead.name if lead else "",
    )


def told(
    voice: Voice, crew: Crew, tree: Grown, open_: Sequence[tuple[Desk, Aim, cards.Rights]]
) -> Card:
    """To whom it concerns: what was posted without their drafts."""
    blocks: list[Block] = list(voice.blocks("plan.told"))
    for desk, aim, rights in open_[:MOST]:
        blocks.append(Text(waits(voice, crew, tree, desk.team, aim)))
        label = voice.line("plan.approve")
        buttons = [cards.approve(desk, [aim], label)] if rights.leads else []
        if rights.leads or rights.belongs:
            blocks.append(Buttons((*buttons, cards.edit(voice, aim))))
    if len(open_) > MOST:
        blocks.append(Text(voice.spans("plan.more", count=len(open_) - MOST), "quiet"))
    return Card(voice.line("plan.told_title", count=len(open_)), tuple(blocks))
