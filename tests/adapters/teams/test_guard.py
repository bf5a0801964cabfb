"""Only Teams is believed, and only tenants and service URLs of our settings are heard."""

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
import pytest
from msgspec.structs import replace

from adapters.teams.adapter import Teams as Adapter
from bot.chat.cards import Card
from bot.chat.replies import Say
from tests.adapters import contract
from tests.adapters.stages import Ear, Memory
from tests.adapters.teams import signing
from tests.adapters.teams.bench import ALICE, Bench, bench
from tests.adapters.teams.loopback import SLOW
from tests.adapters.teams.world import APP, ELSEWHERE, TENANT, Json

HOUR = 3600


def said(office: Bench, **more: Any) -> Json:
    place = office.teams.world.dm(ALICE).id
    return office.teams.activity(ALICE, place, **{"type": "message", "text": "hi", **more})


async def sends(office: Bench, token: str, **more: Any) -> int:
    body = json.dumps(said(office, **more)).encode()
    return (await office.teams.send(body, f"Bearer {token}"))[0]


WRONG: dict[str, dict[str, Any]] = {
    "another bot's": {"aud": "99999999-0000-4000-8000-000000000000"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://sts.windows.net/x/"},
    "expired": {"exp": int(time.time()) - HOUR, "nbf": int(time.time()) - 2 * HOUR},
    "without an end": {"exp": None},
    "not yet good": {"nbf": int(time.time()) + HOUR},
    "another service": {"serviceurl": "https://evil.example/"},
    "no service": {"serviceurl": None},
}


@pytest.mark.parametrize("name", WRONG)
async def test_token_that_is_not_for_us_is_refused(office: Bench, ear: Ear, name: str) -> None:
    token = signing.token(APP, office.teams.service, **WRONG[name])
    assert await sends(office, token) == 401
    assert ear.heard == []


async def test_clock_may_differ_by_five_minutes(office: Bench, ear: Ear) -> None:
    late: Json = {"exp": int(time.time()) - 240, "nbf": int(time.time()) - HOUR}
    assert await sends(office, signing.token(APP, office.teams.service, **late)) == 200
    assert len(ear.heard) == 1


def forged(office: Bench) -> dict[str, str]:
    claims = jwt.decode(
        signing.token(APP, office.teams.service), options={"verify_signature": False}
    )
    named = {"kid": "one"}
    shared = _hs256(json.dumps(claims).encode(), signing.public("one"))
    good = signing.token(APP, office.teams.service)
    return {
        "none": jwt.encode(claims, None, "none", named),  # type: ignore[arg-type] # its own way to say so
        "HS256 with the public key": shared,
        "another's key": jwt.encode(claims, signing.key("two"), "RS256", named),
        "no kid": jwt.encode(claims, signing.key("one"), "RS256"),
        "unknown kid": jwt.encode(claims, signing.key("one"), "RS256", {"kid": "nobody's"}),
        "RS512": jwt.encode(claims, signing.key("one"), "RS512", named),
        "changed": f"{good[:-8]}{'A' * 8}",
        "cut": good.rpartition(".")[0],
        "no token": "x",
        "dots": "..",
        "huge": "a." * 3000,
    }


def _hs256(body: bytes, secret: bytes) -> str:
    """As an attacker would make it, whom no library warns."""

    def part(raw: bytes) -> str:
        return urlsafe_b64encode(raw).decode().rstrip("=")

    head = part(b'{"alg":"HS256","kid":"one","typ":"JWT"}')
    text = f"{head}.{part(body)}"
    return f"{text}.{part(hmac.digest(secret, text.encode(), 'sha256'))}"


async def test_forged_tokens_are_refused(office: Bench, ear: Ear) -> None:
    statuses = {name: await sends(office, token) for name, token in forged(office).items()}
    assert set(statuses.values()) == {401}, statuses
    assert ear.heard == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer ä.ö.ü"])
async def test_without_a_token_nobody_is_heard(office: Bench, ear: Ear, header: str) -> None:
    body = json.dumps(said(office)).encode()
    assert (await office.teams.send(body, header))[0] == 401
    assert ear.heard == []


async def test_key_of_another_channel_is_refused(tmp_path: Path) -> None:
    async with bench(tmp_path, is_new=True) as office:
        office.teams.endorsements = ("webchat",)
        async with contract.listening(office, Ear(), Memory()):
            assert await sends(office, signing.token(APP, office.teams.service)) == 401


async def test_other_tenants_and_services_are_refused(office: Bench, ear: Ear) -> None:
    good = signing.token(APP, office.teams.service)
    assert await sends(office, good, channelData={"tenant": {"id": ELSEWHERE}}) == 403
    assert await sends(office, good, channelId="webchat") == 403
    evil = "https://evil.example/emea/"
    elsewhere = signing.token(APP, evil)
    assert await sends(office, elsewhere, serviceUrl=evil) == 403
    almost = office.teams.service.replace("/emea/", ".evil.example/emea/")
    assert await sends(office, signing.token(APP, almost), serviceUrl=almost) == 403
    assert ear.heard == []
    assert await sends(office, good, channelData={"tenant": {"id": TENANT}}) == 200


async def test_key_that_is_new_is_found_at_once_and_asked_for_once(office: Bench, ear: Ear) -> None:
    assert await sends(office, signing.token(APP, office.teams.service)) == 200
    asked = office.teams.asked_for_keys
    office.teams.published = ["one", "two"]
    for number in range(5):
        unknown = signing.token(APP, office.teams.service, "two" if number else "forged")
        await sends(office, unknown)
    assert office.teams.asked_for_keys == asked, "a forged kid must not have us ask again and again"


async def test_rotation_is_followed(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await sends(office, signing.token(APP, office.teams.service)) == 200
    office.teams.published, asked = ["two"], office.teams.asked_for_keys
    monkeypatch.setattr("adapters.teams.keys.PAUSE", 0.0)
    answers = [sends(office, signing.token(APP, office.teams.service, "two")) for _ in range(5)]
    assert await asyncio.gather(*answers) == [200] * 5
    assert office.teams.asked_for_keys == asked + 1
    assert await sends(office, signing.token(APP, office.teams.service)) == 401


async def test_token_is_verified_once_and_not_believed_when_it_has_run_out(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    decode = jwt.decode

    def counted(token: str, *how: Any, **more: Any) -> Any:
        verified.append(token)
        return decode(token, *how, **more)

    monkeypatch.setattr(jwt, "decode", counted)
    good = signing.token(APP, office.teams.service, jti="good")
    assert [await sends(office, good) for _ in range(3)] == [200] * 3
    assert len(verified) == 1
    assert await sends(office, good, channelData={"tenant": {"id": ELSEWHERE}}) == 403
    assert await sends(office, f"{good[:-8]}{'A' * 8}") == 401
    almost_over: Json = {"exp": int(time.time()) - 299, "nbf": int(time.time()) - HOUR}
    short = signing.token(APP, office.teams.service, **almost_over)
    assert await sends(office, short) == 200
    await asyncio.sleep(1.1)
    assert await sends(office, short) == 401
    monkeypatch.setattr("adapters.teams.keys.MOST_BELIEVED", 3)
    for number in range(5):
        assert await sends(office, signing.token(APP, office.teams.service, jti=str(number))) == 200
    assert len(office.adapter._keys._believed) == 3


async def test_token_of_a_key_that_is_withdrawn_is_no_longer_believed(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = signing.token(APP, office.teams.service)
    assert [await sends(office, old) for _ in range(2)] == [200] * 2
    office.teams.published = ["two"]
    monkeypatch.setattr("adapters.teams.keys.PAUSE", 0.0)
    assert await sends(office, signing.token(APP, office.teams.service, "two")) == 200
    assert await sends(office, old) == 401


async def test_without_keys_nobody_is_believed_and_teams_may_try_again(tmp_path: Path) -> None:
    async with bench(tmp_path, is_new=True) as office:
        ear, good = Ear(), signing.token(APP, office.teams.service)
        async with contract.listening(office, ear, Memory()):
            office.teams.does("keys", 500)
            assert await sends(office, good) == 503
            assert ear.heard == []
            assert await sends(office, good) == 200


async def test_known_keys_stay_good_while_new_ones_cannot_be_had(
    office: Bench, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await sends(office, signing.token(APP, office.teams.service)) == 200
    monkeypatch.setattr("adapters.teams.keys.PAUSE", 0.0)
    monkeypatch.setattr("adapters.teams.keys.FRESH", 0.0)
    office.teams.does("keys", 500, "slow")
    for _ in range(3):
        assert await sends(office, signing.token(APP, office.teams.service)) == 200


async def test_slow_keys_and_login_do_not_hold_up_the_loop(tmp_path: Path) -> None:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            longest = max(longest, time.perf_counter() - before - 0.005)

    async with bench(tmp_path, is_new=True) as office:
        ear = Ear()
        ear.answers = [Say(Card("Hello"))]
        async with contract.listening(office, ear, Memory()):
            office.teams.does("keys", "slow")
            office.teams.does("login", "slow")
            watching = asyncio.create_task(watch())
            assert "Hello" in (await office.alice.types("help", office.alice.dm)).said
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
    assert longest < SLOW / 2, "everybody waited for Teams"


async def test_in_development_whoever_is_on_this_machine_is_believed(tmp_path: Path) -> None:
    async with bench(tmp_path, is_new=True) as office:
        bare = replace(office.config, app_id="", app_password="", tenants=frozenset())
        office.adapter, ear = Adapter(bare), Ear()
        async with contract.listening(office, ear, Memory()):
            assert (await office.teams.send(json.dumps(said(office)).encode()))[0] == 200
            evil = said(office, serviceUrl="https://evil.example/")
            assert (await office.teams.send(json.dumps(evil).encode()))[0] == 403
        assert len(ear.heard) == 1


async def test_large_body_is_refused(office: Bench, ear: Ear) -> None:
    assert await office.throws(b'{"a": "' + b"x" * 700_000 + b'"}') == 413
    assert ear.heard == []
