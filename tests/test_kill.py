"""`kill -9` at any moment, and start again: nothing is lost, nothing is asked twice."""

import asyncio
import json
import random
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.demo import demo

ME = "charlie@harbour.example"


def jump(address: str, to: str) -> None:
    """Press a button of the clock bar; the demo may die meanwhile."""
    request = Request(  # noqa: S310 our own loopback
        f"{address}/api/jump",
        json.dumps({"to": to, "me": ME}).encode(),
        {"Content-Type": "application/json", "Origin": address},
    )
    try:
        with urlopen(request, timeout=60):  # noqa: S310 the same
            pass
    except (HTTPError, URLError, OSError):
        return


def posted(room: Path) -> Counter[str]:
    """How many messages stand on the page, by place; nobody but the bot writes here."""
    with sqlite3.connect(room / "data/demo/web.db") as board:
        rows = board.execute("select place, count(*) from messages group by place").fetchall()
    board.close()
    return Counter(dict(rows))


def sent(room: Path) -> Counter[str]:
    """How many messages the bot believes to have sent, by place."""
    with sqlite3.connect(room / "data/demo/okr.db") as database:
        rows = database.execute(
            "select address, count(*) from letter where state = 'sent' and kind <> 'edit'"
            " group by address"
        ).fetchall()
    database.close()
    return Counter(dict(rows))


def letters(room: Path) -> dict[str, str]:
    """Each letter of week 6, edits left out, with what the bot believes became of it."""
    with sqlite3.connect(room / "data/demo/okr.db") as database:
        found = database.execute(
            "select key, state from letter where week = 6 and kind in ('ask','summary','reminder')"
        ).fetchall()
    database.close()
    return {str(key): str(state) for key, state in found}


@pytest.mark.timeout(170)
async def test_three_deaths_in_one_week(tmp_path: Path) -> None:
    chance = random.Random(6)  # noqa: S311 no secret
    async with demo(tmp_path) as address:
        await asyncio.to_thread(jump, address, "day")
    for _ in range(3):
        async with demo(tmp_path, "--keep", kill_after=chance.uniform(0.2, 1.5)) as address:
            await asyncio.to_thread(jump, address, "week")
    async with demo(tmp_path, "--keep") as address:
        await asyncio.to_thread(jump, address, "week")
        await asyncio.to_thread(jump, address, "day")
    known = letters(tmp_path)
    assert known
    assert set(known.values()) <= {"sent", "cancelled"}
    assert posted(tmp_path) == sent(tmp_path)
