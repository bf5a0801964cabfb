"""Leaving a draft as it is although the lint has something to say about it."""

from collections.abc import Iterable, Sequence

from bot.chat.forms import Form, Read
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Turn
from bot.flows.lint import cards, samples
from bot.goals import findings, store
from bot.goals.findings import Found
from bot.goals.room import room
from bot.texts import Voice
from storage import objectives


class Lint(Flow):
    """ "Leave it" beside a finding, with a reason that is kept."""

    name = "lint"

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """Why it is right like this; None where it is mended, or not theirs to decide."""
        if verb != "dismiss":
            return None
        found = _found(turn, args)
        return cards.form(turn.voice, found) if found and _may(turn, found) else None

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Take it back; or why there is no form."""
        match verb:
            case "dismiss":
                found = _found(turn, args)
                text = "gone" if found is None else "refused"
                return turn.say(f"lint.{text}_title", f"lint.{text}")
            case "undo":
                return _undo(turn, args)
            case _:
                return super().click(turn, verb, args)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep the reason."""
        wrong = turn.fix(form, read)
        found = _found(turn, args)
        if wrong is not None or found is None:
            return wrong or turn.say("lint.gone_title", "lint.gone")
        findings.dismiss(turn, found, read.text("reason"))
        _renewed(turn, found)
        return Say(cards.dismissed(turn.voice, found, read.text("reason")))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every rule with its words, the form, and what follows."""
        return samples.examples(voice)


def _found(turn: Turn, args: Sequence[str]) -> Found | None:
    """What the button speaks of, as it is now."""
    thing, number, rule = str(args[0]), int(args[1]), str(args[2])
    team_id = _team(turn, thing, number)
    if team_id is None:
        return None
    own = turn.once(
        ("findings", team_id),
        lambda: findings.of_teams(turn.session, turn.term, [team_id]).get(team_id, []),
    )
    return next((each for each in own if each.key == (thing, number, rule)), None)


def _team(turn: Turn, thing: str, number: int) -> int | None:
    """Whose set a thing belongs to."""
    if thing == "set":
        return number
    if thing == "key_result":
        pair = objectives.key_result(turn.session, number)
        return pair[1].team_id if pair else None
    row = objectives.by_number(turn.session, [number]).get(number)
    return row.team_id if row else None


def _renewed(turn: Turn, found: Found) -> None:
    """Who approves it reads what was left, and why; so does who plans with it."""
    store.planned(turn, {found.team_id})
    if found.thing == "objective":
        store.shown_to_lead(turn, found.thing_id)
    pair = objectives.key_result(turn.session, found.thing_id)
    if found.thing == "key_result" and pair is not None:
        store.shown_to_lead(turn, pair[1].id or 0)


def _may(turn: Turn, found: Found) -> bool:
    """Who may change a thing may leave it; a set is for who leads the team."""
    here = room(turn)
    if found.thing == "set":
        return here.approves(found.team_id)
    if found.thing == "objective":
        row = here.objectives.get(found.thing_id)
        return row is not None and here.changes(row)
    pair = objectives.key_result(turn.session, found.thing_id)
    return pair is not None and here.changes_key_result(*pair)


def _undo(turn: Turn, args: Sequence[str]) -> Reply:
    thing, number, rule = str(args[0]), int(args[1]), str(args[2])
    team_id = _team(turn, thing, number)
    own = findings.left(turn.session, turn.term, [team_id or 0]).get(team_id or 0, [])
    mine = next((each.found for each in own if each.found.key == (thing, number, rule)), None)
    if mine is None:
        return turn.say("lint.gone_title", "lint.gone")
    if not _may(turn, mine):
        return turn.say("lint.refused_title", "lint.refused")
    findings.undo(turn, thing, number, rule)
    _renewed(turn, mine)
    return Say(cards.undone(turn.voice, mine))


flow = Lint()
