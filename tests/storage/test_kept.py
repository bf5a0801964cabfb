"""A list as one value: any length, any characters, on both engines."""

import pytest
from sqlmodel import Session, col, select

from storage import people
from storage.database import Database
from storage.kept import among, one_of
from storage.people import Person
from tests.bot.post import NOW
from tests.house import furnish


@pytest.fixture
async def company(database: Database) -> Database:
    await database.write(lambda session: furnish(session, "waiting"), patience=None)
    return database


async def emails(database: Database, *wanted: str) -> set[str]:
    query = select(Person.email).where(among(col(Person.email), "emails"))
    return set(await database.read(lambda s: s.exec(query, params={"emails": list(wanted)}).all()))


async def test_a_list_may_be_longer_than_an_engine_takes_parameters(company: Database) -> None:
    found = await company.read(lambda s: people.people(s, range(100_000)), patience=None)
    assert set(found) >= {1, 2, 3, 4}


async def test_an_empty_list_holds_nothing(company: Database) -> None:
    assert await emails(company) == set()


async def test_words_arrive_as_they_are(company: Database) -> None:
    odd = 'O\'Neill "{a,b}" \\ % :x ü@x.example'

    def add(session: Session) -> None:
        session.add(Person(email=odd, name="Odd", since=NOW))

    await company.write(add)
    assert await emails(company, odd, "nobody@x.example") == {odd}


async def test_words_of_ours(company: Database) -> None:
    query = select(Person.name).where(one_of(col(Person.email), ("bob@harbour.example",)))
    found = await company.read(lambda s: s.exec(query).all())
    assert found == ["Bob Okafor"]
