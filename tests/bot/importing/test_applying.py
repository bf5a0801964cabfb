"""Imports into a database: once, again, changed, refused; in few statements."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from bot.importing import Outcome, Tables, apply, plan, sample
from storage.audit import Audit
from storage.checkins import Update
from storage.database import Database
from storage.kpis import Kpi, Reading
from storage.migrating import tables as tables_there_are
from storage.objectives import KeyResult, Milestone, Objective
from storage.people import Person
from storage.teams import Channel, Membership, Team
from tests.bot.importing.conftest import NOW, WEEK, tables
from tests.engines import statements

PEOPLE = "email,name,manager,zone\nalice@x.org,Alice,,UTC\nbob@x.org,Bob,alice@x.org,UTC\n"
TEAMS = (
    "team,name,level,lead,members,channel\n"
    'co,Co,company,,,\ngrowth,Growth,,alice@x.org,"alice@x.org, bob@x.org",growth slack:T1/C1\n'
)
OKRS = (
    "reference,objective_reference,team,objective,parent,key_result,owner,kind,baseline,target,"
    "milestones,value,confidence,note\n"
    "C1.1,C1,co,We are there,,Ship,,milestones,,,Pilot (1) week 3; Launch (2) week 9,,,\n"
    "G1.1,G1,growth,They find us,C1,Demos,bob@x.org,increase,10,20,,12,6,going well\n"
)


def brought(
    database: Database, cycle_id: int, files: dict[str, str] | Tables, locale: str = "en"
) -> Outcome:
    read = tables(files, locale) if isinstance(files, dict) else files
    outcome = database.write_now(
        lambda s: apply(s, read, locale=locale, cycle_id=cycle_id, now=NOW), patience=None
    )
    assert [str(error) for error in outcome.errors] == []
    return outcome


def everything(database: Database) -> dict[str, Sequence[object]]:
    """Every row of every table."""

    def rows(session: Session) -> dict[str, Sequence[object]]:
        return {
            table.name: sorted(map(str, session.connection().execute(table.select()).all()))
            for table in tables_there_are().sorted_tables
        }

    return database.read_now(rows)


def only(database: Database, kind: type[SQLModel], **wanted: object) -> dict[str, object]:
    """The fields of the one row that has these."""
    return database.read_now(lambda s: s.exec(select(kind).filter_by(**wanted)).one().model_dump())


def test_a_company_from_three_files(database: Database, cycle_id: int) -> None:
    brought(database, cycle_id, {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS})

    def look(session: Session) -> None:
        alice, bob = session.exec(select(Person).order_by(col(Person.email))).all()
        company, growth = session.exec(select(Team).order_by(col(Team.slug))).all()
        assert bob.manager_id == alice.id
        assert (growth.parent_id, growth.lead_id) == (company.id, alice.id)
        assert len(session.exec(select(Membership)).all()) == 2
        assert {(c.platform, c.workspace, c.address) for c in session.exec(select(Channel))} == {
            ("web", "", "channel:growth"),
            ("slack", "T1", "C1"),
        }
        goal, under = session.exec(select(Objective).order_by(col(Objective.reference))).all()
        assert under.parent_id == goal.id
        steps = session.exec(select(Milestone).order_by(col(Milestone.position))).all()
        assert [(s.title, s.weight, s.due) for s in steps] == [
            ("Pilot", 1, date(2026, 10, 23)),
            ("Launch", 2, date(2026, 12, 4)),
        ]
        said = session.exec(select(Update)).one()
        assert (said.week, said.value, said.confidence, said.note) == (WEEK, 12, 6, "going well")
        due = [kr.due for kr in session.exec(select(KeyResult))]
        assert set(due) == {date(2027, 1, 1)}

    database.read_now(look)


@pytest.mark.parametrize("company", ["sample", "written"])
def test_again_changes_nothing(database: Database, cycle_id: int, company: str) -> None:
    given = {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS}
    source = sample() if company == "sample" else tables(given)
    brought(database, cycle_id, source)
    before = everything(database)
    again = brought(database, cycle_id, source)
    assert {change.verb for change in again.changes} == {"same"}
    assert everything(database) == before


def test_every_change_is_in_the_audit(database: Database, cycle_id: int) -> None:
    outcome = brought(database, cycle_id, sample())
    rows = database.read_now(lambda s: [(a.how, a.thing) for a in s.exec(select(Audit))])
    own = [row for row in rows if row != ("clock", "kpi_episode")]  # what follows from readings
    assert sorted(own) == sorted(("import", change.thing) for change in outcome.changes)


def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, cycle_id: int) -> None:
    before = everything(database)
    dry = database.read_now(
        lambda s: plan(s, sample(), locale="en", cycle_id=cycle_id, now=NOW), patience=None
    )
    assert everything(database) == before
    assert dry == brought(database, cycle_id, sample())


def test_one_error_changes_nothing(database: Database, cycle_id: int) -> None:
    before = everything(database)
    files = {"people.csv": PEOPLE + "carol@x.org,Carol,nobody@x.org,UTC\n", "teams.csv": TEAMS}
    outcome = database.write_now(
        lambda s: apply(s, tables(files), locale="en", cycle_id=cycle_id, now=NOW)
    )
    assert [error.row for error in outcome.errors] == [4]
    assert everything(database) == before


def test_updates_and_what_is_not_said_stays(database: Database, cycle_id: int) -> None:
    brought(database, cycle_id, {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS})
    outcome = brought(
        database,
        cycle_id,
        {
            "people.csv": "email,name,zone,manager,active\nBOB@x.org,Bob Okafor,,-,\n"
            "alice@x.org,,Europe/Berlin,,no\n",
            "teams.csv": "team,members\nGrowth,bob@x.org\n",
            "okrs.csv": "reference,team,objective,key_result,target\n"
            "G1.1,growth,They find us,Demos a month,25\n",
        },
    )
    changed = {(c.thing, c.key): (dict(c.before), dict(c.after)) for c in outcome.changes}
    assert changed == {
        ("person", "bob@x.org"): (
            {"name": "Bob", "manager": "alice@x.org"},
            {"name": "Bob Okafor", "manager": None},
        ),
        ("person", "alice@x.org"): (
            {"zone": "UTC", "active": True},
            {"zone": "Europe/Berlin", "active": False},
        ),
        ("team", "growth"): ({"members": ["alice@x.org", "bob@x.org"]}, {"members": ["bob@x.org"]}),
        ("objective", "G1"): ({}, {}),
        ("key_result", "G1.1"): (
            {"title": "Demos", "target": 20},
            {"title": "Demos a month", "target": 25},
        ),
    }
    assert only(database, Person, email="bob@x.org")["zone"] == "UTC"
    assert only(database, KeyResult, reference="G1.1")["baseline"] == 10
    counts = database.read_now(
        lambda s: [
            s.exec(select(func.count()).select_from(kind)).one()
            for kind in (Person, Team, Membership, Channel, Objective, KeyResult, Milestone)
        ]
    )
    assert counts == [2, 2, 1, 2, 2, 2, 2]


def test_without_references_titles_are_the_key(database: Database, cycle_id: int) -> None:
    okrs = "team,objective,key_result\ngrowth,They find us,Cut churn from 4% to {}%\n"
    brought(database, cycle_id, {"people.csv": PEOPLE, "teams.csv": TEAMS})
    brought(database, cycle_id, {"okrs.csv": okrs.format(3)})
    again = brought(database, cycle_id, {"okrs.csv": okrs.format(3).replace("They", "THEY")})
    assert [change.verb for change in again.changes] == ["change", "same"]
    named = (
        "reference,team,objective,key_result\nG1.1,growth,they find us,cut churn from 4% to 3%\n"
    )
    brought(database, cycle_id, {"okrs.csv": named})
    assert only(database, KeyResult)["reference"] == "G1.1"
    assert (only(database, KeyResult)["baseline"], only(database, KeyResult)["target"]) == (4, 3)


def test_milestones_are_renamed_where_they_stand(database: Database, cycle_id: int) -> None:
    brought(database, cycle_id, {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS})
    head = "reference,team,objective,key_result,milestones\nC1.1,co,We are there,Ship,"
    brought(database, cycle_id, {"okrs.csv": f"{head}Pilot done 2026-10-22; Go live; Party\n"})
    steps = database.read_now(
        lambda s: [
            (m.title, m.weight, m.done_on)
            for m in s.exec(select(Milestone).order_by(col(Milestone.position)))
        ]
    )
    assert steps == [("Pilot", 1, date(2026, 10, 22)), ("Go live", 2, None), ("Party", 1, None)]
    brought(database, cycle_id, {"okrs.csv": f"{head}Warm-up\n"})
    titles = database.read_now(
        lambda s: list(s.exec(select(Milestone.title).order_by(col(Milestone.position))))
    )
    assert titles == ["Warm-up", "Pilot", "Go live", "Party"]


def test_what_was_answered_in_chat_stands(database: Database, cycle_id: int) -> None:
    files = {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS}
    brought(database, cycle_id, files)
    files["okrs.csv"] = OKRS.replace("12,6,going well", "13,7,better")
    assert [c.verb for c in brought(database, cycle_id, files).changes if "update" in c.thing] == [
        "change"
    ]

    def answer(session: Session) -> None:
        said = session.exec(select(Update)).one()
        said.value, said.at = 14, NOW + timedelta(hours=1)
        said.by_id = session.exec(select(Person.id).where(Person.email == "bob@x.org")).one()

    database.write_now(answer)
    again = brought(database, cycle_id, files)
    kept = [change for change in again.changes if change.verb == "kept"]
    assert [(c.key, c.before, c.after, c.why) for c in kept] == [
        ("G1.1", {"value": 14.0}, {"value": 13.0}, "its owner has answered this week")
    ]
    assert only(database, Update)["value"] == 14


def test_a_value_before_the_cycle_is_kept_out(database: Database, cycle_id: int) -> None:
    files = tables({"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": OKRS})
    early = NOW - timedelta(weeks=6)
    outcome = database.write_now(
        lambda s: apply(s, files, locale="en", cycle_id=cycle_id, now=early)
    )
    assert [(c.thing, c.why) for c in outcome.changes if c.verb == "kept"] == [
        ("update", "today is in no week of the cycle")
    ]


def test_readings_update_and_never_double(database: Database, cycle_id: int) -> None:
    kpis = {"kpis.csv": "kpi,high\nchurn,4\n", "r.csv": "kpi,day,value\nchurn,2026-11-01,3\n"}
    brought(database, cycle_id, kpis)
    kpis["r.csv"] = "kpi,day,value\nchurn,2026-11-01,5\nchurn,week 1,2\n"
    brought(database, cycle_id, kpis)
    values = database.read_now(
        lambda s: [(r.day, r.value) for r in s.exec(select(Reading).order_by(col(Reading.day)))]
    )
    assert values == [(date(2026, 10, 9), 2), (date(2026, 11, 1), 5)]
    assert only(database, Kpi)["direction"] == "lower"


def many(count: int, number: int) -> dict[str, str]:
    """A company of so many people, each with a key result and a KPI reading."""
    people = [f"p{i}@x.org,P {i},{f'p{i // 2}@x.org' if i else ''}" for i in range(count)]
    teams = [f"t{i},company,,p{i}@x.org,c{i}" if not i else f"t{i},team,t0,p{i}@x.org p0@x.org,c{i}"
             for i in range(count)]  # fmt: skip
    okrs = [
        f"R{i},O{i},t{i},Goal {i},O{i // 2 if i else ''},Reach {i},p{i}@x.org,0,{number},"
        f"A {number} week 3; B week 5,{number},{number}"
        for i in range(count)
    ]
    okrs[0] = okrs[0].replace(",O,", ",,")
    kpis = [f"k{i},p{i}@x.org,{number}" for i in range(count)]
    readings = [f"k{i},2026-11-01,{number}" for i in range(count)]
    return {
        "people.csv": "\n".join(["email,name,manager", *people]),
        "teams.csv": "\n".join(["team,level,parent,members,channel", *teams]),
        "okrs.csv": "\n".join(
            [
                (
                    "reference,objective_reference,team,objective,parent,key_result,owner,baseline,"
                    "target,milestones,value,confidence"
                ),
                *okrs,
            ]
        ),
        "kpis.csv": "\n".join(["kpi,owner,high", *kpis]),
        "readings.csv": "\n".join(["kpi,day,value", *readings]),
    }


def test_statements_do_not_grow_with_people(database: Database, cycle_id: int) -> None:
    counts = []
    for number, size in enumerate((10, 10, 10, 100, 100, 100), 1):
        with statements(database) as seen:
            brought(database, cycle_id, many(size, number))
        counts.append(len(seen))
    assert counts[3] <= counts[0] + counts[2]
    assert counts[5] == counts[2]
    assert counts[5] < 40


def test_a_hundred_people_cost_what_ten_do(database: Database, cycle_id: int) -> None:
    with statements(database) as ten:
        brought(database, cycle_id, many(10, 1))
    with statements(database) as hundred:
        database.write_now(
            lambda s: plan(s, tables(many(100, 2)), locale="en", cycle_id=cycle_id, now=NOW)
        )
    assert len(hundred) <= len(ten)
