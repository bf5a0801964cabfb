"""Somebody is erased: nothing of them is left in any column, and no figure of the team's moves."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot import picture, privacy
from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.replies import Open
from bot.term import term
from storage import audit, keeping
from storage.checkins import Blocker, Checkin
from storage.daysoff import Absence
from storage.findings import Finding
from storage.grades import CarryOver, Grade
from storage.kpis import Episode, Kpi
from storage.kudos import Kudos
from storage.objectives import KeyResult, Moved, Objective
from storage.people import Person
from storage.retros import Decision, Retro, RetroAnswer, RetroTaken
from storage.reviews import Review
from storage.teams import Team
from storage.written import OWN, WORDS, is_text
from tests.house import House

MARK = "zebra"
"""Stands in everything that Bob types, and nowhere else."""
TEAMS = {
    "cycle.name", "cycle.calendar", "decision.text", "holiday.name", "key_result.title",
    "key_result.unit", "kpi.name", "kpi.question", "kpi.serves", "kpi.definition", "kpi.unit",
    "milestone.title", "objective.title", "organisation.name", "organisation.calendar",
    "retro.answers", "team.name", "channel.name",
}  # fmt: skip
"""Texts that are the team's, the organisation's, or nobody's."""
PLACES = {
    "person", "identity", "letter", "audit", "inbound", "kept", "token", "lease", "bucket", "pace",
}  # fmt: skip
"""Tables that are cleaned in a way of their own, or hold no text of anybody's."""


def everything(session: Session) -> Iterator[tuple[str, str]]:
    """Every text in the database, by its column."""
    for table in SQLModel.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            yield from ((f"{table.name}.{name}", str(value)) for name, value in row.items())


def figures(session: Session, house: House) -> Mapping[str, Any]:
    """The team's figures, week by week."""
    at = term(session, house.now)
    found = picture.of_teams(session, at, [2])[2]
    grades = {
        row.key_result_id: (row.grade, row.original) for row in session.scalars(select(Grade))
    }
    return {
        "progress": {s.id: [s.progress_at(week) for week in range(1, 6)] for s in found},
        "confidence": {s.id: s.confidence for s in found},
        "mean": [picture.mean(found, week) for week in range(1, 6)],
        "grades": grades,
    }


async def lived(house: House) -> None:
    """Bob has said something everywhere where one can."""
    await house.go_to("Thu 10:00", zone="America/New_York")
    opened = await house.clicks(BOB, house.last(BOB), "Check in")
    assert isinstance(opened, Open)
    await house.sends(
        BOB, opened, value_1="39", note_1=f"{MARK} one “quoted” \\ line",
        blocker=f"{MARK} in the way\nsecond {MARK}", helper="3", next_0=f"{MARK} next",
    )  # fmt: skip
    await house.says(BOB, f"kr 2 4.4 {MARK} changed my mind about churn, at length and in full")
    await house.says(BOB, f"kr 2 4.3 {MARK} again")
    await house.says(ALICE, "kr 2 4.2 mine now")
    await house.go_to("Fri 16:00")
    now = house.now

    def more(session: Session) -> None:
        team = session.get(Team, 2)
        assert team is not None
        team.lead_id = BOB.id
        session.add(team)
        kpi = session.get(Kpi, 1)
        asked = session.get(Checkin, (1, 5, 2))
        assert kpi is not None
        assert asked is not None
        asked.line = f"{MARK} line"
        kpi.owner_id = BOB.id
        by: dict[str, Any] = {"by_id": BOB.id, "at": now}
        session.add_all(
            [
                kpi, asked,
                Kudos(cycle_id=1, week=5, from_id=2, to_id=3, text=f"{MARK} thanks", at=now),
                Kudos(cycle_id=1, week=5, from_id=3, to_id=2, text="Thank you Bob Okafor", at=now),
                Review(cycle_id=1, week=7, key_result_id=1, decision="keep", obstacle=f"{MARK} o",
                       reason=f"{MARK} r", **by),
                Moved(key_result_id=1, week=5, reason=f"{MARK} moved", **by),
                Grade(key_result_id=1, cycle_id=1, grade=0.7, reason=f"{MARK} graded", **by),
                CarryOver(key_result_id=1, cycle_id=1, decision="drop", why=f"{MARK} why", **by),
                Finding(cycle_id=1, thing="set", thing_id=2, rule="many", found_at=now,
                        dismissed_at=now, dismissed_by_id=2, reason=f"{MARK} dismissed"),
                Episode(kpi_id=1, began=date(2026, 10, 30), worst=5.5, reason=f"{MARK} put off",
                        decided_by_id=2, changed_at=now),
                Retro(cycle_id=1, team_id=2, answers='["Bob Okafor was kind"]'),
                RetroTaken(cycle_id=1, team_id=2, person_id=2),
                RetroAnswer(cycle_id=1, team_id=2, person_id=2, at=now,
                            answer=json.dumps({"learned": f"{MARK} learned"})),
                Decision(cycle_id=1, team_id=2, text="Ask bob okafor first", owner_id=2, by_id=2,
                         at=now),
                Absence(person_id=2, first=date(2026, 12, 1), last=date(2026, 12, 2), said_at=now),
                Blocker(cycle_id=1, week=4, person_id=3, text="waits", helper_id=2, taken_by_id=2,
                        state="taken", changed_at=now),
            ]
        )  # fmt: skip
        session.flush()
        keeping.put(session, "slack", "form:9", f'{{"note": "{MARK} line, half"}}')
        keeping.put(session, "teams", "place:bob@harbour.example", "https://service.example")
        keeping.put(session, "teams", "place:other", "https://service.example")
        for row in (Review, Grade):
            audit.note(session, now, row.__name__.lower(), "1", by=2, before={},
                       after={"reason": f"{MARK} r", "grade": 0.7})  # fmt: skip

    await house.database.write(more, patience=None)


async def test_after_an_erasure_nothing_is_left_but_the_teams_numbers(house: House) -> None:
    await lived(house)
    read, now = house.database.read, house.now
    before = await read(lambda s: figures(s, house))
    there = [where for where, text in await read(lambda s: list(everything(s))) if MARK in text]
    assert {where.partition(".")[0] for where in there} >= {
        *("letter", "audit", "inbound", "kept", "key_result_update", "checkin", "blocker", "kudos"),
        *("commitment", "review", "grade", "carry_over", "finding", "kpi_episode", "moved_target"),
        "retro_answer",
    }

    former = await house.database.write(
        lambda s: privacy.erase(s, "Bob@Harbour.example", now), patience=None
    )
    assert former == "Former member 2"
    await house.bot.settle()
    left = await read(lambda s: list(everything(s)))
    for mark in (MARK, "okafor", BOB.email):
        assert [(where, text) for where, text in left if mark in text.casefold()] == []
    assert await read(lambda s: figures(s, house)) == before
    assert await read(lambda s: keeping.get(s, "teams", "place:other")) is not None

    def owners(session: Session) -> list[Any]:
        krs, objectives = session.scalars(select(KeyResult)), session.scalars(select(Objective))
        kpi, team = session.get(Kpi, 1), session.get(Team, 2)
        decision = session.scalars(select(Decision)).one()
        assert kpi
        assert team
        return [
            {kr.owner_id for kr in krs}, {o.owner_id for o in objectives}, kpi.owner_id,
            team.lead_id, decision.owner_id, decision.text,
            session.scalars(select(Blocker)).one().state,
        ]  # fmt: skip

    assert await read(owners) == [
        {None}, {1, None}, None, None, None, "Ask Former member 2 first", "open"
    ]  # fmt: skip
    gone = await read(lambda s: s.get(Person, 2))
    assert gone
    assert (gone.active, gone.admin, gone.zone) == (False, False, None)
    assert not [text for where, text in left if where == "identity.person_id" and text == "2"]
    summary = house.channel[-1]
    assert "Okafor" not in str(summary.card)  # the posted summary was edited too
    await house.go_to("Thu 10:00", week=6)  # and the next week begins without them
    with pytest.raises(privacy.NotPossible, match="Nobody"):
        await read(lambda s: privacy.export(s, BOB.email))


async def test_what_they_led_goes_to_the_lead(house: House) -> None:
    await house.database.write(lambda s: privacy.erase(s, BOB.email, house.now), patience=None)
    krs = await house.database.read(lambda s: s.scalars(select(KeyResult)).all())
    assert {kr.owner_id for kr in krs} == {ALICE.id}
    with pytest.raises(privacy.NotPossible, match="only admin"):
        await house.database.write(lambda s: privacy.erase(s, ALICE.email, house.now))


async def test_everything_of_somebody_can_be_handed_to_them(house: House) -> None:
    await lived(house)
    found = json.loads(await house.database.read(lambda s: privacy.export(s, BOB.email)))
    assert [row["name"] for row in found["person"]][-1] == BOB.name
    assert {row["account"] for row in found["identity"]} == {BOB.email}
    said = json.dumps(found)
    for text in ("graded", "thanks", "in the way", "next", "line", "learned", "put off"):
        assert f"{MARK} {text}" in said
    assert "was kind" not in said  # nobody knows whose an anonymous answer is
    others = json.loads(await house.database.read(lambda s: privacy.export(s, DANA.email)))
    assert MARK not in json.dumps({k: v for k, v in others.items() if k != "letter"})
    assert CHARLIE.name not in json.dumps(others["identity"])


def test_every_column_that_holds_text_is_somebodys_or_the_teams() -> None:
    known = {f"{w.table.__tablename__}.{c}" for w in (*WORDS, *OWN) for c in w.columns} | TEAMS
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if not is_text(column) or table.name in PLACES or name in known:
                continue
            checked = any(
                f"{column.name} in" in str(check.sqltext)
                for check in table.constraints
                if hasattr(check, "sqltext")
            )
            assert checked or column.name in CODES, f"say in storage/written.py whose {name} is"


CODES = {
    "slug", "zone", "locale", "country", "weekend", "platform", "workspace", "address",
    "unreachable", "source", "how", "cause", "rule", "reference", "language", "level", "kind",
}  # fmt: skip
"""Columns that hold a word of ours, a place or a code."""
