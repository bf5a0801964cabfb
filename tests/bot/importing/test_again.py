"""Whatever is imported: the second time nothing changes."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot.importing import apply
from storage.migrating import tables as tables_there_are
from tests.bot.importing.conftest import NOW, begun, tables

NAMES = st.sampled_from(["Ann", "Ben", "Cy", "Dee"])
TITLES = st.sampled_from(["Be found", "be found", "Grow", "Ship, soon", "Ship; now"])
MEASURES = st.sampled_from(
    [
        "increase,1,2,,,",
        "decrease,,3,,,",
        "within,,,,9,",
        "within,,,1,9,",
        "done,,,,,",
        "milestones,,,,,A (2) week 3; B (1)",
        "milestones,,,,,B; A done 2026-10-20",
    ]
)
SAID = st.sampled_from([",,", "1,,", ",7,", "0,3,slow", ",,fine"])


@st.composite
def companies(draw: st.DrawFn) -> dict[str, str]:
    people = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    emails = [f"{name.lower()}@x.org" for name in people]
    some = st.sampled_from(emails)
    rows = [
        f"{email},{name},{emails[0] if i else ''}"
        for i, (email, name) in enumerate(zip(emails, people, strict=True))
    ]
    okrs = [
        f'{draw(st.sampled_from(["R", ""]))}{i},t{draw(st.integers(0, 1))},"{draw(TITLES)}",'
        f'"{draw(TITLES)} {i}",{draw(some)},{draw(MEASURES)},{draw(SAID)}'
        for i in range(draw(st.integers(1, 5)))
    ]
    head = "reference,team,objective,key_result,owner,kind,baseline,target,low,high,milestones,"
    return {
        "people.csv": "\n".join(["email,name,manager", *rows]),
        "teams.csv": f"team,lead,members,channel\nt0,{draw(some)},{draw(some)},a\nt1,,-,b web:c\n",
        "okrs.csv": "\n".join([f"{head}value,confidence,note", *okrs]),
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A database in memory; both engines are tested with fixed files elsewhere."""
    engine = create_engine("sqlite://")
    tables_there_are().create_all(engine)
    yield engine
    engine.dispose()


@settings(max_examples=60)
@given(files=companies(), later=companies())
def test_the_second_time_nothing_changes(
    engine: Engine, files: dict[str, str], later: dict[str, str]
) -> None:
    with Session(engine) as session:
        cycle_id = begun(session)
        for company in (files, later):
            first = apply(session, tables(company), locale="en", cycle_id=cycle_id, now=NOW)
            again = apply(session, tables(company), locale="en", cycle_id=cycle_id, now=NOW)
            assert first.errors == again.errors
            assert {change.verb for change in again.changes} <= {"same"}
