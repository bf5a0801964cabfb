"""The routes: what they give, and what they refuse."""

import asyncio
import re
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.web.adapter import Web
from adapters.web.company import place
from bot.chat.adapter import Sent
from bot.chat.cards import Card
from bot.chat.replies import Say
from bot.chat.stage import Face, Note
from tests.adapters.stages import FRIDAY, Ear, Still
from tests.adapters.web.visitor import Json, Visitor

EVENT: Json = {"type": "typed", "me": "alice@example.org", "at": "dm:alice@example.org"}
EVENT |= {"id": "event-01", "text": "help"}


async def test_page_loads_nothing_from_elsewhere(alice: Visitor) -> None:
    for path in ("/", "/gallery", "/page/page.js", "/page/style.css", "/page/icon.svg"):
        response = await alice.client.get(path)
        text = await response.text()
        assert response.status == 200
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert "style=" not in text
        assert "https://" not in text.replace("https://example.org", "")


async def test_organisation_is_escaped(alice: Visitor, stage: Still) -> None:
    stage.organisation = "<b>{{7*7}}</b>"
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in await (await alice.client.get("/")).text()


async def test_world(alice: Visitor, page: Web) -> None:
    sent = await page.send(place("channel:growth"), Card("x"), key="k")
    assert isinstance(sent, Sent)
    world = await (await alice.client.get("/api/world")).json()
    assert world["organisation"] == "Fjord & Co"
    assert world["now"] == FRIDAY.isoformat()
    assert world["clock"] is True
    assert [face["name"] for face in world["people"]] == ["Alice Berg", "Bob Chen", "Charlie Adu"]
    assert world["people"][2]["away"] is True
    assert world["places"][0] == {"address": "channel:growth", "name": "growth"}
    assert world["latest"] == {"channel:growth": 1}


async def test_notes(alice: Visitor, stage: Still) -> None:
    stage.sent = [Note(FRIDAY, "Alice", "check-in", "because", "sent")]
    notes = (await (await alice.client.get("/api/notes")).json())["notes"]
    assert notes[0]["why"] == "because"


async def test_gallery_shows_every_example(alice: Visitor) -> None:
    text = await (await alice.client.get("/gallery")).text()
    assert text.count("<fieldset disabled>") == 3
    assert 'id="flow-1">planning' in text
    assert "Send the plan" in text
    heading = r"<h3 class=\"name\"[^>]*><a[^>]*>[^<]+</a> <span class=\"quiet\">(?:card|form): "
    assert len(re.findall(heading, text)) == 3, "each is headed by the title that its reader sees"
    assert "data-steps" not in text


async def test_clock_is_moved_and_everybody_hears(alice: Visitor, stage: Still) -> None:
    stream = alice.follow()
    assert (await anext(stream))[1] == {"now": FRIDAY.isoformat()}
    response = await alice.post("/api/jump", {"to": "day"})
    assert (await response.json())["said"] == "Moved on by one day."
    assert (await anext(stream))[1] == {"now": (FRIDAY + timedelta(days=1)).isoformat()}
    await stream.aclose()  # type: ignore[attr-defined]  # an async generator, typed as an iterator


async def test_one_jump_at_a_time(
    alice: Visitor, stage: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = asyncio.Event()

    async def slow(to: str, me: str) -> str:
        await go.wait()
        return "done"

    monkeypatch.setattr(stage, "jump", slow)
    first = asyncio.create_task(alice.post("/api/jump", {"to": "week"}))
    await asyncio.sleep(0.05)
    second = await alice.post("/api/jump", {"to": "week"})
    go.set()
    assert second.status == 409
    assert (await first).status == 200


async def test_live_updates_come_in_order_and_resume(alice: Visitor, page: Web) -> None:
    stream = alice.follow()
    await anext(stream)
    sent = await page.send(place(alice.dm), Card("One"), key="k1")
    assert isinstance(sent, Sent)
    kind, message = await anext(stream)
    assert (kind, message["id"], message["edited"]) == ("message", sent.id, "")
    await stream.aclose()  # type: ignore[attr-defined]  # an async generator, typed as an iterator
    await page.send(place(alice.dm), Card("Two"), key="k2", replaces=sent.id)
    await page.send(place("dm:bob@example.org"), Card("Secret"), key="k3")
    await page.send(place("channel:growth"), Card("Four"), key="k4")
    again = alice.follow(Last_Event_ID="1")
    told = [await anext(again) for _ in range(3)]
    await again.aclose()  # type: ignore[attr-defined]  # the same
    assert [kind for kind, _ in told] == ["message", "stir", "message"]
    assert told[0][1]["edited"]
    assert told[1][1] == {"place": "dm:bob@example.org", "seat": 2, "bot": True}
    seats = [what["seat"] for _, what in told]
    assert all(one < two for one, two in pairwise(seats))


async def test_live_keeps_private_answers_private(alice: Visitor, ear: Ear) -> None:
    bob = alice.other("bob@example.org")
    stream = bob.follow()
    await anext(stream)
    ear.answers = [Say(Card("For Alice")), Say(Card("For all"), private=False)]
    for _ in range(2):
        await alice.tell("typed", at="channel:growth", text="/okr team")
    told: list[str] = []
    while not any("For all" in html for html in told):
        kind, what = await anext(stream)
        told.append(what.get("html", kind))
    await stream.aclose()  # type: ignore[attr-defined]  # an async generator, typed as an iterator
    assert not any("For Alice" in html for html in told)


async def test_nobody_reads_the_messages_of_others(alice: Visitor) -> None:
    for query in (
        {"me": "alice@example.org", "at": "dm:bob@example.org"},
        {"me": "nobody@example.org", "at": "dm:nobody@example.org"},
        {"me": "alice@example.org", "at": "channel:gone"},
        {},
    ):
        assert (await alice.client.get("/api/messages", params=query)).status == 400
    assert (await alice.client.get("/api/live", params={"me": "nobody"})).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"me": "nobody@example.org"},
        {"me": 7},
        {"at": "dm:bob@example.org"},
        {"at": "channel:gone"},
        {"at": "dm:" + "x" * 1000},
        {"id": ""},
        {"id": "short"},
        {"id": "x" * 500},
        {"id": "'; DROP TABLE messages; --"},
        {"text": None},
        {"text": ["a"]},
        {"type": "left"},
        {"type": "clicked"},
        {"more": "fields"},
    ],
)
async def test_hostile_event_is_refused_in_words(alice: Visitor, ear: Ear, change: Json) -> None:
    response = await alice.post("/api/event", EVENT | change)
    assert response.status == 400
    assert len((await response.json())["error"]) > 10
    assert ear.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"type":"typed","me":"\\ud800"}',
        b'{"to":"year"}',
        b'"' + b"\xed\xa0\x80" + b'"',
    ],
)
async def test_hostile_bytes_are_refused(alice: Visitor, body: bytes) -> None:
    assert (await alice.post("/api/event", body)).status == 400
    assert (await alice.post("/api/jump", body)).status == 400


@pytest.mark.parametrize("values", [[], {"a": 1}, {"a": {"b": "c"}}, {"a": [1]}, {"a": None}, "x"])
async def test_hostile_values_are_refused(alice: Visitor, ear: Ear, values: object) -> None:
    status, _ = await alice.tell("submitted", action="save", values=values)
    assert status == 400
    assert ear.heard == []


async def test_more_than_a_megabyte_is_too_much(alice: Visitor, ear: Ear) -> None:
    status, answer = await alice.tell("typed", text="x" * 1_100_000)
    assert status == 413
    assert "megabyte" in answer["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Host": "localhost@evil.example"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_only_our_own_page_may_post(
    alice: Visitor, ear: Ear, headers: dict[str, str], status: int
) -> None:
    response = await alice.post("/api/event", EVENT, **headers)
    assert response.status == status
    assert ear.heard == []


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:1", "127.0.0.1", "[::1]:8420", "127.9.9.9"]
)
async def test_own_machine_may_read(alice: Visitor, host: str) -> None:
    assert (await alice.client.get("/", headers={"Host": host})).status == 200


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1", "192.168.0.1:80", "", "[::2]:80"])
async def test_other_names_may_not_read(alice: Visitor, host: str) -> None:
    assert (await alice.client.get("/", headers={"Host": host})).status == 403


@pytest.mark.parametrize(
    "path", ["/page/..%2fserver.py", "/page/index.html", "/page/none.js", "/nothing", "/api/event"]
)
async def test_what_is_not_there(alice: Visitor, path: str) -> None:
    response = await alice.client.get(path)
    assert response.status in {404, 405}
    assert (await response.json())["error"]


async def test_a_fault_of_the_bot_is_said_in_words(alice: Visitor, ear: Ear) -> None:
    ear.answers = [RuntimeError("secret")]
    status, answer = await alice.tell("typed", text="help")
    assert status == 500
    assert "secret" not in answer["error"]
    assert await alice.read() == []


async def test_without_hands_there_is_no_clock(
    alice: Visitor, stage: Still, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Still, "hands", None)
    assert (await (await alice.client.get("/api/world")).json())["clock"] is False
    assert (await alice.post("/api/jump", {"to": "day"})).status == 404


async def test_newcomers_show_up(alice: Visitor, stage: Still) -> None:
    await alice.client.get("/api/world")
    stage.cast.append(Face("dora@example.org", "Dora"))
    world = await (await alice.client.get("/api/world")).json()
    assert world["people"][-1]["name"] == "Dora"
