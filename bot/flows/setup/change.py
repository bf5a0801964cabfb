"""A change of the calendar or the rules: shown with what it moves, and kept when confirmed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias, cast

import msgspec

from bot import plan
from bot.cadence import Calendar
from bot.chat.cards import Bullets, Button, Card, Spans
from bot.chat.forms import Choice, Form, Problem, Question, Read
from bot.chat.replies import Reply, Say
from bot.flow import Malformed, Turn, action, opens
from bot.flows.setup import calendar, rules
from bot.goals.carried import pack, unpack
from bot.texts import Voice
from storage import audit, cycles
from storage.organisation import Organisation, organisation

Part: TypeAlias = Literal["calendar", "rules"]
Said: TypeAlias = Mapping[str, str]
"""What shall be other than it is: values as they stand in the form, by question."""

NOTHING: Said = {}


def form(turn: Turn, part: Part, said: Said = NOTHING) -> Form:
    """The form as it is now, or as it was filled in before somebody looked at it again."""
    after, ours = _after(turn, part, said)
    if part == "calendar":
        return calendar.form(turn.voice, after)
    return rules.form(turn.voice, ours)


def look(turn: Turn, part: Part, filled: Form, read: Read) -> Reply:
    """What was filled in, what it moves, and whether to keep it; or what is wrong."""
    said, problems = _given(turn, part, filled, read)
    wrong = turn.fix(filled, read, *problems)
    if wrong is not None:
        return wrong
    now = {question.id: question.value for question in form(turn, part).questions()}
    other = {name: value for name, value in said.items() if value != now[name]}
    if not other:
        return turn.say("setup.same_title", "setup.same")
    return Say(_preview(turn, part, other))


def keep(turn: Turn, part: Part, packed: str) -> Reply:
    """Keep it for this cycle and those to come, and say what moves; once."""
    said = unpacked(turn, part, packed)
    lines = tuple(_lines(turn.voice, form(turn, part), said))
    if not lines:
        return turn.say("setup.same_title", "setup.same")
    after, ours = _after(turn, part, said)
    moves = _moves(turn, after, ours)
    _store(turn, after, ours)
    return Say(
        Card(
            turn.voice.line(f"setup.{part}_saved_title"),
            (Bullets(lines), *turn.voice.blocks("setup.moved", count=moves)),
        )
    )


def unpacked(turn: Turn, part: Part, packed: str) -> Said:
    """What a button carries, where it still fits what was set meanwhile."""
    now = form(turn, part)
    try:
        said = msgspec.json.decode(unpack(packed), type=dict[str, str])
    except ValueError:
        raise Malformed(packed[:80]) from None
    read = now.read({q.id: said.get(q.id, q.value) for q in now.questions()})
    if read.faults or _given(turn, part, now, read)[1]:
        raise Malformed(packed[:80])
    return said


def _given(turn: Turn, part: Part, filled: Form, read: Read) -> tuple[Said, list[Problem]]:
    """What a form says, and what of it cannot be."""
    if part == "rules":
        return rules.given(filled, read), []
    said, problems = calendar.given(turn.voice, filled, read)
    if said:
        problems += calendar.wrong(turn.voice, calendar.made(turn.term.calendar, said))
    return said, problems


def _preview(turn: Turn, part: Part, said: Said) -> Card:
    voice = turn.voice
    packed = pack(msgspec.json.encode(said).decode())
    moves = _moves(turn, *_after(turn, part, said))
    return preview(voice, part, tuple(_lines(voice, form(turn, part), said)), moves, packed)


def preview(voice: Voice, part: Part, lines: tuple[Spans, ...], moves: int, packed: str) -> Card:
    """Each change from what to what, and what it does to messages that were not sent yet."""
    return Card(
        voice.line("setup.look_title"),
        (Bullets(lines), *voice.blocks("setup.moves", count=moves)),
        (
            Button(voice.line("setup.save"), action("setup", "keep", part, packed), "primary"),
            opens(voice.line("setup.again"), action("setup", part, packed)),
        ),
    )


def _lines(voice: Voice, now: Form, said: Said) -> Iterator[Spans]:
    for question in now.questions():
        value = said.get(question.id, question.value)
        if value != question.value:
            yield voice.spans(
                "setup.change",
                what=question.label,
                before=_shown(voice, question, cast(str, question.value)),
                after=_shown(voice, question, cast(str, value)),
            )


def _shown(voice: Voice, question: Question, value: str) -> str:
    if isinstance(question, Choice):
        return next((o.label for o in question.options if o.value == value), value)
    return value or voice.line("setup.nothing")


def _after(turn: Turn, part: Part, said: Said) -> tuple[Calendar, Organisation]:
    if part == "calendar":
        return calendar.made(turn.term.calendar, said), rules.made(turn.term.organisation, {})
    return turn.term.calendar, rules.made(turn.term.organisation, said)


def _moves(turn: Turn, after: Calendar, ours: Organisation) -> int:
    term = replace(turn.term, calendar=after, organisation=ours)
    return len(plan.foresee(turn.session, term, turn.now).moves)


def _store(turn: Turn, after: Calendar, ours: Organisation) -> None:
    text = msgspec.json.encode(after).decode()
    columns = {rule.field: getattr(ours, rule.field) for rule in rules.RULES}
    cycle = cycles.by_number(turn.session, [turn.term.cycle_id]).get(turn.term.cycle_id)
    for thing, row in (("organisation", organisation(turn.session)), ("cycle", cycle)):
        if row is None:
            continue
        before = audit.fields(row)
        row.calendar = text
        for field, value in columns.items() if thing == "organisation" else ():
            setattr(row, field, value)
        changed = audit.fields(row)
        audit.note(turn.session, turn.now, thing, row.id, by=turn.me, before=before, after=changed)
        turn.session.add(row)
    turn.session.flush()
    turn.session.info["replan"] = True
