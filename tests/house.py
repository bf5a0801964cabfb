"""Conversations as data, through the real core and a real database: the fixed cast at work.

>>> house = await House.open(database)
>>> await house.go_to("Thu 10:00", zone="America/New_York")
>>> house.last(BOB).title
'Week 5 check-in'
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from bot import cadence, cast
from bot.chat.cards import Block, Bullets, Button, Buttons, Card, Chart, Facts, Meter, Table, Text
from bot.chat.events import Clicked, Event, Opened, Profile, Submitted, Typed, Values
from bot.chat.forms import Form
from bot.chat.replies import Fix, Open, Reply, Say
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.operations.witness import Witness
from bot.running import Bot
from bot.texts import plain
from storage.checkins import Update
from storage.database import Database
from storage.kpis import Kpi, Reading
from storage.organisation import Organisation
from storage.people import Identity, Person
from storage.teams import Channel, Membership
from tests.furnished import Rows
from tests.loopback import Loopback, Message

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERYONE = (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)
CHANNEL = "channel:growth"
MONDAY = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
NEXT_QUARTER = date(2027, 1, 4)


Opening: TypeAlias = tuple[Rows, tuple[Message, ...]]
"""The rows and the messages of a house that has just been opened."""
_opened: dict[tuple[str, str], Opening] = {}


class House:
    """The company of `bot.cast` on one platform, on Monday 6:00 UTC of week 5."""

    def __init__(
        self, database: Database, witness: Witness | None = None, moment: datetime = MONDAY
    ) -> None:
        self.database = database
        self.starts = cast.STARTS
        self.platform = Loopback(
            emails={p.email: Profile(p.name, p.email, p.zone or "UTC") for p in EVERYONE}
        )
        self._moment = moment
        self.bot = Bot(
            database,
            {"loopback": self.platform},
            Clock(lambda: self._moment),
            "test-worker",
            patience=60,
            witness=witness,
        )
        self._ids = (f"e{n}" for n in itertools.count(1))

    @classmethod
    async def open(
        cls, database: Database, running: str = "on", witness: Witness | None = None
    ) -> "House":
        """The house, furnished: people, teams, objectives, four weeks of history."""
        house = cls(database, witness)
        kind = (database.dialect, running)
        if witness is None and kind in _opened:
            await house._as_opened(_opened[kind])
            return house
        await database.write(lambda session: furnish(session, running), patience=None)
        await house.bot.settle()
        if witness is None:
            rows = await database.read(Rows.of, patience=None)
            _opened[kind] = (rows, tuple(house.platform.messages))
        return house

    @classmethod
    async def open_to_plan(
        cls, database: Database, more: Callable[[Session], None] | None = None
    ) -> "House":
        """The house on Monday 2:00 UTC of week 1 of the quarter after, in which nothing is said."""
        moment = datetime.combine(NEXT_QUARTER, time(2), UTC)
        house = cls(database, moment=moment)
        house.starts = NEXT_QUARTER
        await database.write(lambda session: furnish(session), patience=None)
        if more is not None:
            await database.write(more, patience=None)
        await house.bot.settle()
        return house

    async def _as_opened(self, known: "Opening") -> None:
        """As after `open`, from what the first house of its kind kept of it."""
        rows, messages = known
        await self.database.write(rows.put, patience=None)
        self.platform.messages += messages
        self.platform.attempts = len(messages)
        self.bot._settled_at = self.bot.duties._planned_at = self.now

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.bot.clock.now()

    async def allow(self, unasked: int) -> None:
        """So many unasked messages a person and week."""

        def keep(session: Session) -> None:
            session.get_one(Organisation, 1).unasked_per_week = unasked

        await self.database.write(keep)

    async def go_to(self, when: str | datetime, zone: str = "Europe/Berlin", week: int = 5) -> int:
        """Move on to "Thu 10:00" of a week, delivering all that falls due; how many were sent."""
        if isinstance(when, str):
            day, clock = when.split()
            monday = cadence.first_day(self.starts, week)
            when = cadence.instant(
                monday + timedelta(days=DAYS.index(day)), time.fromisoformat(clock), zone
            )
        return await self.bot.go_to(when)

    async def says(self, person: Person, text: str, **more: object) -> Reply:
        """Somebody types; the reply."""
        return await self.hears(
            Typed(_actor(person), _dm(person), next(self._ids), text, **more)  # type: ignore[arg-type] # passed on as given
        )

    async def clicks(self, person: Person, on: Card | Reply, label: str, about: str = "") -> Reply:
        """Somebody presses the button with this label on a card; the reply."""
        card = on.card if isinstance(on, Say) else on
        assert isinstance(card, Card), f"there is no card to press {label!r} on: {on}"
        buttons = [b for b in buttons_of(card) if b.label == label and about in (b.about, "")]
        assert buttons, (
            f"no button {label!r} on {card.title!r}: {[b.label for b in buttons_of(card)]}"
        )
        return await self.presses(person, buttons[0].action)

    async def presses(self, person: Person, action: str, id: str = "") -> Reply:
        """Somebody presses a button with this meaning; the reply."""
        return await self.hears(Clicked(_actor(person), _dm(person), id or next(self._ids), action))

    async def sends(
        self, person: Person, form: Form | Reply, id: str = "", **answers: str | tuple[str, ...]
    ) -> Reply:
        """Somebody sends a form with these answers (`_` for `-`), the rest as pre-filled."""
        shown = form.form if isinstance(form, Open | Fix) else form
        assert isinstance(shown, Form), f"there is no form to send: {form}"
        values: dict[str, str | tuple[str, ...]] = {q.id: q.value for q in shown.questions()}
        given = {name.replace("_", "-"): answer for name, answer in answers.items()}
        assert given.keys() <= values.keys(), f"no such questions: {given.keys() - values.keys()}"
        return await self.submits(person, shown.action, values | given, id)

    async def submits(self, person: Person, action: str, values: Values, id: str = "") -> Reply:
        """Somebody sends raw values under an action."""
        reply = await self.hears(
            Submitted(_actor(person), _dm(person), id or next(self._ids), action, values)
        )
        await self.bot.settle()
        return reply

    async def opens(self, person: Person) -> Reply:
        """Somebody looks at the bot's home."""
        return await self.hears(Opened(_actor(person), _dm(person), next(self._ids)))

    async def hears(self, event: Event) -> Reply:
        """One event, and all that it wakes."""
        reply = await self.bot.hear(self.platform, event)
        await self.bot.settle()
        return reply

    def inbox(self, person: Person) -> list[Message]:
        """Somebody's direct messages from the bot, oldest first."""
        return self.platform.to(f"dm:{person.email}")

    def last(self, person: Person) -> Card:
        """The newest direct message."""
        assert self.inbox(person), f"{person.name} got no message"
        return self.inbox(person)[-1].card

    @property
    def channel(self) -> list[Message]:
        """What was posted in the team's channel."""
        return self.platform.to(CHANNEL)


def buttons_of(card: Card) -> list[Button]:
    """Every button of a card, in the order of reading."""
    inner = [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]
    return [*inner, *card.buttons]


def words(card: Card) -> str:
    """All that a card says, buttons aside."""
    return "\n".join(_words(block) for block in card.blocks)


def _words(block: Block) -> str:
    match block:
        case Meter(label=label, text=text):
            return f"{label}: {text}"
        case Text(spans=spans):
            return plain(spans)
        case Bullets(items=items):
            return "\n".join(plain(spans) for spans in items)
        case Facts(facts=facts):
            return "\n".join(f"{fact.label}: {plain(fact.value)}" for fact in facts)
        case Table(columns=columns, rows=rows):
            head = " | ".join(column.title for column in columns)
            return "\n".join([head, *(" | ".join(map(plain, row)) for row in rows)])
        case Chart(text=text):
            return text
        case _:
            return ""


def furnish(session: Session, running: str = "on") -> None:
    """The fixed cast's company with four weeks of history."""
    since = datetime(2026, 9, 1, tzinfo=UTC)
    session.add(
        Organisation(
            name="Harbour", zone="Europe/Berlin", country="DE", running=running, changed_at=since
        )
    )
    groups: list[Sequence[SQLModel]] = [
        EVERYONE,
        (cast.COMPANY, cast.GROWTH, cast.CYCLE),
        (cast.LOVED, cast.STEADY),
        (cast.NPS, cast.CHURN, cast.UPTIME, cast.GUIDE),
        cast.STEPS,
        *([Update(**said._asdict()) for said in own] for own in cast.HISTORY.values()),
    ]
    for group in groups:
        session.add_all(_copy(row) for row in group)
        session.flush()
    for person in EVERYONE:
        session.add(Membership(team_id=2, person_id=person.id or 0))
        session.add(
            Identity(
                platform="loopback", workspace="", account=person.email,
                person_id=person.id or 0, address=f"dm:{person.email}", heard_at=since,
            )
        )  # fmt: skip
    session.add(
        Channel(team_id=2, platform="loopback", workspace="", address=CHANNEL, name="growth")
    )
    session.add(
        Kpi(id=1, slug="support-time", name="Time to first answer", unit="h", low=None, high=4,
            direction="lower", team_id=2, owner_id=3)
    )  # fmt: skip
    session.flush()
    session.add(Reading(kpi_id=1, day=date(2026, 10, 30), value=5.5, by_id=3, at=since))
    session.flush()
    _restart_numbers(session)


def _copy(row: SQLModel) -> SQLModel:
    return type(row)(**row.model_dump())


def _restart_numbers(session: Session) -> None:
    """PostgreSQL's sequences do not see numbers that were given by hand."""
    if session.get_bind().dialect.name != "postgresql":
        return
    last = "select setval(pg_get_serial_sequence('{0}', 'id'), (select max(id) from {0}))"
    for table in ("person", "team", "cycle", "objective", "key_result", "milestone", "kpi"):
        session.connection().execute(text(last.format(table)))


def _actor(person: Person) -> Actor:
    return Actor("loopback", "", person.email)


def _dm(person: Person) -> Destination:
    return Destination("loopback", "", f"dm:{person.email}")


def set_person(person: Person, **values: Any) -> Callable[[Session], None]:
    """Change somebody's row."""
    return _set(Person, person.id, values)


def set_ours(**values: Any) -> Callable[[Session], None]:
    """Change the organisation's row."""
    return _set(Organisation, 1, values)


def _set(
    table: type[SQLModel], number: int | None, values: Mapping[str, Any]
) -> Callable[[Session], None]:
    def unit(session: Session) -> None:
        row = session.get_one(table, number)
        for name, value in values.items():
            setattr(row, name, value)

    return unit
