"""New objectives and key results, and a lead's word on those of members."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Said, Term, Turn, Word
from bot.flows.add import approval, asked, cards, samples
from bot.goals import approving, checks, findings, store
from bot.goals.carried import LONGEST
from bot.goals.room import Room, room, whom_to_ask
from bot.goals.values import KeyResultValues, ObjectiveValues
from bot.texts import Voice
from storage import inbound, objectives, people
from storage.letters import Letter

KEY_RESULT = ("kr", "key", "keyresult", "key-result")


class Add(Flow):
    """`add`, `add objective`, `add kr decrease churn from 4% to 3%`."""

    name = "add"
    words = (Word("add"),)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """To a lead: what waits for approval. To an owner: that it was approved."""
        return approval.write(session, term, letters)

    def because(self, voice: Voice, letter: Letter) -> str:
        """A lead approves; an owner hears of it."""
        return voice.line(f"add.because_{letter.subject.partition(':')[0]}")

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The two forms, the one that was named filled with what was typed after it."""
        if turn.term.cycle is None:
            return turn.say("add.no_cycle_title", "add.no_cycle")
        if len(said.rest) > LONGEST:
            return turn.say("add.too_long_title", "add.too_long", most=LONGEST)
        first, _, rest = said.rest.partition(" ")
        rest = rest.strip()
        if first.casefold() in turn.voice.line("add.words_objective").split(", "):
            return _opened(turn, "objective", rest)
        if first.lower() in KEY_RESULT:
            text = rest.removeprefix("result ") if first.lower() == "key" else rest
            return _opened(turn, "kr", text)
        if said.rest and asked.is_key_result(said.rest, turn.voice.locale):
            return _opened(turn, "kr", said.rest)
        return Say(_start(turn))

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form of an objective or of a key result; None where there is nothing to choose."""
        match verb:
            case "objective":
                return asked.objective(turn, room(turn), args)
            case "kr":
                return asked.key_result(turn, room(turn), args)
            case _:
                return None

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Approve; or why there is no form."""
        match verb:
            case "approve":
                return approval.approve(turn, int(args[0]))
            case "objective" | "kr":
                return _nowhere(turn, verb)
            case _:
                return super().click(turn, verb, args)

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it once, or say beside each question what is wrong."""
        here = room(turn)
        if verb == "objective":
            values, problems = checks.objective(turn, read, here)
            wrong = turn.fix(form, read, *problems)
            return wrong or _once(turn, args) or _objective(turn, here, values)
        key_result, problems = checks.key_result(turn, read)
        wrong = turn.fix(form, read, *problems)
        return wrong or _once(turn, args) or _key_result(turn, key_result)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The start, the forms, what was saved, what waits."""
        return samples.examples(voice)


def _opened(turn: Turn, verb: str, text: str) -> Reply:
    here, args = room(turn), asked.args(text)
    ask = asked.objective if verb == "objective" else asked.key_result
    form = ask(turn, here, args)
    return Open(form) if form is not None else _nowhere(turn, verb)


def _nowhere(turn: Turn, verb: str) -> Reply:
    """There is no team or objective one may add to: whom to ask."""
    names = ", ".join(whom_to_ask(turn, room(turn)))
    if verb == "objective":
        return turn.say("add.no_team_title", "add.no_team", names=names)
    return turn.say("add.no_objective_title", "add.no_objective", names=names)


def _start(turn: Turn) -> Card:
    here = room(turn)
    waiting = [
        each
        for each in here.objectives.values()
        if each.state in approving.OPEN and here.approves(each.team_id)
    ]
    return cards.start(turn.voice, waiting, {i: t.name for i, t in here.lines.teams.items()})


def _once(turn: Turn, args: Sequence[str]) -> Reply | None:
    """The answer to a form that was sent before."""
    if inbound.first_time(turn.session, "once", f"add:{args[0]}", turn.now):
        return None
    return turn.say("add.twice_title", "add.twice")


def _objective(turn: Turn, here: Room, values: ObjectiveValues) -> Reply:
    state = approving.begins(turn, here, values.team_id)
    row = store.objective(turn, values, None, state)
    owner = people.person(turn.session, values.owner_id or 0)
    team = here.lines.teams[values.team_id]
    lead = approving.ask(turn, here, row) if state == "review" else ""
    return Say(
        cards.objective(
            turn.voice,
            row,
            team.name,
            owner.name if owner else "",
            waits_for=lead,
            found=findings.of_thing(findings.look(turn, row.team_id), "objective", row.id),
        )
    )


def _key_result(turn: Turn, values: KeyResultValues) -> Reply:
    row = store.key_result(turn, values, None)
    objective = objectives.by_number(turn.session, [values.objective_id])[values.objective_id]
    owner = people.person(turn.session, values.owner_id or 0)
    name = owner.name if owner else ""
    found = findings.of_thing(findings.look(turn, objective.team_id), "key_result", row.id)
    beside = objectives.key_results(turn.session, [values.objective_id])
    if objective.state == "review":
        store.shown_to_lead(turn, objective.id or 0)
    return Say(
        cards.key_result(
            turn.voice, row.id or 0, values, objective, name, found=found, asks=len(beside) > 1
        )
    )


flow = Add()
