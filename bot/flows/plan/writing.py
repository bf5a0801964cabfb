"""The letters of planning, written a set at a time from what is planned at that moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property, partial

from msgspec.structs import replace
from sqlmodel import Session

from bot import cadence
from bot.chat.cards import Block, Card
from bot.flow import Term
from bot.flows.plan import cards, posted
from bot.flows.plan.cards import Rights
from bot.flows.plan.desk import Desk, Office, office
from bot.kpis import readings
from bot.kpis.readings import Asked
from bot.quarter import alignment
from bot.quarter.alignment import Aim
from bot.quarter.crew import Crew, crew
from bot.texts import Voice
from storage import objectives, people, teams
from storage.letters import Letter
from storage.people import Person
from storage.teams import Team


class Pen:
    """A batch of letters, and what they are about."""

    def __init__(self, session: Session, term: Term, batch: Sequence[Letter]) -> None:
        self.session = session
        self.term = term
        self.batch = batch
        self.kinds = {_kind(letter) for letter in batch}
        self.crew: Crew = crew(session, term)
        self.readers = people.people(session, {x.person_id for x in batch if x.person_id})
        self.members = teams.members(session, person_ids=self.readers) if self.readers else {}

    @cached_property
    def office(self) -> Office:
        """The desks of all whom the batch goes to."""
        wanted = {i for number in self.readers for i in (*self.led(number), *self.own(number))}
        wanted |= {i for number in self._told for i in self.concerning.get(number, ())}
        start = not self.kinds <= CONCERNED
        return office(self.session, self.term, self.crew, wanted, start=start)

    @cached_property
    def to_members(self) -> Callable[[Voice, tuple[int, ...], tuple[Rights, ...]], Card]:
        """The card to members of some teams: the same for all who may do the same there."""
        return cache(partial(_to_members, self.term, self.office))

    @property
    def _told(self) -> set[int]:
        """Who is told of drafts in teams that they need not belong to."""
        told = {x.person_id or 0 for x in self.batch if _kind(x) in CONCERNED}
        return told & self.readers.keys()

    @cached_property
    def readings(self) -> Mapping[int, Sequence[Asked]]:
        """The readings of KPIs that are due today: a part of what planning asks that day."""
        return readings.due(self.session, self.term, self.readers) if self.term.plans else {}

    @cached_property
    def drafts_of(self) -> Mapping[int, Sequence[tuple[Desk, Aim]]]:
        """The drafts of which something is somebody's."""
        found: dict[int, list[tuple[Desk, Aim]]] = {}
        for desk in self.office.desks.values():
            for aim in desk.drafts:
                for owner in aim.owners:
                    found.setdefault(owner or 0, []).append((desk, aim))
        return found

    def led(self, number: int) -> list[int]:
        """The teams that somebody plans."""
        return [team.id or 0 for team in self.crew.led.get(number, ())]

    def own(self, number: int) -> list[int]:
        """The teams that somebody belongs to and does not plan."""
        led = self.led(number)
        return [i for i, own in self.members.items() if number in own and i not in led]

    @cached_property
    def concerning(self) -> Mapping[int, set[int]]:
        """The teams whose drafts concern somebody."""
        found: dict[int, set[int]] = {}
        for each in objectives.drafted(self.session, self.term.cycle_id):
            owners = (each.owner_id, each.key_result_owner_id)
            for number in self.crew.concerned(each.team_id, owners) if each.open else ():
                found.setdefault(number, set()).add(each.team_id)
        return found


def _kind(letter: Letter) -> str:
    return letter.subject.partition(":")[0]


def write(session: Session, term: Term, batch: Sequence[Letter]) -> dict[int, Card | None]:
    """Each letter's card; None where it is pointless by now, or may not be sent."""
    written: dict[int, Card | None] = {letter.id or 0: None for letter in batch}
    going = term.organisation.running in ("on", "pilot")
    own = [x for x in batch if x.cycle_id == term.cycle_id and (going or x.replaces)]
    if term.cycle is None or not own:
        return written
    posts = [letter for letter in own if letter.team_id and not letter.person_id]
    written |= _posts(session, term, posts) if posts else {}
    pen = Pen(session, term, [letter for letter in own if letter.person_id])
    for letter in pen.batch:
        reader = pen.readers.get(letter.person_id or 0)
        kind = _kind(letter)
        if reader is not None and kind in WRITERS:
            edits, voice = letter.replaces is not None, term.voice_of(reader)
            card = WRITERS[kind](pen, voice, reader, edits)
            also = pen.readings.get(letter.person_id or 0, ()) if card and kind in JOINED else ()
            if card and also and (kind == "drafts" or not edits):  # on the day of the message
                card = replace(card, blocks=(*card.blocks, *readings.part(voice, also)))
            written[letter.id or 0] = card
    return written


def note(voice: Voice, term: Term, name: str) -> Sequence[Block]:
    """What is to be done, and until when; after planning, when it is time again."""
    if not term.plans:
        return over(voice, term)
    drafts = day_of(term, term.calendar.drafts_weekday)
    posted = day_of(term, term.calendar.approved_weekday)
    if term.today > posted:
        return voice.blocks("plan.late", posted=voice.day(posted))
    return voice.blocks(
        f"plan.{name}",
        drafts="" if term.today > drafts else voice.day(drafts),
        posted=voice.day(posted),
        ends=voice.day(ends(term)),
        individual=term.organisation.individual_okrs,
    )


def over(voice: Voice, term: Term) -> Sequence[Block]:
    """The quarter is under way."""
    cycle = term.cycle
    again = cadence.next_monday(cycle.ends) if cycle else term.today
    return voice.blocks("plan.over", again=voice.day(again))


def day_of(term: Term, weekday: int) -> date:
    """A day of the last week of planning."""
    starts = term.cycle.starts if term.cycle else term.today
    return cadence.first_day(starts, term.calendar.planning_weeks) + timedelta(days=weekday)


def ends(term: Term) -> date:
    """The last Friday of the quarter."""
    starts = term.cycle.starts if term.cycle else term.today
    return cadence.first_day(starts, term.calendar.weeks) + timedelta(days=4)


def _lead(pen: Pen, voice: Voice, reader: Person, _: bool) -> Card | None:
    shown = pen.office.led_by(reader.id or 0)
    text = note(voice, pen.term, "ask")
    return cards.lead(voice, pen.office, shown, text, plans=pen.term.plans) if shown else None


def _idle(pen: Pen, voice: Voice, reader: Person, edits: bool) -> Card | None:
    """A reminder, where a team that somebody leads has drafted nothing."""
    shown = [d for d in pen.office.led_by(reader.id or 0) if d.team.lead_id == reader.id]
    idle = [desk for desk in shown if not desk.aims]
    if not (idle or (edits and shown)):
        return None
    text = note(voice, pen.term, "idle" if idle else "ask")
    return cards.lead(voice, pen.office, idle or shown, text, plans=pen.term.plans)


def _people(pen: Pen, voice: Voice, reader: Person, _: bool) -> Card | None:
    number = reader.id or 0
    shown = [pen.office.desks[i] for i in pen.own(number) if i in pen.office.desks]
    if not pen.term.organisation.individual_okrs:
        shown = [desk for desk in shown if desk.aims]
    if not shown:
        return None
    plans = pen.term.plans
    rights = tuple(cards.of_member(pen.office, desk, number, plans=plans) for desk in shown)
    return pen.to_members(voice, tuple(desk.id for desk in shown), rights)


def _to_members(
    term: Term, office: Office, voice: Voice, numbers: Sequence[int], rights: Sequence[Rights]
) -> Card:
    shown = [office.desks[number] for number in numbers]
    return cards.people(voice, office, shown, note(voice, term, "people"), rights)


def _drafts(pen: Pen, voice: Voice, reader: Person, edits: bool) -> Card | None:
    led = [d for d in pen.office.led_by(reader.id or 0) if d.drafts or not d.aims]
    if not any(desk.drafts for desk in led):
        led = []
    mine = ((desk, aim, desk.for_owner(aim, reader.id or 0)) for desk, aim in _mine(pen, reader))
    own = [(aim, found) for _, aim, found in mine if found]
    if led or own:
        return cards.drafts(voice, pen.office, led, own, plans=pen.term.plans)
    if not edits:
        return None
    return Card(voice.line("plan.settled_title"), voice.blocks("plan.settled"))


def _mine(pen: Pen, reader: Person) -> Iterator[tuple[Desk, Aim]]:
    """Somebody's own drafts in teams that they do not plan."""
    led = pen.led(reader.id or 0)
    for desk, aim in pen.drafts_of.get(reader.id or 0, ()):
        if desk.id not in led:
            yield desk, aim


def _told(pen: Pen, voice: Voice, reader: Person, edits: bool) -> Card | None:
    numbers = pen.concerning.get(reader.id or 0, set())
    leads = pen.crew.lines.leads
    found: list[tuple[Desk, Aim, Rights]] = []
    for number in sorted(numbers & pen.office.desks.keys()):
        desk = pen.office.desks[number]
        approves = reader.admin or reader.id in leads([number])
        for aim in desk.drafts:
            if reader.id in pen.crew.concerned(number, aim.owners):
                mine = reader.id == aim.objective.owner_id
                found.append((desk, aim, Rights(leads=approves, belongs=mine)))
    if found:
        return posted.told(voice, pen.crew, pen.office.tree, found)
    return Card(voice.line("plan.settled_title"), voice.blocks("plan.settled")) if edits else None


CONCERNED = {"drafts", "told"}
"""The messages about drafts alone."""
JOINED = ("lead", "people", "drafts")
"""With which messages the readings of that day go."""
Write = Callable[[Pen, Voice, Person, bool], Card | None]
WRITERS: Mapping[str, Write] = {
    "lead": _lead,
    "idle": _idle,
    "people": _people,
    "drafts": _drafts,
    "told": _told,
}


def _posts(session: Session, term: Term, batch: Iterable[Letter]) -> dict[int, Card | None]:
    """The trees of some teams, in one reading."""
    here = crew(session, term)
    known = here.lines.teams
    wanted = {letter.team_id or 0 for letter in batch}
    tree = alignment.grown_for(session, term, here.lines, wanted)
    written: dict[int, Card | None] = {}
    for letter in batch:
        team: Team | None = known.get(letter.team_id or 0)
        if team is not None:
            voice = term.voice_to(team)
            own = tree.at(team.id or 0)
            written[letter.id or 0] = posted.posted(voice, here, own, ends(term))
    return written
