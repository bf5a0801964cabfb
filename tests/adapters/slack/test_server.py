"""The entrance by HTTP: only what Slack has signed, and only what Slack sends."""

import asyncio
import json
import time
from urllib.parse import urlencode

import aiohttp
import pytest

from adapters.slack import guard
from adapters.slack.guard import parsed
from tests.adapters.slack.bench import Bench
from tests.adapters.stages import Ear

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EVENT = b'{"type": "event_callback", "event": {"type": "x"}, "event_id": "Ev1"}'


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Request_Timestamp": "yesterday"},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "\u0663\u0663\u0663"},
        {"X_Slack_Request_Timestamp": "9" * 400},
        {"X_Slack_Request_Timestamp": "1e9"},
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0=0123"},
        {"X_Slack_Signature": "v0=käse"},
    ],
    ids=str,
)
async def test_what_slack_has_not_signed_is_turned_away(
    office: Bench, ear: Ear, headers: dict[str, str]
) -> None:
    status, _ = await office.slack.post(EVENT, JSON, **headers)
    assert status == 401
    assert ear.heard == []


@pytest.mark.parametrize("seconds", [-301, 330])
async def test_what_slack_has_not_signed_lately_is_turned_away(
    office: Bench, ear: Ear, seconds: int
) -> None:
    signed_at = str(int(time.time()) + seconds)
    status, _ = await office.slack.post(EVENT, JSON, X_Slack_Request_Timestamp=signed_at)
    assert status == 401
    assert ear.heard == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"\xff\xfe", FORM, 400),
        (b"payload=null", FORM, 400),
        (b"payload=[]", FORM, 400),
        (b"payload=%7B", FORM, 400),
        (b"null", JSON, 400),
        (b"[1]", JSON, 400),
        (b"{", JSON, 400),
        (b"", JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b"&".join(b"a%d=1" % n for n in range(200)), FORM, 400),
        (b'{"type": "event_callback", "event": null}', JSON, 400),
        (b'{"type": "event_callback", "event": {"type": "message"}, "event_id": "E"}', JSON, 400),
        (b'{"type": "block_actions", "user": 1, "actions": []}', JSON, 400),
        (b'{"type": "view_submission", "user": {}, "view": {"id": "V", "state": 3}}', JSON, 400),
        (b"x" * (1024 * 1024 + 1), FORM, 413),
        (b'{"type": "url_verification", "challenge": "c", "token": "t"}', JSON, 200),
        (b'{"type": "something_new"}', JSON, 200),
        (EVENT, JSON, 200),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_every_body_gets_its_answer(
    office: Bench, ear: Ear, body: bytes, kind: str, status: int
) -> None:
    assert (await office.slack.post(body, kind))[0] == status
    assert ear.heard == []


async def test_there_is_nothing_else_to_be_had(office: Bench, ear: Ear) -> None:
    office.slack.app_url = office.slack.app_url.replace("/slack/events", "/healthz")
    assert (await office.slack.post(EVENT, JSON))[0] == 404


@pytest.mark.parametrize("text", ["50 % of 1+1 = 2 & more", "=41 %41 %% ==\r\n=\n", "_ ä 日 😀"])
def test_what_was_typed_arrives_as_it_was_typed(text: str) -> None:
    typed = {"said": text}
    for body in (json.dumps(typed), json.dumps(typed, ensure_ascii=False)):
        for fields in ({"payload": body}, {"payload": body, "more": "x"}):
            assert parsed(urlencode(fields), FORM) == typed


async def test_slack_is_shown_that_the_address_is_ours(office: Bench, ear: Ear) -> None:
    body = b'{"type": "url_verification", "challenge": "3eZbrw1a", "token": "t"}'
    assert await office.slack.post(body, JSON) == (200, {"challenge": "3eZbrw1a"})
    assert (await office.slack.post(b"ssl_check=1&token=t", FORM))[0] == 200
    assert ear.heard == []


async def test_only_posts_are_answered(office: Bench, ear: Ear) -> None:
    async with aiohttp.ClientSession() as browser, browser.get(office.slack.app_url) as answer:
        assert answer.status == 405


async def test_request_that_never_ends_is_given_up(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_WITHIN", 0.05)
    reader, writer = await asyncio.open_connection(office.config.host, office.config.port)
    writer.write(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
        b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=0\r\n\r\nab"
    )
    async with asyncio.timeout(5):
        assert b" 408 " in await reader.readline()
    writer.close()
    assert (await office.slack.post(EVENT, JSON))[0] == 200
