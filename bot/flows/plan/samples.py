"""Examples of every card of planning."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import cast
from bot.chat.cards import Card
from bot.chat.stage import Example
from bot.flows.plan import cards, posted, writing
from bot.flows.plan.cards import Rights
from bot.flows.plan.desk import Desk, Office
from bot.goals.findings import Found
from bot.leads import Lines
from bot.method.lint import Spoken
from bot.quarter.alignment import Aim, Grown, Limb
from bot.quarter.crew import Crew
from bot.texts import Voice

PLANNING = replace(cast.TERM, week=1, today=cast.STARTS)
PEOPLE = {p.id or 0: p for p in (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)}
TRUSTED = cast.LOVED.model_copy(
    update={"id": 8, "team_id": 1, "title": "Harbour is the one that clinics trust"}
)
CREW = Crew(Lines({1: cast.COMPANY, 2: cast.GROWTH}), PEOPLE)
FREE = cast.CHURN.model_copy(update={"owner_id": None, "title": "Churn in the first 90 days"})
WANTED = Aim(TRUSTED, (cast.UPTIME,))
DRAFT = Aim(cast.LOVED.model_copy(update={"state": "draft", "parent_id": 8}), (cast.NPS, FREE))
PROPOSED = Aim(
    cast.STEADY.model_copy(update={"state": "review", "owner_id": None}),
    (cast.GUIDE,),
    {4: cast.STEPS},
)
APPROVED = Aim(cast.LOVED, (cast.NPS, cast.CHURN))
FOUND = (
    Found(2, "objective", 1, cast.LOVED.title, Spoken("no_parent")),
    Found(2, "key_result", 2, FREE.title, Spoken("no_owner")),
)
OF_SET = Found(2, "set", 2, cast.GROWTH.name, Spoken("all_volume", {"count": 3}))
AIMS = {8: WANTED, 1: DRAFT, 2: PROPOSED}


def _desk(*aims: Aim, team: int = 2) -> Desk:
    own = cast.GROWTH if team == 2 else cast.COMPANY
    above = cast.COMPANY if team == 2 else None
    found = (*FOUND, OF_SET) if DRAFT in aims else ()
    return Desk(own, aims, above, (WANTED,) if above else (), found=found, lead=cast.ALICE)


def _office(*desks: Desk) -> Office:
    tree = Grown((Limb(cast.GROWTH, (DRAFT, PROPOSED)),), PEOPLE, AIMS)
    return Office(PLANNING, CREW, tree, {desk.id: desk for desk in desks})


def _hostile() -> Aim:
    kr = cast.NPS.model_copy(update={"title": cast.HOSTILE, "owner_id": None})
    return Aim(cast.LOVED.model_copy(update={"title": cast.HOSTILE, "state": "draft"}), (kr,))


def _tree(*aims: Aim) -> Grown:
    growth = Limb(cast.GROWTH, aims)
    return Grown((Limb(cast.COMPANY, (WANTED,), (growth,)),), PEOPLE, AIMS)


def _said(voice: Voice, text: str, **values: object) -> Card:
    return Card(voice.line(f"plan.{text}_title", **values), voice.blocks(f"plan.{text}", **values))


def examples(voice: Voice) -> Iterable[Example]:
    """Growth plans its quarter under Harbour."""
    company, empty, desk = _desk(WANTED, team=1), _desk(), _desk(DRAFT, PROPOSED)
    hostile, done = _desk(_hostile()), _desk(APPROVED)
    at, ends = _office(company, desk), writing.ends(PLANNING)

    def ask(name: str, *shown: Desk) -> Card:
        return cards.lead(voice, at, shown, writing.note(voice, PLANNING, name), plans=True)

    def people(shown: Desk) -> Card:
        note = writing.note(voice, PLANNING, "people")
        rights = cards.of_member(at, shown, cast.BOB.id or 0, plans=True)
        return cards.people(voice, at, [shown], note, [rights])

    def drafts(led: list[Desk], own: list[tuple[Aim, Sequence[Found]]]) -> Card:
        return cards.drafts(voice, at, led, own, plans=True)

    told = [(desk, DRAFT, Rights(leads=True)), (desk, PROPOSED, Rights(belongs=True))]
    shown = (
        ("to a lead, nothing yet", ask("ask", empty)),
        ("to a lead of two teams", ask("ask", company, desk)),
        ("to a lead of many teams", ask("ask", *[desk] * 7)),
        ("to a lead, hostile text", ask("ask", hostile)),
        ("to a lead, all approved", ask("ask", done)),
        ("reminder", ask("idle", empty)),
        ("to a member", people(desk)),
        ("to a member, hostile text", people(hostile)),
        ("drafts, to a lead", drafts([desk], [])),
        ("drafts, to an owner", drafts([], [(DRAFT, FOUND)])),
        ("drafts, to both", drafts([company, empty], [(PROPOSED, FOUND[1:])])),
        ("posted for a team", posted.posted(voice, CREW, _tree(APPROVED).at(2), ends)),
        ("posted for the company", posted.posted(voice, CREW, _tree(APPROVED, PROPOSED), ends)),
        ("posted, nothing approved", posted.posted(voice, CREW, _tree(DRAFT).at(2), ends)),
        ("posted, hostile text", posted.posted(voice, CREW, _tree(_hostile(), APPROVED), ends)),
        ("not approved", posted.told(voice, CREW, _tree(DRAFT, PROPOSED), told)),
        ("settled", _said(voice, "settled")),
        ("taken by another", _said(voice, "taken", name=cast.DANA.name)),
        ("taken", _said(voice, "yours", what=cast.HOSTILE)),
        ("may not approve", _said(voice, "refused", lead=cast.ALICE.name)),
    )
    return (Example("plan", name, card) for name, card in shown if card is not None)
