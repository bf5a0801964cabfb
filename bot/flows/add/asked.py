"""The forms of something new; what was typed before travels in their actions."""

import secrets
from collections.abc import Sequence

from bot.chat.cards import Block
from bot.chat.forms import Form
from bot.flow import Turn, action
from bot.goals import asking
from bot.goals.carried import pack, unpack
from bot.goals.room import Room
from bot.goals.values import LONGEST_TITLE, KeyResultValues, ObjectiveValues
from bot.method.shorthand import Drafted, parse_key_result
from bot.texts import Voice


def args(text: str, objective: int | str = "") -> tuple[str, str, str]:
    """A form's arguments: its one-time key, what was typed, the team or objective it is for."""
    return secrets.token_hex(4), pack(text), str(objective)


def is_key_result(text: str, locale: str) -> bool:
    """Whether a line names numbers that move."""
    drafted = parse_key_result(text, locale)
    return drafted is not None and drafted.kind != "done"


def objective(turn: Turn, here: Room, args: Sequence[str]) -> Form | None:
    """A new objective; None where there is no team to add it to."""
    teams = here.teams
    if turn.term.cycle is None or not teams:
        return None
    key, packed, team = _whole(args)
    own = [each for each in teams if each.id in here.own] or teams
    chosen = int(team) if team else own[0].id or 0
    if chosen not in {each.id for each in teams}:
        return None
    now = ObjectiveValues(title=unpack(packed)[:LONGEST_TITLE], team_id=chosen, owner_id=turn.me)
    title = turn.voice.line("add.objective_title")
    meaning = action("add", "objective", key, packed, team)
    parents = here.parents([chosen] if team else [each.id or 0 for each in teams])
    return asking.objective(turn, here, title, meaning, now, parents)


def key_result(turn: Turn, here: Room, args: Sequence[str]) -> Form | None:
    """A new key result; None where there is no objective to add it to."""
    found = here.open_objectives
    if not found:
        return None
    key, packed, objective = _whole(args)
    text = unpack(packed)
    drafted = parse_key_result(text, turn.voice.locale)
    chosen = int(objective) if objective else (found[0].id or 0 if len(found) == 1 else 0)
    if objective and chosen not in {each.id for each in found}:
        return None
    now = _values(turn, text, drafted, chosen)
    intro = understood(turn.voice, drafted) if text else ()
    meaning = action("add", "kr", key, packed, objective)
    title = turn.voice.line("add.key_result_title")
    return asking.key_result(turn, here, title, meaning, now, intro)


def understood(voice: Voice, drafted: Drafted | None) -> tuple[Block, ...]:
    """What to look at twice in what was typed."""
    if drafted is None:
        return voice.blocks("add.not_understood")
    if drafted.contradiction:
        return voice.blocks("add.contradiction")
    return () if drafted.kind == "done" else voice.blocks("add.understood")


def _values(turn: Turn, text: str, drafted: Drafted | None, objective: int) -> KeyResultValues:
    due = asking.last_friday(turn)
    if drafted is None:
        return KeyResultValues(
            due, objective, text[:LONGEST_TITLE], kind="increase", owner_id=turn.me
        )
    return KeyResultValues(
        due,
        objective,
        drafted.name[:LONGEST_TITLE],
        drafted.kind,
        drafted.baseline,
        drafted.target,
        drafted.low,
        drafted.high,
        drafted.unit,
        owner_id=turn.me,
    )


def _whole(args: Sequence[str]) -> tuple[str, str, str]:
    """The arguments, with a new key where a button brought none."""
    key, packed, objective = (*args, "", "", "")[:3]
    return key or secrets.token_hex(4), packed, objective
