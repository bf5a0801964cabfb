"""What is planned follows the world: it moves, is held and comes back, and is never sent twice."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot import cadence, cast
from bot.cast import BOB, CHARLIE, DANA
from bot.chat.adapter import Outcome
from bot.chat.cards import Card
from bot.chat.replies import Say
from bot.chat.who import Destination
from bot.plan import foresee, over_budget
from bot.term import term
from storage import cycles, outbox, people, teams
from storage.cycles import Cycle
from storage.database import Database
from storage.daysoff import Absence, Holiday
from storage.engine import open_database
from storage.letters import Draft, Kind, Letter
from storage.objectives import KeyResult, Objective
from storage.people import Identity, Person
from storage.teams import Membership, Team
from tests.engines import Engine, statements
from tests.house import House, set_ours, set_person, words
from tests.loopback import Loopback

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ASK = "checkin:ask:1:{week}:{person}"
SINCE = datetime(2026, 9, 1, tzinfo=UTC)


def at(day: str, clock: str = "10:00", zone: str = "Europe/Berlin") -> datetime:
    """A moment in UTC."""
    return cadence.instant(date.fromisoformat(day), time.fromisoformat(clock), zone)


async def rows(house: House) -> dict[str, Letter]:
    found = await house.database.read(lambda s: s.exec(select(Letter)).all())
    return {letter.key: letter for letter in found}


async def ask_of(house: House, person: Person, week: int = 5) -> Letter:
    return (await rows(house))[ASK.format(week=week, person=person.id)]


async def changed(house: House, unit: Callable[[Session], Any]) -> None:
    """Change the world, and plan anew."""

    def quietly(session: Session) -> None:
        unit(session)

    await house.database.write(quietly, patience=None)
    await house.bot.duties.plan(at_once=True)


def away(person: Person, first: str, last: str) -> Callable[[Session], None]:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return lambda session: session.add(
        Absence(person_id=person.id or 0, first=days[0], last=days[1], said_at=SINCE)
    )


# In step with the world


async def test_planning_twice_changes_nothing(house: House) -> None:
    before = {key: row.model_dump() for key, row in (await rows(house)).items()}
    assert len(before) > 8
    assert await house.bot.duties.plan(at_once=True) == 0
    assert {key: row.model_dump() for key, row in (await rows(house)).items()} == before


async def test_a_new_zone_moves_what_is_not_sent(house: House) -> None:
    assert (await ask_of(house, DANA)).due_at == at("2026-11-05")
    await changed(house, set_person(DANA, zone="America/New_York"))
    assert (await ask_of(house, DANA)).due_at == at("2026-11-05", zone="America/New_York")
    await house.go_to("Thu 10:30")
    assert house.inbox(DANA) == []


@on_sqlite
async def test_a_zone_in_which_it_is_later_does_not_ask_at_once(house: House) -> None:
    await house.go_to("Thu 13:00")
    await changed(house, set_person(BOB, zone="Asia/Kolkata"))  # from New York, where it is 7:00
    assert (await ask_of(house, BOB)).state == "cancelled"
    await house.go_to("Thu 23:00")
    assert house.inbox(BOB) == []
    await house.go_to("Thu 10:00", "Asia/Kolkata", week=6)
    assert [m.card.title for m in house.inbox(BOB)][-1] == "Week 6 check-in"


async def test_what_is_sent_never_moves(house: House) -> None:
    await house.go_to("Thu 10:30")
    before = (await ask_of(house, DANA)).model_dump()
    reminder = "checkin:reminder:1:5:4"
    was = (await rows(house))[reminder].due_at
    await changed(house, set_person(DANA, zone="America/New_York"))
    await changed(house, away(DANA, "2026-11-05", "2026-11-05"))
    assert (await ask_of(house, DANA)).model_dump() == before
    now = (await rows(house))[reminder]
    assert (now.due_at, now.state) != (was, "planned")
    await house.go_to("Sun 10:00")
    assert [m.card.title for m in house.inbox(DANA)].count("Week 5 check-in") == 1


@on_sqlite
async def test_a_public_holiday_on_thursday_is_asked_on_wednesday(house: House) -> None:
    await changed(house, set_person(DANA, country="US"))
    await house.go_to("Mon 10:00", week=8)  # Thanksgiving is on Thursday
    assert (await ask_of(house, DANA, 8)).due_at == at("2026-11-25")
    assert (await ask_of(house, BOB, 8)).due_at == at("2026-11-26", zone="America/New_York")


@on_sqlite
async def test_an_admins_word_on_holidays_counts(house: House) -> None:
    thursday = date(2026, 11, 5)
    await changed(house, lambda s: s.add(Holiday(country="DE", day=thursday, name="Ours")))
    assert (await ask_of(house, DANA)).due_at == at("2026-11-04")

    def no_holiday(session: Session) -> None:
        session.get_one(Holiday, ("DE", thursday)).works = True

    await changed(house, no_holiday)
    assert (await ask_of(house, DANA)).due_at == at("2026-11-05")


async def test_who_is_away_is_asked_before_or_excused(house: House) -> None:
    await changed(house, away(DANA, "2026-11-05", "2026-11-06"))
    assert (await ask_of(house, DANA)).due_at == at("2026-11-04")
    await changed(house, away(DANA, "2026-11-02", "2026-11-04"))
    assert ((await ask_of(house, DANA)).state, (await ask_of(house, DANA)).reason) == (
        "cancelled",
        "away",
    )

    def back(session: Session) -> None:
        for absence in session.exec(select(Absence)):
            session.delete(absence)

    await changed(house, back)
    assert (await ask_of(house, DANA)).state == "planned"
    await house.go_to("Thu 10:00")
    assert len(house.inbox(DANA)) == 1


@on_sqlite
async def test_a_whole_week_away_gets_nothing(house: House) -> None:
    await changed(house, away(DANA, "2026-11-02", "2026-11-08"))
    await house.go_to("Sun 20:00")
    assert house.inbox(DANA) == []
    await house.go_to("Thu 10:00", week=6)
    assert [m.card.title for m in house.inbox(DANA)] == ["Week 6 check-in"]


# Two messages a person and week


def draft(kind: Kind, day: int, person: int = 1, week: int = 5) -> Draft:
    due = datetime(2026, 11, day, 9, tzinfo=UTC)
    return Draft(key=f"{kind}:{person}:{week}:{day}", flow="x", subject="", kind=kind, due_at=due,
                 expires_at=due + timedelta(days=2), person_id=person, week=week)  # fmt: skip


WEEK: tuple[Draft, ...] = (draft("digest", 2), draft("ask", 5), draft("reminder", 6))


@pytest.mark.parametrize(
    ("budget", "over"),
    [(0, {"ask", "digest", "reminder"}), (1, {"digest", "reminder"}), (2, {"reminder"}), (3, ())],
)
def test_an_ask_comes_before_a_digest_and_that_before_a_reminder(
    budget: int, over: set[str]
) -> None:
    assert {key.split(":")[0] for key in over_budget(WEEK, budget, {})} == set(over)


def test_news_come_last_and_what_waits_for_the_morning_counts() -> None:
    assert over_budget([*WEEK, draft("notice", 1)], 3, {}) == {"notice:1:5:1"}
    assert over_budget(WEEK, 2, {"add:review:7": (1, 5)}) == {"digest:1:5:2", "reminder:1:5:6"}


@on_sqlite
async def test_what_never_fitted_waits_on_the_home(house: House) -> None:
    await changed(house, set_ours(unasked_per_week=1))
    await house.go_to("Mon 12:00", week=8)
    digest = (await rows(house))["digest:company:1:8:1"]
    assert (digest.state, digest.reason) == ("cancelled", "budget")
    home = await house.opens(cast.ALICE)
    assert isinstance(home, Say)
    assert "Kept here so that you get fewer messages: Harbour: week 7 in short" in words(home.card)


@on_sqlite
async def test_news_wait_for_the_morning_of_a_day_of_work(house: House) -> None:
    await house.go_to("Thu 17:59", "America/New_York")
    await house.says(DANA, "thanks bob calls")
    assert house.last(BOB).title == "Somebody thanks you"
    await house.go_to("Fri 18:00", "America/New_York")
    await house.says(DANA, "thanks bob notes")
    await house.says(CHARLIE, "thanks bob figures")
    told = (await rows(house))["thanks:2:2026-11-06"]
    assert told.state == "planned"
    assert (told.due_at, told.week) == (at("2026-11-09", "09:00", "America/New_York"), 6)
    await changed(house, away(BOB, "2026-11-09", "2026-11-09"))
    told = (await rows(house))["thanks:2:2026-11-06"]
    assert told.due_at == at("2026-11-10", "09:00", "America/New_York")
    assert await house.bot.duties.plan(at_once=True) == 0
    assert (await rows(house))["thanks:2:2026-11-06"].due_at == told.due_at


@on_sqlite
async def test_news_that_do_not_fit_beside_what_is_asked_wait_on_the_home(house: House) -> None:
    await changed(house, set_ours(unasked_per_week=1))
    await house.go_to("Wed 12:00", "America/New_York")
    await house.says(DANA, "thanks bob calls")
    assert house.inbox(BOB) == []
    home = await house.opens(BOB)
    assert isinstance(home, Say)
    assert "Kept here so that you get fewer messages: Somebody thanks you" in words(home.card)
    await house.go_to("Sat 12:00", "America/New_York")
    assert [m.card.title for m in house.inbox(BOB)] == ["Week 5 check-in"]


def test_each_person_and_week_has_a_budget_of_its_own() -> None:
    many = [draft("ask", 5, person, week) for person in (1, 2) for week in (5, 6)]
    assert over_budget(many, 1, {}) == set()


def test_what_has_gone_out_counts_even_if_it_is_no_longer_wanted() -> None:
    """On Friday nobody plans Monday's digest any more."""
    gone = {"digest:1:5:2": (1, 5), "ask:1:5:5": (1, 5)}
    assert over_budget(WEEK[1:], 2, gone) == {"reminder:1:5:6"}
    assert over_budget(WEEK[1:], 3, gone) == set()


def test_flags_replies_edits_and_teams_are_exempt() -> None:
    kinds: tuple[Kind, ...] = ("flag", "reply", "edit", "summary")
    assert over_budget([draft(kind, 5) for kind in kinds], 0, {}) == set()


async def test_what_did_not_fit_goes_out_once_there_is_room(house: House) -> None:
    await changed(house, set_ours(unasked_per_week=1))
    reminder = (await rows(house))["checkin:reminder:1:5:4"]
    assert (reminder.state, reminder.reason) == ("cancelled", "budget")
    await changed(house, set_ours(unasked_per_week=2))
    await house.go_to("Fri 10:00")
    assert len(house.inbox(DANA)) == 2


@on_sqlite
async def test_a_lead_with_a_digest_and_a_question_gets_no_reminder(house: House) -> None:
    await house.go_to("Fri 14:00")
    sent = [row.kind for row in (await rows(house)).values()
            if row.person_id == 1 and row.week == 5 and row.state == "sent"]  # fmt: skip
    assert sorted(sent) == ["ask", "digest"]


# Who


async def test_in_a_pilot_only_its_team(house: House) -> None:
    def outsider(session: Session) -> None:
        session.add(Person(id=9, email="eve@harbour.example", name="Eve", since=SINCE))
        session.add(Team(id=9, slug="other", name="Other", parent_id=1))
        session.flush()
        session.add(Membership(team_id=9, person_id=9))
        session.add(
            Identity(platform="loopback", workspace="", account="eve", person_id=9,
                     address="dm:eve", heard_at=SINCE)
        )  # fmt: skip

    await changed(house, outsider)
    eve = ASK.format(week=5, person=9)
    assert (await rows(house))[eve].state == "planned"
    await changed(house, set_ours(running="pilot", pilot_team_id=2))
    assert (await rows(house))[eve].state == "cancelled"
    assert (await ask_of(house, DANA)).state == "planned"
    await changed(house, set_ours(running="pilot", pilot_team_id=None))
    assert {row.state for row in (await rows(house)).values() if row.kind == "ask"} == {"cancelled"}


async def test_a_pause_holds_everything_and_go_brings_it_back(house: House) -> None:
    before = {key: row.due_at for key, row in (await rows(house)).items() if row.state == "planned"}
    await changed(house, set_ours(running="paused"))
    held = {key: row for key, row in (await rows(house)).items() if key in before}
    assert {(row.state, row.reason) for row in held.values()} == {("cancelled", "paused")}
    await house.go_to("Wed 10:00")
    assert house.inbox(DANA) == []
    await changed(house, set_ours(running="on", changed_at=house.now))
    again = {key: row.due_at for key, row in (await rows(house)).items() if row.state == "planned"}
    assert {key: due for key, due in before.items() if due > house.now}.items() <= again.items()
    await house.go_to("Thu 10:00")
    assert len(house.inbox(DANA)) == 1


async def test_a_pause_also_holds_what_a_worker_has_in_hand(house: House) -> None:
    """A worker may have died with it: then another would send it an hour after the word."""
    house.bot.clock.move_to(at("2026-11-05"))
    bucket = outbox.Bucket("loopback", "")
    await house.database.write(
        lambda s: outbox.claim(s, worker="dead", bucket=bucket, limit=9, now=house.now, lease=-1)
    )
    assert (await ask_of(house, DANA)).state == "claimed"
    await changed(house, set_ours(running="paused"))
    await house.go_to("Thu 11:00")
    assert house.inbox(DANA) == []
    await changed(house, set_ours(running="on"))
    await house.go_to("Thu 11:30")
    assert len(house.inbox(DANA)) == 1


@on_sqlite
async def test_nothing_is_sent_of_the_time_before_go(house: House) -> None:
    await changed(house, set_ours(running="paused"))
    await house.go_to("Thu 12:00")
    await changed(house, set_ours(running="on", changed_at=house.now))
    await house.go_to("Sun 10:00")
    assert [m.card.title for m in house.inbox(DANA)] == ["Still open: week 5 check-in"]
    assert "Week 5 check-in" in [m.card.title for m in house.inbox(BOB)]  # New York was later


@on_sqlite
async def test_who_comes_on_friday_is_first_asked_next_week(house: House) -> None:
    await house.go_to("Fri 12:00")

    def newcomer(session: Session) -> None:
        session.add(Person(id=9, email="eve@harbour.example", name="Eve", since=house.now))
        session.flush()
        session.add(Membership(team_id=2, person_id=9))
        session.add(
            Identity(platform="loopback", workspace="", account="eve", person_id=9,
                     address="dm:eve", heard_at=SINCE)
        )  # fmt: skip

    await changed(house, newcomer)
    await house.go_to("Thu 11:00", week=6)
    assert [m.card.title for m in house.platform.to("dm:eve")] == ["Week 6 check-in"]


@on_sqlite
async def test_who_cannot_be_reached_is_not_written_to_until_they_can(house: House) -> None:
    def unreachable(reason: str | None) -> Callable[[Session], None]:
        def unit(session: Session) -> None:
            own = people.identity(session, people.identities(session, [4])[4][0].id or 0)
            assert own is not None
            own.unreachable = reason

        return unit

    await changed(house, unreachable("account_inactive"))
    assert (await ask_of(house, DANA)).state == "cancelled"
    await house.go_to("Thu 12:00")
    await changed(house, unreachable(None))
    await house.go_to("Thu 12:01")
    assert len(house.inbox(DANA)) == 1


@on_sqlite
async def test_without_an_account_nobody_is_written_to(house: House) -> None:
    def newcomer(session: Session) -> None:
        session.add(Person(id=9, email="eve@harbour.example", name="Eve", since=SINCE))
        session.flush()
        session.add(Membership(team_id=2, person_id=9))

    await changed(house, newcomer)
    assert ASK.format(week=5, person=9) not in await rows(house)


@on_sqlite
async def test_who_leaves_is_not_asked(house: House) -> None:
    await changed(house, set_person(DANA, active=False))
    assert (await ask_of(house, DANA)).state == "cancelled"


# Cycles


@on_sqlite
async def test_the_first_and_the_last_week_have_no_check_in(house: House) -> None:
    await house.go_to("Wed 10:00", week=13)
    await house.go_to("Wed 10:00", week=17)  # week 4 of the next cycle
    asked = {
        (row.cycle_id, row.week)
        for row in (await rows(house)).values()
        if row.flow == "checkin" and row.kind == "ask" and row.state == "sent"
    }
    assert asked == {(1, week) for week in range(5, 13)} | {(2, 2), (2, 3)}


@on_sqlite
async def test_the_next_cycle_opens_by_itself_on_the_monday_after(house: House) -> None:
    def states() -> list[tuple[date, str]]:
        found = house.database.read_now(lambda s: s.exec(select(Cycle)).all())
        return sorted((cycle.starts, cycle.state) for cycle in found)

    await house.go_to(at("2027-01-03", "23:00"))
    assert states() == [(cast.STARTS, "open")]
    await house.go_to(at("2027-01-04", "00:01"))
    assert states() == [(cast.STARTS, "closed"), (date(2027, 1, 4), "open")]
    await house.bot.duties.turn()
    assert len(states()) == 2


@on_sqlite
async def test_after_months_of_sleep_a_cycle_starts_this_week(house: House) -> None:
    house.bot.clock.move_to(at("2027-06-16"))  # a Wednesday
    await house.bot.settle()
    now = await house.database.read(lambda s: cycles.current(s, date(2027, 6, 16)))
    assert now is not None
    assert (now.starts, now.state) == (date(2027, 6, 14), "open")


@on_sqlite
async def test_a_paused_bot_opens_no_cycle_until_go(house: House) -> None:
    await changed(house, set_ours(running="paused"))
    await house.go_to(at("2027-01-20"))
    assert await house.database.read(lambda s: cycles.current(s, date(2027, 1, 20))) is None
    await changed(house, set_ours(running="on", changed_at=house.now))
    await house.bot.settle()
    now = await house.database.read(lambda s: cycles.current(s, date(2027, 1, 20)))
    assert now is not None
    assert now.starts == date(2027, 1, 18)


# However often it changes

Step: TypeAlias = tuple[str, Any, Any]
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Pago_Pago",
)
who = st.sampled_from((BOB, CHARLIE, DANA))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("zone"), who, st.sampled_from(ZONES)),
        st.tuples(st.just("away"), who, st.tuples(st.integers(0, 6), st.integers(0, 8))),
        st.tuples(st.just("back"), who, st.none()),
        st.tuples(st.just("running"), st.sampled_from(("on", "paused")), st.none()),
        st.tuples(st.just("hours"), st.integers(1, 60), st.none()),
    ),
    min_size=3,
    max_size=10,
)


@contextmanager
def fresh(template: Path) -> Iterator[Database]:
    with TemporaryDirectory() as room:
        file = Path(room) / "okr.db"
        shutil.copy(template, file)
        database = open_database(f"sqlite:///{file}")
        try:
            yield database
        finally:
            database.close()


class Life:
    """Some weeks of the company, in which everything changes, watched from outside."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.zones = {person.email: person.zone or "" for person in (BOB, CHARLIE, DANA)}
        self.days_off: dict[str, set[date]] = {email: set() for email in self.zones}
        self.wrong: list[str] = []
        house.platform.fate = self._watch

    def _watch(self, _: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
        email = to.address.removeprefix("dm:")
        if email in self.zones and key.startswith("checkin:"):
            day = self.house.now.astimezone(ZoneInfo(self.zones[email])).date()
            if day.weekday() > 4 or day in self.days_off[email]:
                self.wrong.append(f"{key} on {day:%a %d %b}")
        return None

    async def step(self, step: Step) -> None:
        verb, what, more = step
        house, today = self.house, self.house.now.date()
        match verb:
            case "zone":
                self.zones[what.email] = more
                await changed(house, set_person(what, zone=more))
            case "away":
                first = today + timedelta(days=more[0])
                days = [first + timedelta(days=n) for n in range(more[1] + 1)]
                self.days_off[what.email].update(days)
                await changed(house, lambda session: _absent(session, what, days[0], days[-1]))
            case "back":
                self.days_off[what.email].clear()
                await changed(house, lambda session: _present(session, what))
            case "running":
                await changed(house, set_ours(running=what, changed_at=house.now))
            case "hours":
                await house.go_to(house.now + timedelta(hours=what))


def _absent(session: Session, person: Person, first: date, last: date) -> None:
    same = (Absence.person_id == person.id, Absence.first == first)
    row = session.exec(select(Absence).where(*same)).first()
    row = row or Absence(person_id=person.id or 0, first=first, last=last, said_at=SINCE)
    row.last = max(row.last, last)
    session.add(row)


def _present(session: Session, person: Person) -> None:
    for row in session.exec(select(Absence).where(Absence.person_id == person.id)):
        session.delete(row)


@given(life=steps)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_ask_a_week_at_most_and_never_on_a_day_off(
    tmp_path_factory: pytest.TempPathFactory, template: Path, life: list[Step]
) -> None:
    async def live(database: Database) -> tuple[list[str], Mapping[str, Letter]]:
        house = await House.open(database)
        watched = Life(house)
        for step in life:
            await watched.step(step)
        await house.go_to(house.now + timedelta(days=7))
        return watched.wrong, await rows(house)

    with fresh(template) as database:
        wrong, letters = asyncio.run(live(database))
    assert wrong == []
    asked = [(r.person_id, r.week) for r in letters.values() if r.kind == "ask" and r.message_id]
    assert len(asked) == len(set(asked))


@pytest.fixture(scope="module")
def template(files: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("template")
    return Path(files.clean(room).removeprefix("sqlite:///"))


# However many there are


async def test_planning_takes_as_many_statements_for_a_hundred_as_for_ten(house: House) -> None:
    now = house.now

    def count() -> int:
        with statements(house.database) as asked:
            plan = house.database.read_now(lambda s: foresee(s, term(s, now), now), patience=60)
        assert plan.drafts
        return len(asked)

    await house.database.write(lambda session: _grow(session, 10), patience=None)
    ten = count()
    await house.database.write(lambda session: _grow(session, 100), patience=None)
    assert count() == ten


def _grow(session: Session, count: int) -> None:
    """So many people more, each in a team of their own with a lead, a channel and a key result."""
    for n in range(count):
        person = Person(email=f"p{count}-{n}@x.example", name=f"P {n}", since=SINCE,
                        zone=ZONES[n % 5], digest=n % 2 == 0)  # fmt: skip
        team = Team(slug=f"t{count}-{n}", name=f"T {count} {n}", parent_id=1)
        session.add_all([person, team])
        session.flush()
        team.lead_id = person.id
        session.add(Membership(team_id=team.id or 0, person_id=person.id or 0))
        address = f"dm:{person.email}"
        session.add(
            Identity(platform="loopback", workspace="", account=person.email,
                     person_id=person.id or 0, address=address, heard_at=SINCE)
        )  # fmt: skip
        session.add(
            teams.Channel(team_id=team.id or 0, platform="loopback", workspace="",
                          address=f"channel:{team.slug}", name=team.slug)
        )  # fmt: skip
        objective = Objective(cycle_id=1, team_id=team.id or 0, title=f"O {n}")
        session.add(objective)
        session.flush()
        session.add(
            KeyResult(objective_id=objective.id or 0, owner_id=person.id, title="K", baseline=0,
                      target=10, due=cast.NPS.due)
        )  # fmt: skip
        session.add(
            Absence(person_id=person.id or 0, first=date(2026, 11, 6), last=date(2026, 11, 6),
                    said_at=SINCE)
        )  # fmt: skip
