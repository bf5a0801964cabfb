"""/livez, /readyz and /healthz in every state that an admin may meet."""

import errno
import re
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.cast import BOB
from bot.chat.adapter import Outcome, TryLater
from bot.chat.replies import Unsaved
from bot.operations.listener import listening
from storage import letters
from storage.database import Database
from storage.engine import open_database
from storage.letters import Draft
from tests.bot.post import ask
from tests.engines import Engine
from tests.operations.watched import HOST, Watched, watched

PARTS = {"loop", "database", "tick", "plan", "letters", "disk", "delivery"}
MINUTES = timedelta(minutes=1)


def later(*_: object) -> Outcome:
    return TryLater(3600)


async def plan(one: Watched, *drafts: Draft) -> None:
    await one.house.database.write(lambda session: letters.plan(session, drafts), patience=None)


async def test_it_is_ready_once_it_has_planned_and_ticked(database: Database) -> None:
    async with watched(database) as one:
        assert await one.wrong() == {
            "tick": "There was no tick yet.",
            "plan": "There was no plan yet.",
        }
        assert (await one.get("/livez"))[0] == 200
        one.beat()
        assert await one.wrong() == {}
        status, said = await one.get("/healthz")
        assert (status, said["live"], said["ready"], set(said["parts"])) == (200, True, True, PARTS)
        says = {name: part["says"] for name, part in said["parts"].items()}
        assert says["letters"] == "No letter is due that could go."
        assert says["delivery"] == "Delivery sends whatever is due."
        assert re.fullmatch(r"The database answers, in \d+ ms\.", says["database"])
        assert re.fullmatch(r"The loop turns; its longest stall .* was \d+ ms\.", says["loop"])


async def test_a_tick_and_a_plan_that_stay_away_are_missed(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        one.beat()
        one.moment += 59
        assert await one.wrong() == {}
        one.moment += 2
        assert await one.wrong() == {
            "tick": "The last tick was 61 s ago. There should be one every 15 s."
        }
        one.moment += 2400
        assert (await one.wrong())["plan"] == (
            "The last plan was 41 min ago. There should be one every 10 min."
        )


async def test_a_letter_that_nobody_sends_is_missed_but_not_one_that_must_wait(
    database: Database,
) -> None:
    async with watched(database) as one:
        house = one.house
        one.beat()
        house.platform.fate = later
        await plan(one, ask(2, kind="reply", due=house.now, expires=house.now + 99 * MINUTES))
        await house.bot.settle()
        house.bot.clock.move_to(house.now + 20 * MINUTES)
        one.moment += 301
        one.beat()
        assert await one.wrong() == {}  # its platform asked for patience

        due = house.now - 20 * MINUTES
        await plan(one, ask(3, kind="reply", due=due, expires=due + 99 * MINUTES))
        assert await one.wrong() == {
            "letters": "2 due, the oldest since 20 min, and none is being sent."
        }
        house.platform.fate = None
        await house.bot.settle()
        assert await one.wrong() == {}


async def test_a_wave_takes_as_long_as_it_takes(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        one.beat()
        due = one.house.now - 40 * MINUTES
        first, second = (ask(n, kind="reply", due=due, expires=due + 99 * MINUTES) for n in (2, 3))
        await plan(one, first)
        await one.house.bot.settle()
        await plan(one, second)
        assert await one.wrong() == {}


async def test_a_database_that_is_away_is_told_and_found_again(
    engine: Engine, tmp_path: Path
) -> None:
    url = engine.clean(tmp_path)
    database = open_database(url)
    async with watched(database) as one:
        one.beat()
        assert (await one.scraped())['okr_letters_open{state="due"}'] == 0
        database.close()
        wrong = await one.wrong()
        assert set(wrong) == {"database", "letters"}
        assert "does not answer" in wrong["database"]
        assert (await one.get("/livez"))[0] == 200
        one.house.bot.database = open_database(url)
        assert await one.wrong() == {}
        one.house.bot.database.close()


FULL_ON_POSTGRES = """
CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON checkin EXECUTE FUNCTION full_disk()
"""


def fill(session: Session) -> None:
    """From now on there is no room for an answer."""
    if session.get_bind().dialect.name == "sqlite":
        session.scalar(text("PRAGMA max_page_count = 1"))
    else:
        session.connection().exec_driver_sql(FULL_ON_POSTGRES)


def make_room(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.scalar(text("PRAGMA max_page_count = 1000000"))
    else:
        session.connection().exec_driver_sql("DROP TRIGGER full_disk ON checkin")


async def test_a_full_disk_is_told_to_both_and_forgotten_when_there_is_room(
    database: Database,
) -> None:
    async with watched(database) as one:
        one.beat()
        form = await one.house.says(BOB, "checkin")
        await database.write(fill, patience=None)
        try:
            with pytest.raises(Unsaved):
                await one.house.sends(BOB, form, **{f"note_{n}": "x" * 499 for n in range(1, 5)})
        finally:
            await database.write(make_room, patience=None)
        wrong = await one.wrong()
        assert wrong == {
            "disk": "The disk is full, and nothing can be saved: "
            "make room, the bot goes on by itself."
        }
        seen = await one.scraped()
        assert seen['okr_database_unavailable_total{who="answer",why="full"}'] == 1
        assert seen['okr_answers_total{outcome="unsaved"}'] == 1

        one.moment += 61
        one.beat()
        await one.house.sends(BOB, form, note_1="Calm")
        assert await one.wrong() == {}
        assert (await one.scraped())['okr_answers_total{outcome="stored"}'] == 1


async def test_a_bot_that_stops_wants_no_more_work(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        one.beat()
        one.house.bot.delivery.halt()
        assert await one.wrong() == {"delivery": "The bot is stopping, and sends nothing more."}


async def test_a_taken_port_is_refused_in_one_sentence(sqlite: Database) -> None:
    one = Watched()
    async with watched(sqlite) as other:
        with pytest.raises(OSError, match=r"Port \d+ is taken, .* OKR_OPS_PORT") as refused:
            async with listening(other.house.bot, one.metrics, HOST, other.port, None):
                pass
        assert refused.value.errno == errno.EADDRINUSE
    with socket.create_server((HOST, other.port)):  # it was let go
        pass
