"""What somebody types and presses: looking, approving, taking."""

from collections.abc import Sequence

from bot import picture
from bot.chat.cards import Block, Bullets, Card, Words
from bot.chat.reading import clean
from bot.chat.replies import Reply, Say
from bot.flow import Forgotten, Malformed, Part, Turn
from bot.flows.plan import cards, writing
from bot.flows.plan.cards import Rights
from bot.flows.plan.desk import Office, alone, office
from bot.goals import approving, store
from bot.leads import Lines
from bot.may import may
from bot.quarter.crew import Crew, crew
from bot.texts import brief
from storage import objectives, people, teams
from storage.objectives import KeyResult, Objective


def typed(turn: Turn, name: str) -> Reply:
    """My teams' planning, or that of a team by its name."""
    if turn.term.cycle is None:
        return turn.say("plan.no_cycle_title", "plan.no_cycle")
    name = " ".join(clean(name).split())
    if name:
        found = teams.by_name(turn.session, name)
        if not found:
            return turn.say("plan.unknown_title", "plan.unknown", typed=brief(name, 40))
        return team(turn, found[0].id or 0)
    here = crew(turn.session, turn.term)
    led = [each.id or 0 for each in here.led.get(turn.me, ())]
    own = [each.id or 0 for each in teams.of_person(turn.session, turn.me)]
    wanted = [*led, *(number for number in own if number not in led)]
    if not wanted:
        return turn.say("plan.no_team_title", "plan.no_team")
    return Say(_card(turn, here, wanted, own))


def team(turn: Turn, number: int) -> Reply:
    """One team's planning; everybody may look."""
    here = crew(turn.session, turn.term)
    if number not in here.lines.teams:
        raise Forgotten(str(number))
    own = [each.id or 0 for each in teams.of_person(turn.session, turn.me)]
    return Say(_card(turn, here, [number], own))


def _card(turn: Turn, here: Crew, wanted: Sequence[int], own: Sequence[int]) -> Card:
    """Desks, those first that the reader leads, each with what they may do there."""
    at = office(turn.session, turn.term, here, wanted)
    voice, shown = turn.voice, [at.desks[i] for i in wanted if i in at.desks]
    blocks: list[Block] = list(_note(turn, at))
    rights = [_rights(turn, here.lines, desk.id, own) for desk in shown]
    blocks += cards.desks(voice, at, shown, rights, start=turn.term.plans)
    return Card(cards.title(voice, "ask" if turn.term.plans else "now", shown), tuple(blocks))


def _note(turn: Turn, at: Office) -> Sequence[Block]:
    if turn.term.week is None and turn.term.cycle is not None:
        starts = turn.voice.day(turn.term.cycle.starts)
        return turn.voice.blocks("plan.before", starts=starts)
    leads = any(desk.lead and desk.lead.id == turn.me for desk in at.desks.values())
    return writing.note(turn.voice, turn.term, "ask" if leads else "people")


def _rights(turn: Turn, lines: Lines, number: int, own: Sequence[int]) -> Rights:
    leads = may(turn.person, "update", lines.leads([number]))
    return Rights(leads, number in own, turn.term.plans)


def approve(turn: Turn, team_id: int, numbers: str) -> Reply:
    """Exactly these objectives of a team count from now on; what is still to be said is said."""
    wanted = [int(Part(each)) for each in numbers.split("-")]
    there = objectives.by_number(turn.session, wanted).values()
    rows = [row for row in there if _is_there(turn, row) and row.team_id == team_id]
    here = crew(turn.session, turn.term)
    if not rows:
        return turn.say("plan.gone_title", "plan.gone")
    if not may(turn.person, "update", here.lines.leads([team_id])):
        lead = here.lead_of.get(team_id)
        return turn.say("plan.refused_title", "plan.refused", lead=lead.name if lead else "")
    fresh, found = approving.approve(turn, rows)
    turn.session.flush()
    desk = alone(turn.session, turn.term, here, team_id, found.get(team_id, ()))
    if desk is None:
        raise Forgotten(str(team_id))
    voice = turn.voice
    blocks: list[Block] = [Bullets(tuple((Words(row.title),) for row in fresh or rows))]
    left = [each for aim in desk.aims if aim.objective.id in wanted for each in desk.of(aim)]
    blocks += cards.remarks(voice, [*left, *desk.of_set])
    if desk.drafts:
        blocks.append(voice.text("plan.left", count=len(desk.drafts)))
    name = picture.short(desk.team.name, cards.LONGEST_TEAM)
    title = voice.line("plan.approved_title", team=name, count=len(rows))
    return Say(Card(title, tuple(blocks)))


def take(turn: Turn, thing: str, number: int) -> Reply:
    """Something that nobody owns is mine from now on."""
    row, objective = _thing(turn, thing, number)
    if row is None or objective is None or not _is_there(turn, objective):
        return turn.say("plan.gone_title", "plan.gone")
    if row.owner_id is not None and row.owner_id != turn.me:
        owner = people.person(turn.session, row.owner_id)
        return turn.say("plan.taken_title", "plan.taken", name=owner.name if owner else "?")
    own = {each.id for each in teams.of_person(turn.session, turn.me)}
    lines = crew(turn.session, turn.term).lines
    leads = may(turn.person, "update", lines.leads([objective.team_id]))
    if objective.team_id not in own and not leads:
        return turn.say("plan.not_yours_title", "plan.not_yours")
    if row.owner_id is None:
        store.take(turn, "key_result" if thing == "kr" else thing, row)
    return turn.say("plan.yours_title", "plan.yours", what=row.title)


def _thing(
    turn: Turn, thing: str, number: int
) -> tuple[KeyResult | Objective | None, Objective | None]:
    match thing:
        case "kr":
            pair = objectives.key_result(turn.session, number)
            return pair if pair is not None and pair[0].state == "open" else (None, None)
        case "objective":
            row = objectives.by_number(turn.session, [number]).get(number)
            return row, row
        case _:
            raise Malformed(thing[:80])


def _is_there(turn: Turn, row: Objective) -> bool:
    return row.cycle_id == turn.term.cycle_id and row.state not in ("dropped", "closed")
