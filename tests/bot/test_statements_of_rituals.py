"""Reviews, grades and what is carried over cost as many statements for many people as for few."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from bot.flows import flows
from bot.quarter import carrying
from bot.quarter.verdicts import graded
from bot.term import term
from storage.database import Database
from storage.engine import open_database
from storage.letters import Letter
from storage.reviews import Review
from tests.bench.company import MORNING, furnish
from tests.engines import Engine, statements

FEW, MANY = 20, 200


def letter(flow: str, subject: str, person_id: int, number: int) -> Letter:
    return Letter(
        id=number, key=f"{flow}:{subject}", flow=flow, subject=subject, kind="ask",
        person_id=person_id, cycle_id=1, week=13, platform="x", workspace="", address="y",
        due_at=MORNING, expires_at=MORNING, rank=0,
    )  # fmt: skip


def counted(database: Database, people: int) -> dict[str, int]:
    at = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())

    def proposed(session: Session) -> None:
        furnish(session, people)
        for number in range(1, people):
            session.add(
                Review(
                    cycle_id=1, week=7, key_result_id=number, decision="adjust", state="waiting",
                    target=9, approver_id=1, by_id=number, at=datetime.fromtimestamp(at, UTC),
                )
            )  # fmt: skip

    database.write_now(proposed, patience=None)
    ids = range(1, people)
    asks = [letter("grade", f"ask:1:{n}", n, n) for n in ids]
    words = [letter("review", f"ask:1:{n}:{at}", 1, n) for n in ids]

    def write(flow: str, batch: list[Letter]) -> int:
        def unit(session: Session) -> int:
            now = term(session, MORNING)
            with statements(database) as seen:
                cards = flows()[flow].write(session, now, batch, MORNING)
            assert sum(card is not None for card in cards.values()) > people // 2
            return len(seen)

        return database.read_now(unit, patience=None)

    def of_teams(session: Session) -> int:
        now = term(session, MORNING)
        with statements(database) as seen:
            graded(session, now, range(1, people))
            carrying.carried(session, now, range(1, people))
        return len(seen)

    return {
        "grades": write("grade", asks),
        "reviews": write("review", words),
        "verdicts": database.read_now(of_teams, patience=None),
    }


def test_statements_do_not_grow(files: Engine, tmp_path: Path) -> None:
    found = []
    for people in (FEW, MANY):
        room = tmp_path / str(people)
        room.mkdir()
        database = open_database(files.clean(room))
        try:
            found.append(counted(database, people))
        finally:
            database.close()
    assert found[0] == found[1]
    assert max(found[1].values()) < 20
