"""What a conversation is: the words it answers, what it plans, writes, asks and hears."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, SupportsIndex, TypeVar, cast, overload
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import cadence
from bot.cadence import Calendar, calendar_of
from bot.chat.cards import Button, Card, Mention, Spans
from bot.chat.events import Mentioned
from bot.chat.forms import Form, Problem, Read, Somebody
from bot.chat.replies import Fix, Reply, Say
from bot.chat.stage import Example
from bot.chat.who import Actor, Destination
from bot.texts import Voice, fix, languages
from storage.cycles import Cycle
from storage.letters import Draft, Letter
from storage.organisation import Organisation
from storage.people import Identity, Person
from storage.teams import Team

if TYPE_CHECKING:
    from bot.outlook import Outlook

LONGEST_NUMBER = 10
HIGHEST_NUMBER = 2**31 - 1
"""What fits a row's number on either engine."""
LONGEST_ABOUT = 60
"""So many signs of what a button is `about` are enough to tell it from others."""
T = TypeVar("T")


@dataclass(frozen=True)
class Term:
    """The organisation at one moment: its cycle, its calendar, the week and the day."""

    organisation: Organisation
    cycle: Cycle | None
    calendar: Calendar
    week: int | None
    today: date

    @property
    def cycle_id(self) -> int:
        """The cycle's number, or 0 where there is none."""
        return (self.cycle.id if self.cycle else None) or 0

    @property
    def plans(self) -> bool:
        """Whether it is a week of planning: what is new is a draft until its set is approved."""
        return cadence.plans(self.calendar, self.week)

    @property
    def judged(self) -> int:
        """The week whose pace counts: this one from its check-in day on, until then the last.

        A week's pace is what is expected at its end. Were it due on Monday, what somebody types
        then would contradict the digest of that very morning, though nothing has moved.
        """
        week = self.week or 1
        monday = cadence.first_day(self.cycle.starts, week) if self.cycle else self.today
        checkin = monday + timedelta(days=self.calendar.checkin_weekday)
        return week if self.today >= checkin else max(week - 1, 1)

    def at_the_end_of(self, cycle: Cycle) -> "Term":
        """The term in the last week of a cycle: how it left things."""
        calendar = calendar_of(cycle.calendar)
        return replace(self, cycle=cycle, calendar=calendar, week=calendar.weeks)

    def day_at(self, at: datetime) -> date:
        """The day of a moment where the organisation is."""
        return at.astimezone(ZoneInfo(self.organisation.zone)).date()

    def zone_of(self, person: Person) -> str:
        """Where somebody is."""
        return person.zone or self.organisation.zone

    def day_of(self, person: Person, at: datetime) -> date:
        """The day of a moment where somebody is."""
        return at.astimezone(ZoneInfo(self.zone_of(person))).date()

    def voice_of(self, person: Person) -> Voice:
        """How somebody is spoken to."""
        return Voice(person.locale or self.organisation.language, self.zone_of(person))

    def voice_to(self, team: Team) -> Voice:
        """How a team is spoken to."""
        ours = self.organisation
        return Voice(team.locale or ours.language, team.zone or ours.zone)


@dataclass(frozen=True)
class Said:
    """A command: its word in our spelling, what followed it, and who was mentioned."""

    word: str
    rest: str = ""
    mentions: tuple[Mentioned, ...] = ()


def once(known: dict[object, object], what: Hashable, find: Callable[[], T]) -> T:
    """What `find` finds, asked for where it is not `known` yet."""
    if what not in known:
        known[what] = find()
    return cast("T", known[what])


@dataclass(frozen=True)
class Turn:
    """One event of one person: what a flow needs to answer it."""

    session: Session
    now: datetime
    term: Term
    person: Person
    at: Destination
    private: bool = True
    message: str = ""
    known: dict[object, object] = field(default_factory=dict, compare=False, repr=False)
    """What `once` has found already."""

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds, asked for the first time only: form and submit read the same rows."""
        return once(self.known, what, find)

    @property
    def me(self) -> int:
        """The person's number."""
        return self.person.id or 0

    @property
    def voice(self) -> Voice:
        """How the person is spoken to."""
        return self.term.voice_of(self.person)

    @property
    def today(self) -> date:
        """The day it is where the person is."""
        return self.now.astimezone(ZoneInfo(self.voice.zone)).date()

    def say(self, title: str, *blocks: str, **values: object) -> Say:
        """A short card: the title's text and further texts, all given the same values."""
        voice = self.voice
        return Say(
            Card(
                voice.line(title, **values),
                tuple(block for name in blocks for block in voice.blocks(name, **values)),
            )
        )

    def fix(self, form: Form, read: Read, *more: Problem) -> Fix | None:
        """The form with all its problems, or None where there are none."""
        problems = fix(self.voice, read, more)
        return Fix(form, problems) if problems else None


@dataclass(frozen=True)
class Word:
    """A command. `reads` promises that answering it changes nothing."""

    name: str
    reads: bool = False
    admin: bool = False

    @property
    def texts(self) -> str:
        """The name of its texts."""
        return "at" if self.name == "@" else self.name.replace("-", "_")

    @property
    def also(self) -> Iterator[str]:
        """What else people type for it, in every language."""
        return typed_for(self.texts)


def typed_for(name: str) -> Iterator[str]:
    """What people type for a word, or for a part of what follows it, in every language."""
    for language in languages():
        yield from Voice(language).line(f"words.{name}").split(", ")


@dataclass(frozen=True)
class Waiting:
    """Something that somebody can do now: one line in words, and the button that does it."""

    line: Spans
    button: Button


class Flow:
    """One conversation. A file under `flows/` holds one and offers it as `flow`.

    What comes back from a platform is an action "flow:verb:argument:…", which carries all that is
    meant. Each method below is answered with a polite no where a flow does not know the verb.
    """

    name = ""
    words: tuple[Word, ...] = ()

    def plan(self, outlook: "Outlook") -> Iterable[Draft]:
        """The letters this flow wants sent in the days ahead."""
        return ()

    def write(
        self,
        session: Session,
        term: Term,
        letters: Sequence[Letter],
        now: datetime,
    ) -> Mapping[int, Card | None]:
        """The card of each letter, from the data of this moment; None where it is pointless now."""
        return {letter.id or 0: None for letter in letters}

    def after(self, session: Session, term: Term, letter: Letter, now: datetime) -> None:
        """What follows once a letter has arrived, in the transaction that marks it sent."""

    def because(self, voice: Voice, letter: Letter) -> str:
        """Why somebody gets a letter, in one sentence to them."""
        return voice.line("notes.because", kind=letter.kind)

    def label(self, voice: Voice, letter: Letter) -> str:
        """What a letter is, in a few words: its flow's text `label`, by the head of the subject."""
        return voice.line(f"{self.name}.label", what=letter.subject.partition(":")[0])

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """What waits for somebody here, for their home; the weekly check-in stands there anyway."""
        return ()

    def typed(self, turn: Turn, said: Said) -> Reply:
        """Answer one of this flow's words."""
        raise Forgotten(said.word)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Answer a button."""
        raise Forgotten(verb)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The form of an action, as it would be shown now; None where it no longer makes sense."""
        return None

    def submit(
        self,
        turn: Turn,
        verb: str,
        args: Sequence[str],
        form: Form,
        read: Read,
    ) -> Reply:
        """Answer a form; whatever is wrong goes back beside its question."""
        raise Forgotten(verb)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card and form of this flow: its gallery, golden files and documentation."""
        return ()


class Forgotten(Exception):
    """A button or form that this version of the bot no longer knows."""


class Malformed(Forgotten, ValueError, IndexError):
    """An action that no version of the bot can have made: a part is missing, or is no number."""


class Part(str):
    """One part of an action. As a number it is one that a row, a week or a moment can have."""

    __slots__ = ()

    def __int__(self) -> int:
        if self.isascii() and self.isdigit() and len(self) <= LONGEST_NUMBER:
            number = int(str(self))
            if number <= HIGHEST_NUMBER:
                return number
        raise Malformed(self[:80])


class Parts(tuple[Part, ...]):
    """What an action carries after its verb, in which what is missing is not our mistake."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: SupportsIndex) -> Part: ...
    @overload
    def __getitem__(self, place: slice) -> "Parts": ...
    def __getitem__(self, place: SupportsIndex | slice) -> "Part | Parts":
        if isinstance(place, slice):
            return Parts(super().__getitem__(place))
        try:
            return super().__getitem__(place)
        except IndexError:
            raise Malformed(":".join(self)[:80]) from None


def meant(meaning: str) -> tuple[str, str, Parts]:
    """The flow, the verb and the rest of an action that came back from a platform."""
    flow, *rest = meaning.split(":")
    if not rest or not meaning.isprintable():
        raise Malformed(meaning[:80])
    return flow, rest[0], Parts(map(Part, rest[1:]))


def action(flow: str, verb: str, *args: object) -> str:
    """A button's or form's meaning, as text."""
    return ":".join((flow, verb, *map(str, args)))


def opens(label: str, meaning: str, *, primary: bool = False, about: str = "") -> Button:
    """A button that opens a form."""
    return Button(label, meaning, "primary" if primary else "plain", opens_form=True, about=about)


def mention(person: Person | None, identities: Sequence[Identity] = ()) -> Mention:
    """A person, to be told where the reader's platform knows them."""
    return Mention(
        person.name if person else "?",
        tuple(Actor(row.platform, row.workspace, row.account) for row in identities),
    )


def named(person: Person | None) -> Mention:
    """A person's name, telling nobody."""
    return mention(person)


def somebody(
    people: Iterable[Person], identities: Mapping[int, Sequence[Identity]]
) -> tuple[Somebody, ...]:
    """People to choose from in a form."""
    return tuple(
        Somebody(
            str(person.id), person.name, mention(person, identities.get(person.id or 0, ())).actors
        )
        for person in people
    )


Clock = Callable[[], datetime]
