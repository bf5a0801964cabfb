"""`export` on the page: what it offers can be downloaded, by whom it belongs to."""

import csv
import json
import re
from collections.abc import AsyncIterator
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import Session, select

from adapters.web.adapter import Web
from adapters.web.settings import Settings
from bot.cast import ALICE, BOB
from bot.stage import Company
from storage.audit import Audit
from storage.exporting import TABLES
from tests.adapters.web.visitor import Visitor
from tests.house import House


@pytest.fixture
async def bob(house: House, tmp_path: Path) -> AsyncIterator[Visitor]:
    page = Web(Company(house.database, house.bot.clock), Settings(store=tmp_path / "web.db"))
    app = page.app(partial(house.bot.hear, page))
    async with TestClient(TestServer(app)) as client:
        yield Visitor(client, BOB.email)
    await page.close()


async def offered(who: Visitor) -> list[str]:
    """The names of the files on the card that `export` shows."""
    await who.tell("typed", text="export")
    card = (await who.read())[-1]["html"]
    return re.findall(r'data-file="(.+?)" download>', card)


async def fetched(who: Visitor, name: str) -> tuple[int, str, bytes]:
    """Status, kind and body of a download."""
    answer = await who.client.get(f"/api/files/{name}", params={"me": who.email})
    if answer.status == 200:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="okr-{name}"'
    return answer.status, answer.content_type, await answer.read()


async def test_everybody_downloads_what_is_kept_of_them(bob: Visitor, house: House) -> None:
    await house.says(BOB, "kr 1 41.5 =calls, “and” more")
    assert await offered(bob) == ["my-data.json", "my-updates.csv"]
    assert "okr person export" not in (await bob.read())[-1]["html"]

    status, kind, body = await fetched(bob, "my-data.json")
    assert (status, kind) == (200, "application/json")
    assert BOB.email in json.dumps(json.loads(body))

    status, kind, body = await fetched(bob, "my-updates.csv")
    rows = list(csv.DictReader(StringIO(body.decode("utf-8-sig"))))
    assert (status, kind, len(rows)) == (200, "text/csv", 10)
    assert (rows[0]["value"], rows[0]["note"]) == ("41.5", "'=calls, “and” more")


async def test_only_admins_download_everything(bob: Visitor, house: House) -> None:
    alice = bob.other(ALICE.email)
    everything = ["everything.json", "everything.zip"]
    assert await offered(alice) == ["my-data.json", "my-updates.csv", *everything]
    for name in everything:
        assert (await fetched(bob, name))[0] == 403
    assert await house.database.read(taken) == []

    assert set(TABLES) < set(json.loads((await fetched(alice, "everything.json"))[2]))
    body = (await fetched(alice, "everything.zip"))[2]
    assert ZipFile(BytesIO(body)).namelist() == [f"{table}.csv" for table in TABLES]
    assert await house.database.read(taken) == [(1, name) for name in everything]


def taken(session: Session) -> list[tuple[int | None, str]]:
    """By whom everything was fetched, and as what."""
    rows = session.exec(select(Audit).where(Audit.thing == "export")).all()
    return [(row.by_id, row.thing_key) for row in rows]


async def test_nobody_downloads_what_is_not_there(bob: Visitor) -> None:
    assert (await fetched(bob, "nothing.json"))[0] == 403
    assert (await bob.client.get("/api/files/my-data.json", params={"me": "x@y.z"})).status == 400
