"""Objectives and key results changed, dropped and taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from bot.chat.cards import Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Turn, Word, action
from bot.flows.edit import cards, goalposts, meanwhile
from bot.goals import asking, checks, findings, store
from bot.goals.moving import Goalposts
from bot.goals.room import Room, room
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.texts import Voice
from storage import audit, objectives, people
from storage.objectives import KeyResult, Objective

OBJECTIVE = ("objective", "o", "goal")
WAITS = ("draft", "review")
KEY_RESULT = ("kr", "key", "keyresult", "result")


class Edit(Flow):
    """`edit`, `edit 12`, `edit objective 3`."""

    name = "edit"
    words = (Word("edit"),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The form of what was named, or all that one may change."""
        words = [word for word in said.rest.split() if word.lower() not in KEY_RESULT]
        if not words:
            return Say(_list(turn))
        if words[0].lower() in OBJECTIVE:
            number = words[1].lstrip("#") if len(words) > 1 else ""
            return self._open(turn, "objective", number)
        found = objectives.find(turn.session, turn.term.cycle_id, words[0].lstrip("#"))
        return self._open(turn, "kr", str(found[0].id) if found else "")

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """Pre-filled with what is stored now; None where one may not change it."""
        if verb == "objective":
            objective = _objective(turn, args[0])
            here = room(turn)
            if objective is None or not here.changes(objective):
                return None
            title = turn.voice.line("edit.objective_title")
            now = ObjectiveValues.of(objective)
            intro = findings.before(turn, "objective", objective.id or 0, objective.team_id)
            meaning = _meaning(turn, verb, args[0])
            parents = here.parents([now.team_id])
            return asking.objective(turn, here, title, meaning, now, parents, intro)
        found = _key_result(turn, args[0]) if verb == "kr" else None
        here = room(turn)
        if found is None or not here.changes_key_result(*found):
            return None
        title = turn.voice.line("edit.key_result_title", number=found[0].id)
        intro = findings.before(turn, "key_result", found[0].id or 0, found[1].team_id)
        meaning, values = _meaning(turn, verb, args[0]), _now(turn, found[0])
        why = tuple(goalposts.why(turn, here, found[1]))
        return asking.key_result(turn, here, title, meaning, values, intro, why=why)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Drop and take back; or why there is no form."""
        if verb in ("objective", "kr"):
            return _refused(turn, verb, args[0])
        if verb in ("drop_objective", "restore_objective"):
            return _objective_state(turn, args[0], wanted=verb.removesuffix("_objective"))
        found = objectives.key_result(turn.session, int(args[0]))
        if verb not in ("drop", "restore") or found is None:
            return super().click(turn, verb, args)
        kr, objective = found
        if objective.cycle_id != turn.term.cycle_id or not room(turn).changes_key_result(*found):
            return _refused(turn, "kr", args[0])
        wanted = "dropped" if verb == "drop" else "open"
        if kr.state != "closed":
            store.state(turn, "key_result", kr, wanted)
            findings.look(turn, objective.team_id)
        return Say(cards.dropped(turn.voice, kr))

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep the change, or say beside each question what is wrong."""
        if verb == "objective":
            return _save_objective(turn, args, form, read)
        return _save_key_result(turn, args, form, read)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The list, the forms, what was saved and dropped."""
        return cards.examples(voice)

    def _open(self, turn: Turn, verb: str, number: str) -> Reply:
        if not (number.isascii() and number.isdecimal()):
            return turn.say("edit.unknown_title", "edit.unknown")
        form = self.form(turn, verb, [number])
        return Open(form) if form is not None else _refused(turn, verb, number)


def _meaning(turn: Turn, verb: str, number: str) -> str:
    """The form's action; it says when it was opened."""
    return action("edit", verb, number, int(turn.now.timestamp()))


def _objective(turn: Turn, number: str) -> Objective | None:
    """The objective, if it is of this cycle and not over."""
    row = objectives.by_number(turn.session, [int(number)]).get(int(number))
    over = row is None or row.cycle_id != turn.term.cycle_id or row.state in ("closed", "dropped")
    return None if over else row


def _key_result(turn: Turn, number: str) -> tuple[KeyResult, Objective] | None:
    """The key result and its objective, if they are of this cycle and not over."""
    found = objectives.key_result(turn.session, int(number))
    if found is None or found[0].state != "open":
        return None
    return found if _objective(turn, str(found[1].id)) is not None else None


def _now(turn: Turn, kr: KeyResult) -> KeyResultValues:
    steps = objectives.milestones(turn.session, [kr.id or 0]).get(kr.id or 0, [])
    return KeyResultValues.of(kr, steps)


def _save_objective(turn: Turn, args: Sequence[str], form: Form, read: Read) -> Reply:
    row, here = _objective(turn, args[0]), room(turn)
    if row is None:
        return turn.say("edit.unknown_title", "edit.unknown")
    values, problems = checks.objective(turn, read, here)
    problems += meanwhile.objective(turn, row, values, args)
    wrong = turn.fix(form, read, *problems)
    if wrong is not None:
        return wrong
    was = row.team_id
    store.objective(turn, values, row)
    store.seen(turn, {row.owner_id})
    if row.state in WAITS:
        store.shown_to_lead(turn, row.id or 0)
    if was != row.team_id:
        findings.look(turn, was)
    return Say(_objective_card(turn, here, row))


def _objective_state(turn: Turn, number: str, wanted: str) -> Reply:
    """Drop an objective or take it back; its key results follow, as nobody is asked about them."""
    row = objectives.by_number(turn.session, [int(number)]).get(int(number))
    if row is None or row.cycle_id != turn.term.cycle_id or row.state == "closed":
        return turn.say("edit.unknown_title", "edit.unknown")
    if not room(turn).changes(row):
        return _refused(turn, "objective", number, row)
    krs = objectives.key_results(turn.session, [row.id or 0])
    if (row.state == "dropped") != (wanted == "drop"):
        state = "dropped" if wanted == "drop" else _state_before(turn, row)
        store.state(turn, "objective", row, state)
        store.seen(turn, {kr.owner_id for kr in krs})
        findings.look(turn, row.team_id)
    return Say(cards.objective_dropped(turn.voice, row, len(krs)))


def _state_before(turn: Turn, row: Objective) -> str:
    """What an objective was before it was dropped."""
    for entry in audit.of_thing(turn.session, "objective", row.id):
        before = msgspec.json.decode(entry.before or "{}").get("state")
        after = msgspec.json.decode(entry.after or "{}").get("state")
        if after == "dropped" and before in objectives.LIVE:
            return str(before)
    return "review"


def _objective_card(turn: Turn, here: Room, row: Objective) -> Card:
    owner = people.person(turn.session, row.owner_id or 0)
    team = here.lines.teams.get(row.team_id)
    found = findings.of_thing(findings.look(turn, row.team_id), "objective", row.id)
    name = owner.name if owner else ""
    return cards.objective(turn.voice, row, team.name if team else "", name, found)


def _save_key_result(turn: Turn, args: Sequence[str], form: Form, read: Read) -> Reply:
    found = _key_result(turn, args[0])
    if found is None:
        return turn.say("edit.unknown_title", "edit.unknown")
    before, here = _now(turn, found[0]), room(turn)
    values, problems = checks.key_result(turn, read)
    problems += goalposts.problems(turn, here, found, before, values, read)
    problems += meanwhile.key_result(turn, found[0], before, values, args)
    wrong = turn.fix(form, read, *problems)
    if wrong is not None:
        return wrong
    posts = goalposts.moved(turn, before, values)
    waits = posts is not None and not here.approves(found[1].team_id)
    if posts is not None and not waits:
        goalposts.propose(turn, *found, posts, read, by=turn.person)
    kept = replace(values, **Goalposts.of(before)._asdict()) if waits else values
    row = store.key_result(turn, kept, found[0])
    proposed = goalposts.propose(turn, row, found[1], posts, read) if waits and posts else None
    objective = objectives.by_number(turn.session, [values.objective_id])[values.objective_id]
    owner = people.person(turn.session, values.owner_id or 0)
    name = owner.name if owner else ""
    own = findings.look(turn, objective.team_id)
    if objective.state in WAITS:
        store.shown_to_lead(turn, objective.id or 0)
    if found[1].team_id != objective.team_id:
        findings.look(turn, found[1].team_id)
    said = findings.of_thing(own, "key_result", row.id)
    now = _now(turn, row)
    card = cards.key_result(turn.voice, row.id or 0, before, now, objective, name, said, proposed)
    return Say(card)


def _refused(turn: Turn, verb: str, number: str, dropped: Objective | None = None) -> Reply:
    """It does not exist, is over, or is somebody else's: then whom to ask."""
    if verb == "objective":
        objective = dropped or _objective(turn, number)
        owners = {objective.owner_id} if objective is not None else set()
    else:
        found = _key_result(turn, number)
        objective = found[1] if found is not None else None
        owners = {found[0].owner_id, found[1].owner_id} if found is not None else set()
    if objective is None:
        return turn.say("edit.unknown_title", "edit.unknown")
    leads = room(turn).lines.leads([objective.team_id])
    asked = people.people(turn.session, {number for number in {*owners, *leads} if number})
    names = ", ".join(sorted(person.name for person in asked.values()))
    return turn.say("edit.refused_title", "edit.refused", names=names)


def _list(turn: Turn) -> Card:
    here = room(turn)
    found = objectives.key_results(turn.session, here.objectives)
    mine = [
        (kr, here.objectives[kr.objective_id])
        for kr in found
        if kr.state == "open" and here.changes_key_result(kr, here.objectives[kr.objective_id])
    ]
    first = sorted(mine, key=lambda pair: pair[0].owner_id != turn.me)
    return cards.listed(turn.voice, [kr for kr, _ in first], here.changeable)


flow = Edit()
