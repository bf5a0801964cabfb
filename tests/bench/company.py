"""A company of any size: teams of ten in four zones, five key results each, in week 5."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from bot import cadence
from storage.checkins import Checkin, Commitment, Update
from storage.cycles import Cycle
from storage.database import Database
from storage.engine import open_database
from storage.migrating import migrate
from storage.objectives import KeyResult, Objective
from storage.organisation import Organisation
from storage.people import Identity, Person
from storage.teams import Channel, Membership, Team

STARTS = date(2026, 10, 5)
WEEK = 5
MONDAY = cadence.first_day(STARTS, WEEK)
MORNING = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)
OWNED = 5
TEAM = 10
HISTORY = 3
PLATFORM = "loopback"
ZONES = (("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"),
         ("Australia/Sydney", "AU"))  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Company:
    """Its people are numbered from 1; each owns five key results and sits in one team."""

    database: Database
    people: int

    def owned(self, person: int) -> range:
        """The key results of somebody."""
        return range((person - 1) * OWNED + 1, person * OWNED + 1)


def found(folder: Path, people: int, starts: date = STARTS, platform: str = PLATFORM) -> Company:
    """A company on SQLite with three weeks of history."""
    return found_at(f"sqlite:///{folder / 'okr.db'}", people, starts, platform)


def found_at(url: str, people: int, starts: date = STARTS, platform: str = PLATFORM) -> Company:
    """The same in any empty database."""
    migrate(url)
    database = open_database(url)
    database.write_now(lambda session: furnish(session, people, starts, platform), patience=None)
    return Company(database, people)


def furnish(session: Session, people: int, starts: date = STARTS, platform: str = PLATFORM) -> None:
    """Every row, in one statement a table."""
    for table, rows in _tables(people, starts, platform).items():
        session.connection().execute(insert(table), list(rows))


def _tables(people: int, starts: date, platform: str) -> Mapping[type[SQLModel], Iterator[Row]]:
    teams = -(-people // TEAM)
    everyone, every_team = range(1, people + 1), range(2, teams + 2)
    return {
        Organisation: iter([_row(Organisation, id=1, name="Harbour", zone="Europe/Berlin",
                                 country="DE", running="on", changed_at=SINCE)]),
        Cycle: iter([_row(Cycle, id=1, name="2026 Q4", starts=starts,
                          ends=starts + timedelta(days=90))]),
        Person: (_person(n) for n in everyone),
        Identity: (_identity(n, platform) for n in everyone),
        Team: (_team(n) for n in (1, *every_team)),
        Channel: (
            _row(Channel, team_id=n, platform=platform, address=f"channel:{n}", name=f"team-{n}")
            for n in every_team
        ),
        Membership: (_row(Membership, team_id=_team_of(n), person_id=n) for n in everyone),
        Objective: (
            _row(Objective, cycle_id=1, team_id=_team_of(n), owner_id=n, title=f"Goal of {n}")
            for n in everyone
        ),
        KeyResult: (_key_result(n, k, starts) for n in everyone for k in range(OWNED)),
        Update: (
            _row(Update, cycle_id=1, week=WEEK - HISTORY + week, key_result_id=kr,
                 value=20.0 + week, confidence=6, by_id=(kr - 1) // OWNED + 1, at=SINCE)
            for week in range(HISTORY)
            for kr in range(1, people * OWNED + 1)
        ),
        Checkin: (
            _row(Checkin, cycle_id=1, week=WEEK - 1, person_id=n, state="answered",
                 answered_at=SINCE)
            for n in everyone
        ),
        Commitment: (
            _row(Commitment, cycle_id=1, week=WEEK - 1, person_id=n, position=0, text="Call Nord")
            for n in everyone
        ),
    }  # fmt: skip


def _team_of(person: int) -> int:
    return 2 + (person - 1) // TEAM


def _person(number: int) -> Row:
    zone, country = ZONES[number % len(ZONES)]
    return _row(Person, email=email(number), name=f"Person {number}", zone=zone, country=country,
                since=SINCE)  # fmt: skip


def _identity(number: int, platform: str) -> Row:
    return _row(
        Identity, platform=platform, workspace="", account=email(number), person_id=number,
        address=f"dm:{email(number)}", heard_at=MORNING,
    )  # fmt: skip


def _team(number: int) -> Row:
    zone, country = ZONES[number % len(ZONES)]
    lead = 1 if number == 1 else (number - 2) * TEAM + 1
    return _row(Team, slug=f"team-{number}", name=f"Team {number}", lead_id=lead, zone=zone,
                country=country, level="company" if number == 1 else "team",
                parent_id=None if number == 1 else 1)  # fmt: skip


def _key_result(person: int, place: int, starts: date) -> Row:
    return _row(
        KeyResult, objective_id=person, owner_id=person, title=f"Raise {place} of {person}",
        unit="%", baseline=10.0, target=60.0, due=starts + timedelta(days=88),
    )  # fmt: skip


def _row(table: type[SQLModel], **given: Any) -> Row:
    """All columns of a row, those not given with their defaults."""
    found = {
        name: given.get(name, None if field.is_required() else field.get_default())
        for name, field in table.model_fields.items()
    }
    if found.get("id", 0) is None:
        del found["id"]
    return found


def email(person: int) -> str:
    """Somebody's address and account."""
    return f"p{person}@harbour.example"
