"""What stands in people's way, until it is solved: "blockers", "blockers growth"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot import cast
from bot.cadence import first_day
from bot.chat.cards import Block, Button, Buttons, Card, Text
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import LONGEST_ABOUT, Turn, Word, action
from bot.looking.scope import Looking, Scope
from bot.texts import Voice, brief
from storage import checkins, objectives, people, teams
from storage.checkins import Blocker
from storage.people import Person

PAGE = 8
"""How many one message shows, each with its own buttons, on every platform."""
LONGEST_TEAM = 35


@dataclass(frozen=True)
class Heap:
    """What stands in the way in some teams, the oldest first."""

    name: str
    found: Sequence[Blocker]
    today: date
    starts: date
    number: int = 0
    people: Mapping[int, Person] = field(default_factory=dict)

    def called(self, person_id: int | None) -> str:
        """Somebody's name, or nothing."""
        person = self.people.get(person_id or 0)
        return person.name if person else ""


class Blockers(Looking):
    """Everybody may look and help; who may say that it is solved stands in the digest's flow."""

    name = "blockers"
    words = (Word("blockers", reads=True),)

    def look(self, turn: Turn, scope: Scope, page: int) -> Reply:
        """A page of them."""
        return _shown(turn, scope, page)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Open, taken and overdue, many, none, and hostile text."""
        return _examples(voice)


def _shown(turn: Turn, scope: Scope, page: int) -> Reply:
    term, session = turn.term, turn.session
    if term.cycle is None:
        return turn.say("blockers.none_title", "blockers.no_quarter")
    members = teams.members(session, scope.teams)
    owners = objectives.owners_of(session, term.cycle_id, scope.teams)
    crew = owners.union(*members.values())
    found = sorted(checkins.blockers(session, term.cycle_id, crew), key=_age)
    ids = {i for b in found for i in (b.person_id, b.helper_id, b.taken_by_id) if i}
    known = people.people(session, ids)
    heap = Heap(scope.name, found, turn.today, term.cycle.starts, scope.number, known)
    return Say(card(turn.voice, heap, page))


def _age(blocker: Blocker) -> tuple[int, int]:
    return (blocker.week, blocker.id or 0)


def card(voice: Voice, heap: Heap, page: int = 1) -> Card:
    """A page of them, each with its buttons."""
    pages = max(1, (len(heap.found) - 1) // PAGE + 1)
    page = min(max(page, 1), pages)
    late = sum(_overdue(heap, blocker) for blocker in heap.found)
    blocks: list[Block] = [*voice.blocks("blockers.intro", count=len(heap.found), late=late)]
    for blocker in heap.found[(page - 1) * PAGE : page * PAGE]:
        blocks += _one(voice, heap, blocker)
    title = voice.line("blockers.title", team=brief(heap.name, LONGEST_TEAM))
    return Card(title, tuple(blocks), tuple(_turning(voice, heap, page, pages)))


def _one(voice: Voice, heap: Heap, blocker: Blocker) -> Iterator[Block]:
    overdue = _overdue(heap, blocker)
    by = "" if blocker.by is None else voice.day(blocker.by)
    yield voice.text(
        "blockers.one",
        who=heap.called(blocker.person_id) or "?",
        text=blocker.text,
    )
    line = voice.spans(
        "blockers.standing",
        taken=heap.called(blocker.taken_by_id) if blocker.state == "taken" else "",
        helper=heap.called(blocker.helper_id),
        by="" if overdue else by,
        overdue=by if overdue else "",
        weeks=_weeks(heap, blocker),
    )
    yield Text(line, "quiet")
    yield Buttons(tuple(_offers(voice, blocker)))


def _overdue(heap: Heap, blocker: Blocker) -> bool:
    return blocker.by is not None and blocker.by < heap.today


def _weeks(heap: Heap, blocker: Blocker) -> int:
    """For how many whole weeks it has stood there."""
    return max(0, (heap.today - first_day(heap.starts, blocker.week)).days // 7)


def _offers(voice: Voice, blocker: Blocker) -> Iterator[Button]:
    about = blocker.text[:LONGEST_ABOUT]
    if blocker.state == "open":
        yield Button(voice.line("digest.take"), action("digest", "take", blocker.id), about=about)
    yield Button(voice.line("digest.solved"), action("digest", "solved", blocker.id), about=about)


def _turning(voice: Voice, heap: Heap, page: int, pages: int) -> Iterator[Button]:
    if page > 1:
        yield Button(voice.line("risk.back"), action("blockers", "page", heap.number, page - 1))
    if page < pages:
        yield Button(
            voice.line("risk.next"), action("blockers", "page", heap.number, page + 1), "primary"
        )


def _examples(voice: Voice) -> Iterable[Example]:
    known = {p.id or 0: p for p in (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)}
    today = cast.FRIDAY.date()
    late = cast.BLOCKER.model_copy(update={"id": 6, "week": 3, "by": date(2026, 10, 28)})
    taken = cast.BLOCKER.model_copy(
        update={"id": 8, "person_id": 4, "state": "taken", "taken_by_id": 1, "by": None, "week": 4}
    )
    hostile = cast.BLOCKER.model_copy(update={"text": cast.HOSTILE})

    def shown(name: str, *found: Blocker, page: int = 1) -> Card:
        return card(voice, Heap(name, found, today, cast.STARTS, 2, known), page)

    yield Example("blockers", "of a team", shown("Growth", late, taken, cast.BLOCKER))
    yield Example("blockers", "many", shown("", *[late, taken, cast.BLOCKER] * 7, page=2))
    yield Example("blockers", "none", shown("Growth"))
    yield Example("blockers", "with hostile text", shown(cast.HOSTILE, hostile))
    nobody = card(voice, Heap("Growth", [cast.BLOCKER], today, cast.STARTS))
    yield Example("blockers", "of somebody who is gone", nobody)


flow = Blockers()
