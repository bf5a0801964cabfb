"""Whoever reads all that is kept cannot say whose answer it is: database, outbox and log.

"All" is one snapshot. What can be told from several (backups of different days) is not promised.
"""

import asyncio
import itertools
from collections import Counter

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.replies import Fix, Quiet
from storage.retros import Answer, Pool, mixed
from tests.flows.test_retro import (
    EVE,
    OUT,
    WEEK,
    asked,
    everything,
    heard,
    house,
    joins,
    opened,
    told,
)  # fmt: skip
from tests.house import House, words

__all__ = ["house"]  # the fixture: the house in the last week
ORDER = (DANA, BOB, EVE, ALICE, CHARLIE)
"""Neither by name nor by number."""


def holding(session: Session, mark: str) -> dict[str, list[dict[str, object]]]:
    """Every row that holds this text anywhere, by table."""
    known = {
        name: [row for row in rows if any(mark in str(value) for value in row.values())]
        for name, rows in everything(session).items()
    }
    return {name: rows for name, rows in known.items() if rows}


def placed(session: Session) -> list[tuple[str, int]]:
    """Where the rows of those who answered lie, and by which transaction, as the engine knows."""
    if session.get_bind().dialect.name == "postgresql":
        rows = "select xmin::text, person_id from retro_taken order by ctid"
    else:
        rows = "select '', person_id from retro_taken order by rowid"
    return [(str(row[0]), int(row[1])) for row in session.execute(text(rows))]


async def test_no_answer_stands_beside_a_person_or_a_time(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await joins(house)
    await asked(house)
    marks: list[str] = []
    for minutes, person in enumerate(ORDER):
        form = await opened(house, person)
        # What cannot be taken is kept nowhere either.
        wrong = f"mark-wrong-{person.id}"
        long = await house.sends(person, form, achieved=wrong * 200)
        assert isinstance(long, Fix)
        chosen = await house.sends(person, form, achieved=wrong, rhythm=wrong)
        assert isinstance(chosen, Fix)
        other = await house.submits(
            person, "retro:answer:1:2:named", {"achieved": wrong, "rhythm": "1"}
        )
        assert "now asked without names" in told(other)[0]
        mark = f"mark-taken-{person.id}"
        marks.append(mark)
        sent = await house.sends(person, form, achieved=f"{mark} a", change=f"{mark} b", few="5")
        assert isinstance(sent, Quiet)
        assert "mark-" not in str(await house.sends(person, form, achieved=wrong))
        await house.go_to(f"Thu 09:{10 * minutes:02}", week=WEEK)

        rows = await house.database.read(lambda s: holding(s, "mark-"))
        assert rows.keys() == {"retro"}
        [row] = rows["retro"]
        assert row.keys() == {"cycle_id", "team_id", "named", "answers"}  # no person, no time
        assert all(each in str(row["answers"]) for each in marks)
        assert "mark-wrong" not in str(row["answers"])

        who = await house.database.read(placed)
        assert [number for _, number in who] == sorted(p.id or 0 for p in ORDER[: minutes + 1])
        assert len({transaction for transaction, _ in who}) == 1
    assert "mark-" not in capsys.readouterr().out  # the log

    await house.go_to(OUT, week=WEEK)
    posted = words(house.channel[-1].card)
    assert all(mark in posted for mark in marks) or "in the thread" in posted
    await house.says(BOB, "retro")
    await house.presses(BOB, "retro:show:1:2")
    rows = await house.database.read(lambda s: holding(s, "mark-"))
    assert rows.keys() == {"retro", "letter", "inbound"}
    for letter in rows["letter"]:
        assert letter["person_id"] is None
        shown = {mark for mark in marks if mark in str(letter["card"])}
        # No two keep different sets of answers, from which one could tell who came between.
        assert str(letter["card"]).count("mark-taken") in (8, 10), shown
    assert "mark-" not in capsys.readouterr().out


async def test_the_bot_may_restart_between_two_answers(house: House) -> None:
    await asked(house)
    forms = {p.email: await opened(house, p) for p in (ALICE, BOB, CHARLIE, DANA)}
    for person in (DANA, ALICE):
        await house.sends(person, forms[person.email], learned=person.name)
    restarted = House(house.database)
    restarted._ids = (f"restarted{n}" for n in itertools.count())
    await restarted.go_to(house.now)
    both = [
        restarted.sends(person, forms[person.email], learned=person.name)
        for person in (BOB, CHARLIE)
    ]
    assert all(isinstance(reply, Quiet) for reply in await asyncio.gather(*both))
    said = await heard(restarted)
    assert said.count == 4
    assert {each.text for each in said.texts["learned"]} == {
        p.name for p in (ALICE, BOB, CHARLIE, DANA)
    }
    assert {each.by for each in said.texts["learned"]} == {None}


RUNS = 4_800
NEVER = {23: 75.0, 15: 60.0}
"""Chi-squared that a fair shuffle exceeds less than once in a million, by degrees of freedom."""


def chi_squared(counted: Counter[object], cells: int) -> float:
    expected = RUNS / cells
    found = sum((count - expected) ** 2 / expected for count in counted.values())
    return found + (cells - len(counted)) * expected


def test_the_order_of_answers_says_nothing_of_when_they_came() -> None:
    orders: Counter[object] = Counter()
    pairs: Counter[object] = Counter()
    last: Counter[object] = Counter()
    for _ in range(RUNS):
        pool = Pool()
        for n in range(4):
            pool = mixed(pool, Answer({"achieved": str(n), "change": str(n)}, {"few": n + 1}))
        orders[tuple(pool.texts["achieved"])] += 1
        # Nor does one answer's place tell which answer to another question has the same author.
        pairs[pool.texts["achieved"].index("2"), pool.texts["change"].index("2")] += 1
        last[pool.texts["achieved"].index("3"), pool.scores["few"].index(4)] += 1
    assert set(orders) == set(itertools.permutations("0123"))
    assert chi_squared(orders, 24) < NEVER[23]
    assert chi_squared(pairs, 16) < NEVER[15]
    assert chi_squared(last, 16) < NEVER[15]
