"""KPIs: read, outside their range, told, suggested, brought back, fallen back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot import suggestions
from bot.cast import ALICE, BOB, CHARLIE
from bot.chat.cards import Card, Chart
from bot.chat.replies import Fix, Reply, Say
from bot.term import term
from storage.checkins import Update
from storage.engine import open_database
from storage.kpis import Episode
from storage.objectives import KeyResult, Objective
from tests.engines import Engine
from tests.house import House, buttons_of
from tests.house import words as told_words


def words(card: Card) -> str:
    return told_words(card).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
async def house(engine: Engine, tmp_path: Path) -> AsyncIterator[House]:
    database = open_database(engine.clean(tmp_path))
    yield await House.open(database)
    database.close()


@pytest.fixture
async def home(files: Engine, tmp_path: Path) -> AsyncIterator[House]:
    """Where one engine is enough."""
    database = open_database(files.clean(tmp_path))
    yield await House.open(database)
    database.close()


def said(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def problems(reply: Reply) -> dict[str, str]:
    assert isinstance(reply, Fix), reply
    return {problem.question: problem.text for problem in reply.problems}


def labels(reply: Reply) -> list[str]:
    assert isinstance(reply, Say), reply
    return [button.label for button in buttons_of(reply.card)]


def has_chart(card: Card) -> bool:
    return any(isinstance(block, Chart) for block in card.blocks)


async def change(house: House, table: type, number: int, **values: object) -> None:
    def write(session: Session) -> None:
        row: object = session.get_one(table, number)
        for name, value in values.items():
            setattr(row, name, value)

    await house.database.write(write)


async def episode(house: House) -> Episode:
    def newest(session: Session) -> Episode:
        row = session.exec(select(Episode).order_by(col(Episode.id).desc())).first()
        assert row is not None
        return Episode(**row.model_dump())

    return await house.database.read(newest)


async def test_the_board_and_one_kpi(house: House) -> None:
    board = await house.says(BOB, "kpi")
    assert title(board) == "KPIs of my teams"
    assert "Time to first answer: 5.5 h on Fri 30 Oct, outside its range (4 h or less)" in said(
        board
    )
    one = await house.clicks(BOB, board, "Show")
    assert title(one) == "Time to first answer"
    assert "The reading of Fri 30 Oct is outside its range (4 h or less)." in said(one)
    assert "Owner: Charlie Rao" in said(one)
    assert labels(one) == []
    assert labels(await house.says(CHARLIE, "kpi time to first ANSWER")) == ["Give a reading"]
    lead = await house.says(ALICE, "kpi support-time")
    assert labels(lead) == ["Give a reading", "Edit", "Stop watching"]
    unknown = await house.says(BOB, "kpi suport tme")
    assert labels(unknown) == ["Time to first answer"]


async def test_a_breach_is_told_once_and_the_loop_runs_to_a_relapse(house: House) -> None:
    given = await house.says(CHARLIE, "kpi support-time 4.6 h")
    assert title(given) == "Saved: 4.6\N{NO-BREAK SPACE}h"
    assert "2 readings in a row are outside its range" in said(given)
    assert isinstance(given, Say)
    assert has_chart(given.card)
    assert house.inbox(CHARLIE) == [], "who gave it sees it at once"
    await house.go_to("Mon 12:00")
    (told,) = [m.card for m in house.inbox(ALICE) if m.card.title == "A KPI left its range"]
    assert "Time to first answer was 5.5 h on Fri 30 Oct, and healthy is 4 h or less." in words(
        told
    )
    assert "Since then: 4.6 h on Mon 2 Nov, unhealthy." in words(told)
    assert has_chart(told)
    began = await episode(house)
    assert (began.state, began.proposal, began.worst) == ("unhealthy", "held", 5.5)
    await house.says(CHARLIE, "kpi support-time 4.7")
    await house.go_to("Tue 12:00")
    titles = [message.card.title for message in house.inbox(ALICE)]
    assert titles.count("A KPI left its range") == 1, "told once"

    board = await house.says(ALICE, "kpi")
    assert "has been outside its range since Fri 30 Oct" in said(board)
    assert "kept for your next planning session" in said(board)
    number = began.id
    early = await house.presses(ALICE, f"kpi:accept:{number}")
    assert title(early) == "Kept for the next planning"
    assert title(await house.presses(BOB, f"kpi:accept:{number}")) == "Only its leads can change it"

    await house.database.write(_planning(12))
    held = await house.database.read(
        lambda s: suggestions.waiting(s, term(s, house.now), [2]).get(2, [])
    )
    assert [each.look.kpi.slug for each in held] == ["support-time"]
    board = await house.says(ALICE, "kpi")
    made = await house.clicks(ALICE, board, "Make it an objective")
    assert "Time to first answer is healthy again and stays so" in said(made)
    assert "Time to first answer back from 5.5 h to 4 h" in said(made)
    again = await house.presses(ALICE, f"kpi:accept:{number}")
    assert title(again) == "Decided already"

    def drafted(session: Session) -> tuple[object, ...]:
        kr = session.exec(select(KeyResult).where(KeyResult.kpi_id == 1)).one()
        goal = session.get_one(Objective, kr.objective_id)
        return goal.state, goal.kpi_id, kr.kind, kr.baseline, kr.target, kr.due.isoformat()

    assert await house.database.read(drafted) == (
        "draft", 1, "decrease", 5.5, 4.0, "2027-01-01",
    )  # fmt: skip
    await house.database.write(_planning(1))
    objective = (await episode(house)).objective_id or 0
    await house.presses(ALICE, f"add:approve:{objective}")
    recovering = await house.says(BOB, "kpi support-time")
    assert "recovering: An objective is bringing it back: 53% of the way" in said(recovering)

    early = await house.says(ALICE, "kpi support-time 4 2026-11-06")
    assert "Fri 6 Nov is still to come" in said(early)
    await house.go_to("Fri 12:00")
    for day, value in ((4, 4.0), (5, 3.9), (6, 3.8)):
        await house.says(ALICE, f"kpi support-time {value} 2026-11-{day:02}")
    well = await house.says(BOB, "kpi support-time")
    assert "recovered: On Fri 6 Nov it was inside its range (4 h or less) for the third" in said(
        well
    )

    def moved(session: Session) -> list[tuple[int, float | None, int | None]]:
        kr = session.exec(select(KeyResult).where(KeyResult.kpi_id == 1)).one()
        rows = session.exec(select(Update).where(Update.key_result_id == kr.id)).all()
        return [(row.week, row.value, row.confidence) for row in rows]

    assert await house.database.read(moved) == [(5, 3.8, None)]
    await house.go_to("Mon 09:00", week=6)
    fell = await house.says(ALICE, "kpi support-time 6")
    assert "fallen back" in said(fell)
    assert (await episode(house)).state == "relapsed"
    await house.go_to("Mon 10:00", week=6)
    assert "It had recovered before." in words(house.last(CHARLIE))


def _planning(weeks: int):  # type: ignore[no-untyped-def] # a unit of work
    """How many weeks of this cycle are for planning."""

    def write(session: Session) -> None:
        from storage.cycles import Cycle

        session.get_one(Cycle, 1).calendar = f'{{"planning_weeks":{weeks}}}'

    return write
