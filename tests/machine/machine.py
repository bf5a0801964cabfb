"""The rules: what may happen to the company, in any order."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from storage.people import Person
from tests.house import set_person
from tests.machine import company as the
from tests.machine.company import PEOPLE, Company, Place
from tests.machine.platform import Ill
from tests.machine.promises import ALWAYS, AT_REST, keep
from tests.machine.wire import Step, Trouble

STARTS = tuple(
    datetime.fromisoformat(f"{day}T{time}Z")
    for day, time in (
        ("2026-11-02", "06:00"),  # Monday, before the digest
        ("2026-11-05", "04:00"),  # Thursday, before the first question
        ("2026-11-05", "10:00"),  # Thursday, between two questions
        ("2026-11-06", "08:30"),  # Friday, before the reminders
        ("2026-12-24", "03:00"),  # Thursday of week 12, the last before the cycle turns
    )
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Pago_Pago")
ILLS: tuple[Ill, ...] = (
    "takes it in silence", "drops it in silence", "takes it and fails", "fails", "not now", "never",
)  # fmt: skip

person = st.sampled_from(PEOPLE)
number = st.integers(0, 1)
trouble = st.sampled_from(
    [
        Trouble(how, step, after)
        for how in ("dies", "is away", "freezes")
        for step in ("claim", "write", "fence", "find", "send", "mark")
        for after in (False, True)
        # Who freezes between fence and send for longer than the lease cannot be held back.
        if how != "freezes"
        or (step, after) not in {("fence", True), ("find", False), ("find", True)}
    ]
)
frozen = st.sampled_from(
    [
        Trouble("freezes", "write", after=True),
        Trouble("freezes", "fence", after=False),
        Trouble("freezes", "send", after=False),
        Trouble("freezes", "mark", after=False),
    ]
)
planning = st.sampled_from(
    [Trouble(how, "plan", after) for how in ("dies", "is away") for after in (False, True)]
)


class Stage(RuleBasedStateMachine):
    """A company, and the promises that are kept whatever happens to it."""

    place: Place

    @initialize(
        start=st.sampled_from(STARTS),
        budget=st.sampled_from([2, 2, 1, 3]),
        looks_up=st.sampled_from([True, True, False]),
    )
    def begins(self, start: datetime, budget: int, looks_up: bool) -> None:
        self.company = Company(self.place, start, budget=budget, looks_up=looks_up)

    @invariant()
    def promises_are_kept(self) -> None:
        keep(ALWAYS, self.company.witness)

    def teardown(self) -> None:
        if hasattr(self, "company"):
            try:
                self.company.comes_to_rest()
                keep(AT_REST, self.company.witness)
            finally:
                self.company.close()


class Machine(Stage):
    """The real planner and the real delivery, in a world that is not kind."""

    # Time

    @rule(late=st.sampled_from([0 * HOUR, 0 * HOUR, MINUTE, 3 * HOUR]))
    def something_is_due(self, late: timedelta) -> None:
        self.company.until_something_is_due(late)
        self.company.delivers(0)

    @rule(by=st.sampled_from([10 * MINUTE, HOUR, 8 * HOUR, DAY, 3 * DAY]))
    def time_goes_on(self, by: timedelta) -> None:
        self.company.time_goes_on(by)

    @rule(by=st.sampled_from([-HOUR, HOUR]))
    def the_clock_is_set(self, by: timedelta) -> None:
        self.company.the_clock_is_set(by)

    @rule()
    def leases_run_out(self) -> None:
        self.company.leases_run_out()

    # Delivery

    @rule(number=number)
    def delivers(self, number: int) -> None:
        self.company.delivers(number)

    @rule()
    def both_deliver(self) -> None:
        self.company.both_deliver()

    @rule(number=number, trouble=trouble, due=st.booleans())
    def delivers_in_trouble(self, number: int, trouble: Trouble, due: bool) -> None:
        if due:
            self.company.until_something_is_due(0 * HOUR)
        self.company.delivers(number, trouble)

    @rule(ill=st.sampled_from(ILLS), often=st.integers(1, 3), number=number)
    def the_platform_is_ill(self, ill: Ill, often: int, number: int) -> None:
        self.company.platform.ills = [ill] * often
        self.company.until_something_is_due(0 * HOUR)
        self.company.delivers(number)

    @rule(step=st.sampled_from(["fence", "send", "mark"]), after=st.booleans())
    def the_power_fails(self, step: Step, after: bool) -> None:
        self.company.until_something_is_due(0 * HOUR)
        self.company.delivers(0, Trouble("dies", step, after))
        self.company.restarts()

    @precondition(lambda self: self.company.asleep)
    @rule()
    def who_froze_wakes(self) -> None:
        self.company.wakes()

    @precondition(lambda self: self.company.asleep)
    @rule()
    def the_others_go_on_meanwhile(self) -> None:
        self.company.leases_are_lost()
        self.company.delivers(0)

    @precondition(lambda self: self.company.asleep)
    @rule()
    def who_froze_wakes_too_late(self) -> None:
        self.company.leases_run_out()
        self.company.delivers(1)
        self.company.wakes()

    @rule(number=number)
    def stops(self, number: int) -> None:
        self.company.stops(number)

    @rule()
    def restarts(self) -> None:
        self.company.restarts()

    # Planning

    @rule(number=number, trouble=planning)
    def plans_in_trouble(self, number: int, trouble: Trouble) -> None:
        self.company.plans(number, trouble)

    @rule()
    def both_plan(self) -> None:
        self.company.both_plan()

    @rule()
    def plans_while_the_other_delivers(self) -> None:
        self.company.until_something_is_due(0 * HOUR)
        self.company.plans_while_the_other_delivers()

    # The world

    @rule(person=person, zone=st.sampled_from(ZONES))
    def moves(self, person: Person, zone: str) -> None:
        self.company.changes(set_person(person, zone=zone))

    @rule(person=person, ahead=st.integers(0, 5), days=st.integers(0, 7))
    def is_away(self, person: Person, ahead: int, days: int) -> None:
        first = self.company.witness.now.date() + timedelta(days=ahead)
        self.company.changes(the.is_away(person, first, days))

    @rule(ahead=st.integers(0, 4))
    def has_a_holiday(self, ahead: int) -> None:
        self.company.changes(the.holiday(self.company.witness.now.date() + ahead * DAY))

    @rule(day=st.integers(1, 4), hour=st.sampled_from(["09:00", "10:00", "16:00"]))
    def asks_at_another_time(self, day: int, hour: str) -> None:
        self.company.changes(the.set_calendar(checkin_weekday=day, checkin_time=hour))

    @rule(person=person)
    def leaves(self, person: Person) -> None:
        self.company.leaves(person)

    @precondition(lambda self: self.company.witness.left)
    @rule()
    def come_back(self) -> None:
        self.company.come_back()

    @precondition(lambda self: not self.company.witness.paused)
    @rule()
    def pauses(self) -> None:
        self.company.pauses()

    @precondition(lambda self: self.company.witness.paused)
    @rule()
    def goes(self) -> None:
        self.company.goes()

    # People

    @rule(person=person, how=st.sampled_from(["form", "form", "none", "skip"]))
    def answers(self, person: Person, how: str) -> None:
        self.company.answers(person, how)

    @rule(person=person, at=frozen)
    def answers_while_it_is_sent(self, person: Person, at: Trouble) -> None:
        self.company.until_something_is_due(0 * HOUR)
        self.company.delivers(0, at)
        self.company.answers(person, "form")
        self.company.wakes()

    @rule(person=person, at=frozen)
    def changes_their_answer_while_it_is_shown(self, person: Person, at: Trouble) -> None:
        self.company.answers(person, "form")
        self.company.delivers(0, at)
        self.company.answers(person, "form")
        self.company.wakes()

    @rule(person=person)
    def answers_what_came_in_silence(self, person: Person) -> None:
        self.company.platform.ills = ["takes it in silence"] * 4
        self.company.until_something_is_due(0 * HOUR)
        self.company.delivers(0)
        self.company.platform.ills = []
        self.company.answers(person, "form")

    @rule(person=person)
    def is_heard_from(self, person: Person) -> None:
        self.company.is_heard_from(person)

    # Backups

    @precondition(lambda self: self.place.database.dialect == "sqlite")
    @rule()
    def keeps_a_backup(self) -> None:
        self.company.keeps_a_backup()

    @precondition(lambda self: self.company.kept is not None)
    @rule()
    def restores(self) -> None:
        self.company.restores()


def scene(*names: str) -> type[Stage]:
    """A machine of a few rules, which gets far in few steps."""
    return type("Scene", (Stage,), {name: vars(Machine)[name] for name in names})
